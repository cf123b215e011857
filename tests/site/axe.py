"""axe-core in a page: what it finds against WCAG 2.0 and 2.1, levels A and AA."""

from pathlib import Path
from typing import Final

import pytest

from tests.site.visit import Visit

SOURCE: Final = Path(__file__).parents[2] / "node_modules/axe-core/axe.min.js"
TAGS: Final = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]
SHOWN: Final = 3
RUN: Final = """async tags => {
  const { violations } = await axe.run(document, { runOnly: { type: "tag", values: tags }, resultTypes: ["violations"] });
  return violations.map(({ id, nodes }) => [id, nodes.map(({ html, failureSummary }) =>
    `${html.slice(0, 200)} ${failureSummary.replace(/\\s+/g, " ").slice(0, 300)}`)]);
}"""


def violations(visit: Visit) -> list[str]:
    """What axe-core finds on the page as it is now, with everything unfolded."""
    if not SOURCE.exists():
        pytest.skip("axe-core is not installed: run `npm ci`")
    visit.told("document.querySelectorAll('details').forEach(each => each.open = true)")
    if not visit.told("typeof axe === 'object'"):
        visit.told(SOURCE.read_text("utf-8"))
    found = visit.told(RUN, TAGS)
    return [f"{rule}: {node}" for rule, nodes in found for node in nodes[:SHOWN]]

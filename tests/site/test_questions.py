"""Each question that is shipped runs from its link, and shows rows or says why there are none."""

import pytest

from server.query_page.examples import examples
from tests.site.conftest import Open

NAMES = [each.name for each in examples()]
SHOWN = "main table tbody tr, main .no-rows, main .problem"


@pytest.mark.parametrize(
    ("name", "scripts"), [*((name, True) for name in NAMES), *((name, False) for name in NAMES[::9])]
)
def test_a_question_runs_from_its_link(visit: Open, name: str, scripts: bool) -> None:
    with visit("/sparql?lang=sv", scripts=scripts) as seen:
        seen.page.locator(f'main a[href*="example={name}&"], main a[href$="example={name}"]').first.click()
        seen.page.wait_for_url(f"**example={name}*")
        seen.page.locator("main form.query button[type=submit]").first.click()
        seen.page.locator(SHOWN).first.wait_for()
        assert not seen.page.locator("main .problem").count(), seen.page.locator("main .problem").inner_text()
        said = seen.page.locator("main .no-rows")
        if said.count():
            assert len(said.inner_text().split()) > 4, "why there are none is not said"
        assert not seen.complaints

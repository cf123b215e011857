"""The picture of a graph, which a script draws: every name can be read, and none is outside of the frame."""

import pytest

from server.query_page import form
from tests.site.conftest import Open
from tests.site.pages import PREFIXES, asking

NAMES = """() => {
  const frame = document.querySelector(".picture svg").getBoundingClientRect();
  const boxes = [...document.querySelectorAll(".picture text")].map(each => [each.textContent, each.getBoundingClientRect()]);
  const meets = (one, other) => one.left < other.right - 1 && other.left < one.right - 1
    && one.top + 3 < other.bottom && other.top + 3 < one.bottom;
  return {
    many: boxes.length,
    outside: boxes.filter(([, box]) => box.left < frame.left || box.right > frame.right
      || box.top < frame.top || box.bottom > frame.bottom).map(([name]) => name),
    meeting: boxes.flatMap(([name, box], at) => boxes.slice(at + 1)
      .filter(([, other]) => meets(box, other)).map(([other]) => `${name} / ${other}`)),
  };
}"""
AROUND = PREFIXES + "CONSTRUCT { ?a ?b ?c } WHERE { { SELECT ?a { ?x kg:treatedAt ?a } LIMIT 1 } ?a ?b ?c }"
PAIRS = PREFIXES + "CONSTRUCT { ?a kg:treatedAt ?b } WHERE { ?a kg:treatedAt ?b } ORDER BY ?b ?a LIMIT 30"


def test_no_name_lies_on_another_or_outside_of_the_picture(visit: Open) -> None:
    if not (form.BUILT / "query.js").is_file():
        pytest.skip("the script is not built: run `npm run build`")
    for query in (AROUND, PAIRS):
        with visit(asking(query, view="graph")) as seen:
            told = seen.told(NAMES)
            assert told["many"] > 10 and told["outside"] == [] and told["meeting"] == []
            assert seen.complaints == []

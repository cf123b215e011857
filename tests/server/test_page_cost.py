"""What a page's queries cost is in proportion to what it shows, and not to all that the graph tells."""

from dataclasses import replace
from pathlib import Path

import pytest

from server.views import told_deeds
from tests.conftest import only_once
from tests.server import page_cost
from tests.site.pages import KINDS, THINGS

DOCUMENT = next(kind.query for kind in THINGS if kind.name == "document")
ASKED = tuple(
    replace(kind, query=DOCUMENT) if kind.name == "document for the clerk" else kind  # the corpora have no reports
    for kind in KINDS
    if not kind.path.startswith("/sparql") and kind.name != "gone"  # there the reader asks; nobody is erased here
)
WHOLE = frozenset({
    "start", "search", "explore decisions", "explore motions", "browse bodies", "browse parties", "browse persons",
    "browse cases", "browse years", "quality identities", "quality paragraphs", "party",
})  # fmt: skip
"""Kinds that tell of the whole graph: their pages may cost more where there is more."""
QUERIES = {
    "start": 2, "search": 1, "search nothing": 0, "search empty": 0, "explore decisions": 3, "explore motions": 3,
    "browse bodies": 2, "browse parties": 2, "browse persons": 2, "browse cases": 3, "browse years": 3, "quality": 0,
    "quality documents": 0, "quality paragraphs": 0, "quality identities": 2, "quality unread": 0,
    "quality figures": 0, "data": 1, "dumps": 0, "vocabulary": 0, "concepts": 6, "missing": 3, "meeting": 8,
    "treatment": 7, "treatment with a vote": 7, "treatment with reservations": 7, "case": 8, "motion": 7, "person": 9,
    "party": 8, "body": 8, "municipality": 5, "document": 9, "document marked": 9, "annual report": 5, "goal": 5,
    "document for the clerk": 1, "all statements": 7, "something else": 6, "span": 7,
}  # fmt: skip
"""How many queries a page of each kind asks, at most; one more is no fault yet."""
THROUGH_ALL = (
    "?act kg:supports ?other . ?within kg:hasProposal ?whole . ?whole kg:hasPoint? ?other ; kg:position ?number "
    "OPTIONAL { ?whole kg:hasPoint ?other . OPTIONAL { ?other kg:pointNumber ?printed } ?other kg:position ?place "
    "BIND(COALESCE(STR(?printed), STR(?place)) AS ?label) } "
    'BIND(CONCAT(STR(?number), "/", COALESCE(?label, "")) AS ?value) BIND(0 AS ?at)'
)
"""What told_deeds asked once: whatever is optional is looked for in the whole graph, before it is joined."""


@pytest.fixture(scope="module")
def corpora(shared_folder: Path) -> Path:
    with only_once(shared_folder / "page-cost") as first:
        if first:
            page_cost.make(shared_folder / "page-cost")
    return shared_folder / "page-cost"


def test_no_query_of_a_page_looks_through_the_whole_graph(corpora: Path) -> None:
    kinds = [kind for kind in ASKED if kind.name not in WHOLE]
    grown = page_cost.grown(corpora, kinds)
    assert not {kind.name for kind in kinds} - grown.kinds, "the corpora tell alike of nothing of these kinds"
    assert not grown.dear(), f"so many times as dear where there are {page_cost.TIMES} times as many documents"


def test_a_query_that_looks_through_the_whole_graph_is_dear(corpora: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(told_deeds.SAID, "supports", THROUGH_ALL)
    persons = [kind for kind in THINGS if kind.name == "person"]
    tries = (page_cost.grown(corpora, persons, tries=1).dear() for _ in range(page_cost.TRIES))
    assert any("hasPoint?" in query for dear in tries for _, query in dear)


def test_a_page_asks_few_queries(corpora: Path) -> None:
    with page_cost.site(corpora / "large") as reader:
        pages = page_cost.addresses(reader, ASKED)
        page_cost.warm(reader, pages)
        asked = [(kind, len(page_cost.visited(reader, address))) for kind, address in pages]
    assert {kind for kind, _ in asked} == QUERIES.keys()
    assert not [(kind, many) for kind, many in asked if many > QUERIES[kind] + 1]

"""What the queries of pages cost in a small corpus and in one that is eight times as large.

The smaller corpus is the beginning of the larger one. What both tell alike of a thing costs a page about as much in
both, however much else there is; a query that looks through the whole graph costs eight times as much. Costs are CPU
seconds of the query processes, and each is the cheapest of several rounds, so that a busy machine changes little.
"""

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path

from mapping.document import BASE
from server import naming
from server.storage import store
from tests.benchmarks import corpus
from tests.server.views_data import Answered, Reader, reading
from tests.site.pages import PREFIXES, Kind, address_of, many

SMALL = 32
"""Documents."""
SEED = 12  # the first documents tell of votes too
TIMES = 8
LIMIT = 2.4
"""How many times as much a query may cost in the larger corpus: good ones were seen to cost up to 1.6 times, one that
looks through the whole graph beside what costs the same in both 3 times."""
THINGS = 3
"""Pages of each kind."""
ROUNDS = 3
TRIES = 5
"""So many times the rounds are repeated for the kinds of which a query seems dear."""
SAID = re.compile(r'<[^>]*>|"[^"]*"')

Queries = Mapping[str, Answered]
"""The queries of a page, by their texts."""
Address = tuple[str, str]
"""The name of a kind, and the address of a page of it."""


@dataclass(frozen=True, slots=True)
class Grown:
    """How the costs of the queries of a kind of page grow. `growth`: how many times as much each query, here without
    what it names, costs in the larger corpus, by kind and query; `kinds`: those of which both tell some thing alike."""

    growth: Mapping[tuple[str, str], float]
    kinds: frozenset[str]

    def dear(self) -> dict[tuple[str, str], float]:
        return {asked: times for asked, times in self.growth.items() if times > LIMIT}


def make(folder: Path) -> None:
    """Publish both corpora."""
    for name, documents in (("small", SMALL), ("large", TIMES * SMALL)):
        corpus.make(folder / name, documents, SEED)
        store.build(folder / name, BASE)


def site(folder: Path) -> AbstractContextManager[Reader]:
    """A corpus to be read."""
    return reading(folder, {}, BASE)


def addresses(reader: Reader, kinds: Sequence[Kind]) -> list[Address]:
    """Pages of each kind, of the things that have most to show."""
    found = []
    for kind in kinds:
        rows = reader.pool.rows(PREFIXES + many(kind, THINGS).query).rows if kind.query else ()
        pages = [address_of(kind, row[0].value) for row in rows if row[0]] if kind.query else [kind.path]
        found += [(kind.name, each) for each in pages]
    return found


def visited(reader: Reader, address: str) -> list[Answered]:
    """The queries of a page by one who comes first to its names."""
    naming._kept.forget()
    reader.pool.answered.clear()
    assert reader.get(address).status in {200, 404}, address
    return list(reader.pool.answered)


def warm(reader: Reader, pages: Sequence[Address]) -> None:
    """What is made once for a version of the data is made."""
    for _, address in pages:
        visited(reader, address)


def grown(folder: Path, kinds: Sequence[Kind], tries: int = TRIES) -> Grown:
    """How costs grow from the smaller corpus to the larger, measured until no query is dear, or so many times.

    Each corpus is opened anew, as what is made once for a version of the data is kept of one only.
    """
    small: dict[Address, Queries] = {}
    large: dict[Address, Queries] = {}
    with site(folder / "small") as reader:
        pages = addresses(reader, kinds)
    for _ in range(tries):
        for name, best in (("small", small), ("large", large)):
            with site(folder / name) as reader:
                _measure(reader, pages, best)
        found = _compared(small, large)
        dear = {kind for kind, _ in found.dear()}
        pages = [page for page in pages if page[0] in dear]
        if not pages:
            break
    return found


def _measure(reader: Reader, pages: Sequence[Address], best: dict[Address, Queries]) -> None:
    """Keep the cheapest answer to each query of each page that it asks every time."""
    warm(reader, pages)
    for page in pages:
        rounds: list[Queries] = [{each.text: each for each in visited(reader, page[1])} for _ in range(ROUNDS)]
        rounds += [best[page]] if page in best else []
        asked = rounds[0].keys() & set.intersection(*map(set, rounds))
        best[page] = {text: min((each[text] for each in rounds), key=lambda one: one.seconds) for text in asked}


def _compared(small: Mapping[Address, Queries], large: Mapping[Address, Queries]) -> Grown:
    """The growth of the costs of those things' pages that tell the same in both."""
    costs: dict[tuple[str, str], list[float]] = defaultdict(lambda: [0.0, 0.0])
    alike = [page for page in small if _told(small[page]) == _told(large[page])]
    for page in alike:
        for text, answered in small[page].items():
            cost = costs[page[0], SAID.sub("…", text)]
            cost[0] += answered.seconds
            cost[1] += large[page][text].seconds
    return Grown({asked: after / before for asked, (before, after) in costs.items()}, frozenset(k for k, _ in alike))


def _told(queries: Queries) -> dict[str, int]:
    return {text: answered.rows for text, answered in queries.items()}

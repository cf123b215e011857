"""Decisions by their titles: put in order once for each published version; a page asks only for its own rows."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby, islice
from typing import Final

from server.explore.counts import LONGEST, MOST
from server.explore.queries import FACETS, ORDERED_DECISIONS, PARTIES_OF_DECISIONS, Choice
from server.made_once import MadeOnce
from server.site import Site
from server.views.opinion import AS_OPINION

PARTY, OUTCOME = FACETS.index("party"), FACETS.index("outcome")
Row = tuple[str, str]
"""A treatment and the outcome of one of its decisions."""


@dataclass(frozen=True, slots=True)
class Titles:
    """Treatments in the order of `listing` by title, each with the place of its values in `values` (by FACETS, but
    the party empty); and which treatments a party proposed or reserved itself in."""

    treatments: Sequence[str]
    places: Sequence[int]
    values: Sequence[tuple[str, ...]]
    parties: Mapping[str, frozenset[str]]

    def page(self, choice: Choice, most: int, offset: int) -> list[Row]:
        """The rows that a choice gives after the `offset` first, `most` at most."""
        rows = (row for row, _ in groupby(self._chosen(choice)))  # a § of several kinds stands in several places
        return [
            (treatment, outcome.removesuffix(AS_OPINION))
            for treatment, outcome in islice(rows, offset, offset + most)
        ]

    def _chosen(self, choice: Choice) -> Iterator[Row]:
        wanted = [(at, choice.of(facet)) for at, facet in enumerate(FACETS) if at != PARTY and choice.of(facet)]
        fits = [all(values[at] == value for at, value in wanted) for values in self.values]
        acted = self.parties.get(choice.party, frozenset())
        for treatment, place in zip(self.treatments, self.places, strict=True):
            if fits[place] and (not choice.party or treatment in acted):
                yield treatment, self.values[place][OUTCOME]


def _titles(site: Site) -> Titles:
    treatments: list[str] = []
    places: list[int] = []
    values: dict[tuple[str, ...], int] = {}
    for row in site.pool.rows(ORDERED_DECISIONS, MOST, LONGEST).rows:
        treatment, body, day, outcome, kind = (each.value if each else "" for each in row[:5])
        treatments.append(treatment)
        places.append(values.setdefault((body, day[:4], "", outcome, kind), len(values)))
    parties: dict[str, set[str]] = {}
    for acted in site.pool.rows(PARTIES_OF_DECISIONS, MOST, LONGEST).rows:
        treatment, party = (each.value if each else "" for each in acted[:2])
        parties.setdefault(party, set()).add(treatment)
    return Titles(treatments, places, list(values), {party: frozenset(of) for party, of in parties.items()})


TITLES: Final = MadeOnce(_titles)
"""What is published now."""

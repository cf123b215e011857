"""The municipalities of the synthetic corpus: their codes and names are real, everybody and everything in them invented.

Who sits in a body changes with the terms of office: every second election a seat gets another person.
"""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from itertools import accumulate

from ontology import municipalities
from tests.benchmarks.generate import BODIES, ENDS, FIRST, LAST, PARTIES

SEATS = 14  # of each body
FIRST_YEAR, YEARS = 2011, 15
COUNCIL, BOARD = "Kommunfullmäktige", "Kommunstyrelsen"


@dataclass(frozen=True, slots=True)
class Member:
    """An invented person and the party; `str` gives "Agda Almhult (S)"."""

    name: str
    party: str

    def __str__(self) -> str:
        return f"{self.name} ({self.party})"


@dataclass(frozen=True, slots=True)
class Body:
    """A body of a municipality in one year. `members`: the chair first; `officials`: two names without a party."""

    town: str
    name: str
    members: tuple[Member, ...]
    officials: tuple[str, str]

    @property
    def series(self) -> str:
        """What its registry numbers begin with: "SN"; the council has none of its own."""
        return "KS" if self.name in (COUNCIL, BOARD) else f"{self.name[0]}N"

    @property
    def short(self) -> str:
        """How decisions speak of it: "fullmäktige", "nämnden"."""
        return {COUNCIL: "fullmäktige", BOARD: "styrelsen"}.get(self.name, "nämnden")

    @property
    def administration(self) -> str:
        return f"{self.name.removesuffix('nämnden').removesuffix(' ').removesuffix('s')}förvaltningen"


@cache
def town(chance: float) -> str:
    """The name of a municipality: few have many documents, most have few, as Zipf found of words. `chance`: 0 to 1."""
    names = list(municipalities().values())
    random.Random("ranks").shuffle(names)
    heights = list(accumulate((rank + 9) ** -0.9 for rank in range(len(names))))
    return next(name for name, height in zip(names, heights, strict=True) if height >= chance * heights[-1])


def body(where: str, name: str, year: int, seed: int = 1) -> Body:
    """A body as it was in a year."""
    offset = sum(map(ord, name))
    seats = [_person(where, (offset + seat) % 40, year, seed) for seat in range(SEATS)]
    members = tuple(
        Member(person, PARTIES[(offset + seat) % 40 % len(PARTIES)])
        for seat, person in enumerate(dict.fromkeys(seats))
    )
    first, second = (_person(where, 40 + (offset + each) % 16, year, seed) for each in (0, 1))
    return Body(where, name, members, (first, second))


def committees(where: str) -> Sequence[str]:
    """The names of the municipality's committees, in an order of its own."""
    names = list(BODIES)
    random.Random(where).shuffle(names)
    return names


@cache
def _person(where: str, seat: int, year: int, seed: int) -> str:
    generation = ((year - FIRST_YEAR + 1) // 4 + seat) // 2
    chance = random.Random(f"{seed} {where} {seat} {generation}")
    return f"{chance.choice(FIRST)} {chance.choice(LAST)}{chance.choice(ENDS)}"

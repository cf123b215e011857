"""What happens in the municipalities of the synthetic corpus, and which documents come of it.

A story is a year of one municipality: some thirty documents, in which motions go from the council through a committee and
the board back to the council, cases are referred back and return, and committees report on their year. The documents
of a smaller corpus are the first of a larger one.
"""

import datetime
import random
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace

from tests.benchmarks import papers, sittings
from tests.benchmarks.generate import THINGS
from tests.benchmarks.papers import Matter
from tests.benchmarks.sittings import Item
from tests.benchmarks.towns import BOARD, COUNCIL, FIRST_YEAR, YEARS, Body, body, committees, town

SIZES = (1, 2, 3, 5, 8, 13, 21, 34)  # matters of a meeting; many are rare
SHARES = tuple(size**-1.3 for size in SIZES)
REPORTS = 5  # at most, for one meeting


@dataclass(frozen=True, slots=True)
class Paper:
    """A document before it is read: its municipality's name, its file name, and its bytes."""

    town: str
    name: str
    data: bytes


def documents(seed: int = 1) -> Iterator[Paper]:
    """The documents of all stories, one after the other, without end."""
    told: Counter[str] = Counter()
    number = 0
    while True:
        chance = random.Random(f"{seed} story {number}")
        where = town(round(chance.random(), 6))
        yield from _Story(where, told[where], chance, seed).told()
        told[where] += 1
        number += 1


class _Story:
    """One year of one municipality: the `turn`-th story told of it."""

    def __init__(self, where: str, turn: int, chance: random.Random, seed: int) -> None:
        self.where, self.chance = where, chance
        self.year = FIRST_YEAR + YEARS - 1 - turn % YEARS
        self.late = turn // YEARS * 3  # days: a municipality with more stories than years meets more often
        self.numbers: Counter[str] = Counter({"KS": 10 + 200 * (turn // YEARS)})
        names = committees(where)
        self.council, self.board = (body(where, name, self.year, seed) for name in (COUNCIL, BOARD))
        self.committee, self.other = (
            body(where, names[(turn // 3 + i) % len(names)], self.year, seed) for i in (0, 1)
        )
        self.number = 0

    def told(self) -> Iterator[Paper]:
        """The documents of the year, by date."""
        first, second = self._motion(), self._motion()
        remitted = replace(first, number=self._next(self.committee), title=f"Remiss av {first.title}")
        for motion, day in ((first, 8), (second, 10)):
            yield self._paper(1, "motion", papers.motion(self.council, motion, self._day(1, day)))
        handed = [sittings.handed_over(self.council, motion, self.chance) for motion in (first, second)]
        yield self._minutes(self.council, 2, [*handed, *self._items(self.council)])
        spring = self._items(self.committee)
        yield from self._reports(self.committee, [remitted, *(item.matter for item in spring)], 4)
        yield self._agenda(self.committee, [remitted, *(item.matter for item in spring)], 5)
        yield self._minutes(
            self.committee,
            5,
            [sittings.answered(self.committee, remitted, self.chance), *spring, *self._letter(spring)],
        )
        yield self._extract(self.committee, spring[0], 5, 3)
        others = self._items(self.other)
        yield from self._reports(self.other, [item.matter for item in others], 5)
        yield self._agenda(self.other, [item.matter for item in others], 6)
        yield self._minutes(self.other, 6, others)
        yield self._extract(self.other, others[0], 6, 2)
        board = [sittings.answered(self.board, first, self.chance), *self._items(self.board)]
        yield from self._reports(self.board, [item.matter for item in board], 8)
        yield self._minutes(self.board, 9, board)
        returned = [
            sittings.plain(self.committee, item.matter, self.chance) for item in spring if "återrem" in item.text
        ]
        autumn = [*returned, *self._items(self.committee)]
        yield from self._reports(self.committee, [item.matter for item in autumn], 9)
        yield self._agenda(self.committee, [item.matter for item in autumn], 10)
        yield self._minutes(self.committee, 10, autumn)
        yield self._extract(self.committee, autumn[0], 10, 2)
        answers = [first, second][: self.chance.randint(0, 2)]
        ends = [
            sittings.answered(self.council, replace(motion, title=f"Svar på {_small(motion.title)}"), self.chance)
            for motion in answers
        ]
        yield self._minutes(self.council, 11, [*ends, *self._items(self.council)])
        cases = [item.matter for item in spring]
        yield self._paper(
            14, "verksamhetsberattelse", papers.annual_report(self.committee, cases, self._day(14, 18), self.chance)
        )

    def _motion(self) -> Matter:
        number = self._next(self.council)
        authors = tuple(self.chance.sample(self.council.members[2:7], self.chance.randint(1, 2)))
        return Matter(number, f"Motion om {_small(self._title())}", number, authors)

    def _items(self, of: Body) -> list[Item]:
        (count,) = self.chance.choices(SIZES, SHARES)
        ways = self.chance.choices([way for way, _ in sittings.WAYS], [share for _, share in sittings.WAYS], k=count)
        return [way(of, Matter(self._next(of), self._title()), self.chance) for way in ways]

    def _letter(self, items: list[Item]) -> list[Item]:
        matter = Matter(self._next(self.committee), self._title())
        return [sittings.asked(self.committee, matter, self.chance)] if self.chance.random() < 0.4 else []

    def _title(self) -> str:
        things, spot = self.chance.choice(THINGS)
        return f"Fler {things} till {spot}, etapp {self.chance.randint(2, 400)}"

    def _next(self, of: Body) -> str:
        self.numbers[of.series] += self.chance.randint(1, 6)
        return f"{of.series} {self.year}/{self.numbers[of.series]}"

    def _day(self, month: int, day: int) -> datetime.date:
        year, month = self.year + (month > 12), (month - 1) % 12 + 1
        return datetime.date(year, month, day) + datetime.timedelta(days=self.late)

    def _minutes(self, of: Body, month: int, items: list[Item]) -> Paper:
        text = sittings.minutes(of, month, self._day(month, 20), items, self.chance)
        return self._paper(month, "protokoll", text)

    def _extract(self, of: Body, item: Item, month: int, place: int) -> Paper:
        return self._paper(month, "protokollsutdrag", sittings.extract(of, month, self._day(month, 20), item, place))

    def _reports(self, of: Body, matters: list[Matter], month: int) -> Iterator[Paper]:
        day, meeting = self._day(month, 12), self._day(month + 1, 20)
        for matter in matters[:REPORTS]:
            yield self._paper(month, "tjansteutlatande", papers.report(of, matter, day, meeting, self.chance))

    def _agenda(self, of: Body, matters: list[Matter], month: int) -> Paper:
        return self._paper(month, "dagordning", papers.agenda(of, matters, self._day(month, 20)), "html")

    def _paper(self, month: int, kind: str, text: str, suffix: str = "txt") -> Paper:
        self.number += 1
        when = self._day(month, 1)
        return Paper(self.where, f"{when.year}-{when.month:02}-{self.number:02}-{kind}.{suffix}", text.encode())


def _small(title: str) -> str:
    return title[0].lower() + title[1:]

"""Where reading is weak: sums over the documents of a municipality, and over those of one layout."""

import json
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from server.data_folder.ledger import Entry
from server.data_folder.reading import place


@dataclass(frozen=True, slots=True)
class Sum:
    """Documents that were read, summed up. `layout` None: of every layout. `missing`: numbers missing in series of §;
    `without_number`: items without a registry number; `inferred`: facts that are inferred rather than stated."""

    municipality: str
    layout: str | None
    documents: int
    claimed: int
    ignored: int
    unread: int
    missing: int
    items: int
    without_number: int
    inferred: int
    warnings: int
    facts: Mapping[str, int]

    @property
    def lines(self) -> int:
        return self.claimed + self.ignored + self.unread

    @property
    def name(self) -> str:
        return f"{self.municipality}: {self.layout}" if self.layout else self.municipality


def by_municipality(entries: Iterable[Entry]) -> list[Sum]:
    """The sums of each municipality, the weakest first."""
    return _sums(entries, lambda account: (place(account["municipality"]), None))


def by_layout(entries: Iterable[Entry]) -> list[Sum]:
    """The sums of each municipality and layout, the weakest first."""
    return _sums(entries, lambda account: (place(account["municipality"]), account["layout"]))


def _sums(entries: Iterable[Entry], key: Callable[[Mapping[str, Any]], tuple[str, str | None]]) -> list[Sum]:
    groups: dict[tuple[str, str | None], list[tuple[Entry, Mapping[str, Any]]]] = {}
    for entry in entries:
        if account := json.loads(entry.account):
            groups.setdefault(key(account), []).append((entry, account))
    return sorted((_sum(*name, group) for name, group in groups.items()), key=_weakness)


def _weakness(each: Sum) -> tuple[float, float, str]:
    """By the share of unread lines, then by missing § for each document."""
    return -each.unread / max(1, each.lines), -each.missing / each.documents, each.name


def _sum(municipality: str, layout: str | None, group: Sequence[tuple[Entry, Mapping[str, Any]]]) -> Sum:
    facts: Counter[str] = Counter()
    for _, account in group:
        facts.update(account["facts"])
    return Sum(
        municipality,
        layout,
        documents=len(group),
        claimed=sum(entry.claimed for entry, _ in group),
        ignored=sum(entry.ignored_lines for entry, _ in group),
        unread=sum(entry.unread_lines for entry, _ in group),
        missing=sum(gap["last"] - gap["first"] + 1 for _, account in group for gap in account["gaps"]),
        items=facts["items"],
        without_number=sum(len(account["withoutRegistryNumber"]) for _, account in group),
        inferred=sum(sum(account["inferred"].values()) for _, account in group),
        warnings=sum(entry.warnings for entry, _ in group),
        facts=facts,
    )

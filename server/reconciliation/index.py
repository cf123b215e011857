"""Finding what a name or a number may mean, in memory: by the whole name, by three letters at a time, by number."""

from array import array
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Final

from server.reconciliation import names
from server.reconciliation.entities import Entities, Entity

RAREST: Final = 8  # groups of three letters of a name that are looked up: a misspelling spoils three of them
MOST: Final = 6000  # entities that these may bring
NEAR: Final = 60  # entities that are compared letter by letter


@dataclass(frozen=True, slots=True)
class Form:
    """One way to write an entity's name: as printed, plain, and how we know it (name, spelling or code)."""

    text: str
    plain: str
    kind: str


@dataclass(slots=True, eq=False)
class Index:
    """All entities of one version of the data; it does not change once it is built, so threads may share it."""

    entities: Entities
    all: list[Entity]
    forms: list[tuple[Form, ...]]
    by_id: dict[str, Entity]
    towns: dict[str, set[str]]
    _whole: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))
    _surnames: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))
    _grams: dict[str, "array[int]"] = field(default_factory=lambda: defaultdict(lambda: array("I")))
    _numbers: dict[tuple[str, ...], list[int]] = field(default_factory=lambda: defaultdict(list))
    _tails: dict[tuple[str, ...], list[int]] = field(default_factory=lambda: defaultdict(list))
    _members: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))
    _starts: list[tuple[str, int]] = field(default_factory=list)

    def whole(self, plain: str) -> list[int]:
        """Who has this name, but for marks on its letters."""
        return self._whole.get(names.skeleton(plain), [])

    def surname(self, initial: str, surname: str) -> list[int]:
        """Persons with this surname, or surnames that end so, and forenames that begin with this letter."""
        wanted = names.skeleton(surname)
        return [i for i in self._surnames.get(wanted.rpartition(" ")[2], ()) if self._begins(i, initial, wanted)]

    def _begins(self, at: int, initial: str, surname: str) -> bool:
        skeletons = [names.skeleton(form.plain) for form in self.forms[at]]
        return any(each.startswith(names.skeleton(initial)) and each.endswith(" " + surname) for each in skeletons)

    def near(self, plain: str) -> list[int]:
        """Those with the most groups of three letters in common with a name, of which the rarest are looked at."""
        known = [self._grams[gram] for gram in set(_grams(names.skeleton(plain))) if gram in self._grams]
        shared: Counter[int] = Counter()
        brought = 0
        for number, found in enumerate(sorted(known, key=len)):
            if number >= RAREST or (brought and brought + len(found) > MOST):
                break
            shared.update(found)
            brought += len(found)
        return [at for at, _ in shared.most_common(NEAR)]

    def number(self, key: tuple[str, ...]) -> list[int]:
        """Cases with this registry number, as server.reconciliation.names.number gives it."""
        return self._numbers.get(key, [])

    def tail(self, key: tuple[str, ...]) -> list[int]:
        """Cases whose number ends so, "2024/718" without its authority; and those that it is a document of."""
        return [*self._tails.get(key[-2:], ()), *self._numbers.get(key[:-1], ())]

    def members(self, groups: Iterable[Iterable[str]]) -> list[Entity]:
        """Those of the smallest of some groups, each of which is parties, bodies or municipalities (by code)."""
        found = [{at for name in group for at in self._members.get(name, ())} for group in groups]
        smallest = sorted(found, key=len)[:1]
        return [self.all[at] for each in smallest for at in sorted(each)]

    def beginning(self, prefix: str) -> Iterator[int]:
        """Whose name, or a word of whose name, begins so, in the order of the alphabet, each once."""
        wanted = names.skeleton(names.plain(prefix))
        seen: set[int] = set()
        for place in range(bisect_left(self._starts, (wanted, -1)), len(self._starts) if wanted else 0):
            start, at = self._starts[place]
            if not start.startswith(wanted):
                return
            if at not in seen:
                seen.add(at)
                yield at


def build(entities: Entities, base: str) -> Index:
    """The index over entities, whose IRIs begin with a base."""
    every = list(entities.of.values())
    by_id = {identifier(entity.iri, base): entity for entity in every}
    by_id |= {identifier(iri, base): entities.of[kept] for iri, kept in entities.same.items()}
    index = Index(entities, every, [_forms(entity) for entity in every], by_id, _towns(entities))
    for at, entity in enumerate(every):
        for group in (*entity.parties, *entity.posts, *filter(None, [entity.municipality])):
            index._members[group].append(at)
        if entity.type == "Case":
            _add_number(index, at, entity)
        else:
            _add_names(index, at, entity)
    index._starts.sort()
    return index


def identifier(iri: str, base: str) -> str:
    """The identifier of an entity in the space <base>/id/, "person/9999/x-y"; an IRI elsewhere as it is."""
    return iri.removeprefix(base + "/id/")


def _towns(entities: Entities) -> dict[str, set[str]]:
    codes: dict[str, set[str]] = {}
    for code, called in entities.municipalities.items():
        for each in called:
            codes.setdefault(names.town(each), set()).add(code)
    return codes


def _forms(entity: Entity) -> tuple[Form, ...]:
    told = [(entity.name, "name"), *((each, "spelling") for each in sorted(entity.spellings))]
    if entity.code:
        told.append((entity.code, "code"))
    return tuple(Form(text, names.plain(text), kind) for text, kind in told)


def _add_names(index: Index, at: int, entity: Entity) -> None:
    grams: set[str] = set()
    wholes: set[str] = set()
    for form in index.forms[at]:
        skeleton = names.skeleton(form.plain)
        wholes.add(skeleton)
        if form.kind != "code":
            grams.update(_grams(skeleton))
        words = skeleton.split(" ")
        index._starts.extend((" ".join(words[n:]), at) for n in range(len(words)))
    for whole in wholes:
        index._whole[whole].append(at)
    for gram in grams:
        index._grams[gram].append(at)
    if entity.type == "Person":
        for last in {whole.rpartition(" ")[2] for whole in wholes}:
            index._surnames[last].append(at)


def _add_number(index: Index, at: int, entity: Entity) -> None:
    keys = {names.number(form.text) for form in index.forms[at]} - {()}
    for key in keys:
        index._numbers[key].append(at)
    own = names.number(entity.name)
    if own:
        index._tails[own[-2:]].append(at)
    index._starts.append((names.skeleton(names.plain(entity.name)), at))


def _grams(skeleton: str) -> Iterable[str]:
    padded = f" {skeleton} "
    return (padded[n : n + 3] for n in range(len(padded) - 2))

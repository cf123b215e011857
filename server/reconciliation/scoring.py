"""How well an entity fits what is asked for, and whether it is beyond doubt that it is the one."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Final

from rapidfuzz.distance import OSA

from server.reconciliation import names
from server.reconciliation.entities import Entity
from server.reconciliation.index import Form, Index
from server.reconciliation.properties import CERTAIN, PROPERTIES, Known, known
from server.reconciliation.query import Wanted

ALIKE: Final = 0.7  # share of the letters that are right, below which a name is not proposed
DOUBTFUL: Final = 90.0  # the highest score of a candidate that is not beyond doubt
SCORES: Final = {
    "identifier": 100.0,
    "number_exact": 100.0,
    "name_exact": 100.0,
    "spelling_known": 98.0,
    "code_exact": 97.0,
    "name_folded": 95.0,
}
"""What says by itself that the name is the one."""
ORDER, TAIL, SURNAME, PART, EDITS, UNNAMED = 85.0, 60.0, 65.0, 55.0, 88.0, 40.0
AGAINST, APART, UNTOLD, OTHER_TYPE = 30.0, 15.0, 3.0, 25.0


@dataclass(slots=True)
class Candidate:
    """An entity that may be meant. `score` is 0 to 100; `features` are what it rests on; `whole`: its name fits."""

    entity: Entity
    score: float
    features: dict[str, bool | float] = field(default_factory=dict)
    whole: bool = False
    agrees: bool = True  # with everything the client says
    excluded: bool = False  # by what the client says
    match: bool = False


def candidates(index: Index, wanted: Wanted) -> list[Candidate]:
    """Who or what is meant, the best first, at most as many as asked for."""
    text, hint = names.hint(wanted.text)
    said = [known(index, name, values) for name, values in wanted.properties]
    found = _whole(index, wanted.text)
    if hint and not found:
        said += _hinted(index, hint)
        found = _whole(index, text)
    elif not found and (local := _local(index, wanted.text)):
        text, place, found = local
        said.append(place)
    else:
        text = wanted.text
    if text.strip():
        for each in _partial(index, text):
            found.setdefault(each.entity.iri, each)
    elif said:
        found = {entity.iri: Candidate(entity, UNNAMED) for entity in _members(index, said) if _may_be(said, entity)}
    judged = [_judged(each, said, wanted) for each in found.values() if _of_type(each.entity, wanted)]
    _decide(judged)
    judged.sort(key=lambda each: (not each.match, -each.score, each.entity.name, each.entity.iri))
    return judged[: wanted.limit]


def _whole(index: Index, text: str) -> dict[str, Candidate]:
    """Those whose identifier, number or whole name is what is asked for."""
    entity = index.entities.of.get(text.strip()) or index.by_id.get(text.strip())
    if entity:
        return {entity.iri: _candidate(entity, "identifier")}
    found: dict[str, Candidate] = {}
    key = names.number(text)
    for at in index.number(key) if key else ():
        own = names.number(index.all[at].name) == key
        found[index.all[at].iri] = _candidate(index.all[at], "number_exact" if own else "spelling_known")
    plain = names.plain(names.forename_first(text))
    for at in index.whole(plain):
        entity = index.all[at]
        kinds = [_kind(text, plain, form) for form in index.forms[at] if names.agree(plain, form.plain)]
        if kinds and (entity.type != "Person" or " " in plain):
            found[entity.iri] = _candidate(entity, max(kinds, key=SCORES.__getitem__))
    return found


def _kind(text: str, plain: str, form: Form) -> str:
    if form.kind == "code":
        return "code_exact" if form.text == text.strip() else "name_folded"
    if plain != form.plain or ("-" in text) != ("-" in form.text):
        return "name_folded"
    return "name_exact" if form.kind == "name" else "spelling_known"


def _candidate(entity: Entity, kind: str) -> Candidate:
    return Candidate(entity, SCORES[kind], {kind: True, "name_similarity": 1.0, "edit_distance": 0}, whole=True)


def _local(index: Index, text: str) -> tuple[str, Known, dict[str, Candidate]] | None:
    """The whole name of a body, a case or a local party with its municipality behind it, and who may be meant."""
    for name, place in names.placed(text):
        told = known(index, "municipality", [place])
        found = _whole(index, name) if told.meant else {}
        local = {iri: each for iri, each in found.items() if each.entity.local}
        if local:
            return name, told, local
    return None


def _hinted(index: Index, hint: str) -> list[Known]:
    """What stands in parentheses behind a name: a party, or a municipality; where it is neither, nothing agrees."""
    found = [each for name in ("party", "municipality") if (each := known(index, name, [hint])).meant]
    return found[:1] or [Known("unknown", frozenset())]


def _partial(index: Index, text: str) -> Iterator[Candidate]:
    """Those whose name or number is only like it; none of them is ever taken for certain."""
    key = names.number(text)
    if len(key) >= 2:
        for at in index.tail(key):
            yield Candidate(index.all[at], TAIL, {"number_part": True})
    asked = names.plain(names.forename_first(text))
    short = names.initials(asked)
    for at in index.surname(*short) if short else ():
        yield Candidate(index.all[at], SURNAME, {"surname_and_initial": True})
    for at in index.near(asked):
        candidate = max((_compared(index.all[at], asked, form) for form in index.forms[at]), key=_score)
        if candidate.score:
            yield candidate


def _compared(entity: Entity, asked: str, form: Form) -> Candidate:
    distance = OSA.distance(asked, form.plain)
    similarity = 1 - distance / max(len(asked), len(form.plain), 1)
    features: dict[str, bool | float] = {"edit_distance": distance, "name_similarity": round(similarity, 3)}
    score = EDITS * similarity if similarity >= ALIKE else 0.0
    words, own = set(asked.split(" ")), set(form.plain.split(" "))
    if words == own:
        score, features["other_order"] = max(score, ORDER), True
    elif (words < own and min(map(len, words)) > 1) or (own < words and len(own) > 1):
        score, features["part_of_name"] = max(score, PART), True
    return Candidate(entity, score, features)


def _score(candidate: Candidate) -> float:
    return candidate.score


def _members(index: Index, said: Iterable[Known]) -> list[Entity]:
    return index.members(each.meant for each in said if each.property != "period")


def _may_be(said: Iterable[Known], entity: Entity) -> bool:
    told = [each.agrees(entity) for each in said]
    return True in told and False not in told


def _of_type(entity: Entity, wanted: Wanted) -> bool:
    return not wanted.types or wanted.strictness == "should" or _typed(entity, wanted)


def _typed(entity: Entity, wanted: Wanted) -> bool:
    return {entity.type} >= set(wanted.types) if wanted.strictness == "all" else entity.type in wanted.types


def _judged(candidate: Candidate, said: Iterable[Known], wanted: Wanted) -> Candidate:
    """A candidate, measured by what the client says of it beside its name."""
    for each in said:
        agrees = each.agrees(candidate.entity)
        candidate.agrees &= agrees is True
        if each.property in PROPERTIES and agrees is not None:
            candidate.features[f"{each.property}_agrees"] = agrees
        if agrees is False:
            candidate.score -= AGAINST if each.property in CERTAIN else APART
            candidate.excluded |= each.property != "period"  # the graph has not seen everything
        elif agrees is None:
            candidate.score -= UNTOLD
    if wanted.types and not _typed(candidate.entity, wanted):
        candidate.score, candidate.agrees, candidate.excluded = candidate.score - OTHER_TYPE, False, True
    return candidate


def _decide(judged: list[Candidate]) -> None:
    """Say of the one that fits, where there is but one and nothing speaks against it, that it is the one."""
    fitting = [each for each in judged if each.whole and not each.excluded]
    excluded = {each.entity.iri for each in judged if each.excluded}
    for each in judged:
        alone = fitting == [each] and not each.entity.open - excluded
        each.match = alone and each.agrees and _placed(each)
        if each.whole:
            each.features["namesakes"] = len(fitting) - (each in fitting)
        each.score = round(max(0.0, each.score if each.match else min(each.score, DOUBTFUL)), 1)


def _placed(candidate: Candidate) -> bool:
    """Whether it is said of what is local whose it is: every municipality has a Socialnämnden, and a 2024/112, and
    "SN" is a party in one of them; few of them are here."""
    features = candidate.features
    return not candidate.entity.local or "identifier" in features or "municipality_agrees" in features

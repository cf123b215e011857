"""Everybody named in records: who they are in one document, and the party that the document knows for them."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import fields, is_dataclass, replace
from typing import Any

from mapping.records import Actor, DocumentRecord


def actors_in(value: Any) -> Iterable[Actor]:
    """Every Actor inside records, in the order of their fields."""
    if isinstance(value, Actor):
        yield value
    elif isinstance(value, tuple | list):
        for part in value:
            yield from actors_in(part)
    elif is_dataclass(value) and not isinstance(value, type):
        for each in fields(value):
            yield from actors_in(getattr(value, each.name))


def stated_parties(records: Any) -> dict[str, str]:
    """The one party that each name stands with in this document."""
    seen: dict[str, Counter[str]] = {}
    for actor in actors_in(records):
        if actor.name and actor.party and not actor.is_official:
            seen.setdefault(actor.name, Counter())[actor.party] += 1
    return {name: parties.most_common(1)[0][0] for name, parties in seen.items() if len(parties) == 1}


def with_parties(value: Any, parties: dict[str, str]) -> Any:
    """The value with the party of actors who stand there without one, where the document knows it."""
    if isinstance(value, Actor):
        if value.name and value.party is None and value.name in parties:
            return replace(value, party=parties[value.name], is_official=False)
        return value
    if isinstance(value, tuple):
        return tuple(with_parties(part, parties) for part in value)
    if is_dataclass(value) and not isinstance(value, type):
        changed = {
            each.name: new
            for each in fields(value)
            if (new := with_parties(old := getattr(value, each.name), parties)) is not old
        }
        return replace(value, **changed) if changed else value
    return value


def people(record: DocumentRecord) -> tuple[Actor, ...]:
    """Everybody named in the records, once: the fullest mention of each name and party."""
    kept: dict[tuple[str, str | None], Actor] = {}
    elsewhere = {a.name for a in actors_in((record.meeting, record.items)) if a.name and a.party}
    for actor in actors_in((record.meeting, record.items)):
        if actor.name is None or actor.is_administration or (actor.party is None and actor.name in elsewhere):
            continue
        key = (actor.name, actor.party)
        if key not in kept or (actor.title and not kept[key].title):
            kept[key] = actor
    return tuple(kept.values())

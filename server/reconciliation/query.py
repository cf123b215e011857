"""What a client asks the reconciliation service (Reconciliation Service API 0.2, 4.1 and 7.3), read and checked."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from server.messages import Problem
from server.site import NS

BATCH: Final = 200  # queries at a time
LONGEST: Final = 300  # characters of a name
VALUES: Final = 50  # values of the properties of one query
IDS: Final = 500  # entities of one extension
COLUMNS: Final = 20  # properties of one extension
CANDIDATES: Final = 10  # that are given where no limit is asked for
MOST_CANDIDATES: Final = 50
STRICTNESS: Final = ("any", "should", "all")
_FIELDS: Final = frozenset({"query", "type", "limit", "properties", "type_strict"})


class Unreadable(Exception):
    """What was sent is no query; it holds the problem that the client is told."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.en)
        self.problem = problem


@dataclass(frozen=True, slots=True)
class Wanted:
    """One reconciliation query. `properties` are pairs of an identifier and the values of which one is to agree."""

    text: str
    types: tuple[str, ...]
    strictness: str
    limit: int
    properties: tuple[tuple[str, tuple[str, ...]], ...]


@dataclass(frozen=True, slots=True)
class Extension:
    """Of which entities which properties are wanted."""

    ids: tuple[str, ...]
    properties: tuple[str, ...]


def batch(text: str) -> dict[str, Wanted]:
    """A query batch. Raises Unreadable: 400 for what breaks the rules, 413 for what is too much."""
    told = _parsed(text, "queries")
    if len(told) > BATCH:
        raise _too_much(f"högst {BATCH} frågor åt gången", f"at most {BATCH} queries at a time")
    return {key: _wanted(key, value) for key, value in told.items()}


def extension(text: str) -> Extension:
    """A data extension query. Raises Unreadable as `batch`."""
    told = _parsed(text, "extend")
    ids, properties = told.get("ids"), told.get("properties")
    if not isinstance(ids, list) or not all(isinstance(each, str) for each in ids):
        raise _wrong("extend", "ids ska vara en lista med texter", "ids must be a list of strings")
    if not isinstance(properties, list):
        raise _wrong("extend", "properties ska vara en lista", "properties must be a list")
    names = [each.get("id") if isinstance(each, dict) else None for each in properties]
    if not all(isinstance(each, str) for each in names):
        raise _wrong("extend", "varje egenskap ska ha ett id som är text", "each property must have an id, a string")
    if len(ids) > IDS or len(names) > COLUMNS:
        raise _too_much(
            f"högst {IDS} ting och {COLUMNS} egenskaper åt gången",
            f"at most {IDS} entities and {COLUMNS} properties at a time",
        )
    return Extension(tuple(dict.fromkeys(ids)), tuple(dict.fromkeys(str(each) for each in names)))


def _parsed(text: str, field: str) -> Mapping[str, Any]:
    try:
        told = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise _wrong(field, "det är inte JSON", "it is not JSON") from error
    if not isinstance(told, dict):
        raise _wrong(field, "det ska vara ett JSON-objekt", "it must be a JSON object")
    return told


def _wanted(key: str, told: object) -> Wanted:
    if not isinstance(told, dict):
        raise _wrong(key, "det ska vara ett JSON-objekt", "it must be a JSON object")
    unknown = sorted(set(told) - _FIELDS)
    if unknown:
        raise _wrong(key, f"fältet {unknown[0]!r} finns inte", f"there is no field {unknown[0]!r}")
    text, properties = told.get("query", ""), told.get("properties", [])
    if not isinstance(text, str) or not isinstance(properties, list):
        raise _wrong(key, "query ska vara text, properties en lista", "query must be a string, properties a list")
    if "query" not in told and not properties:
        raise _wrong(key, "query eller properties ska finnas", "query or properties must be given")
    if len(text) > LONGEST:
        raise _too_much(f"query högst {LONGEST} tecken ({key})", f"query at most {LONGEST} characters ({key})")
    strictness = told.get("type_strict", "any")
    if strictness not in STRICTNESS:
        raise _wrong(key, "type_strict ska vara any, should eller all", "type_strict must be any, should or all")
    return Wanted(text, _types(key, told), strictness, _limit(key, told), _properties(key, properties))


def _types(key: str, told: Mapping[str, Any]) -> tuple[str, ...]:
    given = told.get("type", [])
    types = [given] if isinstance(given, str) else given
    if not isinstance(types, list) or not all(isinstance(each, str) for each in types):
        raise _wrong(
            key, "type ska vara text eller en lista med texter", "type must be a string or a list of strings"
        )
    return tuple(each.removeprefix(NS).removeprefix("kg:") for each in types[:VALUES])


def _limit(key: str, told: Mapping[str, Any]) -> int:
    limit = told.get("limit", CANDIDATES)
    if isinstance(limit, bool) or not isinstance(limit, int | float) or not 1 <= limit < 10**9 or limit % 1:
        raise _wrong(key, "limit ska vara ett positivt heltal", "limit must be a positive integer")
    return min(int(limit), MOST_CANDIDATES)


def _properties(key: str, given: list[Any]) -> tuple[tuple[str, tuple[str, ...]], ...]:
    found: list[tuple[str, tuple[str, ...]]] = []
    for each in given:
        if not isinstance(each, dict) or not isinstance(each.get("pid"), str) or "v" not in each:
            raise _wrong(
                key, "varje egenskap ska ha pid (text) och v", "each property must have pid (a string) and v"
            )
        values = each["v"] if isinstance(each["v"], list) else [each["v"]]
        found.append((each["pid"], tuple(_value(key, value) for value in values)))
    if sum(len(values) for _, values in found) > VALUES:
        raise _too_much(f"högst {VALUES} värden ({key})", f"at most {VALUES} values ({key})")
    return tuple(found)


def _value(key: str, value: object) -> str:
    if isinstance(value, dict) and isinstance(value.get("id"), str):
        value = value["id"]
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        if not isinstance(value, bool):
            raise _wrong(key, "v ska vara text, tal eller ett ting med id", "v must be a string, number or entity")
        return str(value).lower()
    if len(str(value)) > LONGEST:
        raise _too_much(f"v högst {LONGEST} tecken ({key})", f"v at most {LONGEST} characters ({key})")
    return str(value)


def _wrong(where: str, sv: str, en: str) -> Unreadable:
    where = where[:60]
    return Unreadable(
        Problem(400, f"Fel i {where!r}: {sv}.", f"Fault in {where!r}: {en}.", {"kind": "reconciliation"})
    )


def _too_much(sv: str, en: str) -> Unreadable:
    return Unreadable(
        Problem(413, f"För mycket: {sv}; dela upp.", f"Too much: {en}; divide it.", {"kind": "reconciliation"})
    )

"""The values of an example's parameters: read out of the VALUES of a query, and written into it."""

import datetime
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any, Final

import pyoxigraph as ox

from server.asking import Term
from server.query_page.examples import Parameter
from server.site import iri_ref, is_iri
from server.sparql import query_text

XSD: Final = "http://www.w3.org/2001/XMLSchema#"
LONGEST: Final = 1000  # characters of one value
LONGEST_CLAUSE: Final = 10_000  # characters of one VALUES
MOST: Final = 20  # values of one parameter, and clauses of one query that are looked at

Values = Mapping[str, tuple[Term, ...]]
"""Parameter to its values; none at all: any value will do (UNDEF)."""


@dataclass(frozen=True, slots=True)
class _Clause:
    """A VALUES clause, and where it stands in a query."""

    variables: tuple[str, ...]
    grouped: bool
    start: int
    end: int


def values_in(query: str, parameters: Sequence[Parameter]) -> dict[str, tuple[Term, ...]]:
    """The values that a query has for these parameters; those whose VALUES it has no more are left out."""
    found: dict[str, tuple[Term, ...]] = {}
    wanted = {each.name for each in parameters}
    for clause in islice(_clauses(query), MOST):
        if wanted.isdisjoint(clause.variables) or set(clause.variables) & found.keys():
            continue
        rows = _evaluated(query, clause)
        for at, name in enumerate(clause.variables if rows is not None else ()):
            terms = [row[at] for row in rows or ()]
            found[name] = tuple(dict.fromkeys(each for each in terms if each))
    return {name: terms for name, terms in found.items() if name in wanted}


def with_values(query: str, values: Values) -> str:
    """The query with these values in its VALUES; a parameter without values becomes UNDEF.

    Every value is written as the engine writes terms, so that nothing in it can be read as SPARQL.
    """
    changed = query
    done: set[str] = set()
    clauses = [each for each in islice(_clauses(query), MOST) if not values.keys().isdisjoint(each.variables)]
    for clause in reversed([each for each in clauses if not _again(each, clauses)]):
        if done.isdisjoint(clause.variables) and all(name in values for name in clause.variables):
            done.update(clause.variables)
            changed = changed[: clause.start] + _written(clause, values) + changed[clause.end :]
    return changed


def meant(parameter: Parameter, written: str, known: Sequence[Term]) -> tuple[Term, ...] | None:
    """What a reader's words stand for: one of the known values where they are it, else a value of the parameter's
    kind; none for empty words (any value); None for what is no such value."""
    text = written.strip()
    if not text:
        return () if parameter.optional else None
    if len(text) > LONGEST:
        return None
    parts = [each.strip() for each in text.split("|") if each.strip()][:MOST]
    found = [_term(parameter.kind, part, known) for part in parts]
    return tuple(each for each in found if each) if all(found) else None


def shown(values: Sequence[Term]) -> str:
    """Values as a reader writes them."""
    return " | ".join(each.value for each in values)


def _term(kind: str, text: str, known: Sequence[Term]) -> Term | None:
    for each in known:
        if each.value == text:
            return each
    if kind == "iri":
        return Term("iri", text) if is_iri(text) else None
    if kind == "sv":
        return Term("literal", text, "sv")
    if kind == "string":
        return Term("literal", text)
    value = _lexical(kind, text)
    return Term("literal", value, None, XSD + kind) if value else None


def _lexical(kind: str, text: str) -> str | None:
    """A text as a literal of a datatype has it, or None."""
    if kind == "integer":
        return text if re.fullmatch(r"-?[0-9]{1,18}", text) else None
    if kind == "gYear":
        return text if re.fullmatch(r"[0-9]{4}", text) else None
    try:
        if kind == "date":
            return datetime.date.fromisoformat(text).isoformat()
        moment = datetime.datetime.fromisoformat(text)
    except ValueError:
        return None
    return (moment if moment.tzinfo else moment.replace(tzinfo=datetime.UTC)).isoformat().replace("+00:00", "Z")


def _clauses(query: str) -> Iterator[_Clause]:
    """The VALUES clauses of a query whose braces close."""
    found = list(query_text.tokens(query))
    for at, token in enumerate(found):
        if token.kind != "word" or token.text.upper() != "VALUES":
            continue
        here = at + 1
        grouped = here < len(found) and found[here].text == "("
        here += grouped
        variables: list[str] = []
        while here < len(found) and found[here].kind == "variable":
            variables.append(found[here].text[1:])
            here += 1
        here += grouped
        if not variables or here >= len(found) or found[here].text != "{":
            continue
        braces = (found[place] for place in range(here + 1, len(found)) if found[place].text in {"{", "}"})
        closing = next(braces, None)
        if closing is None:
            return
        if closing.text == "}" and closing.end - token.start <= LONGEST_CLAUSE:
            yield _Clause(tuple(variables), grouped, token.start, closing.end)


def _evaluated(query: str, clause: _Clause) -> list[list[Term | None]] | None:
    """The rows of a VALUES clause as the engine reads them; None where it does not."""
    prologue = "\n".join(re.findall(r"(?im)^\s*PREFIX\s+\S*:\s*<[^<>]*>", query))
    try:
        found: Any = ox.Store().query(f"{prologue}\nSELECT * {{ {query[clause.start : clause.end]} }}")
        return [[_as_term(row[name]) for name in clause.variables] for row in found]
    except (SyntaxError, ValueError):
        return None


def _as_term(value: Any) -> Term | None:
    if isinstance(value, ox.NamedNode):
        return Term("iri", value.value)
    if isinstance(value, ox.Literal):
        plain = value.language or value.datatype.value == XSD + "string"
        return Term("literal", value.value, value.language, None if plain else value.datatype.value)
    return None


def _again(clause: _Clause, clauses: Sequence[_Clause]) -> bool:
    """Whether an earlier clause has one of its variables."""
    return any(set(each.variables) & set(clause.variables) for each in clauses if each.start < clause.start)


def _written(clause: _Clause, values: Values) -> str:
    if not clause.grouped and len(clause.variables) == 1:
        terms = values[clause.variables[0]]
        return f"VALUES ?{clause.variables[0]} {{ {' '.join(map(term, terms)) or 'UNDEF'} }}"
    row = " ".join(term(values[name][0]) if values[name] else "UNDEF" for name in clause.variables)
    return f"VALUES ({' '.join('?' + name for name in clause.variables)}) {{ ({row}) }}"


def term(value: Term) -> str:
    """A term as it stands in a query. Raises ValueError for an IRI that cannot stand there."""
    if value.kind == "iri":
        return iri_ref(value.value)
    if value.language:
        return str(ox.Literal(value.value, language=value.language))
    if value.datatype == XSD + "integer" and re.fullmatch(r"[0-9]{1,18}", value.value):
        return value.value
    datatype = ox.NamedNode(value.datatype) if value.datatype else None
    return str(ox.Literal(value.value, datatype=datatype))

"""The 290 municipalities: codes and names, and the ways a document writes them."""

import re
from dataclasses import dataclass
from functools import cache

from ontology.graph import PREFIXES, authority, in_language, values


@dataclass(frozen=True, slots=True)
class Municipality:
    """A municipality. `code`: four digits of Statistics Sweden; `names`: official forms ("Stockholms stad");
    `county`: the two-digit county code; `wikidata`: an item where one is verified ("Q506250")."""

    code: str
    name: str
    names: tuple[str, ...]
    county: str
    wikidata: str | None


@cache
def _by_code() -> dict[str, Municipality]:
    graph = authority("municipalities")
    found: dict[str, Municipality] = {}
    for iri in graph:
        for value in values(graph, iri, "kg:municipalityCode"):
            match = values(graph, iri, "skos:exactMatch")
            found[value.text] = Municipality(
                code=value.text,
                name=in_language(values(graph, iri, "skos:prefLabel"), "sv") or "",
                names=tuple(name.text for name in values(graph, iri, "skos:altLabel")),
                county=values(graph, iri, "skos:broader")[0].text.rpartition("/")[2],
                wikidata=match[0].text.removeprefix(PREFIXES["wd"]) if match else None,
            )
    return found


def municipalities() -> dict[str, str]:
    """Code to short name of every municipality ("0180" -> "Stockholm"), in order of code."""
    return {code: found.name for code, found in _by_code().items()}


def municipality(code: str) -> Municipality | None:
    """The municipality with a four-digit code, or None."""
    return _by_code().get(code)


def _key(name: str) -> str:
    """A name to compare: case, hyphens and blanks do not matter ("Upplands Bro" = "UPPLANDS-BRO")."""
    return re.sub(r"[\s\-–]+", " ", name).strip().casefold()


@cache
def _by_name() -> dict[str, str]:
    found: dict[str, str] = {}
    for code, place in _by_code().items():
        for name in (place.name, *place.names):
            found[_key(name)] = code
        # Documents also print the genitive or the plain name before "kommun" or "stad".
        for stem in (place.name, f"{place.name}s"):
            for kind in ("kommun", "kommuns", "stad", "stads", "municipality"):
                found.setdefault(_key(f"{stem} {kind}"), code)
    return found


def municipality_code(name: str) -> str | None:
    """The code of a municipality by its name or code, or None.

    Accepts "Stockholm", "Stockholms stad", "Stockholms kommun", "Haninge kommun", "HANINGE KOMMUN" and "0180".
    """
    text = name.strip()
    if text in _by_code():
        return text
    return _by_name().get(_key(text))


@cache
def counties() -> dict[str, str]:
    """Two-digit code to name of every county ("01" -> "Stockholms län")."""
    graph = authority("municipalities")
    return {
        values(graph, iri, "skos:notation")[0].text: in_language(values(graph, iri, "skos:prefLabel"), "sv") or ""
        for iri in graph
        if iri.startswith(PREFIXES["kgc"] + "county/")
    }

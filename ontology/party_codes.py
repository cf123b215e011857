"""Parties: codes as printed beside names, names in running text, and what replaced a historic code."""

import datetime
from dataclasses import dataclass
from functools import cache

from ontology.graph import PREFIXES, authority, in_language, values


@dataclass(frozen=True, slots=True)
class Party:
    """A party code and what it means.

    `names_sv`: the usual name first, then other names in running text; `wikidata`: an item where verified
    ("Q105112"); `successor`: the code that replaced this one ("FP" -> "L"); `until`: the last day of the code;
    `local`: exists in one municipality or area only; `municipality`: its four-digit code where known;
    `printed`: other printed forms ("F!").
    """

    code: str
    names_sv: tuple[str, ...]
    name_en: str
    wikidata: str | None
    successor: str | None
    until: datetime.date | None
    municipality: str | None
    local: bool
    printed: tuple[str, ...]


@cache
def parties() -> tuple[Party, ...]:
    """Every party of the authority data: those of the whole country first, then local ones."""
    return tuple(_party(iri) for iri in authority("parties") if iri.startswith(PREFIXES["kgc"] + "party/"))


def _party(iri: str) -> Party:
    graph = authority("parties")

    def texts(curie: str) -> list[str]:
        return [value.text for value in values(graph, iri, curie)]

    names = values(graph, iri, "skos:prefLabel")
    match, replaced, until, place = (
        texts(curie) for curie in ("skos:exactMatch", "dcterms:isReplacedBy", "kg:usedUntil", "kg:municipalityCode")
    )
    return Party(
        code=texts("skos:notation")[0],
        names_sv=(in_language(names, "sv") or "", *texts("skos:altLabel")),
        name_en=in_language(names, "en") or "",
        wikidata=match[0].removeprefix(PREFIXES["wd"]) if match else None,
        successor=values(graph, replaced[0], "skos:notation")[0].text if replaced else None,
        until=datetime.date.fromisoformat(until[0]) if until else None,
        municipality=place[0] if place else None,
        local=texts("kg:localParty") == ["true"],
        printed=tuple(texts("skos:hiddenLabel")),
    )


def _fold(text: str) -> str:
    return " ".join(text.replace("(", " ").replace(")", " ").split()).casefold()


@cache
def _index(scope: str) -> tuple[dict[str, Party], dict[str, Party]]:
    """As printed, and case-folded, to party. `scope`: "national", "local", "unplaced" or a municipality code."""
    exact: dict[str, Party] = {}
    folded: dict[str, Party] = {}
    chosen = [party for party in parties() if _in_scope(party, scope)]
    for party in chosen:
        exact.setdefault(party.code, party)
        folded.setdefault(_fold(party.code), party)
    for party in chosen:
        for form in party.printed:
            exact.setdefault(form, party)
        for name in party.names_sv:
            folded.setdefault(_fold(name), party)
    return exact, folded


def _in_scope(party: Party, scope: str) -> bool:
    if not party.local:
        return scope == "national"
    return scope == "local" or scope == (party.municipality or "unplaced")


def party(name_or_code: str, municipality: str | None = None) -> Party | None:
    """The party meant by a printed code in any case, or by a name in running text; None where unknown.

    `municipality`: the four-digit code of the place, which decides between local parties with one code. With it,
    its own local parties come first, and those placed elsewhere are left out; without it, any known one is taken.
    The caller removes a genitive s.
    """
    scopes = (municipality, "national", "unplaced") if municipality else ("national", "local")
    text = name_or_code.strip()
    for scope in scopes:
        exact, folded = _index(scope)
        found = exact.get(text) or folded.get(_fold(text))
        if found:
            return found
    return None


def party_code(name_or_code: str, municipality: str | None = None) -> str | None:
    """The code of a party by its code in any case or its name: "mp" -> "MP", "Moderaterna" -> "M", "F!" -> "Fi".

    A historic code stays itself ("fp" -> "FP"); its successor is in `party(...)`. None where unknown.
    """
    found = party(name_or_code, municipality)
    return found.code if found else None

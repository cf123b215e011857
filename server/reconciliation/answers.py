"""What the reconciliation service says (Reconciliation Service API 0.2), as JSON objects in Swedish or English."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from server.alphabet import swedish
from server.reconciliation.entities import TYPES, Entity
from server.reconciliation.index import Index, identifier
from server.reconciliation.query import BATCH, Extension
from server.reconciliation.scoring import Candidate
from server.site import NS

Json = dict[str, Any]
WIDTH, HEIGHT = 420, 220  # pixels of a preview

KINDS: Final[Mapping[str, tuple[str, str, str, str]]] = {
    "Person": ("Person", "Person", "Förtroendevald eller tjänsteman", "Elected representative or official"),
    "Party": ("Parti", "Party", "Politiskt parti, i riket eller i en kommun", "Political party, national or local"),
    "Body": ("Organ", "Body", "Fullmäktige, styrelse, nämnd eller utskott", "Council, executive, committee or board"),
    "Case": ("Ärende", "Case", "Ärende med diarienummer", "Case with a registry number"),
}
"""Names and descriptions of the types, in Swedish and English."""

NAMED: Final[Mapping[str, tuple[str, str, str, str, tuple[str, ...]]]] = {
    "party": (
        "parti",
        "party",
        "Namn, beteckning eller identifierare",
        "Name, abbreviation or identifier",
        ("Person",),
    ),
    "body": ("organ", "body", "Organ där personen har en post", "Body where the person has a post", ("Person",)),
    "municipality": (
        "kommun",
        "municipality",
        "Namn eller kommunkod, till exempel Stockholm eller 0180",
        "Name or code, as Stockholm or 0180",
        TYPES,
    ),
    "period": (
        "period",
        "period",
        "År, dag eller spann: 2024, 2018-2022, 2024-03-12; det grafen har sett i handlingar",
        "Year, day or span: 2024, 2018-2022, 2024-03-12; what the graph has seen in documents",
        ("Person",),
    ),
    "name": ("namn", "name", "Det vanligaste namnet", "The best form of the name", TYPES),
    "spelling": ("annan stavning", "other spelling", "Andra skrivsätt", "Other spellings", TYPES),
    "code": ("beteckning", "abbreviation", "Partiets beteckning", "The party's abbreviation", ("Party",)),
    "first": ("sedd från", "seen from", "Första dag i handlingar", "First day in documents", ("Person",)),
    "last": ("sedd till", "seen until", "Sista dag i handlingar", "Last day in documents", ("Person",)),
    "iri": ("adress", "address", "Den beständiga adressen", "The persistent address", TYPES),
}
"""Names and descriptions of the properties, and the types that have them; the first four narrow a query."""
NARROWING: Final = ("party", "body", "municipality", "period")
OFFERED: Final = tuple(each for each in NAMED if each != "period")


def manifest(base: str, web: str, language: str) -> Json:
    """The service manifest (3.1); `base` begins the IRIs, `web` is the address at which the site is reached."""
    root, at = f"{web}/reconciliation", 1 if language == "en" else 0
    suggest = {
        each: {"service_url": root, "service_path": f"/suggest/{each}"} for each in ("entity", "property", "type")
    }
    suggest["entity"]["flyout_service_path"] = "/flyout?id=${id}"
    return {
        "versions": ["0.2"],
        "name": (
            "Kommungraf: personer, partier, organ och ärenden",
            "Kommungraf: persons, parties, bodies and cases",
        )[at],
        "identifierSpace": f"{base}/id/",
        "schemaSpace": NS,
        "defaultTypes": [kind(each, language) for each in TYPES],
        "view": {"url": f"{root}/view?id={{{{id}}}}"},
        "preview": {"url": f"{root}/preview?id={{{{id}}}}", "width": WIDTH, "height": HEIGHT},
        "suggest": suggest,
        "extend": {
            "propose_properties": {"service_url": root, "service_path": "/properties"},
            "property_settings": [],
        },
        "batchSize": BATCH,
    }


def kind(name: str, language: str) -> Json:
    """A type."""
    sv, en, told_sv, told_en = KINDS[name]
    english = language == "en"
    return {"id": name, "name": en if english else sv, "description": told_en if english else told_sv}


def property_(name: str, language: str) -> Json:
    """A property."""
    sv, en, told_sv, told_en, _ = NAMED[name]
    english = language == "en"
    return {"id": name, "name": en if english else sv, "description": told_en if english else told_sv}


def candidate(index: Index, found: Candidate, base: str, language: str) -> Json:
    """A reconciliation candidate (4.2)."""
    return {
        **_shown(index, found.entity, base, language, "type"),
        "score": found.score,
        "match": found.match,
        "features": [{"id": name, "value": value} for name, value in found.features.items()],
    }


def suggested(index: Index, entity: Entity, base: str, language: str) -> Json:
    """A suggested entity (6.3)."""
    return _shown(index, entity, base, language, "notable")


def _shown(index: Index, entity: Entity, base: str, language: str, types: str) -> Json:
    """An entity as answers show it, with its types under a name of their own."""
    shown = kind(entity.type, language)
    return {
        "id": identifier(entity.iri, base),
        "name": entity.name,
        "description": describe(index, entity, language),
        types: [{"id": shown["id"], "name": shown["name"]}],
    }


def describe(index: Index, entity: Entity, language: str) -> str:
    """What tells an entity from its namesakes: "förtroendevald (V), Socialnämnden, Almviks kommun, 2016–2025"."""
    names = KINDS[entity.type]
    parts = [names[1 if language == "en" else 0].lower()]
    if codes := [index.entities.of[iri].code or index.entities.of[iri].name for iri in sorted(entity.parties)]:
        parts[0] += f" ({', '.join(codes)})"
    if entity.code:
        parts[0] += f" ({entity.code})"
    bodies = sorted({index.entities.of[iri].name for iri in entity.posts}, key=swedish)
    if bodies:
        parts.append(", ".join(bodies[:3]) + (" …" if len(bodies) > 3 else ""))
    if entity.municipality:
        parts.append(town(index, entity.municipality))
    if entity.first and entity.last:
        years = sorted({entity.first[:4], entity.last[:4]})
        parts.append("–".join(years))
    return ", ".join(parts)


def town(index: Index, code: str) -> str:
    """The name of a municipality, or its code where it has none."""
    return index.entities.municipalities.get(code, [code])[0]


def extended(index: Index, asked: Extension, base: str, language: str) -> Json:
    """The answer to a data extension query (7.4); nothing for what is not known."""
    rows = {}
    for each in asked.ids:
        entity = index.by_id.get(each) or index.entities.of.get(each)
        rows[each] = {name: _values(index, entity, name, base) if entity else [] for name in asked.properties}
    meta = [_meta(name, language) for name in asked.properties]
    return {"meta": meta, "rows": rows}


def _meta(name: str, language: str) -> Json:
    told = property_(name, language)
    held = {"party": "Party", "body": "Body"}.get(name)
    shown: Json = {"id": name, "name": told["name"]}
    if held:
        shown["type"] = {"id": held, "name": kind(held, language)["name"]}
    return shown


def _values(index: Index, entity: Entity, name: str, base: str) -> list[Json]:
    if name in {"party", "body"}:
        held = entity.parties if name == "party" else entity.posts
        others = sorted((index.entities.of[iri] for iri in held), key=lambda each: swedish(each.name))
        return [{"id": identifier(each.iri, base), "name": each.name} for each in others]
    if name in {"first", "last"}:
        day = entity.first if name == "first" else entity.last
        return [{"date": f"{day}T00:00:00"}] if day else []
    if name == "municipality":
        return [{"str": town(index, entity.municipality)}] if entity.municipality else []
    return _texts(
        {"name": [entity.name], "spelling": sorted(entity.spellings), "iri": [entity.iri]}.get(
            name, [entity.code] if entity.code else []
        )
    )


def _texts(values: Iterable[str]) -> list[Json]:
    return [{"str": value} for value in values]

"""A document that was read: its canonical text with every fact marked where it stands, and the facts beside it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from flask import request

from server import printed
from server.naming import Names
from server.nodes import Nodes, ask, in_order
from server.site import Site, iri_ref
from server.views.marked import Piece, Span, part_with, parts, pieces
from server.views.view import Step, View, names, within
from server.wording import words

AT: Final = re.compile(r"(\d{1,9})-(\d{1,9})\Z")
SPAN: Final = re.compile(r"/id/span/[0-9a-f]{16}/(\d{1,9})-(\d{1,9})\Z")
WHOLE: Final = "all"
"""The `part` that is the whole text, in one page."""
MOST: Final = 20000  # pairs of a thing and a span in one document


@dataclass(frozen=True, slots=True)
class Fact:
    """What stands at some characters: things (IRIs) whose evidence they are."""

    span: Span
    things: Sequence[str]
    exact: str


@dataclass(frozen=True, slots=True)
class Text:
    """One part of the canonical text; parts are counted from 1. `others`: facts that stand in other parts."""

    number: int
    of: int
    pieces: Sequence[Piece]
    facts: Sequence[Fact]
    others: int
    marked: Span | None
    more: bool


def show(site: Site, iri: str, language: str) -> View | None:
    """The page of a document that was read; other documents have none. Raises QueryFailed."""
    ref = iri_ref(iri)
    nodes = ask(site, f"{{ BIND({ref} AS ?s) }} UNION {{ {ref} prov:wasGeneratedBy ?s }}")
    file = site.data_dir / "texts" / f"{iri.rpartition('/')[2]}.txt"
    if not nodes.iri(iri, "kg:canonicalText") or not file.is_file():
        return None
    text = _text(site, iri, file.read_bytes().decode("utf-8"))
    subjects = ask(site, f"{{ {ref} kg:documents|kg:reportsOn ?s }}")
    things = {each for one in text.facts for each in one.things}
    named, told = names(site, language, nodes, subjects, more=things), words(language)
    values: dict[str, Any] = {
        "names": named,
        "text": text,
        "misplaced": bool(request.args.get("at")) and text.marked is None,
        "whole": WHOLE if request.args.get("part") == WHOLE else "",
        "kind_of": {each: named.kind(each) for each in things},
        "about": in_order(subjects, subjects),
        "pages": nodes.text(iri, "kg:pageCount"),
        "sha256": nodes.text(iri, "kg:sha256"),
        "fetched_from": nodes.texts(iri, "dcterms:source") + nodes.iris(iri, "dcterms:source"),
        "file_name": nodes.text(iri, "kg:fileName"),
        "canonical": nodes.iri(iri, "kg:canonicalText"),
        "has_status": nodes.iri(iri, "kg:processingStatus") is not None,
        "registry": nodes.iris(iri, "kg:hasRegistryNumber"),
        "run": nodes.iri(iri, "prov:wasGeneratedBy"),
    }
    told_of = _title(subjects, values["about"], named, language)
    title, way = told_of or named.of(iri), _way(site, iri, nodes, subjects, named)
    return View(
        template="document.html",
        kind=(named.kind(iri) or told["document"]).capitalize(),
        title=title,
        title_language="" if told_of else named.language_of(iri),
        values=values,
        summary=told["document_summary"].format(title=title),
        place=way[0][1] if way and not told_of else "",
        trail=way,
        sources=nodes.iris(iri, "kg:evidence")[:1],
        query=QUERY.format(document=ref),
        json_ld={
            "@context": "https://schema.org",
            "@type": "DigitalDocument",
            "@id": iri,
            "name": title,
            "inLanguage": "sv",
            "about": [{"@id": each, "name": named.of(each)} for each in values["about"]],
        },
        cut=text.more,
    )


QUERY: Final = """PREFIX kg: <https://w3id.org/kommungraf/ns#>
PREFIX oa: <http://www.w3.org/ns/oa#>
SELECT ?start ?end ?exact ?thing ?class WHERE {{
  ?span oa:hasSource {document} ; oa:start ?start ; oa:end ?end ; oa:exact ?exact .
  ?thing kg:evidence ?span ; a ?class
  FILTER(STRSTARTS(STR(?class), STR(kg:)))
}}
ORDER BY ?start ?end"""


def _text(site: Site, iri: str, whole: str) -> Text:
    """The part of the text that is asked for, with its facts."""
    found: dict[Span, list[str]] = {}
    declared = site.prologue
    rows = site.pool.rows(
        f"{declared}SELECT ?span ?thing WHERE {{ ?span oa:hasSource {iri_ref(iri)} . ?thing kg:evidence ?span }}",
        MOST,
    )
    for span, thing in rows.rows:
        match = SPAN.search(span.value) if span else None
        if span and thing and match:
            found.setdefault(Span(int(match[1]), int(match[2])), []).append(thing.value)
    all_parts = [Span(0, len(whole))] if request.args.get("part") == WHOLE else parts(whole)
    asked = AT.match(request.args.get("at", ""))
    marked = Span(int(asked[1]), min(int(asked[2]), len(whole))) if asked else None
    marked = marked if marked and marked.start < marked.end else None
    wanted = request.args.get("part", "")
    number = int(wanted[:9]) if wanted.isdecimal() and 1 <= int(wanted[:9]) <= len(all_parts) else 1
    if marked:
        number = part_with(all_parts, marked.start) + 1
    part = all_parts[number - 1]
    here = sorted(each for each in found if each.start < part.end and each.end > part.start)
    return Text(
        number=number,
        of=len(all_parts),
        pieces=pieces(whole, part, here, marked),
        facts=[Fact(each, sorted(found[each]), whole[each.start : each.end]) for each in here],
        others=len(found) - len(here),
        marked=marked,
        more=rows.more,
    )


def _title(subjects: Nodes, about: Sequence[str], named: Names, language: str) -> str:
    """The body and the day of the one meeting that a document tells of; empty for any other document."""
    body = subjects.iri(about[0], "kg:heldBy") if len(about) == 1 else None
    day = subjects.text(about[0], "kg:date") if body else None
    name = named.of_body(body) if body else ""
    return f"{name}{',' if ',' in name else ''} {printed.date(day, language)}" if name and day else ""


def _way(site: Site, iri: str, nodes: Nodes, subjects: Nodes, named: Names) -> list[Step]:
    """The municipality of a document, and the one body or case that it is of."""
    bodies = {body for each in subjects for body in subjects.iris(each, "kg:heldBy")} | set(
        nodes.iris(iri, "kg:reportsOn")
    )
    owners = sorted(bodies) or nodes.iris(iri, "kg:partOfCase") or nodes.iris(iri, "kg:concernsMatter")
    if len({site.place_of(each) for each in owners}) != 1:
        return []
    way = within(site, owners[0], named)
    return (
        [*way, (site.link(owners[0]), named.of(owners[0]), named.language_of(owners[0]))] if len(owners) == 1 else way
    )

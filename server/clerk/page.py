"""/quality: what a clerk can see and mend: documents and their problems, holes in series, open identities, lines."""

import re
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any, Final, TypeVar
from urllib.parse import urlencode

from flask import Blueprint, Response, request

from ontology import municipalities
from server import pages
from server.alphabet import swedish
from server.asking import Term
from server.clerk import document as clerk_document
from server.clerk import lines as clerk_lines
from server.clerk.gaps import counted
from server.clerk.identities import identities
from server.clerk.kept import KEPT, SEVERITIES, STATUSES, Document, place_in
from server.data_folder.files import DataFolderError
from server.messages import Problem
from server.naming import look_up
from server.quality import page as quality_page
from server.quality.figures import percent
from server.quality.metrics import METRICS
from server.site import NS, Site, iri_ref, page_language

clerk = Blueprint("clerk", __name__)

SHOWN: Final = 50  # rows on one page
FEW: Final = 10  # identities, or documents with the text of their lines, on one page
MOST_BODIES: Final = 60  # bodies to choose from
IN_SHORT: Final = (
    "paragraph-completeness",
    "items-with-registry-number",
    "meetings-with-minutes",
    "line-coverage",
)
KINDS: Final = ("inside", "between", "before")

Of = TypeVar("Of")


@clerk.get("/quality")
def overview() -> Response:
    """How much there is of each, and where to go on."""
    site, language = Site.current(), page_language()
    kept = KEPT.at(site)
    figures = quality_page.FIGURES.at(site).whole
    return pages.page(
        "clerk.html",
        kept=kept,
        counts=kept.statuses,
        problems=kept.problems,
        statuses=STATUSES,
        severities=SEVERITIES,
        metrics=[
            (each.en if language == "en" else each.sv, percent(Decimal(figures[each.id])))
            for each in METRICS
            if each.id in IN_SHORT and each.id in figures
        ],
        csv=_csv(site),
    )


@clerk.get("/quality/documents")
def documents() -> Response:
    """The documents, by status, file name, municipality, and whether there is something to look at."""
    site = Site.current()
    kept = KEPT.at(site)
    asked = _asked("status", "name", "municipality", "problems")
    found = [each for each in kept.documents if _wanted(each, asked)]
    number = _number()
    return _list(
        "clerk_documents.html",
        found,
        SHOWN,
        asked,
        reasons=_reasons(site, found[(number - 1) * SHOWN : number * SHOWN]),
        counts=kept.statuses,
        csv=_csv(site),
        statuses=STATUSES,
        places=_places(site, (place for each in kept.documents for place in each.places)),
    )


@clerk.get("/quality/document/<document>")
def document(document: str) -> Response:
    """A document: what became of it, each problem with its place, and the lines that were not read."""
    site, language = Site.current(), page_language()
    if not re.fullmatch(r"[0-9a-f]{16}", document):
        return pages.missing(request.path)
    found = clerk_document.show(site, document, language)
    if found is None:
        return pages.missing(request.path)
    try:
        unread = clerk_lines.unread_lines(site.data_dir, document)
    except DataFolderError as error:
        return pages.shown(_closed(error))
    text = clerk_lines.text_of(site.data_dir, document) if found.status == "accepted" else None
    stretches = clerk_lines.stretches(text, unread) if text is not None else []
    return pages.page(
        "clerk_document.html",
        found=found,
        problems=[(each, clerk_document.placed(each, text)) for each in found.problems],
        stretches=stretches,
        by_page=_by_page(unread),
        counted=len(unread),
        shown=sum(line.unread for each in stretches for line in each.lines),
        id=document,
        csv=_csv(site, found.iri),
    )


@clerk.get("/quality/paragraphs")
def paragraphs() -> Response:
    """Holes in the series of §, by municipality, body, year and kind."""
    site, language = Site.current(), page_language()
    kept = KEPT.at(site)
    asked = _asked("municipality", "body", "year", "kind")
    of_place = [each for each in kept.gaps if asked["municipality"] in ("", place_in(each.body))]
    bodies = counted(of_place, "body")
    chosen = [each for each in of_place if asked["body"] in ("", each.body) and asked["year"] in ("", each.year)]
    found = [each for each in chosen if (asked["kind"] == each.kind if asked["kind"] else each.kind != "before")]
    before = [] if asked["kind"] else [each for each in chosen if each.kind == "before"]
    offered = list(bodies) if len(bodies) <= MOST_BODIES else [each for each in bodies if each == asked["body"]]
    number = _number()
    shown = [each.body for each in [*found[(number - 1) * SHOWN : number * SHOWN], *before[:SHOWN]]]
    mentioned = {*offered, *shown}
    named = look_up(site, language, sorted(mentioned | {p for each in mentioned if (p := site.place_of(each))}))
    return _list(
        "clerk_paragraphs.html",
        found,
        SHOWN,
        asked,
        names=named,
        bodies=sorted(((each, named.of_body(each)) for each in offered), key=lambda pair: swedish(pair[1])),
        years=sorted(counted(kept.gaps, "year"), reverse=True),
        kinds=KINDS,
        by_kind=counted(found, "kind"),
        before=before[:SHOWN],
        of_before=len(before),
        places=_places(site, (place_in(each.body) for each in kept.gaps)),
    )


@clerk.get("/quality/identities")
def open_identities() -> Response:
    """Persons who may be one, side by side."""
    site, language = Site.current(), page_language()
    kept = KEPT.at(site)
    asked = _asked("municipality")
    notes = [each for each in kept.notes if asked["municipality"] in ("", place_in(each))]
    number = _number()
    found, named = identities(site, notes[(number - 1) * FEW : number * FEW], language)
    return _list(
        "clerk_identities.html",
        notes,
        FEW,
        asked,
        identities=found,
        names=named,
        places=_places(site, map(place_in, kept.notes)),
    )


@clerk.get("/quality/unread")
def unread() -> Response:
    """The documents with the most unread lines, with the first of them in their context."""
    site = Site.current()
    kept = KEPT.at(site)
    asked = _asked("municipality")
    chosen = [each for each in kept.documents if each.unread and asked["municipality"] in ("", *each.places)]
    chosen.sort(key=lambda each: (-(each.unread or 0), each.file_name, each.iri))
    number = _number()
    first: dict[str, Sequence[clerk_lines.Stretch]] = {}
    try:
        for each in chosen[(number - 1) * FEW : number * FEW]:
            text = clerk_lines.text_of(site.data_dir, each.id) if each.status == "accepted" else None
            lines = clerk_lines.unread_lines(site.data_dir, each.id) if text is not None else []
            first[each.id] = clerk_lines.stretches(text or "", lines, 1)
    except DataFolderError as error:
        return pages.shown(_closed(error))
    return _list(
        "clerk_unread.html",
        chosen,
        FEW,
        asked,
        first=first,
        places=_places(site, (place for each in kept.documents if each.unread for place in each.places)),
    )


def _list(template: str, found: Sequence[Of], size: int, asked: Mapping[str, str], **values: Any) -> Response:
    """One page of a list, with what is needed to go on to the next."""
    number = _number()
    return pages.page(
        template,
        found=found[(number - 1) * size : number * size],
        total=len(found),
        number=number,
        last=max(1, -(-len(found) // size)),
        chosen=asked,
        **values,
    )


def _asked(*names: str) -> dict[str, str]:
    return {name: request.args.get(name, "").strip()[:200] for name in names}


def _number() -> int:
    asked = request.args.get("page", "")
    return max(int(asked[:6]), 1) if asked.isascii() and asked.isdecimal() else 1


def _wanted(document: Document, asked: Mapping[str, str]) -> bool:
    return (
        asked["status"] in ("", document.status)
        and asked["name"].casefold() in document.file_name.casefold()
        and asked["municipality"] in ("", *document.places)
        and _troubled(document, asked["problems"])
    )


def _troubled(document: Document, problems: str) -> bool:
    """Whether a document has problems of a severity, or of any."""
    if not problems:
        return True
    return bool(document.problems.get(problems) if problems in SEVERITIES else document.problems)


def _reasons(site: Site, documents: Iterable[Document]) -> dict[str, list[Term]]:
    """Why each of these was refused, in the reader's language where it is told in that. Raises QueryFailed."""
    refused = " ".join(iri_ref(each.iri) for each in documents if each.status == "refused")
    if not refused:
        return {}
    told: dict[str, list[Term]] = {}
    query = f"SELECT ?d ?reason WHERE {{ VALUES ?d {{ {refused} }} ?d <{NS}refusalReason> ?reason }}"
    for document, reason in site.pool.rows(query).rows:
        if document and reason:
            told.setdefault(document.value, []).append(reason)
    return {each: clerk_document.in_language(reasons, page_language()) for each, reasons in told.items()}


def _places(site: Site, codes: Iterable[str]) -> list[tuple[str, str]]:
    """Codes of municipalities and their names, by name."""
    known, wanted = municipalities(), {code for code in codes if code}
    others = {code: f"{site.base}/id/municipality/{code}" for code in wanted if code not in known}
    named = look_up(site, page_language(), sorted(others.values()))
    names = {code: known.get(code) or named.of(others[code]) for code in wanted}
    return sorted(names.items(), key=lambda pair: swedish(pair[1]))


def _by_page(unread: Sequence[clerk_lines.Unread]) -> dict[int | None, list[int]]:
    found: dict[int | None, list[int]] = {}
    for each in unread:
        found.setdefault(each.page, []).append(each.number)
    return found


def _csv(site: Site, document: str | None = None) -> str:
    """The address of all problems as a table, or of those of one document."""
    return "/sparql?" + urlencode({"query": clerk_document.problems_query(site, document), "format": "csv"})


def _closed(error: DataFolderError) -> Problem:
    """The ledger cannot be read just now, which the message says in Swedish and then in English."""
    sv, _, en = str(error).partition("\n")
    return Problem(503, sv, en or sv, headers=(("Retry-After", "10"),))

"""Pages: the start page, one for every published IRI (HTML or RDF), the canonical texts, and the vocabulary."""

import re
from pathlib import Path
from typing import Final
from urllib.parse import urlencode

from flask import Blueprint, Response, make_response, render_template, request

from server import correction_page, forgotten, messages, negotiation, resources, snapshot, sparql, tombstones
from server.asking import QueryFailed
from server.messages import Problem
from server.naming import look_up
from server.negotiation import GRAPHS, HTML
from server.site import CONCEPT, NS, Site, iri_ref, is_iri, page_language
from server.wording import words

pages = Blueprint("pages", __name__)

FIGURES: Final = ("Minutes", "Meeting", "ItemTreatment", "Decision", "Case", "Motion", "Reservation", "Person")
AROUND: Final = 400  # characters of the text shown before and after a quotation
OFFERS: Final = (HTML, *GRAPHS.values())
SPAN: Final = re.compile(r"span/([0-9a-f]{16})/(\d{1,9})-(\d{1,9})\Z")


@pages.get("/")
def start() -> Response:
    """The start page."""
    site, language = Site.current(), page_language()
    about = snapshot.about(site.data_dir)
    meetings = site.pool.rows(
        f"SELECT ?meeting WHERE {{ ?meeting a <{NS}Meeting> ; <{NS}date> ?date }} "
        "ORDER BY DESC(?date) STR(?meeting) LIMIT 10"
    )
    documents = site.pool.rows(f"SELECT ?document WHERE {{ ?document <{NS}canonicalText> ?text }} LIMIT 20")
    found = [[row[0].value for row in rows.rows if row[0]] for rows in (meetings, documents)]
    names = look_up(site, language, [*found[0], *found[1]])
    figures = [(words(language)[name], about["classes"].get(NS + name, 0)) for name in FIGURES]
    return page(
        "start.html",
        about=about,
        figures=[each for each in figures if each[1]],
        meetings=[(iri, names.of(iri)) for iri in found[0]],
        documents=sorted(((iri, names.of(iri), names.kind(iri)) for iri in found[1]), key=lambda each: each[1]),
    )


@pages.get("/id/text/<sha16>")
def text(sha16: str) -> Response:
    """A published document's canonical text, to whose characters every offset refers."""
    site = Site.current()
    if gone := removed():
        return gone
    iri = f"{site.base}/id/text/{sha16}"
    path = _text_path(site, sha16)
    if path is None or not site.pool.rows(f"ASK {{ ?document <{NS}canonicalText> {iri_ref(iri)} }}").boolean:
        return missing(request.path)
    response = Response(path.read_bytes(), content_type="text/plain; charset=utf-8")
    response.headers.extend(named(sparql.CORS))
    return response


@pages.get("/id/<path:path>")
def thing(path: str) -> Response:
    """What the graph says about <base>/id/…"""
    site = Site.current()
    return removed() or resource(site, f"{site.base}/id/{path}")


@pages.get("/concept/<path:path>")
def concept(path: str) -> Response:
    """A concept, or a concept scheme, of the vocabulary."""
    return resource(Site.current(), CONCEPT + path)


@pages.get("/ns")
def vocabulary() -> Response:
    """The ontology: a page with every term, to which /ns#Term leads, or RDF."""
    site, language = Site.current(), page_language()
    graph = f"{site.base}/id/graph/ontology"
    chosen = _chosen()
    if chosen is None:
        return told(sparql.not_acceptable(OFFERS))
    rows = site.pool.rows(
        "PREFIX skos: <http://www.w3.org/2004/02/skos/core#> PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#> "
        f"SELECT ?term ?kind ?label ?definition WHERE {{ GRAPH {iri_ref(graph)} {{ ?term a ?kind ; rdfs:label ?label "
        f"OPTIONAL {{ ?term skos:definition ?definition FILTER(LANG(?definition) = '{language}') }} "
        f"FILTER(LANG(?label) = '{language}') FILTER(STRSTARTS(STR(?term), '{NS}')) }} }} ORDER BY LCASE(?label)",
        5000,
    )
    schemes = site.pool.rows(
        "PREFIX skos: <http://www.w3.org/2004/02/skos/core#> PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#> "
        "SELECT ?scheme ?label WHERE { ?scheme a skos:ConceptScheme ; rdfs:label ?label "
        f"FILTER(LANG(?label) = '{language}') }} ORDER BY LCASE(?label)"
    )
    terms: dict[str, tuple[bool, str, str]] = {}
    for term, kind, label, definition in rows.rows:
        if term and kind and label:
            is_class = kind.value.endswith("Class") or terms.get(term.value, (False,))[0]
            terms[term.value] = (is_class, label.value, definition.value if definition else "")
    return page(
        "vocabulary.html",
        classes=[(iri, *rest[1:]) for iri, rest in terms.items() if rest[0]],
        properties=[(iri, *rest[1:]) for iri, rest in terms.items() if not rest[0]],
        schemes=[(scheme.value, label.value) for scheme, label in schemes.rows if scheme and label],
        formats=list(GRAPHS.values()),
        ns=NS,
    )


def resource(site: Site, iri: str) -> Response:
    """The page or the RDF of an IRI."""
    if not is_iri(iri):
        return missing(request.path)
    chosen = _chosen()
    if chosen is None:
        return told(sparql.not_acceptable(OFFERS))
    language = page_language()
    described = resources.describe(site, iri, language)
    size: int | None = None
    if iri.startswith(site.base + "/id/graph/"):
        count = site.pool.rows(f"SELECT (COUNT(*) AS ?n) WHERE {{ GRAPH {iri_ref(iri)} {{ ?s ?p ?o }} }}").rows[0][0]
        size = int(count.value) if count else 0
    if described is None and not size:
        return missing(request.path)
    return page(
        "resource.html",
        iri=iri,
        described=described,
        corrections=correction_page.of(site, iri) if described else [],
        size=size,
        context=_context(site, iri) if described else None,
        formats=list(GRAPHS.values()),
        shown=resources.SHOWN,
    )


def missing(path: str) -> Response:
    """404, with what there is near by."""
    site, language = Site.current(), page_language()
    if gone := forgotten.problem(site.data_dir, path):
        return shown(gone)
    problem = Problem(404, words("sv")["missing"], words("en")["missing"], {"kind": "not-found"})
    if not _html_wanted():
        return told(problem)
    iri = site.base + path
    near = resources.nearby(site, iri, language) if path.startswith("/id/") and is_iri(iri) else []
    response = page("missing.html", near=near, path=path)
    response.status_code = 404
    return response


def removed() -> Response | None:
    """410, where the path belongs to a document that was removed."""
    site = Site.current()
    asked = tombstones.query(site.base, request.path)
    problem = tombstones.problem(site.pool.rows(asked)) if asked else None
    return shown(problem) if problem else None


def failed(failure: QueryFailed) -> Response:
    """The answer where a page's own query had no result."""
    return shown(messages.of_failure(failure, "", {}))


def shown(problem: Problem) -> Response:
    """A problem, as a page for people."""
    if not _html_wanted():
        return told(problem)
    response = page("problem.html", problem=problem.text(page_language()))
    response.status_code = problem.status
    response.headers.extend(problem.headers)
    return response


def page(template: str, **values: object) -> Response:
    """A page in the reader's language."""
    language = page_language()
    html = render_template(
        template,
        site=Site.current(),
        language=language,
        words=words(language),
        other=other_language(language),
        **values,
    )
    response = make_response(html)
    response.headers["Vary"] = "Accept, Accept-Language"
    return response


def other_language(language: str) -> str:
    """The address of the page that is shown, in the other language."""
    arguments = [pair for pair in request.args.items(multi=True) if pair[0] != "lang"]
    return "?" + urlencode([*arguments, ("lang", "sv" if language == "en" else "en")])


def _chosen() -> negotiation.Choice | None:
    asked = request.args.get("format")
    return negotiation.by_name(asked, OFFERS) if asked else negotiation.choose(request.headers.get("Accept"), OFFERS)


def _html_wanted() -> bool:
    asked = request.args.get("format")
    if asked:
        return asked == "html"
    chosen = negotiation.choose(request.headers.get("Accept"), OFFERS)
    return chosen is not None and chosen.format is HTML


def told(problem: Problem) -> Response:
    """A problem, for a program."""
    reply = sparql.refusal(problem, page_language())
    assert isinstance(reply.body, bytes)
    response = Response(reply.body, reply.status)
    response.headers.clear()
    response.headers.extend(named(reply.headers))
    return response


def named(headers: sparql.Headers) -> list[tuple[str, str]]:
    """Headers as Flask has them."""
    return [(name.decode(), value.decode("latin-1")) for name, value in headers]


def _text_path(site: Site, sha16: str) -> Path | None:
    path = site.data_dir / "texts" / f"{sha16}.txt"
    return path if re.fullmatch(r"[0-9a-f]{16}", sha16) and path.is_file() else None


def _context(site: Site, iri: str) -> tuple[str, str, str] | None:
    """The quotation of a span with some text before and after it."""
    match = SPAN.search(iri)
    path = _text_path(site, match[1]) if match else None
    if match is None or path is None:
        return None
    whole = path.read_bytes().decode("utf-8")
    begin, end = int(match[2]), int(match[3])
    return whole[max(0, begin - AROUND) : begin], whole[begin:end], whole[end : end + AROUND]

"""Pages: the description of every published IRI, the canonical texts, and what every page is made with."""

import hashlib
import re
from collections.abc import Collection, Sequence
from pathlib import Path
from typing import Final
from urllib.parse import urlencode

from flask import Blueprint, Response, make_response, render_template, request

from server import messages, views
from server.asking import QueryFailed
from server.corrections import page as correction_page
from server.gone import forgotten, vanished
from server.messages import Problem
from server.naming import Names, look_up
from server.site import Site, iri_ref, page_language
from server.sparql import protocol
from server.storage import snapshot
from server.things import dereferencing, nearby, resources
from server.things.quoted import quotations
from server.web import content_coding, negotiation
from server.web.negotiation import HTML, OFFERS, TEXT
from server.wording import words

pages = Blueprint("pages", __name__)

AROUND: Final = 400  # characters of the text shown before and after a quotation
FACTS: Final = "facts"
SLOW: Final = frozenset({"timeout", "crash", "too-large", "busy"})
"""Why a page that asks for much may fail where one that asks for less does not."""
TITLES: Final = {"removed": "removed_title", "erased": "erased_title"}
"""The headings of what is gone, by the kind of the problem; words."""
CONTROLS: Final = re.compile("[\0-\x08\x0b\x0e-\x1f\x7f-\x9f\ufdd0-\ufdef\ufffe\uffff]")
SPAN: Final = re.compile(r"span/([0-9a-f]{16})/(\d{1,9})-(\d{1,9})\Z")


@pages.get("/id/<path:path>")
@pages.get("/concept/<path:path>")
def thing(path: str) -> Response:
    """A thing, or a concept of the vocabulary: where it is described, or why it is not."""
    iri = dereferencing.iri_of(request.path, Site.current().base)
    found = _standing(iri)
    if isinstance(found, Response):
        return found
    return replied(dereferencing.see_other(request.path, request.query_string.decode()))


@pages.get("/doc/<path:path>")
def description(path: str) -> Response:
    """What the graph says about <base>/id/…, or about a concept, as a page; of a canonical text, the text itself."""
    site = Site.current()
    iri = dereferencing.iri_of(request.path, site.base)
    found = _standing(iri)
    if isinstance(found, Response):
        return found
    assert iri is not None
    chosen = _chosen()
    if chosen is None:
        return unknown_format(dereferencing.offers(request.path))
    response = text(site, path) if chosen.format is TEXT else resource(site, iri, found.classes)
    if response.status_code == 200:
        language = page_language() if chosen.format is HTML else ""
        response.headers.extend(named(dereferencing.links(request.path, iri, chosen.format, language)))
        coding = content_coding.choose(request.headers.get("Accept-Encoding")) or ""
        content = hashlib.sha256(coding.encode() + b"\0" + response.get_data()).hexdigest()[:16]
        response.set_etag(f"{snapshot.current_version(site.data_dir)}-{content}")
    return response


@pages.after_request
def for_all(response: Response) -> Response:
    """Programs in browsers may read what is said of a thing, wherever they come from."""
    if request.path.startswith((*dereferencing.THINGS, dereferencing.DOCUMENTS)):
        for name, value in named(protocol.CORS):
            response.headers[name] = value
    return response


def shared(response: Response) -> Response:
    """For what any site may read (CORS), also one that asks first, since it sends If-None-Match."""
    for header, value in named(protocol.CORS):
        response.headers[header] = value
    if request.method == "OPTIONS":
        response.headers.extend(named(protocol.PREFLIGHT[2:]))
        response.headers["Access-Control-Allow-Methods"] = "GET, HEAD, OPTIONS"
    return response


def text(site: Site, path: str) -> Response:
    """A published document's canonical text, to whose characters every offset refers."""
    file = _text_path(site, path.removeprefix("text/"))
    if file is None:
        return missing(request.path)
    response = Response(file.read_bytes(), content_type="text/plain; charset=utf-8")
    response.headers["Vary"] = "Accept, Accept-Language"
    return response


def resource(site: Site, iri: str, classes: Collection[str]) -> Response:
    """The page of an IRI, of some classes (IRIs): made for its kind where there is such a page, else, or when asked
    for, its statements."""
    language = page_language()
    if request.args.get("view") != FACTS and (made := _made_for(site, iri, classes, language)):
        return made
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
        formats=[each for each in dereferencing.offers(request.path) if each is not HTML],
        shown=resources.SHOWN,
    )


def _made_for(site: Site, iri: str, classes: Collection[str], language: str) -> Response | None:
    """The page made for a thing's kind; None where there is none, or where making it takes too long."""
    try:
        view = views.view(site, iri, classes, language)
        quoted = quotations(site, view.sources) if view else []
    except QueryFailed as failure:
        if failure.kind not in SLOW:
            raise
        return None
    if view is None:
        return None
    return page(
        view.template,
        view=view,
        iri=iri,
        quoted=quoted,
        corrections=correction_page.of(site, iri),
        formats=[each for each in dereferencing.offers(request.path) if each is not HTML],
        **view.values,
    )


def missing(path: str) -> Response:
    """404, with what there is near by. `path` is decoded."""
    site, language = Site.current(), page_language()
    if gone := forgotten.problem(site.data_dir, path) or vanished.problem(site.data_dir, path):
        return shown(gone)
    iri = dereferencing.iri_of(path, site.base)
    near = nearby.nearby(site, iri, language) if iri else nearby.Near()
    if not _html_wanted():
        more: dict[str, object] = {"kind": "not-found"}
        if near.found:
            more["near"] = [each for each, _ in near.found]
        if not near.whole:
            more["incomplete"] = True
        said = ("missing",) if near.whole else ("missing", "near_incomplete")
        sv, en = (" ".join(words(each)[name] for name in said) for each in ("sv", "en"))
        return told(Problem(404, sv, en, more))
    response = page("missing.html", near=near.found, whole=near.whole, path=path)
    response.status_code = 404
    return response


def _standing(iri: str | None) -> dereferencing.Standing | Response:
    """What there is of an IRI; or the answer where there is no description of it: it is unknown (404), gone (410), or
    replaced (308, 300)."""
    site = Site.current()
    if iri is None:
        return missing(request.path)
    if erased := forgotten.problem(site.data_dir, request.path):
        return shown(erased)
    asked = dereferencing.question(site.base, iri)
    standing = dereferencing.standing(site.pool.rows(asked.text, dereferencing.MOST))
    if standing.gone:
        return shown(standing.gone)
    if standing.successors:
        query_string = request.query_string.decode()
        problem = dereferencing.moved(standing.successors, site.base, query_string)
        return shown(problem, look_up(site, page_language(), standing.successors))
    return standing if standing.there else missing(request.path)


def failed(failure: QueryFailed) -> Response:
    """The answer where a page's own query had no result."""
    return shown(messages.of_failure(failure, "", {}))


def shown(problem: Problem, names: Names | None = None, links: Sequence[tuple[str, str]] = ()) -> Response:
    """A problem, as a page for people, with links to what has these names, and others (text and address)."""
    if not _html_wanted():
        return told(problem)
    instead = [(iri, names.of(iri)) for iri in problem.more.get("successors", ())] if names else []
    title = TITLES.get(str(problem.more.get("kind")), "problem_title")
    response = page("problem.html", problem=problem.text(page_language()), title=title, instead=instead, links=links)
    response.status_code = problem.status
    response.headers.extend(problem.headers)
    return response


def rendered(template: str, **values: object) -> str:
    """The text of a template, with U+FFFD for each character that HTML has no place for (HTML Living Standard,
    "Preprocessing the input stream"): an address or a document may hold any."""
    return CONTROLS.sub("\ufffd", render_template(template, **values))


def page(template: str, **values: object) -> Response:
    """A page in the reader's language."""
    language = page_language()
    html = rendered(
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
    return dereferencing.choose(request.path, request.args.get("format"), request.headers.get("Accept"))


def _html_wanted() -> bool:
    asked = request.args.get("format")
    if asked:
        return asked == "html"
    chosen = negotiation.choose(request.headers.get("Accept"), OFFERS)
    return chosen is not None and chosen.format is HTML


def told(problem: Problem) -> Response:
    """A problem, for a program."""
    return replied(protocol.refusal(problem, page_language()))


def unknown_format(offers: Sequence[negotiation.Format]) -> Response:
    """406: to a browser as a page that lists the formats there are."""
    problem = protocol.not_acceptable(offers)
    accept = request.headers.get("Accept") or ""
    chosen = negotiation.choose(accept, (HTML, *(each for each in offers if each is not HTML)))
    if "html" not in accept.lower() or chosen is None or chosen.format is not HTML:
        return told(problem)
    address = Site.current().address
    formats = [(each.label, address(request.path, format=each.name)) for each in offers]
    response = page("problem.html", problem=words(page_language())["no_such_format"], instead=(), links=formats)
    response.status_code = problem.status
    return response


def replied(reply: protocol.Reply) -> Response:
    """An answer that is whole, as Flask has it."""
    assert isinstance(reply.body, bytes)
    response = Response(reply.body, reply.status)
    response.headers.clear()
    response.headers.extend(named(reply.headers))
    return response


def named(headers: protocol.Headers) -> list[tuple[str, str]]:
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

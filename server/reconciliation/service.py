"""/reconciliation: the Reconciliation Service API 0.2, by which OpenRefine and spreadsheets link to the graph.

Final Community Group Report of the W3C Entity Reconciliation Community Group, 10 April 2023.
"""

import json
from collections.abc import Mapping
from typing import Final
from urllib.parse import urlencode

from flask import Blueprint, Response, current_app, g, request

from server import pages
from server.messages import Problem
from server.reconciliation import answers
from server.reconciliation.answers import NAMED, OFFERED
from server.reconciliation.current import Current
from server.reconciliation.entities import TYPES, Entity
from server.reconciliation.index import Index
from server.reconciliation.properties import PROPERTIES
from server.reconciliation.query import LONGEST, Unreadable, batch, extension
from server.reconciliation.scoring import candidates
from server.site import NS, Site, page_language
from server.sparql import protocol
from server.web import media_type, parameters

reconciliation = Blueprint("reconciliation", __name__, url_prefix="/reconciliation")

SUGGESTED: Final = 20  # at a time
FURTHEST: Final = 1000  # that may be skipped
FIELDS: Final = 20  # of a form that is posted, at most
FORM: Final = "application/x-www-form-urlencoded"
FRAMED: Final = "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors *"
NOT_ONE: Final = Problem(
    404,
    "Ingen sådan identifierare finns här.",
    "There is no such identifier here.",
    {"kind": "not-found"},
)


@reconciliation.route("", methods=["GET", "POST"], strict_slashes=False)
@reconciliation.route("/", methods=["GET", "POST"], strict_slashes=False)
def service() -> Response:
    """The manifest, or the answer to `queries` or `extend`, as parameters of a GET or a form that is posted."""
    sent = _form() if request.method == "POST" else request.args
    if "queries" in sent:
        return _reconciled(sent["queries"])
    if "extend" in sent:
        return _extended(sent["extend"])
    if request.method == "POST":
        raise Unreadable(
            Problem(400, "Formuläret ska ha fältet queries eller extend.", "The form must have queries or extend.")
        )
    site = Site.current()
    return _json(answers.manifest(site.base, site.web, page_language()))


@reconciliation.get("/suggest/entity")
def suggest_entity() -> Response:
    """Entities whose name, or a word of whose name, begins with `prefix`, from number `cursor` on; `type` narrows."""
    site, index, language = Site.current(), _index(), page_language()
    prefix, wanted = _prefix(), _type(request.args.get("type", ""))
    known = _entity(index, prefix)
    found = [known] if known else (index.all[at] for at in index.beginning(prefix))
    skipped = _whole_number("cursor", 0, FURTHEST)
    shown: list[object] = []
    for entity in found:
        if wanted and entity.type != wanted:
            continue
        if skipped:
            skipped -= 1
        elif len(shown) < SUGGESTED:
            shown.append(answers.suggested(index, entity, site.base, language))
        else:
            break
    return _json({"result": shown})


@reconciliation.get("/suggest/type")
def suggest_type() -> Response:
    """The types whose name or identifier begins with `prefix`."""
    return _suggested([answers.kind(each, page_language()) for each in TYPES])


@reconciliation.get("/suggest/property")
def suggest_property() -> Response:
    """The properties, by which queries can be narrowed, whose name or identifier begins with `prefix`."""
    return _suggested([answers.property_(each, page_language()) for each in PROPERTIES])


@reconciliation.get("/properties")
def propose() -> Response:
    """The properties that can be fetched for a `type`, at most `limit`."""
    asked = request.args.get("type", "")
    wanted = _type(asked)
    limit = _whole_number("limit", len(OFFERED), 1000)
    fitting = [each for each in OFFERED if not wanted or wanted in NAMED[each][4]]
    told = [answers.property_(each, page_language()) for each in fitting][:limit]
    return _json({"type": asked, "properties": told, "limit": limit})


@reconciliation.get("/flyout")
def flyout() -> Response:
    """A small piece of HTML about an entity, in JSON."""
    return _json({"id": request.args.get("id", ""), "html": _told("reconciliation_flyout.html")})


@reconciliation.get("/preview")
def preview() -> Response:
    """A page about an entity, for a frame of another site."""
    response = Response(_told("reconciliation_preview.html"), content_type="text/html; charset=utf-8")
    response.headers["Content-Security-Policy"] = FRAMED
    return _open(response)


@reconciliation.get("/view")
def view() -> Response:
    """Where an entity has its page: 303."""
    site = Site.current()
    entity = _known(_index())
    address = site.link(entity.iri)
    if address is None:
        raise Unreadable(NOT_ONE)
    return _open(Response(b"", 303, {"Location": address}))


@reconciliation.before_request
def preflight() -> Response | None:
    """What a browser asks before it lets another site's page send a query."""
    if request.method != "OPTIONS":
        return None
    response = Response(b"", 204)
    response.headers.extend(pages.named((*protocol.PREFLIGHT, *protocol.CORS)))
    return response


@reconciliation.errorhandler(Unreadable)
def unreadable(error: Unreadable) -> Response:
    return pages.told(error.problem)


def _reconciled(queries: str) -> Response:
    site, language = Site.current(), page_language()
    asked = batch(queries)
    index = _index()
    return _json(
        {
            key: {
                "result": [answers.candidate(index, each, site.base, language) for each in candidates(index, wanted)]
            }
            for key, wanted in asked.items()
        }
    )


def _extended(asked: str) -> Response:
    wanted = extension(asked)
    if unknown := [each for each in wanted.properties if each not in OFFERED]:
        known = ", ".join(OFFERED)
        raise Unreadable(
            Problem(
                400,
                f"Egenskapen {unknown[0][:60]!r} finns inte; de här finns: {known}.",
                f"There is no property {unknown[0][:60]!r}; these exist: {known}.",
                {"kind": "reconciliation", "properties": list(OFFERED)},
            )
        )
    return _json(answers.extended(_index(), wanted, Site.current().base, page_language()))


def _form() -> Mapping[str, str]:
    sent = media_type.read(request.headers.get("Content-Type", ""))
    if sent is None or sent.name != FORM:
        raise Unreadable(Problem(415, f"Skicka formulär som {FORM}.", f"Send a form as {FORM}."))
    try:
        return dict(parameters.pairs(request.stream.read(), FIELDS))  # server.front has read it, and bounds it
    except ValueError as error:
        raise Unreadable(Problem(400, "Formuläret går inte att läsa.", "The form cannot be read.")) from error


def _index() -> Index:
    current = current_app.extensions["kommungraf-reconciliation"]
    assert isinstance(current, Current)
    index, g.is_of_this_version = current.index(Site.current())
    return index


def _entity(index: Index, name: str) -> Entity | None:
    return index.by_id.get(name) or index.entities.of.get(name)


def _known(index: Index) -> Entity:
    entity = _entity(index, request.args.get("id", ""))
    if entity is None:
        raise Unreadable(NOT_ONE)
    return entity


def _told(template: str) -> str:
    index, language = _index(), page_language()
    entity = _known(index)
    return pages.rendered(
        template,
        entity=entity,
        language=language,
        about=answers.describe(index, entity, language),
        address=f"{Site.current().web}/reconciliation/view?" + urlencode({"id": request.args.get("id", "")}),
    )


def _prefix() -> str:
    prefix = request.args.get("prefix", "").strip()
    if len(prefix) > LONGEST:
        told = f"prefix högst {LONGEST} tecken.", f"prefix at most {LONGEST} characters."
        raise Unreadable(Problem(413, *told, {"kind": "reconciliation"}))
    return prefix


def _type(text: str) -> str:
    return text.removeprefix(NS).removeprefix("kg:")


def _whole_number(name: str, usual: int, most: int) -> int:
    text = request.args.get(name, "")
    if text and not (text.isascii() and text.isdecimal() and len(text) < 10):
        told = f"{name} ska vara ett heltal.", f"{name} must be a whole number."
        raise Unreadable(Problem(400, *told, {"kind": "reconciliation"}))
    return min(int(text), most) if text else usual


def _suggested(every: list[dict[str, object]]) -> Response:
    prefix = _prefix().casefold()
    fitting = [each for each in every if any(str(each[key]).casefold().startswith(prefix) for key in ("id", "name"))]
    return _json({"result": fitting[_whole_number("cursor", 0, FURTHEST) :]})


def _json(told: object) -> Response:
    return _open(Response(json.dumps(told).encode(), content_type="application/json"))


def _open(response: Response) -> Response:
    response.headers.extend(pages.named(protocol.CORS))
    response.headers["Vary"] = "Accept-Language"
    if not g.get("is_of_this_version", True):
        response.headers["Cache-Control"] = "no-store"  # it must not be kept as an answer of this version
    return response

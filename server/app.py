"""The web application: SPARQL at /sparql, pages for everything that has an IRI, and the start page."""

import os
from collections.abc import Mapping
from pathlib import Path

from flask import Flask, Response, request
from werkzeug.exceptions import HTTPException

from server import authority, form, negotiation, pages, snapshot, sparql
from server.messages import Problem
from server.pool import MEMORY, SECONDS, Pool, QueryFailed
from server.site import Site, page_language

HEARD_OUT = 16 * 2**20  # bytes of a body that is too long which are read before the answer

SECURITY = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
}


def create_app(
    data_dir: Path,
    base: str | None = None,
    queries: int | None = None,
    seconds: float = SECONDS,
    memory: int = MEMORY,
) -> Flask:
    """The application over a data folder.

    `base` is that of the data's IRIs (None: the one it was published with), `queries` the number of query processes
    (None: two for each core, four at least), `seconds` and `memory` (bytes) what one query may use.
    Raises snapshot.NothingPublished.
    """
    base = (base or str(snapshot.about(data_dir)["base"])).rstrip("/")
    size = queries or max(4, 2 * (os.cpu_count() or 1))
    prefixes: Mapping[str, str] = authority.prefixes(base)
    site = Site(data_dir, base, Pool(data_dir, size, seconds, memory, prefixes, f"{base}/sparql"))
    app = Flask(__name__)
    app.config["MAX_CONTENT_LENGTH"] = sparql.MOST_BODY + 1
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.extensions["kommungraf"] = site
    for path in ("/sparql", "/sparql/"):
        app.add_url_rule(path, "query", query, methods=["GET", "POST", "OPTIONS"], provide_automatic_options=False)
    app.register_blueprint(pages.pages)
    app.register_error_handler(404, not_found)
    app.register_error_handler(HTTPException, refused)
    app.register_error_handler(QueryFailed, pages.failed)
    app.jinja_env.globals["first_query"] = form.first_query(site)
    app.after_request(secure)
    return app


def _hear_out(size: int) -> None:
    """Read what is too long and throw it away: a client that is cut off while it sends never sees the answer."""
    left = min(size, HEARD_OUT) if size > sparql.MOST_BODY else 0
    while left > 0 and (piece := request.environ["wsgi.input"].read(min(left, 2**16))):
        left -= len(piece)


def query() -> Response:
    """/sparql: SPARQL 1.1 Protocol, and a form for people."""
    site = Site.current()
    if request.method == "OPTIONS":
        return Response(status=204, headers=[*sparql.PREFLIGHT, *sparql.CORS])
    accept = request.headers.get("Accept")
    body: bytes | None = b""
    if request.method == "POST":
        _hear_out(request.content_length or 0)
        body = None if request.content_length is None else request.stream.read(sparql.MOST_BODY + 1)
    received = sparql.Request(
        request.method,
        request.query_string,
        request.headers.get("Content-Type", ""),
        body,
        accept,
        request.headers.get("Accept-Language"),
    )
    asked = sparql.read(received)
    if isinstance(asked, Problem):
        language = negotiation.language(received.accept_language)
        return _response(sparql.refusal(asked, language))
    if sparql.wants_page(asked, accept):
        return form.page(site, asked)
    return _response(sparql.answer(site.pool, asked, accept))


def _response(answer: sparql.Answer) -> Response:
    response = Response(answer.body, answer.status)
    response.headers.clear()
    response.headers.extend(answer.headers)
    return response


def not_found(error: Exception) -> Response:
    return pages.missing(request.path)


def refused(error: HTTPException) -> Response:
    """What the framework refuses, told in the same way as what the application refuses."""
    status = error.code or 500
    known = {
        405: ("Metoden är inte tillåten här.", "The method is not allowed here."),
        413: ("Det som skickades är för stort.", "What was sent is too large."),
    }
    sv, en = known.get(status, ("Begäran kan inte besvaras.", "The request cannot be answered."))
    headers = [(name, value) for name, value in error.get_headers() if name in {"Allow", "Location"}]
    answer = sparql.refusal(Problem(status, sv, en, headers=tuple(headers)), page_language())
    return _response(answer)


def secure(response: Response) -> Response:
    for name, value in SECURITY.items():
        response.headers.setdefault(name, value)
    return response

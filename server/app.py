"""The application that makes pages, in threads: the start page, the query form, a page for everything with an IRI."""

import logging
from typing import Final

from flask import Flask, Response, request
from werkzeug.exceptions import HTTPException

from server import data_page, pages, printed, start
from server.asking import QueryFailed
from server.catalogue import page as catalogue_page
from server.clerk import page as clerk_page
from server.explore import browse
from server.explore import page as explore_page
from server.export import dumps_page
from server.feed import atom
from server.feed import served as feed_served
from server.messages import SECURITY, Problem
from server.quality import page as quality_page
from server.query_page import form
from server.query_page import terms as query_terms
from server.reconciliation import service as reconciliation_service
from server.reconciliation.current import Current
from server.search import page as search_page
from server.site import Site, page_language
from server.sparql import protocol
from server.storage.snapshot import Damaged, NothingPublished
from server.vocabulary import page as vocabulary_page
from server.web import content_coding, static_files

BLUEPRINTS: Final = (
    start.start,
    atom.atom,
    browse.browse,
    pages.pages,
    vocabulary_page.vocabulary,
    catalogue_page.catalogue,
    data_page.data_page,
    clerk_page.clerk,
    dumps_page.dumps_page,
    explore_page.explore,
    feed_served.feed,
    quality_page.quality,
    query_terms.query_terms,
    reconciliation_service.reconciliation,
    search_page.search,
)


def create_app(site: Site) -> Flask:
    """The pages over a site."""
    app = Flask(__name__, static_folder=None)
    app.config["MAX_CONTENT_LENGTH"] = protocol.MOST_BODY + 1
    app.url_map.merge_slashes = False  # what is redirected would name a host that the client made up
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.extensions["kommungraf"] = site
    app.extensions["kommungraf-reconciliation"] = Current()
    for path in ("/sparql", "/sparql/"):
        app.add_url_rule(path, "query", query, methods=["GET", "POST"])
    app.add_url_rule("/static/<path:filename>", "static", static_files.sent)
    app.add_url_rule("/favicon.ico", "favicon", lambda: static_files.sent("favicon.svg"))
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    app.register_error_handler(404, not_found)
    app.register_error_handler(HTTPException, refused)
    app.register_error_handler(QueryFailed, pages.failed)
    for nothing in (NothingPublished, Damaged):
        app.register_error_handler(nothing, not_readable)
    app.jinja_env.filters["date"] = lambda value: printed.date(value, page_language())
    app.jinja_env.filters["dated"] = lambda value: printed.dated(value, page_language())
    app.jinja_env.filters["number"] = lambda value: printed.number(value, page_language())
    app.jinja_env.filters["heading"] = printed.heading
    app.jinja_env.globals["first_query"] = form.first_query(site)
    app.after_request(finish)
    return app


def compile_templates(app: Flask) -> None:
    """Compile all templates, which takes half a second, before somebody waits for a page made with them."""
    for name in app.jinja_env.list_templates():
        app.jinja_env.get_template(name)


def query() -> Response:
    """/sparql for people: a form, and the result as a table."""
    posted = request.method == "POST"
    received = protocol.Request(
        request.method,
        request.query_string,
        request.headers.get("Content-Type", ""),
        request.stream.read() if posted else b"",
        request.headers.get("Accept"),
        request.headers.get("Accept-Language"),
    )
    asked = protocol.read(received, protocol.MOST_BODY)  # server.front has looked at its length
    return pages.told(asked) if isinstance(asked, Problem) else form.page(Site.current(), asked)


def not_found(error: Exception) -> Response:
    return pages.missing(request.path)


def not_readable(error: Exception) -> Response:
    """The answer where a page is made of what was counted at publication and nothing of that can be read."""
    logging.getLogger("kommungraf").error("nothing that is published can be read: %s", error)
    return pages.failed(QueryFailed("unavailable"))


def refused(error: HTTPException) -> Response:
    """What the framework refuses, told in the same way as what the application refuses."""
    status = error.code or 500
    known = {
        405: ("Metoden är inte tillåten här.", "The method is not allowed here."),
        413: ("Det som skickades är för stort.", "What was sent is too large."),
    }
    sv, en = known.get(status, ("Begäran kan inte besvaras.", "The request cannot be answered."))
    headers = [(name, value) for name, value in error.get_headers() if name in {"Allow", "Location"}]
    return pages.told(Problem(status, sv, en, headers=tuple(headers)))


def finish(response: Response) -> Response:
    """What every page has: rules for browsers, an entity tag of its content, and the coding that was asked for."""
    if response.status_code == 200 and not response.direct_passthrough:
        _condition(response)
    if response.status_code == 412:
        response = pages.shown(protocol.OF_ANOTHER)
    for name, value in SECURITY.items():
        response.headers.setdefault(name, value)
    return response


def _condition(response: Response) -> None:
    response.headers.setdefault("Cache-Control", "no-cache")
    coding = content_coding.choose(request.headers.get("Accept-Encoding"))
    content = response.get_data()
    response.vary.add("Accept-Encoding")
    if coding and len(content) > content_coding.LEAST:
        response.set_data(content_coding.coded(coding, content))
        response.headers["Content-Encoding"] = coding
    response.add_etag()
    static_files.condition(response)

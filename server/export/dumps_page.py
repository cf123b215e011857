"""/dumps/: what there is to fetch, in plain words for people and as the manifest for programs."""

from typing import Final

from flask import Blueprint, Response, request

from server import pages
from server.export import dumps, dumps_reply
from server.export.dumping import offer_of
from server.export.dumps import DumpFile
from server.export.void import as_published
from server.messages import Problem
from server.site import Site, page_language
from server.sparql import protocol
from server.storage import snapshot
from server.web import negotiation
from server.web.negotiation import HTML, Format

dumps_page = Blueprint("dumps", __name__)

JSON: Final = Format("json", ("application/json",), "json")
OFFERS: Final = (HTML, JSON)
NONE: Final = Problem(
    404,
    "Här finns inga filer att hämta ännu: den som driver tjänsten gör dem med `kommungraf export`.",
    "There are no files to fetch yet: whoever runs the service makes them with `kommungraf export`.",
    {"kind": "no-dump"},
)


@dumps_page.get("/dumps/")
def index() -> Response:
    """All files, by negotiation as a page or as the manifest."""
    asked = request.args.get("format")
    accept = request.headers.get("Accept")
    chosen = negotiation.by_name(asked, OFFERS) if asked else negotiation.choose(accept, OFFERS)
    if chosen is None:
        return pages.unknown_format(OFFERS)
    dump = dumps.current(Site.current().data_dir)
    if dump is None:
        if chosen.format is JSON:
            return pages.told(NONE)
        response = pages.page("dumps.html", dump=None, nothing=NONE.text(page_language()))
    elif chosen.format is JSON:
        response = Response(dump.json(), content_type="application/json")
        response.headers.extend(pages.named(protocol.CORS))
        response.headers["Vary"] = "Accept"
    else:
        of = {
            name: [each for each in dump.files if _part(each) == name]
            for name in ("tables", "whole", "about", "places")
        }
        of["places"].sort(key=lambda each: (each.municipality or "", each.name))
        older = not dumps_reply.is_of_published(Site.current().data_dir, dump)
        response = pages.page("dumps.html", dump=dump, older=older, size=size, **of)
    response.headers["Cache-Control"] = "no-store"  # an export changes it, which is no new version of the data
    return response


@dumps_page.get("/dumps/manifest.json")
def manifest() -> Response:
    """The manifest, whatever is accepted."""
    dump = dumps.current(Site.current().data_dir)
    if dump is None:
        return pages.told(NONE)
    response = Response(dump.json(), content_type="application/json")
    response.headers.extend(pages.named(protocol.CORS))
    response.headers["Cache-Control"] = "no-store"
    return response


@dumps_page.get(dumps_reply.VOID)
def void() -> Response:
    """What was counted of the published version, where no dump of it tells more."""
    site = Site.current()
    dump = dumps.current(site.data_dir)
    offer = offer_of(site.pool.rows, site.base, site.web_in_data, site.publisher)
    told = as_published(snapshot.about(site.data_dir), site.base, offer, dump.files if dump else ())
    response = Response(told, content_type="text/turtle")
    response.headers.extend(pages.named(protocol.CORS))
    response.headers["Cache-Control"] = "no-store"
    return response


def _part(file: DumpFile) -> str:
    """Where on the page a file stands."""
    if file.municipality:
        return "places"
    return "tables" if file.rows is not None else "whole" if file.encoding else "about"


def size(number: int) -> str:
    """Bytes as people read them: "1,2 MB"."""
    power = min((len(str(number)) - 1) // 3, 3)
    told = str(number) if power == 0 else f"{number / 1000**power:.1f}"
    shown = told if page_language() == "en" else told.replace(".", ",")
    return f"{shown} {('byte', 'kB', 'MB', 'GB')[power]}"

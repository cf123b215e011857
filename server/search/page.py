"""The search page: full text over what was decided, said and put, over persons, bodies and registry numbers."""

import json
import logging
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from threading import Lock
from typing import Any, Final

from flask import Blueprint, Response, make_response, request

from server import pages
from server.naming import Names, class_label, look_up
from server.search.current import Current, NotThere
from server.search.hits import Hit, dated
from server.search.index import IndexDamaged, readable
from server.search.query import LONGEST, PAGES, Answer, Asked
from server.search.query import search as found_in
from server.search.schema import KINDS
from server.site import NS, Site, is_iri, page_language
from server.web import negotiation
from server.wording import words

search = Blueprint("search", __name__)
search.after_request(pages.shared)

NEAR: Final = 3  # names that stand with a hit
WAIT: Final = 10  # seconds after which it is worth asking again
PARTS: Final = {"decision": "decision", "statement": "statements"}  # of the page of a § (treatment.html), by ids
EMPTY: Final = Answer(0, (), {}, {}, {})


@dataclass(frozen=True, slots=True)
class Indexes:
    """The index of each data folder that is served in this process."""

    of: dict[Path, Current] = field(default_factory=dict)
    lock: Lock = field(default_factory=Lock)

    def current(self, data_dir: Path) -> Current:
        with self.lock:
            return self.of.setdefault(data_dir, Current(data_dir))


INDEXES: Final = Indexes()


@search.get("/search")
def page() -> Response:
    """/search?q=: what is found, as a page or (`format=json`) for programs."""
    site, language = Site.current(), page_language()
    typed = _clean(request.args.get("q", ""))
    asked = _asked(typed)
    answer, missing = EMPTY, None
    if asked.text:
        index = INDEXES.current(site.data_dir)
        try:
            searcher = index.searcher()
            with readable():
                answer = found_in(searcher, asked)
        except NotThere as error:
            missing = error
        except IndexDamaged as error:
            logging.getLogger("kommungraf").error("the search index is damaged: %s", error)
            missing = index.damaged()
    iris = {iri for hit in answer.hits for iri in (hit.body, *hit.cases, *_near(hit))} | {*answer.bodies, asked.body}
    iris |= {_municipality(site, iri) for iri in (*iris, *(hit.iri for hit in answer.hits), *dict(answer.meant))}
    names = look_up(site, language, sorted(iri for iri in iris if is_iri(iri)))
    if request.args.get("format") == "json":
        response = make_response(json.dumps(_told(site, asked, answer, names, missing), ensure_ascii=False, indent=1))
        response.headers["Content-Type"] = negotiation.content_type("application/json")
        response.headers["Vary"] = "Accept, Accept-Language"
    else:
        response = pages.page(
            "search.html",
            asked=asked.text,
            wanted=asked,
            cut=len(typed) > LONGEST,
            answer=answer,
            missing=missing,
            names=names,
            dated=partial(dated, language=language),
            near=_near,
            page_of=partial(_page, site),
            sort=_sort,
            place=partial(_place, site, names),
            most=PAGES,
            address=_address,
        )
    if missing:
        response.status_code = 503
        response.headers["Retry-After"] = str(WAIT)
        response.headers["Cache-Control"] = "no-store"
    return response


def _clean(text: str) -> str:
    """A text without control characters, and with one blank where there are several."""
    return " ".join("".join(" " if unicodedata.category(each)[0] in "CZ" else each for each in text).split())


def _asked(typed: str) -> Asked:
    kind, year, number = (request.args.get(name, "") for name in ("kind", "year", "page"))
    body = request.args.get("body", "")
    return Asked(
        text=typed[:LONGEST].strip(),
        kind=kind if kind in KINDS else "",
        year=int(year) if year.isascii() and year.isdigit() and len(year) == 4 else 0,
        body=body if is_iri(body) else "",
        by_date=request.args.get("sort") == "date",
        page=min(max(int(number), 1), PAGES) if number.isascii() and number.isdigit() and len(number) < 4 else 1,
    )


def _address(asked: Asked, **other: object) -> str:
    """The address of this search with something else chosen; the first page again, unless a page is."""
    chosen: dict[str, object] = {
        "q": asked.text,
        "kind": asked.kind,
        "year": asked.year or "",
        "body": asked.body,
        "sort": "date" if asked.by_date else "",
        "page": "",
    }
    return Site.current().address("/search", **(chosen | other))


def _page(site: Site, hit: Hit) -> str | None:
    """Where a hit is shown: of what stands within a §, its part of the page."""
    to = site.link(hit.page)
    part = "" if hit.page == hit.iri else "reservations" if hit.sort == "Reservation" else PARTS.get(hit.kind, "")
    return f"{to}#{part}" if to and part else to


def _near(hit: Hit) -> Sequence[str]:
    """Who said it, or a person's party and bodies: the first, without the body that is told anyway."""
    if hit.kind not in ("person", "motion", "matter", "statement", "body"):
        return ()
    near = sorted(hit.near, key=lambda each: "/id/party/" not in each) if hit.kind == "person" else hit.near
    return [each for each in near if each != hit.body][:NEAR]


def _sort(hit: Hit, language: str) -> str:
    """What sort of thing it is, in a word or two."""
    if hit.kind in ("case", "treatment", "agenda"):
        return words(language)[f"search_one_{hit.kind}"]
    label = class_label(NS + hit.sort, language)
    return label[:1].upper() + label[1:]


def _municipality(site: Site, iri: str) -> str:
    """The municipality in whose part of the IRIs one stands; of some IRIs none that exists."""
    code = iri.removeprefix(f"{site.base}/id/").split("/")[1:2]
    return f"{site.base}/id/municipality/{code[0]}" if code and iri.startswith(f"{site.base}/id/") else ""


def _place(site: Site, names: Names, *iris: str) -> str:
    """The municipality of the first of some IRIs that tells it; empty where none does, or it is the thing itself."""
    found = (_municipality(site, iri) for iri in iris if iri)
    return next((names.of(each) for each in found if each in names.known and each not in iris), "")


def _told(site: Site, asked: Asked, answer: Answer, names: Names, missing: NotThere | None) -> dict[str, Any]:
    """The answer as JSON: names in the language of the request, addresses from the root of the site."""
    if missing:
        return {"query": asked.text, "problem": str(missing)}
    return {
        "query": asked.text,
        "total": answer.total,
        "page": asked.page,
        "pages": answer.pages,
        "partly": answer.partly,
        "didYouMean": [{"iri": iri, "name": name} for iri, name in answer.meant],
        "kinds": answer.kinds,
        "years": answer.years,
        "bodies": [
            {"iri": iri, "name": names.of(iri), "municipality": _place(site, names, iri) or None, "hits": number}
            for iri, number in answer.bodies.items()
        ],
        "hits": [
            {
                "iri": hit.iri,
                "kind": hit.kind,
                "class": NS + hit.sort,
                "title": "".join(part for part, _ in hit.title),
                "mark": hit.mark,
                "page": _page(site, hit),
                "body": names.of(hit.body) if hit.body else None,
                "municipality": _place(site, names, hit.body, hit.iri) or None,
                "date": hit.day or None,
                "cases": list(hit.cases),
                "snippet": "".join(part for part, _ in hit.snippet),
            }
            for hit in answer.hits
        ],
    }

"""/: what this is, a search box, ways in, the latest meetings, and how much has been read."""

from typing import Final

from flask import Blueprint, Response

from server import pages, snapshot
from server.naming import look_up
from server.site import CONCEPT, NS, Site, page_language
from server.wording import words

start = Blueprint("start", __name__)

FIGURES: Final = ("Minutes", "Meeting", "ItemTreatment", "Decision", "Case", "Motion", "Reservation", "Person")
LATEST: Final = 8
STATUS: Final = CONCEPT + "processing-status/"


@start.get("/")
def shown() -> Response:
    """The start page. Its counts were made at publication (about.json) or are of the ledger's few statements."""
    site, language = Site.current(), page_language()
    about = snapshot.about(site.data_dir)
    latest = site.pool.rows(
        f"SELECT ?meeting ?date ?body WHERE {{ ?meeting a <{NS}Meeting> ; <{NS}date> ?date ; <{NS}heldBy> ?body }} "
        f"ORDER BY DESC(?date) STR(?meeting) LIMIT {LATEST}"
    )
    meetings = [tuple(each.value for each in row if each) for row in latest.rows]
    counted = site.pool.rows(
        f"SELECT ?status (COUNT(DISTINCT ?d) AS ?n) WHERE {{ ?d <{NS}processingStatus> ?status }} GROUP BY ?status"
    )
    statuses = {status.value.removeprefix(STATUS): int(n.value) for status, n in counted.rows if status and n}
    bodies = {body for _, _, body in meetings}
    named = look_up(site, language, [*bodies, *filter(None, map(site.place_of, bodies))])
    told = words(language)
    figures = [(told[each], about["classes"].get(NS + each, 0)) for each in FIGURES]
    return pages.page(
        "start.html",
        about=about,
        figures=[each for each in figures if each[1]],
        meetings=[(meeting, named.of_body(body), date) for meeting, date, body in meetings],
        documents=statuses.get("accepted", about["classes"].get(NS + "MappingRun", 0)),
        quarantined=statuses.get("quarantined", 0),
    )

"""/: what this is, a search box, ways in, the latest meetings, and how much has been read."""

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Final

from flask import Blueprint, Response

from server import pages
from server.made_once import MadeOnce
from server.naming import look_up
from server.quality.figures import STATUSES, percent, share
from server.site import CONCEPT, NS, Site, page_language
from server.storage import snapshot
from server.wording import words

start = Blueprint("start", __name__)

FIGURES: Final = ("Minutes", "Meeting", "ItemTreatment", "Decision", "Case", "Motion", "Reservation", "Person")
ONE: Final = {
    "Minutes": "Minutes_one",
    "Meeting": "Meeting_one",
    "ItemTreatment": "ItemTreatment_one",
    "Case": "Case_one",
    "Motion": "Motion_one",
    "Reservation": "Reservation_one",
}
"""The words for one of them, where they differ."""
LATEST: Final = 8
READ: Final = f"SELECT (COUNT(DISTINCT ?d) AS ?n) WHERE {{ ?d a <{NS}Minutes> ; <{NS}canonicalText> ?text }}"
"""Minutes that were read; of others, which those mention, the graph tells too."""
STATUS: Final = CONCEPT + "processing-status/"
DOCUMENTS: Final = (
    "SELECT ?status (COUNT(?d) AS ?n) (SUM(?read) AS ?claimed) (SUM(?out) AS ?ignored) (SUM(?left) AS ?unread) "
    f"WHERE {{ ?d <{NS}processingStatus> ?status OPTIONAL {{ ?d <{NS}linesClaimed> ?read ; <{NS}linesIgnored> ?out ; "
    f"<{NS}linesUnread> ?left }} FILTER NOT EXISTS {{ ?d a <{NS}ImportedDataset> }}"
)


@dataclass(frozen=True, slots=True)
class Handled:
    """How many documents there are by status, and of the lines of those that are published: all, those
    that a rule passes over, and the unread; and how many minutes were read."""

    statuses: dict[str, int] = field(default_factory=dict)
    lines: int = 0
    ignored: int = 0
    unread: int = 0
    minutes: int = 0

    @property
    def read(self) -> Decimal | None:
        """The share of the lines that became facts, in per cent with one decimal."""
        return percent(share(self.lines - self.ignored - self.unread, self.lines)) if self.lines else None

    @property
    def left_out(self) -> Decimal | None:
        """The share of the lines that a written rule passes over, in per cent with one decimal."""
        return percent(share(self.ignored, self.lines)) if self.lines else None

    @property
    def accounted(self) -> Decimal | None:
        """The share of the lines that is accounted for, in per cent with one decimal, never 100 where one is not."""
        return percent(share(self.lines - self.unread, self.lines)) if self.lines else None


@start.get("/")
def shown() -> Response:
    """The start page. Its counts were made at publication (about.json) or are kept for each version."""
    site, language = Site.current(), page_language()
    about = snapshot.about(site.data_dir)
    latest = site.pool.rows(
        f"SELECT ?meeting ?date ?body WHERE {{ ?meeting a <{NS}Meeting> ; <{NS}date> ?date ; <{NS}heldBy> ?body }} "
        f"ORDER BY DESC(?date) STR(?meeting) LIMIT {LATEST}"
    )
    meetings = [tuple(each.value for each in row if each) for row in latest.rows]
    bodies = {body for _, _, body in meetings}
    named = look_up(site, language, [*bodies, *filter(None, map(site.place_of, bodies))])
    told = words(language)
    figures = [(told[ONE.get(each, each) if n == 1 else each], n) for each, n in figures_of(site).items() if n]
    return pages.page(
        "start.html",
        about=about,
        figures=figures,
        meetings=[(meeting, named.of_body(body), date) for meeting, date, body in meetings],
        handled=HANDLED.at(site),
        runs=about["classes"].get(NS + "MappingRun", 0),
    )


def figures_of(site: Site) -> dict[str, int]:
    """How many there are of each of FIGURES: of minutes those that were read. Raises QueryFailed."""
    classes = snapshot.about(site.data_dir)["classes"]
    return {each: classes.get(NS + each, 0) for each in FIGURES} | {"Minutes": HANDLED.at(site).minutes}


def documents(base: str) -> str:
    """The query for the documents that were read here, which imports are not: ?status, ?n, and of their lines
    ?claimed, ?ignored, ?unread."""
    return f'{DOCUMENTS} FILTER(STRSTARTS(STR(?d), "{base}/id/")) }} GROUP BY ?status'


def _handled(site: Site) -> Handled:
    """Of what is published now, and was read here. Raises QueryFailed."""
    statuses, lines, ignored, unread = {}, 0, 0, 0
    for row in site.pool.rows(documents(site.base)).rows:
        status, number, *counted = (each.value if each else "" for each in row)
        name = status.removeprefix(STATUS)
        if name in STATUSES:
            statuses[name] = int(number)
        if name == "accepted":
            lines = sum(int(each or 0) for each in counted)
            ignored, unread = (int(each or 0) for each in counted[1:])
    read = site.pool.rows(READ).rows[0][0]
    return Handled(statuses, lines, ignored, unread, int(read.value) if read else 0)


HANDLED: Final = MadeOnce(_handled)

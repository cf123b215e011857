"""/explore: decisions and motions chosen by body, year, party, outcome and kind, without SPARQL, which is shown."""

import math
import re
from collections.abc import Callable, Mapping
from typing import Any, Final
from urllib.parse import urlencode

from flask import Blueprint, Response, redirect, request

from server import pages
from server.alphabet import swedish
from server.asking import QueryFailed, Rows
from server.explore import titles
from server.explore.counts import COUNTS, Counts
from server.explore.queries import FACETS, MATTERS, SORTS, TREATED, UNTREATED, Choice, listing
from server.messages import Problem
from server.naming import Names, class_label, look_up
from server.site import NS, Site, is_iri, page_language
from server.views.opinion import ANSWERED, AS_OPINION, counted_name, opinions
from server.wording import words

explore = Blueprint("explore", __name__)

SHOWN: Final = 50  # rows on one page
WHOLE: Final = 100_000  # rows of the table as CSV
MOST_PAGES: Final = 200
OFFERED: Final = 400  # values of one facet to choose from


@explore.get("/explore")
def start() -> Response:
    """Decisions are what most people look for."""
    return see(Site.current().address("/explore/decisions"))


@explore.get("/explore/<any(decisions, motions):subject>")
def listed(subject: str) -> Response:
    """The page, or with `format=csv` the same rows as a table, as the SPARQL endpoint gives it."""
    site, language = Site.current(), page_language()
    choice = _choice(subject)
    if isinstance(choice, Problem):
        kept = {name: value for name, value in request.args.items() if name in (*FACETS, "sort") and value}
        kept.pop(choice.more["argument"], None)
        without = site.address(f"/explore/{subject}", **kept)
        return pages.shown(choice, links=[(words(language)["explore_without"], without)])
    if request.args.get("format") == "csv":
        asked = urlencode({"query": listing(choice, language, WHOLE), "format": "csv"})
        return see(f"/sparql?{asked}")
    counts = _counts(site, subject)
    total = counts.total(choice) if counts else None
    asked = request.args.get("page") or "1"
    last = MOST_PAGES if total is None else min(max(math.ceil(total / SHOWN), 1), MOST_PAGES)
    number = _page(asked, last)
    offset = (number - 1) * SHOWN
    rows = site.pool.rows(_query(site, choice, language, counts, offset), SHOWN)
    found = _rows(rows)
    facets = {facet: counts.facet(choice, facet) if counts else {} for facet in FACETS}
    named = look_up(site, language, sorted(_mentioned(site, rows, facets, choice)))
    for row in found:
        _in_order(row, named)
    return pages.page(
        "explore.html",
        subject=subject,
        choice=choice,
        chosen={facet: choice.of(facet) for facet in FACETS if choice.of(facet)},
        facets={facet: _options(language, named, facet, facets[facet], choice.of(facet)) for facet in FACETS},
        counted=counts is not None,
        sorts=list(SORTS[subject]),
        found=found,
        bodies={each: named.of_body(each) for row in found for each in _bodies(row)},
        names=named,
        answered=[class_label(NS + each, language) for each in ANSWERED],
        opinions=opinions(site, {row[each] for row in found for each in ("treatment", "decidedIn") if each in row}),
        total=total,
        number=number,
        no_page="" if asked.lstrip("0") == str(number) else asked[:20],
        more=number < last and (total is not None or len(rows.rows) == SHOWN),
        ends_early=number == MOST_PAGES and (total is None or total > number * SHOWN),
        query=listing(choice, language, WHOLE),
        arguments=_arguments(choice),
    )


def see(address: str) -> Response:
    """303 to another address of ours."""
    response = redirect(address, 303)
    assert isinstance(response, Response)
    return response


def _page(asked: str, last: int) -> int:
    """The page that is shown: the first for what is no number of a page, the last for one beyond the end."""
    if not re.fullmatch(r"0*[1-9]\d*", asked, re.ASCII):
        return 1
    digits = asked.lstrip("0")
    return last if len(digits) > len(str(last)) else min(int(digits), last)


def _choice(subject: str) -> Choice | Problem:
    """What was chosen, or what is wrong with it."""
    asked = {facet: request.args.get(facet, "") for facet in FACETS}
    if asked["year"] and not re.fullmatch(r"\d{4}", asked["year"], re.ASCII):
        return _wrong(subject, "year", asked["year"])
    for facet in FACETS:
        if facet == "outcome" and subject == "motions" and asked[facet] in (TREATED, UNTREATED):
            continue
        if facet != "year" and asked[facet] and not is_iri(asked[facet]):
            return _wrong(subject, facet, asked[facet])
    if subject == "motions" and asked["kind"] and asked["kind"] not in MATTERS:
        return _wrong(subject, "kind", asked["kind"])
    sort = request.args.get("sort") or "newest"
    return Choice(subject, **asked, sort=sort) if sort in SORTS[subject] else _wrong(subject, "sort", sort)


def _wrong(subject: str, argument: str, value: str) -> Problem:
    """What is told of a value that cannot be chosen."""
    name = f"{argument}_motions" if subject == "motions" and argument in ("party", "kind") else argument
    said = value[:80]
    told = {language: words(language) for language in ("sv", "en")}
    return Problem(
        400,
        told["sv"]["explore_wrong"].format(told["sv"]["explore_" + name], said),
        told["en"]["explore_wrong"].format(told["en"]["explore_" + name], said),
        {"argument": argument},
    )


def _counts(site: Site, subject: str) -> Counts | None:
    """The counts, or None where counting takes too long: the list is there without them."""
    try:
        return COUNTS[subject].at(site)
    except QueryFailed as failure:
        if failure.kind not in pages.SLOW:
            raise
        return None


def _query(site: Site, choice: Choice, language: str, counts: Counts | None, offset: int) -> str:
    """The query for one page: of its days, or by title of its §§, so that the engine puts no more in order."""
    if choice.subject == "decisions" and choice.sort == "title":
        try:
            these = titles.TITLES.at(site).page(choice, SHOWN, offset)
        except QueryFailed as failure:
            if failure.kind not in pages.SLOW:
                raise
        else:
            return listing(choice, language, SHOWN, these=these, named=False)
    days, before = counts.days_of(choice, SHOWN, offset) if counts else ([], offset)
    return listing(choice, language, SHOWN, before, days, named=False)


def _rows(rows: Rows) -> list[dict[str, Any]]:
    return [
        {name: term.value for name, term in zip(rows.variables, row, strict=True) if term is not None}
        for row in rows.rows
    ]


def _in_order(row: dict[str, Any], named: Names) -> None:
    """What an engine has joined in any order, in that of the names: a motion's parties, and where it was treated."""
    orders: tuple[tuple[str, str, Callable[[str], str]], ...] = (
        ("parties", ", ", swedish),
        ("bodies", " ", lambda iri: swedish(named.of_body(iri))),
    )
    for name, separator, key in orders:
        if name in row:
            row[name] = separator.join(sorted(row[name].split(separator), key=key))


def _bodies(row: Mapping[str, str]) -> list[str]:
    return [row["body"]] if "body" in row else row.get("bodies", "").split()


def _mentioned(site: Site, rows: Rows, facets: Mapping[str, Mapping[str, int]], choice: Choice) -> set[str]:
    values = {value for row in _rows(rows) for said in row.values() for value in said.split(" ")}
    values |= {value for facet, counts in facets.items() if facet != "year" for value in counts}
    values |= {choice.of(facet) for facet in FACETS}
    values = {each.removesuffix(AS_OPINION) for each in values}
    values |= set(filter(None, map(site.place_of, values)))
    return {each for each in values if is_iri(each)}


def _options(
    language: str, named: Names, facet: str, counts: Mapping[str, int], chosen: str
) -> list[tuple[str, str, int | None]]:
    """What a facet offers: values, their names, and how many things each gives; years newest first, else by name."""
    known: dict[str, int | None] = dict(sorted(counts.items(), key=lambda each: -each[1])[:OFFERED])
    if chosen and chosen not in known:
        known[chosen] = counts.get(chosen, 0) if counts else None
    offered = [(value, _name(language, named, facet, value), number) for value, number in known.items()]
    if facet == "year":
        return sorted(offered, reverse=True)
    return sorted(offered, key=lambda each: swedish(each[1]))


def _name(language: str, named: Names, facet: str, value: str) -> str:
    if facet == "year":
        return value
    if value in (TREATED, UNTREATED):
        return words(language)["explore_motion_" + value]
    if value in MATTERS:
        return class_label(value, language)
    if facet == "outcome":
        return counted_name(value, named)
    return named.of_body(value) if facet in {"body", "party"} else named.of(value)


def _arguments(choice: Choice) -> dict[str, str]:
    """The choice as arguments of an address."""
    chosen = {facet: choice.of(facet) for facet in FACETS if choice.of(facet)}
    return chosen | ({"sort": choice.sort} if choice.sort != "newest" else {})

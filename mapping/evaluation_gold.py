"""Gold files, in both their formats, as the facts that a right reading must and may give.

The format of the real documents: `dnr` are objects with a role, motions and proposals carry `with_others`,
letters stand in `written_questions`. The format of the layout examples: `dnr` are strings, `attendance`,
`votes`, `outcome` with `outcome_alternatives`. A kind of fact is scored where the gold has its key.
"""

from collections.abc import Iterator
from typing import Any

from mapping.evaluation_facts import (
    Fact,
    Key,
    bare_number,
    fact,
    fold,
    fold_meaning,
    fold_point,
    fold_title,
    municipality_key,
    who,
)

Gold = dict[str, Any]

ITEM_KEYS = {
    "number": "items",
    "subtitle": "subtitles",
    "dnr": "registry numbers",
    "decision_points": "decision points",
    "outcome": "outcomes",
    "follows_administration": "follows administration",
    "immediate_adjustment": "immediate adjustment",
    "proposals": "proposals",
    "reservations": "reservations",
    "statements": "statements",
    "documents": "documents",
    "officials": "officials",
    "report_date": "report dates",
    "other_references": "references",
    "votes": "votes",
}
"""The kind of fact that each key of a gold item scores; motions, letters and votes score several."""

STANCES = {"for-administration": "approve", "own-proposal": "own"}
KINDS = {"web_agenda": "agenda"}


def scored(gold: Gold) -> frozenset[str]:
    """The kinds of fact that this gold lets us judge."""
    items = gold["items"]
    kinds = {"document"} | {kind for key, kind in ITEM_KEYS.items() if any(key in i for i in items)}
    if any("motion" in i for i in items):
        kinds |= {"motion titles", "motion authors"}
    if any("points" in p for i in items for p in i.get("proposals", ())):
        kinds.add("proposal points")
    if any("first_words" in s for i in items for s in i.get("statements", ())):
        kinds.add("texts")
    if any("ballots" in v for i in items for v in i.get("votes", ())):
        kinds.add("ballots")
    if "votes" in kinds:
        kinds.add("vote meanings")
    if "written_questions" in gold:
        kinds |= {"letters", "letter authors", "questions"}
    for key, kind in (
        ("protocol_number", "minutes number"),
        ("chair", "chair"),
        ("adjusters", "adjusters"),
        ("adjustment_date", "adjustment date"),
        ("attendance", "attendance"),
        ("persons", "persons"),
    ):
        if key in gold:
            kinds.add(kind)
    return frozenset(kinds)


def letter_items(gold: Gold) -> frozenset[str]:
    """The items whose letters are scored though the gold as a whole does not list letters."""
    return frozenset(_number(i) for i in gold["items"] if "letters" in i)


def expected(gold: Gold) -> Iterator[Fact]:
    """Every fact that the gold holds."""
    yield from _document(gold)
    for person in gold.get("persons", ()):
        names = [person["name"], *person.get("cross_document_variants", ())]
        yield fact("persons", "", _named([person]), *(who(name, person.get("party")) for name in names))
    for letter in gold.get("written_questions", ()):
        number = str(letter["addressed_in_item"])
        titles = [letter["title"], *filter(None, [letter.get("title_in_decision")])]
        yield from _letter(number, titles, letter["authors"])
        for question in letter["questions"]:
            yield fact("questions", number, question, (fold(question),))
    for item in gold["items"]:
        yield from _item(item)


def _document(gold: Gold) -> Iterator[Fact]:
    kinds = [KINDS.get(k, k.replace("_", "-")) for k in [gold["kind"], *gold.get("kind_alternatives", ())]]
    yield fact("document", "", kinds[0], *(("kind", kind) for kind in kinds))
    if gold["municipality"]:
        yield fact("document", "", gold["municipality"], ("municipality", municipality_key(gold["municipality"])))
    if gold["body"]:
        yield fact("document", "", gold["body"], ("body", fold(gold["body"]).casefold()))
    if gold["meeting_date"]:
        yield fact("document", "", gold["meeting_date"], ("date", gold["meeting_date"]))
    if gold.get("protocol_number"):
        yield fact("minutes number", "", gold["protocol_number"], ("minutes", fold(gold["protocol_number"])))
    if gold.get("chair"):
        yield fact("chair", "", _named([gold["chair"]]), _who(gold["chair"]))
    for actor in gold.get("adjusters", ()):
        yield fact("adjusters", "", _named([actor]), _who(actor))
    if gold.get("adjustment_date"):
        yield fact("adjustment date", "", gold["adjustment_date"], (gold["adjustment_date"],))
    for seat in gold.get("attendance", ()):
        instead = seat.get("replaces")
        text = f"{_named([seat])} {seat['role']}" + (f" for {instead}" if instead else "")
        yield fact("attendance", "", text, (*_who(seat), seat["role"], who(instead, None)))


def _item(item: Gold) -> Iterator[Fact]:
    n = _number(item)
    if item["title"]:  # web agendas print items without one
        yield fact("items", n, item["title"], (fold(item["title"]),))
    if item.get("subtitle"):
        yield fact("subtitles", n, item["subtitle"], (fold(item["subtitle"]),))
    for number in item.get("dnr", ()):
        entry: Gold = number if isinstance(number, dict) else {"value": number, "role": None}
        values = {bare_number(entry[key]) for key in ("value", "normalised") if key in entry}
        role = entry["role"]
        yield fact("registry numbers", n, f"{entry['value']} ({role or 'any role'})", *((v, role) for v in values))
    yield from _decision(item, n)
    yield from _acts(item, n)
    if motion := item.get("motion"):
        yield fact("motion titles", n, motion["title"], (fold_title(motion["title"]),))
        for actor in motion["authors"]:
            yield fact("motion authors", n, _named([actor]), _who(actor))
    for letter in item.get("letters", ()):
        if letter["title"]:
            yield from _letter(n, [letter["title"]], letter["by"])
    for vote in item.get("votes", ()):
        yield from _vote(vote, n)
    for listed in item.get("documents", ()):
        mark = fold(listed["id"]) if listed.get("id") else None
        titles = {fold(listed["title"]), fold(listed.get("as_printed", listed["title"]))}
        yield fact("documents", n, f"{mark or '-'} {listed['title']}", *((mark, t) for t in titles))
    for official in item.get("officials", ()):
        yield fact("officials", n, official["name"], who(official["name"], None))
    if item.get("report_date"):
        yield fact("report dates", n, item["report_date"], (item["report_date"],))
    for reference in item.get("other_references", ()):
        yield fact("references", n, reference, (fold(reference).casefold(),))
    for reference in item.get("law_references", ()):
        yield fact("references", n, reference, (fold(reference).casefold(),), optional=True)


def _decision(item: Gold, n: str) -> Iterator[Fact]:
    points = [p if isinstance(p, str) else p["text"] for p in item.get("decision_points", ())]
    extra = item.get("decision_points_optional", [])
    for place, point in enumerate(points, 1):
        keys: list[Key] = [(fold_point(point),)]
        if place == len(points) and extra:  # a reader may take both sentences for one point
            keys.append((fold_point(" ".join([point, *extra])),))
        yield fact("decision points", n, point, *keys)
    for point in extra:
        yield fact("decision points", n, point, (fold_point(point),), optional=True)
    outcomes = [item.get("outcome"), *item.get("outcome_alternatives", ())]
    if any(outcomes):
        yield fact(
            "outcomes", n, "/".join(filter(None, outcomes)), *((o,) for o in outcomes), optional=None in outcomes
        )
    if item.get("follows_administration") is not False:
        yield fact("follows administration", n, "true", (), optional=item.get("follows_administration") is None)
    if item.get("immediate_adjustment"):
        yield fact("immediate adjustment", n, "true", ())


def _acts(item: Gold, n: str) -> Iterator[Fact]:
    for proposal in item.get("proposals", ()):
        stance = STANCES.get(proposal["stance"], proposal["stance"])
        yield fact("proposals", n, f"{stance}: {_named(proposal['by'])}", (stance, _group(proposal["by"])))
        for point in proposal.get("points", ()):
            text = point if isinstance(point, str) else point["text"]
            yield fact("proposal points", n, text, (fold_point(text),))
        words = proposal.get("motivation", proposal)
        first, last = (words.get(k) or words.get(f"body_{k}") for k in ("first_words", "last_words"))
        if first and last:
            yield fact("texts", n, f"proposal: {first} … {last}", ("proposal", fold(first), fold(last)))
    for reservation in item.get("reservations", ()):
        yield fact("reservations", n, _named(reservation["by"]), (_group(reservation["by"]),))
    for statement in item.get("statements", ()):
        kind = statement["kind"].replace("-", "_")
        yield fact("statements", n, f"{kind}: {_named(statement['by'])}", (kind, _group(statement["by"])))
        if statement.get("first_words") and statement.get("last_words"):
            first, last = statement["first_words"], statement["last_words"]
            yield fact("texts", n, f"statement: {first} … {last}", ("statement", fold(first), fold(last)))


def _letter(n: str, titles: list[str], authors: list[Gold]) -> Iterator[Fact]:
    yield fact("letters", n, titles[0], *((fold_title(t),) for t in titles))
    for actor in authors:
        yield fact(
            "letter authors", n, f"{_named([actor])}: {titles[0]}", *((fold_title(t), _who(actor)) for t in titles)
        )


def _vote(vote: Gold, n: str) -> Iterator[Fact]:
    tally = (vote["yes"], vote["no"], vote.get("abstain") or 0)
    yield fact("votes", n, " - ".join(map(str, tally)), tally)
    for side in ("yes", "no"):
        if meaning := vote.get(f"{side}_for"):
            yield fact("vote meanings", n, f"{side}: {meaning}", (side, fold_meaning(meaning)))
    for value, actors in vote.get("ballots", {}).items():
        if value == "absent":
            continue
        for actor in actors:
            yield fact("ballots", n, f"{value}: {_named([actor])}", (value, _who(actor)))


def _number(item: Gold) -> str:
    return "" if item["number"] is None else str(item["number"])


def _who(actor: Gold) -> Key:
    return who(actor.get("name"), actor.get("party"))


def _group(actors: list[Gold]) -> frozenset[Key]:
    return frozenset(_who(a) for a in actors)


def _named(actors: list[Gold]) -> str:
    return ", ".join(f"{a.get('name') or '(group)'} ({a.get('party') or '?'})" for a in actors)

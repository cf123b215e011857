"""The account of one reading, told to a clerk: lines, facts, what is inferred, what is missing, what is masked."""

import json
from collections.abc import Iterator, Mapping
from typing import Any, Final

from ontology import municipalities
from server.data_folder.ledger import Entry

FACTS: Final = {
    "meetings": "sammanträden",
    "attendances": "närvarouppgifter",
    "items": "ärenden",
    "decisions": "beslut",
    "decision points": "beslutspunkter",
    "proposals": "förslag och yrkanden",
    "proposal points": "förslagspunkter",
    "votes": "omröstningar",
    "ballots": "avgivna röster",
    "reservations": "reservationer",
    "special statements": "särskilda uttalanden",
    "substitute statements": "ersättaryttranden",
    "notes to the minutes": "protokollsanteckningar",
    "recusals": "jäv",
    "non-participations": "avståenden från beslut",
    "matters": "motioner, skrivelser m.m.",
    "questions": "frågor",
    "registry numbers": "diarienummer",
    "listed documents": "uppräknade handlingar",
    "persons": "personer",
    "goals": "mål",
    "activities": "aktiviteter",
    "indicators": "indikatorer",
    "municipality": "kommun",
    "body": "organ",
    "date": "datum",
}
"""Kinds of facts, in the order told, and what they are called in Swedish."""


def percent(part: int, whole: int) -> str:
    return f"{100 * part / whole:.1f} %" if whole else "–"


def place(name: str | None) -> str:
    """A municipality by its name where the code is known; "–" for none."""
    return municipalities().get(name or "", name or "–")


def account(entry: Entry) -> str:
    """The account of a document that was read, for its report; empty for one that was refused."""
    told = json.loads(entry.account)
    if not told:
        return ""
    return "".join(f"{line}\n" for line in _lines(entry, told))


def _lines(entry: Entry, told: Mapping[str, Any]) -> Iterator[str]:
    head = [told["kind"], place(told["municipality"]), told["body"], told["date"]]
    pages = [f"{told['pages']} pages · sidor"] if told["pages"] else []
    yield "Account of reading · Redovisning av läsningen"
    yield f"document · handling: {', '.join([part for part in head if part] + pages)}"
    yield f"layout · utformning: {told['layout']}"
    claimed, ignored, unread = entry.claimed, entry.ignored_lines, json.loads(entry.unread)
    share = percent(len(unread), claimed + ignored + len(unread))
    counts = f"{claimed} claimed · lästa, {ignored} ignored · ignorerade, {len(unread)} unread · olästa"
    yield f"lines · rader: {counts} ({share})"
    for rule, number in json.loads(entry.ignored).items():
        if number:
            yield f"  ignored by rule · ignorerade enligt regel: {rule}: {number}"
    for line, rule, text, page in unread:
        yield f"  unread · oläst, {_at(page, line)} ({rule}): {text}"
    yield "facts · uppgifter:"
    for kind, number in _in_order(told["facts"]):
        inferred = told["inferred"].get(kind, 0)
        behind = f", {inferred} inferred · slutna" if inferred else ""
        yield f"  {_named(kind)}: {number}{behind}"
    for kind, _ in _in_order(told["inferred"]):
        if kind not in told["facts"]:
            yield f"  {_named(kind)}: inferred or given · slutet eller angivet, not stated · ej utskrivet"
    for gap in told["gaps"]:
        yield f"missing § · § som saknas: {missing(gap)}"
        for candidate in gap["candidates"]:
            yield f"  looks like a head · liknar en rubrik, {_at(**_where(candidate))}: {candidate['quote']}"
    items = told["withoutRegistryNumber"]
    if items:
        yield f"items without a registry number · ärenden utan diarienummer: {len(items)}"
        for item in items:
            number = f"§ {item['number']} " if item["number"] else ""
            yield f"  {number}{item['title'] or item['quote']} ({_at(**_where(item))})"
    if told["personalNumbers"]:
        where = "; ".join(_at(**_where(found)) for found in told["personalNumbers"])
        yield f"personal numbers, masked · personnummer, maskerade: {len(told['personalNumbers'])} ({where})"


def missing(gap: Mapping[str, Any]) -> str:
    """The numbers of a gap, between which others, and where: "5–7 (§ 4 – § 8), sida/page 2, rad/line 40"."""
    numbers = gap["first"] if gap["first"] == gap["last"] else f"{gap['first']}–{gap['last']}"
    return f"{numbers} (§ {gap['after'] or '…'} – § {gap['before'] or '…'}), {_at(**_where(gap))}"


def _named(kind: str) -> str:
    return f"{kind} · {FACTS[kind]}" if kind in FACTS else kind


def _in_order(counted: Mapping[str, int]) -> list[tuple[str, int]]:
    known = list(FACTS)
    return sorted(counted.items(), key=lambda pair: (known.index(pair[0]) if pair[0] in FACTS else 99, pair[0]))


def _where(told: Mapping[str, Any]) -> dict[str, Any]:
    return {"page": told["page"], "line": told["line"]}


def _at(page: int | None, line: int) -> str:
    return f"sida/page {page}, rad/line {line}" if page else f"rad/line {line}"

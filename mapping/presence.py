"""Who was there, in which role and for which §."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import cache

from mapping.actors import parse_actors
from mapping.cover_entries import Entry
from mapping.flow import Flow, flow
from mapping.known import Known
from mapping.lexicon import lexicon
from mapping.offices import offices
from mapping.partial_presence import paragraph_numbers
from mapping.records import Actor, Attendance

# There for a part of the meeting only.
_PART = re.compile(r"[\s,(]*(?:\b(?:ej|inte|utom|från|under|vid|till och med|från och med)\s)?§.*\Z")
# Whose secretary it is: a "socialsekreterare" or "borgarrådssekreterare" keeps no minutes.
_SECRETARY = re.compile(
    r"(?:^|\b|nämnds?|kommun|utskotts?|mötes|protokolls|förbunds|region|kansli|styrelse|fullmäktige)sekreterare|^sekr\b"
)
# "ej tj ersättare" among the officials; "Ers Inga Ek (s)"
_STANDS_BY = re.compile(r"^(?:(?:ej|icke)\s(?:tj\w*\.?\s)?)?ers(?:ättare|\.)?(?=$|[\s,(])", re.I)
_SERVES_NOBODY = re.compile(
    r"(?<!ej )(?<!icke )(?<!inte )\b(?:tjänstgörande|tj(?:g|änstg)?\.?\sers(?:ättare|\.)?)"
    r"(?=\s*(?:$|[,;(§)]|§|kl\b))",
    re.I,
)
_RANK = (
    "chair",
    "first-vice-chair",
    "vice-chair",
    "member",
    "serving-substitute",
    "secretary",
    "official",
    "insight",
    "other",
    "substitute",
)
_SEATED = _RANK[:5]


@cache
def _roles() -> tuple[tuple[str, re.Pattern[str]], ...]:
    table: dict[str, list[str]] = lexicon("cover")["roles"]
    return tuple((role, re.compile("|".join(f"(?:{e})" for e in entries), re.I)) for role, entries in table.items())


@cache
def _serves() -> re.Pattern[str]:
    return re.compile(rf"\b(?:{'|'.join(lexicon('cover')['serves'])})\s*", re.I)


@cache
def _private() -> re.Pattern[str]:
    words = "|".join(lexicon("cover")["private"]["persons"])
    return re.compile(rf"[\s,(]*(?:(?:från|för|ur|som|representant(?:er)? för)\s)?(?:{words})(?!\w|-)", re.I)


def is_private(told: str) -> bool:
    """Whether what is told of somebody without a party names a private person ("sökande", "åhörare § 3")."""
    return bool(_private().match(told))


def role_told(text: str) -> str | None:
    """The role at the meeting that a text names, or None."""
    return next((role for role, pattern in _roles() if pattern.search(text)), None)


def attendance_of(
    entry_flow: Flow, role: str, known: Known, every: Sequence[int], beside: str = ""
) -> Attendance | None:
    """Who is named in an entry under the label of a role, in the role that stands behind the name if one does;
    None where nobody is. `every`: all § numbers of the meeting; `beside`: what stands in another column."""
    lead = re.match(r"\(?(?P<code>[A-Za-zÅÄÖåäö!]{1,4})\)?\s(?=[A-ZÅÄÖ]\S*\s[A-ZÅÄÖ])", entry_flow.text)
    code = known.code(lead.group("code")) if lead and not _title_case(lead.group("code")) else None
    start = lead.end() if lead and code else 0
    actors, end = parse_actors(entry_flow, start, known)
    if code and lead and actors and actors[0].party is None:
        actors = (replace(actors[0], party=code, party_verbatim=lead.group("code")), *actors[1:])
    if not actors or not actors[0].name:
        return None
    actor = actors[0]
    behind = entry_flow.text[end:] if len(actors) == 1 else entry_flow.text[_end_of(entry_flow, actor) :]
    behind = f"{behind} {beside}".rstrip()
    if actor.party is None and is_private(behind):
        return None
    serves = _serves().search(behind)
    if serves is None and role in ("serving-substitute", "member", "substitute"):
        serves = re.compile(r"\bför\s+").search(behind)
    substituted = None
    if serves is not None:
        start = len(entry_flow.text) - len(behind) + serves.end()
        others, _ = parse_actors(entry_flow, start, known)
        substituted = others[0] if others and others[0].name else None
        role = "serving-substitute"
    elif role in ("member", "substitute") and _SERVES_NOBODY.search(behind):
        role = "serving-substitute"
    named = role_told((actor.title or "") + " " + behind[: serves.start() if serves else None])
    if role == "member" and named is not None:
        role = named
        if actor.title is None and "§" not in behind:
            actor = replace(actor, title=behind.strip(" ,;"))
    if role.endswith("chairing"):
        role = "vice-chair" if role.startswith("vice") else "chair"
    if actor.party is None and role != "member" and (office := next(offices(entry_flow, known), None)):
        return Attendance(office, "official", None, paragraph_numbers(behind, every))
    note = behind.strip(" ,;") or None
    return Attendance(actor, role, substituted, paragraph_numbers(behind, every), note)


def _title_case(code: str) -> bool:
    """Whether a word may be a first name ("Kim", "Bo") rather than a code."""
    return len(code) > 1 and code.istitle()


def _end_of(stretch: Flow, actor: Actor) -> int:
    return stretch.offsets.index(actor.span.end - 1) + 1


def attending_officials(stretch: Flow, known: Known, every: Sequence[int]) -> Iterable[Attendance]:
    """ "Siv Ekdal, kommunchef", "Parkchef Ida Lund, gatuchef Per Ås § 7"."""
    if is_private(stretch.text):  # "Åhörare: Bo Ek"
        return
    found = sorted(offices(stretch, known), key=lambda actor: actor.span.start)
    if not found:
        actors, end = parse_actors(stretch, 0, known)
        behind = stretch.text[end:].strip(" ,")
        found = [
            replace(actor, title=actor.title or (behind.split("§")[0].strip(" ,") or None)) for actor in actors[:1]
        ]
    seen: set[str | None] = set()
    for actor in found:
        if actor.name in seen:
            continue
        seen.add(actor.name)
        if actor.party is None and is_private(actor.title or ""):
            continue
        part = _PART.search(actor.title or "")
        printed = (actor.title or "")[: part.start()] if part else actor.title
        role = _official_role(printed or "")
        at = _end_of(stretch, actor)
        behind = re.split(r",\s*(?=[a-zåäö]+\s[A-ZÅÄÖ])", stretch.text[at:])[0]
        behind = (part.group() if part else "") + behind
        yield Attendance(
            replace(
                actor, title=printed or None, is_official=actor.party is None and role not in ("other", "substitute")
            ),
            role,
            None,
            paragraph_numbers(behind, every),
            behind.strip(" ,") or None,
        )


@cache
def _outside() -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{entry})" for entry in lexicon("cover")["outside"]["persons"]), re.I)


def _official_role(title: str) -> str:
    if _outside().search(title):
        return "other"
    if _STANDS_BY.search(title):
        return "substitute"
    return "secretary" if _SECRETARY.search(title.lower()) else "official"


def official_beside_title(entry: Entry, known: Known, every: Sequence[int]) -> Attendance | None:
    """ "Karin Ek          Rektor, § 45": an official whose title stands in a column beside the name."""
    if len(entry.parts) < 2:
        return None
    name, title = flow((entry.parts[0],)), entry.parts[1].text.strip()
    actors, end = parse_actors(name, 0, known)
    if len(actors) != 1 or actors[0].name is None or end != len(name.text) or actors[0].party or actors[0].title:
        return None
    part = _PART.search(title)
    printed = title[: part.start()].strip(" ,") if part else title
    if not printed or not printed[0].isalpha():
        return None
    note = part.group().strip(" ,") if part else ""
    role = _official_role(printed)
    actor = replace(actors[0], title=printed, is_official=role not in ("other", "substitute"))
    return Attendance(actor, role, None, paragraph_numbers(note, every), note or None)


def once_each(attendance: Sequence[Attendance]) -> tuple[Attendance, ...]:
    """One attendance a person: a substitute who serves for part of the meeting is there as serving, and a member of
    whom it is told when he left is there until then."""
    kept: dict[tuple[str | None, str | None], Attendance] = {}
    for entry in attendance:
        key = (entry.actor.name, entry.actor.party)
        if key not in kept or _RANK.index(entry.role) < _RANK.index(kept[key].role):
            kept[key] = entry
        elif entry.role in (kept[key].role, "member") and kept[key].role in _SEATED and kept[key].paragraphs is None:
            kept[key] = replace(kept[key], paragraphs=entry.paragraphs, note=kept[key].note or entry.note)
    return tuple(kept.values())

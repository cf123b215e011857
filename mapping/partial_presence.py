"""Which § of a meeting somebody was there for, as a note behind the name tells ("ej § 2", "lämnar efter § 5")."""

import re
from collections.abc import Sequence
from functools import cache

from mapping.lexicon import lexicon

_NUMBER = r"\d{1,4}(?:/\d{1,4})?(?!\d|[.:]\d|:e)"
_RANGE = rf"{_NUMBER}(?:\s*[-–—]\s*{_NUMBER})?"
_NAMED = re.compile(rf"§§?\s*(?P<list>{_RANGE}(?:\s*(?:,|\boch\b|\bsamt\b)\s*{_RANGE})*)")
_NUMBERS = re.compile(r"(\d{1,4})(?:/\d{1,4})?(?:\s*[-–—]\s*(\d{1,4})(?:/\d{1,4})?)?")
_NUMBER_FIRST = re.compile(rf"(?P<list>{_RANGE})\s*§§?")
_TIME = re.compile(
    r"(?:\b(?:kl\b\.?|klockan)\s*\d{1,2}(?:[.:]\d\d)?|\b\d{1,2}[.:]\d\d\b)(?:\s*[-–]\s*\d{1,2}(?:[.:]\d\d)?)?", re.I
)
# "t.o.m. § 12, ers fr.o.m. § 13": the second is about the substitute.
_OF_ANOTHER = re.compile(r"[\s,;]*ers(?:\.|ättare)?\s*\Z", re.I)
# Finite verbs that the lexicon does not know; titles end otherwise ("kurator", "skolsköterska").
_VERB = re.compile(r"\b[a-zåäö]{2,}(?:ar|erar|ade|ades|ats|kte)\b")
# "1:e vice ordförande, ordförande § 47": for which § somebody chaired who was there for others too
_CHAIRED = re.compile(
    rf"(?<=[\w.)][,;])\s*ordf\w*\.?\s(?:(?:fr\.?\s?o\.?\s?m\.?|från och med|under|vid|för)\s)?§§?\s*{_RANGE}",
    re.IGNORECASE,
)
_MOST = 50  # ranges in one note: more are a list of something else


@cache
def _words(key: str) -> re.Pattern[str]:
    """The words of one kind; those that say where a stretch begins or ends must stand right before the §."""
    entries: list[str] = lexicon("cover")["partial"][key]
    return re.compile(rf"\b(?:{'|'.join(entries)})(?!\w)", re.I)


@cache
def _relations() -> tuple[tuple[str, re.Pattern[str]], ...]:
    between = "|".join(lexicon("cover")["partial"]["filling"])
    return tuple(
        (
            key,
            re.compile(
                rf"(?:^|[\s,;(])(?:{'|'.join(lexicon('cover')['partial'][key])})(?:[\s,;]+(?:{between}))*[\s,;]*\Z",
                re.I,
            ),
        )
        for key in ("since", "until", "after", "before", "during", "to")
    )


def paragraph_numbers(note: str, every: Sequence[int]) -> tuple[int, ...] | None:
    """The § numbers that a note of partial presence leaves: "§§ 61-66", "ej § 24", "t.o.m. § 26". None where the
    note names no §, or names one in words that leave open when the person was there. `every`: the § numbers of
    the meeting."""
    if "§" in note and not re.search(r"§§?\s*\d", note):  # "tom 63 §"
        note = _NUMBER_FIRST.sub(r"§ \g<list>", note)
    note = _CHAIRED.sub("", note)
    note = _words("silent").sub(" ", _TIME.sub(" ", note))
    found = list(_NAMED.finditer(note))
    if not found or len(_NUMBERS.findall(note)) > _MOST:
        return None
    numbers = set(every)
    named: set[int] = set()
    left = numbers  # what the bounds and the absences leave
    bounded = False
    start = 0
    previous = last_kind = ""
    for index, match in enumerate(found):
        ranges = [(int(a), int(b or a)) for a, b in _NUMBERS.findall(match.group("list"))]
        these = {n for first, last in ranges for n in range(first, last + 1)}
        before = note[start : match.start()]
        start = _end_of_clause(note, match.end(), found[index + 1].start() if index + 1 < len(found) else None)
        behind = note[match.end() : start]
        relation = next((key for key, pattern in _relations() if pattern.search(before)), "")
        stripped = _relation_off(before, relation)
        if index and _OF_ANOTHER.match(stripped):
            continue
        if relation == "until" or relation == "to" or (index and before.strip() in ("-", "–")):
            if index and previous == "named" and not stripped.strip(" ,-–"):
                named |= set(range(max(named), ranges[-1][1] + 1))
                continue
            if relation != "until" and previous != "since":
                return None
            relation = "until"
        kind = _kind(stripped, behind)
        if index and kind == "present" and not re.sub(r"\b(?:och|samt)\b|[\s,;()]", "", before):
            kind = last_kind if last_kind == "absent" else kind  # "jäv § 1, § 3"
        last_kind = kind
        there = _there(kind, relation, these, ranges[0][0], ranges[-1][1], numbers)
        if there is None:
            return None
        if kind == "present" and relation in ("", "during"):
            named |= these
            previous = "named"
        else:
            left = left & there
            bounded = True
            previous = relation
    if not bounded:
        return tuple(n for n in every if n in named) or tuple(sorted(named))
    return tuple(n for n in every if n in left and (not named or n in named)) or None


def _end_of_clause(note: str, end: int, following: int | None) -> int:
    """Where what is said of a § ends: at the comma before the next §, or with the note."""
    if following is None:
        return len(note)
    comma = re.compile(r"[,;)]").search(note, end, following)
    return comma.start() if comma else end


def _relation_off(before: str, relation: str) -> str:
    pattern = dict(_relations()).get(relation)
    match = pattern.search(before) if pattern else None
    return before[: match.start()] if match else before


def _kind(before: str, behind: str) -> str:
    """What the words around a § say: "present", "absent", "enters", "leaves", or "" where they leave it open."""
    if _words("unclear").search(before) or _words("unclear").search(behind):
        return ""
    clause = re.split(r"[,;]", before.rstrip(" ,;"))[-1]
    if _words("absent").search(before) or _words("absent").search(behind):
        # "ersätter A B vid jäv § 2" tells of A B's absence
        if _words("instead").search(before) and not _words("absent").match(clause.strip()):
            return "present" if _words("instead").search(clause) else ""
        return "" if _words("instead").search(before) and _words("recused").search(clause) else "absent"
    if _words("leaves").search(before):
        return "leaves"
    if _words("enters").search(before):
        return "enters"
    at_once = re.split(r"[,;]", behind)[0]
    if _words("leaves").search(at_once) or _words("enters").search(at_once):
        return ""
    known = _words("present").sub(" ", f"{before} {at_once}")
    return "" if _VERB.search(known) or "?" in known else "present"


def _there(kind: str, relation: str, these: set[int], first: int, last: int, every: set[int]) -> set[int] | None:
    """The § of the meeting that a clause leaves, or None where it cannot be told."""
    bounds = {
        "since": {n for n in every if n >= first},
        "until": {n for n in every if n <= last},
        "after": {n for n in every if n > last},
        "before": {n for n in every if n < first},
    }
    if kind == "present":
        return bounds.get(relation, these)
    if kind == "absent":
        return every - bounds.get(relation, these)
    if kind == "enters":
        if relation == "until":
            return None
        return bounds["after"] if relation == "after" else bounds["since"]
    if kind == "leaves" and relation:
        return bounds["before"] if relation in ("since", "before") else bounds["until"]
    return None

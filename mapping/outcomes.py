"""The outcome of a decision by its operative words."""

import re
from collections.abc import Sequence

from mapping.flow import Flow
from mapping.lexicon import ordered
from mapping.negation import negation
from mapping.operative import adjusts_at_once
from mapping.records import Point, Quote

_SEVERAL = re.compile(r"[.!?]\s+(?=[A-ZÅÄÖ])")  # sentences
_SAYS_YES_OR_NO = ("approved", "partly-approved", "rejected")
# "1. överlämnar utlåtandet som svar, 2. föreslår avslag" ends in the second
_WEAK = ("forwarded", "commissioned", "other")
# "föreslår kommunfullmäktige att ge nämnden i uppdrag": another body is to decide
_TO_ANOTHER = re.compile(
    r"\b(?:föreslå[rs]?|föreslog|hemställ\w*)\s(?:till\s|hos\s)?(?:att\s)?\w*(?:fullmäktige|styrelsen|nämnden|direktionen)\b",
    re.IGNORECASE,
)


def outcome_of(points: Sequence[Point], stretch: Flow, *, recommended: bool = False) -> tuple[str, Quote | None]:
    """(notation, operative words): the first point that tells decides; "other" where none does.

    A negation turns consent into a rejection ("beviljas inte"); any other negated outcome is "other", and so is a
    commission that another body is only asked to give. `recommended`: the points are what another body is to decide.
    """
    told: list[tuple[str, Quote | None]] = []
    denied: list[tuple[str, Quote | None]] = []
    for point in points:
        if len(points) > 1 and adjusts_at_once(point.text) and not _SEVERAL.search(point.text):
            continue
        for notation, pattern in ordered("outcomes", "outcome"):
            match = pattern.search(point.text)
            if match is None:
                continue
            start, end = match.span()
            negated = negation(point.text, start, end)
            if notation == "commissioned" and (recommended or _TO_ANOTHER.search(point.text, 0, start)):
                denied.append(("other", _located(stretch, point, start, end)))
                break
            if negated is None:
                told.append((notation, _located(stretch, point, start, end)))
                break
            words = _located(stretch, point, min(start, negated.start), max(end, negated.end))
            if notation in _SAYS_YES_OR_NO:
                told.append(("rejected" if negated.rejects else "other", words))
                break
            # "bordläggs inte": what is decided instead may stand beside it
            denied.append(("other", words))
    strong = [told_of for told_of in told if told_of[0] not in _WEAK and not _answers_only(*told_of)]
    return (*strong, *told, *denied, ("other", None))[0]


def tells_outcome(text: str) -> bool:
    """Whether a text holds the operative words of any outcome."""
    return any(pattern.search(text) for _, pattern in ordered("outcomes", "outcome"))


def _answers_only(notation: str, words: Quote | None) -> bool:
    """Whether a report is only handed over as the answer; what it proposes may stand in the next point."""
    return notation == "answered" and words is not None and bool(re.search(r"\bsom (?:sitt )?svar\b", words.text))


def _located(stretch: Flow, point: Point, start: int, end: int) -> Quote | None:
    """The words at start-end of a point as a quote from the whole decision."""
    at = stretch.text.find(point.text)
    found = at + start if at >= 0 else stretch.text.find(point.text[start:end])
    if found < 0:
        return None
    # The lexicon knows stems ("godkänn"); what is quoted are whole words.
    word = re.compile(r"\w*").match(stretch.text, found + end - start)
    return stretch.quote(found, word.end() if word else None)

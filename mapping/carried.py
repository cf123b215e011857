"""What a text says was carried: "beslutar enligt föreliggande förslag", "finner bifall till A Eks yrkande"."""

import re
from collections.abc import Iterator

from mapping.named_points import part_of

_WHAT = (
    r"(?P<what>(?:m\.\s?fl\.|[^.,;]){0,120}?(?:förslag|yrkande)\w*"
    r"(?:\s(?:av|från)\s[A-ZÅÄÖ](?:m\.\s?fl\.|[^.,;]){2,60})?)"
)
_CARRIED = (
    re.compile(
        r"\b(?:beslut(?!s)\w*|fann|finner|funnit)\b(?:(?!\b(?:inte|ej)\b)[^.]){0,80}?"
        rf"\b(?:enligt|i enlighet med|bif[aö]ll\w*(?:\still)?|anta\w*)\s{_WHAT}"
    ),
    re.compile(rf"\b(?:hade|har)\s(?:\w+\s){{0,2}}(?:antagit|bifallit)\s{_WHAT}"),
    re.compile(rf"\bbiföll\s\w*(?:nämnden|styrelsen|fullmäktige|utskottet|direktionen)\s{_WHAT}"),
    re.compile(rf"\b(?:fann|finner|funnit)\satt\s{_WHAT}\s(?:har\s|hade\s)?(?:antas|antagits|bifalls|bifallits)\b"),
    re.compile(r"(?<=\s)(?P<what>\w+s (?:förslag|yrkande)), som (?:bifalls|bifölls|antas|antogs)\b"),
)
_LOST = re.compile(r"\s(?:har\s|hade\s|ska\s)?(?:avsl|förkast|fall[ei]|(?:inte|ej)\b)")
# "Vinner nej har fullmäktige bifallit motionen", "Ja-röst innebär bifall till förslaget"
_SUPPOSED = re.compile(r"\b(?:vinner|innebär|om\s(?:ja|nej))\b", re.IGNORECASE)
_VOTE_ASKED = re.compile(r"(?:omröstning|votering)\s+(?:begär|verkställ)\w*", re.IGNORECASE)
_REACH = 60  # characters behind a proposal that may say that only some points of it are meant


def carried(text: str, start: int = 0) -> Iterator[re.Match[str]]:
    """Where a text says from `start` on that a proposal was carried as a whole; group "what" names it."""
    for pattern in _CARRIED:
        for match in pattern.finditer(text, start):
            behind = re.split(r"[.;]", text[match.end("what") : match.end("what") + _REACH])[0]
            sentence = text[text.rfind(". ", 0, match.start()) + 1 : match.start("what")]
            told = not _LOST.match(behind) and not _SUPPOSED.search(sentence)
            if told and part_of(match["what"] + behind) is None:
                yield match


def after_votes(procedure: str) -> int:
    """Where a procedure begins to tell what was decided in the end: behind the last vote that was asked for, which
    may have overturned what the chair found before."""
    return max((match.end() for match in _VOTE_ASKED.finditer(procedure)), default=0)

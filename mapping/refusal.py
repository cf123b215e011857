"""Why a readable text is no meeting document: what was seen in it, and what to do, in sentences for a clerk.

A refusal is published, so it quotes nothing of the text but the word that gave it away.
"""

import re
from dataclasses import dataclass

from mapping.records import Refused

TOP = 1500  # characters in which a text says what it is


@dataclass(frozen=True, slots=True)
class _Look:
    """What a text looks like: the words at its top that show it, what it is called, and what to do."""

    words: re.Pattern[str]
    sv: str
    en: str
    do_sv: str
    do_en: str


def _look(words: str, sv: str, en: str, do_sv: str, do_en: str) -> _Look:
    return _Look(re.compile(rf"\b(?:{words})", re.IGNORECASE), sv, en, do_sv, do_en)


_LEAVE = ("Lämna den utanför.", "Leave it out.")
_MINUTES = (
    "Den beslutas i ett protokoll: skicka in protokollet.",
    "It is decided on in minutes: submit the minutes.",
)
_LOOKS = (
    _look(
        r"veckobrev|månadsbrev|nyhetsbrev|matsedel|pressmeddelande|inbjudan till|välkommen till",
        "ett nyhetsbrev eller en inbjudan", "a newsletter or an invitation", *_LEAVE,
    ),
    _look(
        r"(?:lokala )?(?:ordnings)?föreskrifter|reglemente|arbetsordning|delegations?ordning|bolagsordning"
        r"|förbundsordning|författningssamling|taxa för|stadgar|policy för|riktlinjer? för",
        "en författning eller ett styrdokument", "an ordinance or a policy", *_MINUTES,
    ),
    _look(
        r"\w*avtal(?:et)?\b|överenskommelse mellan|upplåtelse|kontrakt",
        "ett avtal", "a contract", *_MINUTES,
    ),
    _look(
        r"överklagande|dom\b|mål nr|förvaltningsrätten|kammarrätten",
        "ett överklagande eller en dom", "an appeal or a judgment",
        "Skicka in protokollet som ärendet gäller.", "Submit the minutes that it is about.",
    ),
    _look(r"faktura|fakturanummer|ocr-nummer|att betala", "en faktura", "an invoice", *_LEAVE),
)  # fmt: skip
_TOLD = {
    "association": (
        "handlingar från en förening, ett parti eller ett bolag", "documents of an association, a party or a company",
        *_LEAVE,
    ),
    "staff": (
        "ett protokoll från samverkan mellan arbetsgivaren och facket",
        "minutes of talks between employer and unions", *_LEAVE,
    ),
    "contract": ("ett avtal", "a contract", *_MINUTES),
    "letter": ("ett nyhetsbrev", "a newsletter", *_LEAVE),
    "news": (
        "en nyhetsartikel om ett sammanträde", "an article about a meeting",
        "Skicka in sammanträdets protokoll.", "Submit the minutes of the meeting.",
    ),
    "rules": ("riktlinjer eller ett annat styrdokument", "guidelines or another policy", *_MINUTES),
}  # fmt: skip
_PROGRAM = re.compile(r"\s*(?:[{\[]\s*[\"\[{\]}]|(?:import|from|def|class|#!)[\s/])")
_SECTION = re.compile(r"^[ \t]*(?:§\s?\d+|\d+\s?§|\d+\s?kap\.)", re.MULTILINE)
_WORD = re.compile(r"[^\W\d_]{2,}")
_SWEDISH = re.compile(r"\b(?:och|att|som|för|är|inte|med|till)\b", re.IGNORECASE)


def no_meeting_document(text: str, like: str | None = None, word: str = "") -> Refused:
    """The refusal of a canonical text in which none of the known kinds of document was recognised.

    `like` and `word`: what it was recognised as (a key of `_TOLD`), and the word that gave it away.
    """
    saw_sv, saw_en, do_sv, do_en = _seen(text) if like is None else _known(like, word)
    return Refused(
        "not-a-meeting-document",
        "Detta är inget kommunalt mötesdokument som programmet känner (protokoll, dagordning, motion, "
        f"tjänsteutlåtande, verksamhetsberättelse). {saw_sv} {do_sv}",
        "This is no municipal meeting document that the program knows (minutes, agenda, motion, official report, "
        f"annual report). {saw_en} {do_en}",
    )


def _known(like: str, word: str) -> tuple[str, str, str, str]:
    sv, en, do_sv, do_en = _TOLD[like]
    quoted = " ".join(word.lower().split())
    return (
        f"Det är {sv} (överst står ”{quoted}”).", f"It is {en} (“{quoted}” stands at the top).", do_sv, do_en,
    )  # fmt: skip


def two_minutes(label: str, number: str, page: int | None, line: int) -> Refused:
    """The refusal of a file with the minutes of two meetings. `label`: the words of the second cover that gave it
    away, on a page (where there are pages) and a line of the text; `number`: the § that stands before it."""
    place_sv, place_en = f"rad {line}", f"line {line}"
    if page is not None:
        place_sv, place_en = f"sidan {page} ({place_sv})", f"page {page} ({place_en})"
    return Refused(
        "two-minutes",
        f"Filen innehåller protokoll från mer än ett sammanträde: efter § {number} kommer ett nytt försättsblad "
        f"(”{label}”) på {place_sv}. Dela filen och skicka in varje protokoll för sig.",
        f"The file holds the minutes of more than one meeting: a new cover page (“{label}”) follows § {number} on "
        f"{place_en}. Split the file and submit each by itself.",
    )


def _seen(text: str) -> tuple[str, str, str, str]:
    sections = len(_SECTION.findall(text))
    lines = sum(1 for line in text.splitlines() if line.strip())
    counted_sv = f"{lines} rader text, {sections or 'inga'} som börjar med § eller kapitel, ingen § med beslut"
    counted_en = f"{lines} lines of text, {sections or 'none'} that begin with § or a chapter, no § with a decision"
    if _PROGRAM.match(text):
        return (
            "Det liknar data eller programkod.",
            "It looks like data or a program.",
            "Skicka in själva handlingen som PDF, Word, HTML eller text.",
            "Submit the document itself as PDF, Word, HTML or text.",
        )
    for look in _LOOKS:
        if found := look.words.search(text[:TOP]):
            word = " ".join(found.group().lower().split())
            return (
                f"Det liknar {look.sv} (överst står ”{word}”): {counted_sv}.",
                f"It looks like {look.en} (“{word}” stands at the top): {counted_en}.",
                look.do_sv,
                look.do_en,
            )
    if sections >= 3:
        return (
            f"Det liknar en författning eller ett avtal: {counted_sv}.",
            f"It looks like an ordinance or a contract: {counted_en}.",
            *_MINUTES,
        )
    if len(_WORD.findall(text)) < 30:
        return (
            f"Den innehåller nästan ingen text: {counted_sv}.",
            f"It holds hardly any text: {counted_en}.",
            "Kontrollera att hela handlingen är med och skicka in den igen.",
            "Check that the whole document is there and submit it again.",
        )
    if len(_SWEDISH.findall(text)) * 50 < len(_WORD.findall(text)):
        return (
            f"Texten är inte på svenska, eller så är dess tecken förvanskade: {counted_sv}.",
            f"The text is not in Swedish, or its characters are garbled: {counted_en}.",
            "Exportera handlingen på nytt från ordbehandlaren eller ärendesystemet.",
            "Export the document again from the word processor or the records system.",
        )
    return (
        f"Där fanns {counted_sv}.",
        f"There were {counted_en}.",
        "Är det ett protokoll: kontrollera att paragrafernas rubriker är med i texten. Annars: lämna den utanför.",
        "If it is minutes: check that the heads of the sections are in the text. Else leave it out.",
    )

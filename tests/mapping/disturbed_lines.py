"""What a text of minutes is made of, as far as those who disturb it need to know: heads, headings, running text."""

import re
from collections.abc import Callable, Iterator
from random import Random

Change = Callable[[str, Random], str]


def same(text: str) -> str:
    return text


def always(change: Callable[[str], str]) -> Change:
    """A change that leaves nothing to chance."""
    return lambda text, random: change(text)


HEAD = re.compile(r"\s*(?:[A-ZÅÄÖ][A-Za-zåäö]{1,4} )?§ ?\d{1,4}(?:/\d\d)?\b(?!.*\.{4})(?!\s*[–-]\s*\d)")


LIST_MARK = re.compile(r"\s*(?:[•\uf0b7]\s*|[-–]\s+)(?=\S)")


POINT = re.compile(r"\s*(?:\d{1,2}[.)]|[a-z]\)|[Aa]tt\b)\s")


COLUMNS = re.compile(r"\S\s{3,}\S|_{4}|\.{6}")


FURNITURE = re.compile(r"\bSida\b|\(\d+\)\s*$|[Ss]ign\b|bestyrkande|^\s*\d{4}-\d\d-\d\d\s*$|^\s*Protokoll")


SYNONYMS: dict[str, tuple[str, ...]] = {
    "Beslut": ("Nämndens beslut", "BESLUT", "Beslut:"),
    "Sammanfattning av ärendet": ("Ärendet", "Bakgrund", "Ärendebeskrivning", "Sammanfattning"),
    "Sammanfattning": ("Sammanfattning av ärendet", "Beskrivning av ärendet", "Ärendebeskrivning"),
    "Beskrivning av ärendet": ("Ärendebeskrivning", "Bakgrund", "Redogörelse"),
    "Ärendet": ("Sammanfattning av ärendet", "Ärendebeskrivning", "Bakgrund"),
    "Yrkanden": ("Framställda yrkanden", "Yrkanden på sammanträdet", "Yrkanden under sammanträdet"),
    "Yrkande": ("Yrkanden", "Framställda yrkanden"),
    "Propositionsordning": ("Beslutsgång", "Proposition", "Propositioner"),
    "Proposition": ("Beslutsgång", "Propositionsordning"),
    "Beslutsgång": ("Propositionsordning", "Proposition"),
    "Reservationer": ("Reservation",),
    "Reservation": ("Reservationer", "RESERVATION"),
    "Handlingar i ärendet": ("Beslutsunderlag", "Underlag för beslut", "Handlingar"),
    "Beslutsunderlag": ("Handlingar i ärendet", "Underlag för beslut"),
    "Underlag för beslut": ("Handlingar i ärendet", "Beslutsunderlag"),
    "Särskilt uttalande": ("Särskilda uttalanden",),
    "Särskilt yttrande": ("Särskilda yttranden",),
    "Ersättaryttrande": ("Ersättares yttrande", "Ersättaryttranden"),
    "Votering": ("Omröstning", "Omröstningsresultat"),
    "Omröstning": ("Votering", "Voteringsresultat"),
    "Protokollsanteckning": ("Anteckning till protokollet", "Protokollsanteckningar"),
    "Deltar ej i beslutet": ("Deltar inte i beslutet", "Deltar ej"),
    "Jäv": ("Anmälan om jäv",),
    "Beslutsordning": ("Beslutsgång", "Propositionsordning"),
    "Debatt": ("Anföranden", "Överläggning"),
}
"""Headings inside a § and what others print for the same."""


AFTERWARDS = ("Expedieras till", "Beslutet expedieras", "Hur man överklagar", "Bilagor")


_OTHER_HEADINGS = (
    *AFTERWARDS,
    "Ärendet justeras omedelbart",
    "Deltar inte i beslutet",
    "Förslag till beslut",
    "Votering begärs och verkställs",
)


def is_heading(line: str) -> bool:
    text = line.strip()
    return (
        text in SYNONYMS
        or text in _OTHER_HEADINGS
        or bool(re.fullmatch(r"[\w -]{4,40}s (?:beslut|förslag)(?: till kommunfullmäktige)?", text))
    )


def decides(line: str) -> bool:
    """A heading that goes on: "Kommunstyrelsen beslutar", with the clauses on the lines below."""
    return bool(re.fullmatch(r"[A-ZÅÄÖ][\w -]{4,40} (?:beslutar|förslag till kommunfullmäktige)", line.strip()))


def is_prose(line: str) -> bool:
    """Whether a line is running text that a page break may fall into."""
    opens = HEAD.match(line) or is_heading(line) or decides(line) or FURNITURE.search(line)
    return len(line.strip()) > 44 and not opens and not COLUMNS.search(line)


def step_of(text: str) -> int:
    """2 where a blank line stands behind each line of the text, else 1."""
    lines = text.split("\n")
    filled = [i for i, line in enumerate(lines) if line.strip()]
    at_once = sum(b - a == 1 for a, b in zip(filled, filled[1:], strict=False))
    return 2 if at_once < 0.15 * len(filled) else 1


def first_head(lines: list[str]) -> int:
    """The line of the first § behind the cover and its list of contents: heads close together that come again."""
    heads = [(i, match.group()) for i, line in enumerate(lines) if (match := HEAD.match(line))]
    for at, (index, head) in enumerate(heads):
        number = re.sub(r"^.*§\s?", "", head)
        again = any(re.sub(r"^.*§\s?", "", other) == number for _, other in heads[at + 1 :])
        near = any(0 < abs(index - other) <= 2 for other, _ in heads)
        if not (again and near):
            return index
    return len(lines)


def inside_sentences(text: str) -> Iterator[int]:
    """Indexes of lines behind which the same sentence goes on with a small letter on the next line of text."""
    lines, step = text.split("\n"), step_of(text)
    for index in range(first_head(lines), len(lines) - step):
        following = lines[index + step].strip()
        if is_prose(lines[index]) and following[:1].islower() and not POINT.match(following):
            yield index


def insert(text: str, behind: list[int], made: Callable[[int], list[str]]) -> str:
    """The text with some lines put in behind the lines with these indexes."""
    chosen = set(behind)
    result: list[str] = []
    for index, line in enumerate(text.split("\n")):
        result.append(line)
        if index in chosen:
            result += made(index)
    return "\n".join(result)


def some(places: Iterator[int], random: Random, share: float = 0.25) -> list[int]:
    found = list(places)
    return sorted(random.sample(found, max(1, int(len(found) * share)))) if found else []


def replaced(line: str, new: str | None) -> str:
    return line if new is None else line.replace(line.strip(), new)


def each_line(text: str, change: Callable[[str], str], start: int = 0) -> str:
    return "\n".join(change(line) if i >= start else line for i, line in enumerate(text.split("\n")))


def blocks(lines: list[str]) -> Iterator[list[str]]:
    block: list[str] = []
    for line in lines:
        if HEAD.match(line) and block:
            yield block
            block = []
        block.append(line)
    yield block

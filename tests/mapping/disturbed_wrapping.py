"""Running text wrapped to another width: what is a paragraph, and what is a list or a head and stays as it is."""

import re
import textwrap
from random import Random

from tests.mapping.disturbed_lines import (
    COLUMNS,
    FURNITURE,
    HEAD,
    LIST_MARK,
    POINT,
    decides,
    first_head,
    is_heading,
    step_of,
)


def wrapped_at_60(text: str, random: Random) -> str:
    return _rewrapped(text, 60)


def wrapped_at_100(text: str, random: Random) -> str:
    return _rewrapped(text, 100)


def a_line_per_paragraph(text: str, random: Random) -> str:
    return _rewrapped(text, 100_000)


def _rewrapped(text: str, width: int) -> str:
    """Running text under the headings of each § wrapped anew; other lines, and double spaced texts, as they are."""
    lines = text.split("\n")
    result: list[str] = []
    paragraph: list[str] = []

    def close() -> None:
        result.extend(textwrap.wrap(_joined(paragraph), width, break_long_words=False, break_on_hyphens=False))
        paragraph.clear()

    running, first = False, first_head(lines)
    for index, line in enumerate(lines):
        running = running and index >= first and not HEAD.match(line)
        if not (running and paragraph and _goes_on(paragraph[-1], line)):
            close()
        if running and line.strip() and not _stands_alone(line):
            paragraph.append(line.strip() if paragraph else line.rstrip())
        else:
            result.append(line)
        running = running or is_heading(line) or decides(line)
    close()
    return text if step_of(text) == 2 else "\n".join(result)


def _joined(paragraph: list[str]) -> str:
    """The lines as one, words broken at their ends whole again."""
    whole = re.sub(r"(?<=[a-zåäö])- (?=[a-zåäö])(?!och|eller|samt|respektive)", "", " ".join(paragraph))
    return re.sub(r"(?<=\w)- (?=[A-ZÅÄÖ])", "-", whole)


def _stands_alone(line: str) -> bool:
    return is_heading(line) or decides(line) or bool(COLUMNS.search(line) or FURNITURE.search(line))


def _goes_on(before: str, line: str) -> bool:
    """Whether a line of running text goes on with the next."""
    text = line.strip()
    if not text or _stands_alone(line) or LIST_MARK.match(line) or POINT.match(line) or HEAD.match(line):
        return False
    if re.match(r"[A-ZÅÄÖ]{2,5} \d{4}/|\d+ §|Skrivelse ", text) or re.fullmatch(r"[^.]{0,80}\([A-Z]{1,3}\)", text):
        return False
    stopped = re.search(r"[.:?!”\"]\s*$", before)
    return text[0].islower() or (len(before.strip()) > 52 and not stopped)

"""Page furniture: heads and feet of pages, told by what they say, where they stand or how they repeat."""

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Sequence

from mapping.lexicon import anywhere, heading_of, ordered, whole_line
from mapping.text import Line

_HEAD_LINES = 6  # lines with text that a page head may take
_FOOT_LINES = 4
_REACH = 60  # lines around a page mark that may belong to the page head, most of them blank
_PAGE_NUMBER = re.compile(r"\s{15,}\d{1,3}\s*$")


def _undated(text: str) -> str:
    """A line as page heads repeat it: blanks folded, figures alike."""
    return re.sub(r"\d+", "0", " ".join(text.split()))


def _repeated_beside(marks: Sequence[int], lines: Sequence[Line]) -> frozenset[str]:
    """Lines that stand near nearly every page mark: the municipality's own page heads, whatever they say."""
    seen: Counter[str] = Counter()
    for index in marks:
        near: set[str] = set()
        for step in (-1, 1):
            at, texts = index + step, 0
            while 0 <= at < len(lines) and abs(at - index) <= _REACH and texts < _HEAD_LINES:
                stripped = lines[at].text.strip()
                texts += bool(stripped)
                near |= {_undated(stripped)} if stripped else set()
                at += step
        seen.update(near)
    enough = max(4, 0.8 * len(marks))
    return frozenset(text for text, count in seen.items() if count >= enough and not _of_paragraph(text))


def _of_paragraph(text: str) -> bool:
    """Whether a line opens a § or a section of one, or decides something: where every § has a page of its own, they
    stand on nearly every page."""
    if "§" in text:
        return "forts" not in text.lower()
    if heading_of(text) not in (None, "afterwards", "annex"):
        return True
    return text.endswith(".") and any(pattern.search(text) for _, pattern in ordered("outcomes", "outcome"))


def _repeated_at_edges(lines: Sequence[Line], page_starts: Sequence[int]) -> set[int]:
    """The numbers of the lines that stand first, or last, on most pages but the first, row upon row from the edge,
    with other figures at most: heads and feet, whatever they say."""
    if len(page_starts) < 3:
        return set()
    pages: list[list[int]] = [[] for _ in page_starts]
    for i, line in enumerate(lines):
        if line.text.strip():
            pages[max(0, bisect_right(page_starts, line.start) - 1)].append(i)
    edges = [edge for page in pages for edge in (page[:_HEAD_LINES], page[: -_FOOT_LINES - 1 : -1])]
    heads, feet = edges[::2], edges[1::2]
    found: set[int] = set()
    for side in (heads, feet):
        seen = Counter(text for edge in side for text in {_undated(lines[i].text) for i in edge})
        enough = max(3, 0.6 * len(pages))
        for edge in side[1:]:  # the head of the first page belongs to the cover
            for i in edge:
                text = _undated(lines[i].text)
                if seen[text] < enough or _of_paragraph(lines[i].text.strip()):
                    break
                found.add(i)
    return found


def furniture_of(lines: Sequence[Line], placed: frozenset[int], page_starts: Sequence[int] = ()) -> set[int]:
    """The numbers of the lines that are furniture by what they say, by how they repeat where pages begin and end
    (`page_starts`: offsets), or by their place (`placed`: starts of lines)."""
    always = whole_line("furniture", "always")
    mark = anywhere("furniture", "page_mark")
    beside = whole_line("furniture", "beside_page_mark")
    marks = [
        index for index, line in enumerate(lines) if mark.search(line.text.rstrip()) or _PAGE_NUMBER.match(line.text)
    ]
    repeated = _repeated_beside(marks, lines)
    found = {
        i
        for i, line in enumerate(lines)
        if always.match(line.text.replace("|", " ").strip()) or _PAGE_NUMBER.match(line.text)
    }
    found |= {
        i
        for i, line in enumerate(lines)
        if line.start in placed and "§" not in line.text and heading_of(line.text.strip()) is None
    }
    if not placed:
        found |= _repeated_at_edges(lines, page_starts)
    for index in marks:
        found.add(index)
        for step in (-1, 1):
            at = index + step
            while 0 <= at < len(lines) and abs(at - index) <= _REACH:
                stripped = lines[at].text.strip()
                if stripped and at not in found:
                    # page heads are printed letter-spaced at times: "PRO T OK OL L", "202 0-1 1-10"
                    whole = beside.match(stripped) or beside.match(re.sub(r"(?<=\S) (?=\S)", "", stripped))
                    if not whole and _undated(stripped) not in repeated:
                        break
                    found.add(at)
                at += step
    return found

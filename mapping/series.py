"""The series of §: which numbers are missing, between which others, and what in the text may be their heads.

The numbers of the minutes of one meeting run without a break. Where one is missing it is kept secret, stands in
minutes of its own (immediate adjustment), or its head was not recognised: only a person can tell which.
"""

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence

from mapping.records import Gap, Item
from mapping.rows import Layout, Row
from mapping.text import Line, Span

# With a sign or a word for §, also as text recognition leaves it: "§ 12", "KS § 12", "12 §", "& 12", "Paragraf 12".
_SIGNED = re.compile(
    r"(?:[A-ZÅÄÖ][A-Za-zÅÄÖåäö]{0,11}\s{1,3}){0,2}(?:§{1,2}|[&$]|Paragraf|PARAGRAF|Par\.)\s{0,3}(?P<number>\d{1,4})"
    r"(?:/\d{2,4})?(?:\s?[A-Z](?=\s|$))?[.:]?(?=\s|$)\s*(?P<rest>.*)$"
    r"|(?P<first>\d{1,4})\s?§(?=\s|$)\s*(?P<behind>.*)$"
)
_BARE = re.compile(r"(?P<number>\d{1,4})(?:/\d{2})?[.:)]?\s+(?=[A-ZÅÄÖ])")
_CONTENTS = re.compile(r"(?:\.\s?){4,}\s*\d*\s*$|\s{3,}\d{1,3}$")
# What the cover page says of its own series: "Paragrafer §§ 44–52", "§§ 61/20–66/20".
_RANGE = re.compile(
    r"(?:§{1,2}|[Pp]aragraf(?:er(?:na)?)?:?)\s{0,40}§{0,2}\s{0,3}(?P<a>\d{1,4})(?:/\d{2,4})?"
    r"\s{0,3}[-–—]\s{0,3}§?\s{0,3}(?P<b>\d{1,4})(?:/\d{2,4})?(?![\d.]|\s{0,3}§|\s{1,3}(?:i\s|kap|\w{0,30}lag))"
)
_TOLD = re.compile(
    r"(?:^|\s)(?:[Pp]aragraf(?:er)?|PARAGRAF(?:ER)?|Omfattning)\b:?\s{1,40}§{0,2}\s{0,3}(?P<a>\d{1,4})(?:/\d{2,4})?"
    r"\s{0,3}[-–—]\s{0,3}§?\s{0,3}(?P<b>\d{1,4})(?:/\d{2,4})?\s*$"
    r"|^\s*§§\s{0,3}(?P<c>\d{1,4})\s{0,3}[-–—]\s{0,3}(?P<d>\d{1,4})\s*$"
)
_TAIL = 100  # characters of a line of contents that hold its dots and its page
_LONGEST = 400  # numbers: more in one meeting was never seen, so that a longer range is a misprint
_ROW = 3  # heads in a row that make a series
_FAR = 60  # numbers missing at once: more is another series (an ordinance, the year before)


def gaps(page: Layout, items: Sequence[Item]) -> tuple[Gap, ...]:
    """The gaps in the series of the items' §, in their order.

    Beyond the first and the last § a number counts as missing where the cover page or a list of contents names it,
    or where a line that looks like its head stands in the right place. Where no item has a number, the lines that
    look like heads are the gap, if there are some in a row.
    """
    heads = [(int(match.group()), item) for item in items if (match := re.match(r"\d+", item.number or ""))]
    if not heads:
        return tuple(_unrecognised(page.rows))
    found = {number for first, item in heads for number in range(first, _last(item, first) + 1)}
    low, high = min(found), max(found)
    start = min(item.span.start for _, item in heads)
    named = _named(page.rows, start, low, high)
    likely = list(_likely(page.rows))
    named |= set(_beyond(likely, start, max(item.span.start for _, item in heads), low, high))
    wanted = {n for n in {*range(low, high), *named} if low - _FAR <= n <= high + _FAR}
    missing = sorted(wanted - found)
    return tuple(_gap(run, heads, page.rows, likely) for run in _runs(missing))


def paragraphs_told(cover: Iterable[str]) -> frozenset[int]:
    """The numbers of the § that the rows of a cover say that the minutes hold ("Paragrafer 45-47"); none where they
    do not, or say it more than once and not alike. Who was there for which § ("§§ 45-46") is something else."""
    found = (match for text in cover if (match := _TOLD.search(text)))
    told = {(int(match["a"] or match["c"]), int(match["b"] or match["d"])) for match in found}
    if len(told) != 1:
        return frozenset()
    first, last = told.pop()
    return frozenset(range(first, last + 1)) if first <= last < first + _LONGEST else frozenset()


def _last(item: Item, first: int) -> int:
    """The last § that an item is ("§§ 1-2")."""
    match = re.search(r"[-–](\d+)$", item.number or "")
    return int(match[1]) if match else first


def _unrecognised(rows: Sequence[Row]) -> Iterator[Gap]:
    """All the heads of a document of which none was recognised, as one gap."""
    run: list[tuple[int, Line]] = []
    for number, line, signed in _likely(rows):
        if signed and (not run or number == run[-1][0] + 1):
            run.append((number, line))
    if len(run) >= _ROW:
        spans = tuple(_span(line) for _, line in run)
        yield Gap(run[0][0], run[-1][0], None, None, spans[0], spans)


def _named(rows: Sequence[Row], start: int, low: int, high: int) -> set[int]:
    """Numbers that the rows before the first § name: as a range, or as lines of contents."""
    named: set[int] = set()
    for row in rows:
        if row.line.start >= start:
            break
        for match in _RANGE.finditer(row.text):
            first, last = int(match["a"]), int(match["b"])
            if first <= last < first + _LONGEST and first <= high and low <= last:
                named |= set(range(first, last + 1))
        head = _SIGNED.match(row.text)
        if head and _CONTENTS.search(row.line.text[-_TAIL:]):
            named.add(int(head["number"] or head["first"]))
    return named


def _likely(rows: Sequence[Row]) -> Iterator[tuple[int, Line, bool]]:
    """(number, line, whether it has a sign of §) of every line that looks like a head."""
    for row in rows:
        if match := _SIGNED.match(row.text):
            rest = match["rest"] or match["behind"] or ""
            title = not rest[:1].islower() and not _CONTENTS.search(row.line.text[-_TAIL:])
            yield int(match["number"] or match["first"]), row.line, title
        elif match := _BARE.match(row.text):
            yield int(match["number"]), row.line, False


def _beyond(likely: Sequence[tuple[int, Line, bool]], start: int, end: int, low: int, high: int) -> Iterator[int]:
    """Numbers that go on behind the last head, or lead up to the first, each signed and in its place."""
    following = high + 1
    for number, line, signed in likely:
        if line.start > end and signed:
            if number < high:
                break  # another series: an annexed ordinance
            if number == following:
                yield number
                following += 1
    before = low - 1
    for number, line, signed in reversed(likely):
        if line.start < start and signed and number == before:
            yield number
            before -= 1


def _runs(numbers: Sequence[int]) -> Iterator[tuple[int, int]]:
    run: list[int] = []
    for number in numbers:
        if run and number != run[-1] + 1:
            yield run[0], run[-1]
            run = []
        run.append(number)
    if run:
        yield run[0], run[-1]


def _gap(
    run: tuple[int, int],
    heads: Sequence[tuple[int, Item]],
    rows: Sequence[Row],
    likely: Sequence[tuple[int, Line, bool]],
) -> Gap:
    first, last = run
    before = next((item for number, item in heads if number > last), None)
    after = next((item for number, item in reversed(heads) if number < first), None)
    start = after.span.start + 1 if after else 0
    end = before.span.start if before else rows[-1].line.end + 1
    candidates = tuple(
        _span(line) for number, line, _ in likely if first <= number <= last and start <= line.start < end
    )
    near = before or after
    assert near is not None
    starts = [row.line.start for row in rows]
    head = rows[max(0, bisect_right(starts, near.span.start) - 1)].line
    return Gap(
        first, last, after.number if after else None, before.number if before else None,
        candidates[0] if candidates else _span(head), candidates,
    )  # fmt: skip


def _span(line: Line) -> Span:
    start = line.start + len(line.text) - len(line.text.lstrip())
    return Span(start, start + len(line.text.strip()))

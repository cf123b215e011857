"""What became of every line: claimed by a record, ignored by a written rule, or unread."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import fields, is_dataclass
from typing import Any

from mapping.lexicon import heading_of, whole_line
from mapping.records import Account, DocumentRecord, Item, Unread
from mapping.rows import Layout
from mapping.series import gaps
from mapping.text import Span, Text


def _spans(value: Any) -> Iterator[Span]:
    """Every span inside a record; an item's own span says only where it stands, not what was read."""
    if isinstance(value, Span):
        yield value
    elif isinstance(value, tuple | list):
        for part in value:
            yield from _spans(part)
    elif is_dataclass(value) and not isinstance(value, type):
        for each in fields(value):
            if not (isinstance(value, Item) and each.name == "span"):
                yield from _spans(getattr(value, each.name))


# Documents whose running text argues or tells: only their heads, lists and tables carry facts of the model.
_PROSE = ("annual-report", "motion", "interpellation", "official-report")
OPEN_LIST = "vote list of no §"
_IN_SERIES = ("minutes", "minutes-extract", "agenda")


def account_of(
    text: Text,
    page: Layout,
    record: DocumentRecord,
    cover: frozenset[int] = frozenset(),
    tables: Sequence[tuple[int, int]] = (),
    open_lists: Sequence[Span] = (),
) -> Account:
    """`cover`: starts of lines of a cover page that hold labels, signatures and notices; `tables`: stretches
    of a report (start, end) in which every line must be read; `open_lists`: lists of votes that belong to no §."""
    furniture = {line.start for line in page.furniture}
    marks = sorted((span.start, span.end) for span in _spans(record))
    claimed, unread, ignored = 0, list[Unread](), Counter[str]()
    covered = 0
    at = 0
    section: str | None = None
    last_item = max((item.span.end for item in record.items), default=len(text.canonical))
    for row in page.rows:
        line = row.line
        while at < len(marks) and marks[at][0] < line.end:
            covered = max(covered, marks[at][1])
            at += 1
        opened = heading_of(row.text)
        if covered <= line.start and any(listed.start <= line.start < listed.end for listed in open_lists):
            unread.append(Unread(OPEN_LIST, Span(row.start, row.end)))
            continue
        if line.start > last_item:
            ignored["annex"] += 1
            continue
        section = opened or (None if row.text.startswith("§") or "§" in row.text[:8] else section)
        if covered > line.start:
            claimed += 1
        elif opened is not None:
            ignored["heading"] += 1
        elif section in ("afterwards", "annex"):
            ignored[section] += 1
        elif whole_line("furniture", "web_notice").match(row.text):
            ignored["web notice"] += 1
        elif line.start in cover:
            ignored["cover"] += 1
        elif record.kind in _PROSE and not any(start <= line.start < end for start, end in tables):
            ignored["prose"] += 1
        else:
            start = line.start + len(line.text) - len(line.text.lstrip())
            unread.append(Unread("unread", Span(start, start + len(row.text))))
    ignored["furniture"] = len(furniture)
    missing = gaps(page, record.items) if record.kind in _IN_SERIES else ()
    return Account(claimed, tuple(sorted(ignored.items())), tuple(unread), missing)

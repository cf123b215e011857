"""Many documents: read side by side, then made to agree on who is who."""

import datetime
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from itertools import chain
from pathlib import Path
from typing import Any

from mapping.decisions_on_persons import NOTHING
from mapping.document import BASE, Judged, PersonLines, Reading, judge, judge_alone, read, read_again, read_without
from mapping.erased import Erased
from mapping.facts import Places, account
from mapping.formats import bytes_of
from mapping.formats.refusals import Unreadable
from mapping.identity import Decisions, Mention, Resolution, fingerprint, person_quads, resolve
from mapping.limits import Confine, fault, lost, seconds
from mapping.records import Refused
from mapping.side_by_side import Lost, Spread, spread
from mapping.text import Span, Text


@dataclass(frozen=True, slots=True)
class Document:
    """What is kept of a document once it is read: enough to judge it again when its persons are better known.

    `persons` is the fingerprint of the resolution it was judged with; `ignored` the lines left out by rule;
    `unread` the lines nobody could account for: (line number, rule, text, page or None); `account` is of
    `mapping.facts.account`.
    """

    sha256: str
    text: Text
    mentions: tuple[Mention, ...]
    persons: str
    judged: Judged
    claimed: int
    ignored: tuple[tuple[str, int], ...]
    unread: tuple[tuple[int, str, str, int | None], ...]
    account: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Known:
    """A document that conforms by itself: what it says of persons, the resolution it was last judged with,
    and how to get at its text."""

    mentions: tuple[Mention, ...]
    persons: str
    text: Callable[[], Text]
    municipality: str | None


@dataclass(frozen=True, slots=True)
class Agreement:
    """All documents, agreed on their persons: graph/persons, and each document whose graph changed by it,
    with the fingerprint of its resolution. One that violates a shape now is among `rejudged`, not accepted.
    One that could not be judged again is among `refused` alone, and the others are agreed without it."""

    persons: str
    rejudged: dict[str, tuple[Judged, str]]
    refused: dict[str, Refused]


def read_one(
    path: Path, municipality: str | None, base: str = BASE, hold: bool = False, erased: Sequence[Erased] = ()
) -> Document | Refused:
    """Read and judge one file by itself. Whatever goes wrong in reading it is an answer. `hold`: a document with a
    personal number, masked or not, does not conform; `erased`: names to mask."""
    try:
        content = bytes_of(path)
    except Unreadable as unreadable:
        return unreadable.refused
    return read_content(content, municipality, base, hold, erased)


def read_content(
    content: bytes, municipality: str | None, base: str, hold: bool, erased: Sequence[Erased] = ()
) -> Document | Refused:
    """The same of a file's bytes: where the work is done on another machine, which has no such file."""
    return _document(lambda: read(content, municipality, erased), base, hold)


def reread(
    text: Text, sha256: str, municipality: str | None, base: str, hold: bool, erased: Sequence[Erased] = ()
) -> Document | Refused:
    """Read and judge a canonical text by itself, as `read_one` a file."""
    return _document(lambda: read_without(text, sha256, municipality, erased), base, hold)


def _document(reader: Callable[[], Reading | Refused], base: str, hold: bool) -> Document | Refused:
    try:
        reading = reader()
        if isinstance(reading, Refused):
            return reading
        judged = judge_alone(reading, base, hold=hold)
        told = account(reading.record, reading.text)
    except Unreadable as unreadable:
        return unreadable.refused
    except MemoryError:
        raise  # this process is replaced
    except Exception as error:  # a fault of the program with one document is told, and must not stop the others
        return fault(error)
    canonical, lines, places = reading.text.canonical, reading.record.account, Places(reading.text)
    unread = tuple(
        (
            places.line(u.span.start),
            u.reason,
            canonical[u.span.start : u.span.end],
            reading.text.page_of(u.span.start),
        )
        for u in lines.unread
    )
    persons = fingerprint(resolve(reading.mentions), reading.mentions)
    return Document(
        reading.sha256,
        reading.text,
        reading.mentions,
        persons,
        judged,
        lines.claimed,
        lines.ignored,
        unread,
        told,
    )


def read_all(
    paths: Iterable[Path],
    municipality: str | None,
    base: str = BASE,
    jobs: int = 1,
    hold: bool = False,
    erased: Sequence[Erased] = (),
    confine: Confine | None = None,
    elsewhere: Spread | None = None,
) -> Iterator[tuple[Path, Document | Refused]]:
    """Read files in `jobs` processes, each result as it is ready, in no particular order. `hold`, `erased`: as in
    `read_one`. `elsewhere` spreads the work over other machines: then the bytes of a file are sent, and `jobs` is
    theirs to know.

    A file that brings a process down, takes longer than SECONDS or more memory than `confine` leaves, is refused; the
    others are not touched by it.
    """
    if elsewhere is None:
        tasks = ((path, (path, municipality, base, hold, erased)) for path in paths)
        found = spread(read_one, tasks, jobs, seconds=seconds(), confine=confine)
    else:
        unread: dict[Path, Refused] = {}
        contents = ((path, (content, municipality, base, hold, erased)) for path, content in _contents(paths, unread))
        found = chain(elsewhere(read_content, contents, jobs, seconds=seconds()), _pairs(unread))
    for path, result in found:
        yield path, lost(result) if isinstance(result, Lost) else result


def _contents(paths: Iterable[Path], unread: dict[Path, Refused]) -> Iterator[tuple[Path, bytes]]:
    """The bytes of files; where they cannot be had, the reason is added to `unread`."""
    for path in paths:
        try:
            content = bytes_of(path)
        except Unreadable as unreadable:
            unread[path] = unreadable.refused
        else:
            yield path, content


def _pairs(unread: Mapping[Path, Refused]) -> Iterator[tuple[Path, Refused]]:
    yield from unread.items()  # asked for once all files were seen


def agree(
    documents: Mapping[str, Known],
    base: str = BASE,
    jobs: int = 1,
    decisions: Decisions = NOTHING,
    confine: Confine | None = None,
    elsewhere: Spread | None = None,
) -> Agreement:
    """Resolve the persons over all documents, and judge again those whose persons are resolved otherwise now.

    `decisions` of a curator go before what the spellings suggest. A document that violates a shape then leaves, or
    that cannot be judged again, and the rest is resolved without it. `elsewhere`: as in `read_all`.
    """
    left = dict(documents)
    rejudged: dict[str, tuple[Judged, str]] = {}
    refused: dict[str, Refused] = {}
    while True:
        resolution = resolve(tuple(m for sha in sorted(left) for m in left[sha].mentions), decisions)
        persons = person_quads(resolution, base)
        current = {sha: rejudged[sha][1] if sha in rejudged else known.persons for sha, known in left.items()}
        wanted = {sha: fingerprint(resolution, known.mentions) for sha, known in left.items()}
        changed = [sha for sha in sorted(left) if wanted[sha] != current[sha]]
        tasks = ((sha, (text, sha, left[sha].municipality, base)) for sha, text in _texts(left, changed, refused))
        over = elsewhere or spread
        again = over(_again, tasks, jobs, _begin, (resolution, persons), seconds(), confine)
        for sha, judged in again if changed else ():
            if isinstance(judged, Judged):
                rejudged[sha] = (judged, wanted[sha])
            else:
                refused[sha] = lost(judged) if isinstance(judged, Lost) else judged
        for sha in changed:
            if sha in refused:
                rejudged.pop(sha, None)
            if sha in refused or not rejudged[sha][0].accepted:
                del left[sha]
        if all(sha in left for sha in changed):
            return Agreement(persons, rejudged, refused)


def _texts(
    known: Mapping[str, Known], changed: Iterable[str], lost: dict[str, Refused]
) -> Iterator[tuple[str, Text]]:
    """The texts of the changed documents; where one was lost, the reason is added to `lost`."""
    for sha in changed:
        try:
            text = known[sha].text()
        except (OSError, UnicodeDecodeError):
            lost[sha] = Refused(
                "unreadable",
                "Handlingens sparade text i datamappen är borta eller skadad: läs in filen på nytt.",
                "The text kept of the document in the data folder is lost or damaged: ingest the file again.",
            )
        else:
            yield sha, text


def row(document: Document) -> dict[str, Any]:
    """What a ledger keeps of a document, as texts and numbers; the verdict is for the gate to say."""
    return {
        "sha256": document.sha256,
        "format": document.text.format,
        "page_starts": json.dumps(document.text.marks()),
        "mentions": pack(document.mentions),
        "persons": document.persons,
        "conforms": int(document.judged.accepted),
        "claimed": document.claimed,
        "ignored": json.dumps(dict(document.ignored)),
        "unread": json.dumps(document.unread, ensure_ascii=False),
        "account": json.dumps(document.account, ensure_ascii=False),
    }


def recalled(kept: Mapping[str, Any], canonical: Callable[[], str]) -> Known:
    """A document of `row`, with the way to its canonical text."""

    def text() -> Text:
        marks = json.loads(kept["page_starts"])
        marks = {"page_starts": marks} if isinstance(marks, list) else marks  # as a ledger of 0.1 has them
        return Text(canonical(), kept["format"], **{mark: tuple(starts) for mark, starts in marks.items()})

    return Known(unpack(kept["mentions"]), kept["persons"], text, kept["municipality"] or None)


def pack(mentions: Iterable[Mention]) -> str:
    """Mentions as JSON, to be kept until the next document comes."""
    return json.dumps(
        [
            asdict(m)
            | {"date": m.date and m.date.isoformat(), "rosters": sorted(m.rosters)}
            | {"spans": [(span.start, span.end) for span in m.spans]}
            for m in mentions
        ],
        ensure_ascii=False,
    )


def unpack(kept: str) -> tuple[Mention, ...]:
    """The mentions of `pack`."""
    return tuple(
        Mention(
            **m
            | {
                "date": m["date"] and datetime.date.fromisoformat(m["date"]),
                "roles": tuple(m["roles"]),
                "spans": tuple(Span(*span) for span in m["spans"]),
                "rosters": frozenset(m["rosters"]),
            }
        )
        for m in json.loads(kept)
    )


_resolved: list[tuple[Resolution, PersonLines]] = []
"""In a worker process: the resolution that it judges by."""


def _begin(resolution: Resolution, persons: str) -> None:
    _resolved[:] = [(resolution, PersonLines.read(persons))]


def _again(text: Text, sha256: str, municipality: str | None, base: str) -> Judged | Refused:
    try:
        reading = read_again(text, sha256, municipality)
        return reading if isinstance(reading, Refused) else judge(reading, *_resolved[-1], base)
    except MemoryError:
        raise  # this process is replaced
    except Exception as error:  # a fault of the program with one document is told, and must not stop the others
        return fault(error)

"""Many documents: read side by side, then made to agree on who is who."""

import datetime
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from traceback import extract_tb
from typing import Any

from mapping.decisions_on_persons import NOTHING
from mapping.document import BASE, Judged, PersonLines, Reading, judge, judge_alone, read, read_again
from mapping.erased import Erased
from mapping.facts import Places, account
from mapping.identity import Decisions, Mention, Resolution, fingerprint, person_quads, resolve
from mapping.personal_numbers import mask
from mapping.records import Refused
from mapping.side_by_side import Lost, spread
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


SECONDS = 120.0
"""How long one document may take to be read and judged, in seconds by the clock: hundreds of times what the largest
takes. Then its process is ended, and the document refused."""


def read_one(
    path: Path, municipality: str | None, base: str = BASE, hold: bool = False, erased: Sequence[Erased] = ()
) -> Document | Refused:
    """Read and judge one file by itself. Whatever goes wrong in reading it is an answer. `hold`: a document with a
    personal number, masked or not, does not conform; `erased`: names to mask."""
    try:
        data = path.read_bytes()
    except OSError as error:
        return Refused(
            "unreadable", f"Filen går inte att läsa: {error.strerror}.", f"The file cannot be read: {error.strerror}."
        )
    return _document(lambda: read(data, municipality, erased), base, hold)


def reread(text: Text, sha256: str, municipality: str | None, base: str, hold: bool) -> Document | Refused:
    """Read and judge a canonical text by itself, as `read_one` a file."""
    return _document(lambda: read_again(text, sha256, municipality), base, hold)


def _document(reader: Callable[[], Reading | Refused], base: str, hold: bool) -> Document | Refused:
    try:
        reading = reader()
        if isinstance(reading, Refused):
            return reading
        judged = judge_alone(reading, base, hold=hold)
        told = account(reading.record, reading.text)
    except Exception as error:  # a fault of the program with one document is told, and must not stop the others
        return _fault(error)
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


PASSING = ("crash", "too-slow", "unreadable")
"""Reasons for a refusal that may be gone the next time."""


def crashed(detail: str) -> Refused:
    """Why a document is refused on which the program itself failed."""
    return Refused(
        "crash",
        f"Programmet klarade inte av att läsa filen ({detail}). Spara den på nytt som PDF och försök igen, "
        "eller anmäl felet.",
        f"The program broke down reading the file ({detail}). Save it anew as PDF and try again, "
        "or report the fault.",
    )


def _fault(error: Exception) -> Refused:
    last = extract_tb(error.__traceback__)[-1]
    return crashed(mask(f"{type(error).__name__} {Path(last.filename).name}:{last.lineno} {error}"))


def _lost(lost: Lost) -> Refused:
    if lost is Lost.DIED:
        return crashed("process")
    return Refused(
        "too-slow",
        f"Filen avvisades: den tog mer än {SECONDS:g} sekunder att läsa. Dela upp den, eller spara den på nytt "
        "som PDF, och försök igen.",
        f"The file was refused: reading it took more than {SECONDS:g} seconds. Split it, or save it anew as PDF, "
        "and try again.",
    )


def read_all(
    paths: Iterable[Path],
    municipality: str | None,
    base: str = BASE,
    jobs: int = 1,
    hold: bool = False,
    erased: Sequence[Erased] = (),
) -> Iterator[tuple[Path, Document | Refused]]:
    """Read files in `jobs` processes, each result as it is ready, in no particular order. `hold`, `erased`: as in
    `read_one`.

    A file that brings a process down, or takes longer than SECONDS, is refused; the others are not touched by it.
    """
    tasks = ((path, (path, municipality, base, hold, erased)) for path in paths)
    for path, result in spread(read_one, tasks, jobs, seconds=SECONDS):
        yield path, _lost(result) if isinstance(result, Lost) else result


def agree(
    documents: Mapping[str, Known], base: str = BASE, jobs: int = 1, decisions: Decisions = NOTHING
) -> Agreement:
    """Resolve the persons over all documents, and judge again those whose persons are resolved otherwise now.

    `decisions` of a curator go before what the spellings suggest. A document that violates a shape then leaves, or
    that cannot be judged again, and the rest is resolved without it.
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
        for sha, judged in spread(_again, tasks, jobs, _begin, (resolution, persons), SECONDS) if changed else ():
            if isinstance(judged, Judged):
                rejudged[sha] = (judged, wanted[sha])
            else:
                refused[sha] = _lost(judged) if isinstance(judged, Lost) else judged
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
    except Exception as error:  # a fault of the program with one document is told, and must not stop the others
        return _fault(error)

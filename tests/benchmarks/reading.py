"""Reading: from bytes to a judged graph, beside what a bare library or a bare loop needs."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pypdfium2 as pdfium

from mapping.document import BASE, Reading, alone, judge_alone, read
from mapping.formats import read_text
from mapping.records import Refused
from mapping.triples import document_quads
from shapes import load
from tests.benchmarks import generate
from tests.benchmarks.measure import Figure, cpu
from tests.conftest import SAMPLES
from tests.mapping.pdf_forms import two_columns, with_margins

MINUTES_2025 = Path(__file__).parents[3] / "shared/corpus/000_cf49da6b8fe401db.txt"
"""Real minutes of 54 pages, one of them missing; not part of the project."""
PAGES_2025 = 54
SECONDS_2025 = 1.0
PDF_PAGES = 20.0  # a second of one core, from bytes to judged graph


@dataclass(frozen=True, slots=True)
class Source:
    """A document to measure with. `pages`: as printed, None where its text does not tell."""

    name: str
    data: bytes
    pages: int | None = None


def sources() -> list[Source]:
    """The sample documents, and the minutes of 2025 where they are at hand."""
    found = [Source(path.name, path.read_bytes()) for path in sorted(SAMPLES.iterdir())]
    if MINUTES_2025.exists():
        found.append(Source("the minutes of 2025, 54 pages", MINUTES_2025.read_bytes(), PAGES_2025))
    return found


def readings(found: Sequence[Source]) -> list[Reading]:
    """The sources as read. Raises ValueError for one that is refused."""
    return [_read(source) for source in found]


def figures(found: Sequence[Source], runs: int = 5) -> Iterator[Figure]:
    """(a) reading without and with the gate, PDF by the page, and text from PDF; (b) quads from records."""
    load()  # the shapes: start-up, measured with the gate
    samples = [source for source in found if source.pages is None]
    yield _validation("all sample documents", samples, runs)
    for source in found:
        if source.pages is not None:
            yield _validation(source.name, [source], runs)
            yield _whole(source, runs)
    for pages, form in ((30, with_margins), (30, two_columns)):
        yield _pdf(form, pages, runs)
    yield _extraction([source for source in samples if source.data.startswith(b"%PDF")], runs)
    for name, group in (("all sample documents", samples), *((s.name, [s]) for s in found if s.pages is not None)):
        yield _quads(name, group, runs)


def _validation(name: str, group: Sequence[Source], runs: int) -> Figure:
    characters = sum(len(reading.text.canonical) for reading in readings(group))

    def judged() -> None:
        for source in group:
            judge_alone(_read(source))

    def mapped() -> None:
        for source in group:
            _graph(_read(source))

    ours, theirs = cpu(judged, mapped, runs=runs)
    return Figure("reading", f"{name}: bytes to judged graph", ours, characters, "characters", "without gate", theirs)


def _whole(source: Source, runs: int) -> Figure:
    (ours,) = cpu(lambda: judge_alone(_read(source)), runs=runs)
    against = f"{SECONDS_2025:g} s of one core"
    name = f"{source.name}: bytes to judged graph"
    return Figure("reading", name, ours, source.pages or 0, "pages", against, SECONDS_2025, aim=1.0)


def _pdf(form: Callable[[str], bytes], pages: int, runs: int) -> Figure:
    """Invented minutes of at least so many pages, set as PDF."""
    items = 2
    while (count := len(pdfium.PdfDocument(data := form(generate.minutes(0, items=items))))) < pages:
        items *= 2
    source = Source(f"invented minutes as PDF, {form.__name__.replace('_', ' ')}", data, count)
    (ours,) = cpu(lambda: judge_alone(_read(source)), runs=runs)
    against = f"{PDF_PAGES:g} pages/s of one core"
    return Figure(
        "reading", f"{source.name}: bytes to judged graph", ours, count, "pages", against, count / PDF_PAGES, aim=1.0
    )


def _extraction(group: Sequence[Source], runs: int) -> Figure:
    pages = sum(len(pdfium.PdfDocument(source.data)) for source in group)

    def ours() -> None:
        for source in group:
            read_text(source.data)

    def bare() -> None:
        for source in group:
            document = pdfium.PdfDocument(source.data)
            for page in document:
                page.get_textpage().get_text_range()
            document.close()

    mine, theirs = cpu(ours, bare, runs=runs)
    return Figure("reading", "text of the sample PDFs, laid out", mine, pages, "pages", "bare pypdfium2", theirs)


def _quads(name: str, group: Sequence[Source], runs: int) -> Figure:
    read_before = readings(group)
    resolved = [(reading, alone(reading)) for reading in read_before]
    parts = [_parts(_graph(reading)) for reading in read_before]

    def ours() -> None:
        for reading, persons in resolved:
            document_quads(reading.record, reading.text, reading.sha256, BASE, persons)

    def bare() -> None:
        for rows in parts:
            "".join(sorted({f"{s} {p} {o} {g} .\n" for s, p, o, g in rows}))

    mine, theirs = cpu(ours, bare, runs=runs)
    return Figure("quads", f"{name}: document_quads", mine, sum(map(len, parts)), "quads", "bare f-strings", theirs)


def _parts(quads: str) -> list[tuple[str, str, str, str]]:
    rows = []
    for line in quads.splitlines():
        subject, predicate, rest = line.split(" ", 2)
        value, graph, _ = rest.rsplit(" ", 2)
        rows.append((subject, predicate, value, graph))
    return rows


def _graph(reading: Reading) -> str:
    return document_quads(reading.record, reading.text, reading.sha256, BASE, alone(reading))


def _read(source: Source) -> Reading:
    found = read(source.data)
    if isinstance(found, Refused):
        raise ValueError(f"{source.name} is refused: {found.en}")
    return found

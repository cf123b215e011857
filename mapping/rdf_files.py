"""RDF files from outside: parsed and judged by the shapes in processes that may die of them.

RDF/XML is never parsed: some hundred bytes of it make the parser take all memory there is, and what it says can be
said in any of the other formats.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import TypeVar

import pyoxigraph as ox

from mapping.limits import Confine
from mapping.records import Refused
from mapping.side_by_side import Lost, spread
from shapes import Problem, validate

Found = TypeVar("Found")

FORMATS = {
    ".ttl": ox.RdfFormat.TURTLE,
    ".trig": ox.RdfFormat.TRIG,
    ".nt": ox.RdfFormat.N_TRIPLES,
    ".nq": ox.RdfFormat.N_QUADS,
    ".jsonld": ox.RdfFormat.JSON_LD,
}
"""What is read, by the suffix of the file."""

SECONDS = 300.0
"""How long one file may take to be parsed and judged, in seconds of a processor."""


def judged(
    paths: Iterable[Path], beside: Sequence[Path] = (), jobs: int = 1, confine: Confine | None = None
) -> Iterator[tuple[Path, tuple[Problem, ...] | Refused]]:
    """What the shapes say of each file, as each is ready; `beside` are files that these refer to, judged not.

    Those beside that cannot be read come first, each with the reason; the others are judged without them.
    """
    context = ""
    for path, found in _each(quads_of, beside, (), jobs, confine):
        if isinstance(found, Refused):
            yield path, found
        else:
            context += found
    yield from _each(judge, paths, (context,), jobs, confine)


def judge(path: Path, context: str) -> tuple[Problem, ...] | Refused:
    """What the shapes say of a file together with N-Quads that it refers to."""
    quads = quads_of(path)
    if isinstance(quads, Refused):
        return quads
    if not quads:
        return Refused(
            "empty",
            "Filen innehåller inga påståenden: där finns inget att bedöma.",
            "The file holds no statements: there is nothing to judge.",
        )
    try:
        return tuple(validate(quads, context))
    except ValueError as error:  # it is RDF, and holds what the shapes know nothing of: triple terms
        return _unreadable(str(error), str(error))


def quads_of(path: Path) -> str | Refused:
    """An RDF file as N-Quads."""
    form = FORMATS.get(path.suffix.lower())
    if form is None:
        known = " ".join(FORMATS)
        return _unreadable(
            f"filer som slutar på {path.suffix!r} läses inte, och RDF/XML aldrig. Spara den som något av {known}",
            f"files that end in {path.suffix!r} are not read, and RDF/XML never. Save it as one of {known}",
        )
    if not path.is_file():
        return _unreadable("den är ingen vanlig fil", "it is no regular file")
    try:
        quads = ox.parse(path=str(path), format=form, base_iri=path.resolve().as_uri())
        return (ox.serialize(quads, format=ox.RdfFormat.N_QUADS) or b"").decode("utf-8")
    except (SyntaxError, OSError, ValueError) as error:
        return _unreadable(str(error), str(error))


def _each(
    work: Callable[..., Found],
    paths: Iterable[Path],
    given: tuple[object, ...],
    jobs: int,
    confine: Confine | None,
) -> Iterator[tuple[Path, Found | Refused]]:
    tasks = ((path, (path, *given)) for path in paths)
    for path, found in spread(work, tasks, jobs, seconds=SECONDS, confine=confine):
        if isinstance(found, Lost):
            yield (
                path,
                _unreadable(
                    f"den är nästlad utan ände, eller tar mer minne eller tid ({SECONDS:g} s) än som är tillåtet",
                    f"it is nested without end, or takes more memory or time ({SECONDS:g} s) than is allowed",
                ),
            )
        else:
            yield path, found


def _unreadable(sv: str, en: str) -> Refused:
    return Refused("unreadable", f"Det är ingen läsbar RDF-fil: {sv}.", f"This is no readable RDF file: {en}.")

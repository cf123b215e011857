"""What is asked of the query processes, and what comes back: a whole result, or a failure that says why."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO, Any

from server import frames


class QueryFailed(Exception):
    """A query has no result. `kind` says why; nothing of the result has left.

    syntax (line, column, message) · dataset (message) · refused (what: update, service) · not-acceptable (form) ·
    too-long · timeout (seconds) · crash (too much memory, or too deep) · too-large (bytes) · busy ·
    unavailable (nothing is published) · engine (message: the store cannot be read).
    """

    def __init__(self, kind: str, **details: Any) -> None:
        super().__init__(f"{kind} {details}" if details else kind)
        self.kind = kind
        self.details = details


@dataclass(frozen=True, slots=True)
class Query:
    """One query. `results` and `graphs` name the formats to use for rows (or a boolean) and for a graph."""

    text: str
    results: str | None = "json"
    graphs: str | None = "turtle"
    default: tuple[str, ...] = ()
    named: tuple[str, ...] = ()
    seconds: float | None = None
    rows: int | None = None  # give plain rows for our own pages, so many at most, instead of a format


@dataclass(frozen=True, slots=True)
class Outcome:
    """A whole result: form is "solutions", "boolean" or "graph"; `version` is that of the data."""

    form: str
    format: str | None
    version: str
    length: int
    pieces: tuple[bytes, ...]
    spilled: IO[bytes] | None

    def body(self) -> Iterator[bytes]:
        """The serialised result in pieces; to be read once."""
        yield from self.pieces
        if self.spilled:
            with self.spilled as file:
                while piece := file.read(frames.SIZE):
                    yield piece


@dataclass(frozen=True, slots=True)
class Term:
    kind: str  # iri, literal, blank, triple
    value: str
    language: str | None = None
    datatype: str | None = None


@dataclass(frozen=True, slots=True)
class Rows:
    """A result as values; `more` tells that there were more rows than asked for."""

    variables: tuple[str, ...]
    rows: tuple[tuple[Term | None, ...], ...]
    more: bool
    boolean: bool | None
    form: str

"""What is asked of an engine, and what comes back: a result that is whole or arrives still, or why there is none."""

import logging
from collections.abc import AsyncGenerator, Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol


class QueryFailed(Exception):
    """A query has no result, or none that is whole. `kind` says why.

    syntax (line, column, message, undeclared: prefixes) · dataset (message) · function (function: its IRI; line,
    column) · refused (what: update, service) · not-acceptable (form) · unwritable (form, format, holds: what the
    format cannot hold, value: which; see server.processes.writable) · too-long (bytes) · too-deep (depth) ·
    too-many-parallel, too-much-time, too-many-errors (wait) · timeout (seconds) · crash (too much memory, or too
    deep) · too-large (bytes, or disk: that for large results is full, or unread: the client has its share of it) ·
    busy · abandoned (the client left) · unavailable (nothing is published) · unreachable (the engine elsewhere does
    not answer) · engine (message: the store cannot be read).
    """

    def __init__(self, kind: str, **details: Any) -> None:
        super().__init__(f"{kind} {details}" if details else kind)
        self.kind = kind
        self.details = details
        self.seconds = 0.0  # that it had a query process

    @property
    def reason(self) -> str:
        """Why, as clients and operators are told: its kind, or "disk" or "unread"."""
        return next((each for each in ("disk", "unread") if self.details.get(each)), self.kind)


def no_room(error: OSError) -> QueryFailed:
    """The failure of a result that could not be put on disk."""
    logging.getLogger("kommungraf").error("a large result was not kept on disk: %s", error)
    return QueryFailed("too-large", disk=True)


@dataclass(slots=True)
class Query:
    """One query. `results` and `graphs` name the formats to use for rows (or a boolean) and for a graph."""

    text: str
    results: str | None = "json"
    graphs: str | None = "turtle"
    default: tuple[str, ...] = ()
    named: tuple[str, ...] = ()
    seconds: float | None = None
    rows: int | None = None  # give plain rows for our own pages, so many at most, instead of a format
    cut: int | None = None  # of plain rows: characters of a value beyond which it is cut; None: it is whole
    coding: str | None = None  # the content coding (RFC 9110, 8.4.1) that a large result may have: gzip, zstd
    client: str | None = None  # who asks; None: this program itself
    context: str | None = None  # the address of the context with which JSON-LD is compacted; None: it is expanded


@dataclass(frozen=True, slots=True)
class Limits:
    """What one query may use: time in seconds, memory and the size of its result in bytes.

    `parallel` is how many queries of one client run at a time, others of it wait (None: half the processes);
    `patience` how many seconds a query waits for a free process.
    """

    seconds: float = 10.0
    most_seconds: float = 60.0  # what a query may ask for at most
    memory: int = 2 * 2**30  # of address space of one query process, its stack not counted
    result: int = 256 * 2**20  # of one serialised result
    query: int = 64 * 1024  # of one query's text
    parallel: int | None = None
    patience: float = 10.0


class Streamed(Protocol):
    """A body that is sent in pieces as they come; `abandon`: nobody wants the rest, or all of it was read."""

    def body(self) -> AsyncGenerator[bytes, None]: ...

    def abandon(self) -> None: ...


class Answer(Protocol):
    """A result. `form` is "solutions", "boolean" or "graph", `format` the name of its format, `version` that of the
    data, `coding` the content coding it has; `fixed` whether asking again gives the same, as NOW() and RAND() do not.

    `whole` is the serialised result where it is all there, else None: then `body` gives it in pieces as they arrive,
    and raises QueryFailed where the rest will not come. Once the engine is done with it, `failure` says whether it
    was stopped, `length` how many bytes there are, and `seconds` what it cost: time of a processor, or, where it was
    stopped, the time it had a query process.
    """

    form: str
    format: str | None
    version: str
    coding: str | None
    fixed: bool
    seconds: float
    length: int
    failure: QueryFailed | None

    @property
    def whole(self) -> bytes | None: ...

    def body(self) -> AsyncGenerator[bytes, None]: ...

    def then(self, told: Callable[[], None]) -> None:
        """Call this when the engine is done with it, at once where it is."""

    async def settled(self) -> None:
        """Wait until the engine is done with it. Raises QueryFailed where it was stopped."""

    def abandon(self) -> None:
        """Nobody wants the rest, or all of it was read: the engine may stop, and what it holds is let go."""


class Engine(Protocol):
    """Something that answers SPARQL queries: the query processes of server.processes.pool, or a service elsewhere.

    `prefixes` are those of Turtle answers and of suggestions; `endpoint` is the IRI that relative IRIs in queries
    are resolved against.
    """

    prefixes: Mapping[str, str]
    endpoint: str | None
    limits: Limits
    size: int  # how many queries it runs at a time
    replaced: int  # how many times it had to begin anew

    @property
    def idle(self) -> int:
        """How many more queries it could run now."""

    @property
    def standby(self) -> int:
        """How many more processes there are, for those that a query ends."""

    async def start(self) -> None:
        """Get ready. Raises QueryFailed where that is not possible."""

    async def run(self, query: Query) -> Answer:
        """Answer a query: returns once the result is whole or too large to be held. Raises QueryFailed."""

    async def rows(self, query: Query) -> "Rows":
        """A query's result as values, at most so many rows as `query.rows` says. Raises QueryFailed."""

    async def close(self) -> None:
        """Let go of everything."""


@dataclass(frozen=True, slots=True)
class Term:
    kind: str  # iri, literal, blank, triple
    value: str
    language: str | None = None
    datatype: str | None = None
    cut: bool = False  # the value is the beginning of a longer one


@dataclass(frozen=True, slots=True)
class Rows:
    """A result as values; `more` tells that there were more rows than asked for."""

    variables: tuple[str, ...]
    rows: tuple[tuple[Term | None, ...], ...]
    more: bool
    boolean: bool | None
    form: str
    seconds: float = 0.0  # as of an Answer

    @property
    def cut(self) -> bool:
        """Whether a value is the beginning of a longer one."""
        return any(term is not None and term.cut for row in self.rows for term in row)

    @staticmethod
    def read(found: Mapping[str, Any], form: str, seconds: float = 0.0) -> "Rows":
        """Those of plain values, as server.processes.evaluation.rows makes them."""
        table = tuple(tuple(None if term is None else Term(*term) for term in row) for row in found["rows"])
        return Rows(tuple(found["variables"]), table, found["more"], found["boolean"], form, seconds)

"""From what an engine elsewhere answered to a result of ours: read whole, then written anew in the format asked for.

So a result that was cut, or is no result at all, is noticed before anything leaves, and no engine's oddities get out.
"""

import json
from collections.abc import Callable, Mapping
from contextlib import suppress
from io import BufferedIOBase
from tempfile import SpooledTemporaryFile
from typing import IO, Any, Final, TypeVar

import pyoxigraph as ox

from server.asking import QueryFailed
from server.processes import evaluation

Done = TypeVar("Done")
IN_MEMORY: Final = 4 * 2**20  # bytes of a result above which it waits on disk
LINE: Final = 2**16  # bytes of a line that are looked at together
ACCEPTED: Final = {
    "solutions": "application/sparql-results+json",
    "boolean": "application/sparql-results+json",
    "graph": "application/n-triples",
}
MEDIA_TYPES: Final = {
    "solutions": frozenset({"application/sparql-results+json", "application/json"}),
    "boolean": frozenset({"application/sparql-results+json", "application/json"}),
    "graph": frozenset({"application/n-triples", "text/plain", "text/ntriples"}),
}
_TRUE: Final = b'"datatype": "http://www.w3.org/2001/XMLSchema#boolean", "value": "%s"'


def drop(spooled: IO[bytes]) -> None:
    """Let go of a place for a result, also where the disk does not take what is still to be written."""
    with suppress(OSError):
        spooled.close()


class Broken(Exception):
    """What the engine sent is no whole result."""


def spool() -> IO[bytes]:
    """A place for a result: in memory while small, else on disk; gone when it is closed, by whoever reads it."""
    return SpooledTemporaryFile(IN_MEMORY)


def written(
    received: IO[bytes], form: str, name: str, prefixes: Mapping[str, str], context: str | None = None
) -> IO[bytes]:
    """The result in the format `name`, at its beginning; JSON-LD compacted where the address of a context is given.
    Raises Broken, QueryFailed, and OSError where the disk is full. To be run in a thread: it may take long."""
    made = spool()
    try:
        _whole(lambda: evaluation.write(opened(received, form), form, name, dict(prefixes), context, made))
        made.seek(0)  # writes what is held still
    except (Broken, OSError, QueryFailed):
        drop(made)
        raise
    return made


def rows(received: IO[bytes], form: str, limit: int, cut: int | None = None) -> dict[str, Any]:
    """At most `limit` rows, as server.processes.evaluation.rows gives them. Raises Broken and QueryFailed."""
    return _whole(lambda: evaluation.rows(opened(received, form), limit, cut))


def _whole(work: Callable[[], Done]) -> Done:
    """What was done. Raises Broken, QueryFailed and OSError, which hold nothing of the engine's: its readers must end
    in their own thread."""
    failure: Exception
    try:
        return work()
    except evaluation.Refusal as refusal:
        failure = QueryFailed(**refusal.failure)
    except (SyntaxError, ValueError) as error:
        failure = Broken(str(error)[:300])
    except OSError as error:
        failure = OSError(error.errno, error.strerror)
    raise failure


def opened(received: IO[bytes], form: str) -> Any:
    """What was received: solutions, a boolean, or an iterator of triples. Raises SyntaxError and ValueError."""
    received.seek(0)
    if form == "graph":
        return (quad.triple for quad in ox.parse(received, format=ox.RdfFormat.N_TRIPLES))
    reader: Any = _Standard(received)
    found = ox.parse_query_results(reader, format=ox.QueryResultsFormat.JSON)
    if form == "boolean" and isinstance(found, ox.QuerySolutions):
        return _boolean(found)
    if isinstance(found, ox.QueryBoolean) != (form == "boolean"):
        raise ValueError("a result of another form than the query's")
    return found


def _boolean(found: ox.QuerySolutions) -> Any:
    """Virtuoso 7.2.5 answers ASK with a table of one variable, __ASK_RETVAL: no row for false."""
    if [variable.value for variable in found.variables] != ["__ASK_RETVAL"]:
        raise ValueError("rows for an ASK")
    values = [row[0] for row in found]
    true = bool(values) and isinstance(values[0], ox.Literal) and values[0].value not in {"0", "false"}
    return ox.parse_query_results(json.dumps({"head": {}, "boolean": true}), format=ox.QueryResultsFormat.JSON)


class _Standard(BufferedIOBase):
    """Results in JSON, a line at a time: a boolean that is written 1 or 0 (Virtuoso) is written true or false.

    The pattern holds unescaped quotation marks, so it never stands inside a value; Virtuoso ends each row's line.
    """

    def __init__(self, source: IO[bytes]) -> None:
        super().__init__()
        self.source = source
        self.held = b""

    def read(self, size: int | None = -1, /) -> bytes:
        wanted = float("inf") if size is None or size < 0 else size
        parts, length = [self.held], len(self.held)
        while length < wanted and (line := self.source.readline(LINE)):
            if b"#boolean" in line:
                line = line.replace(_TRUE % b"1", _TRUE % b"true").replace(_TRUE % b"0", _TRUE % b"false")
            parts.append(line)
            length += len(line)
        whole = b"".join(parts)
        cut = len(whole) if wanted == float("inf") else int(wanted)
        self.held = whole[cut:]
        return whole[:cut]

    def readable(self) -> bool:
        return True

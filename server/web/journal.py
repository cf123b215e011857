"""What happened, one line of JSON each (RFC 8259, in ASCII) on standard error, and nothing about persons.

A query is known by the first half of its SHA-256 and its length, a client by its shortened network. No text that a
client sent is written, but for slow queries where the operator asks for it, and then with all that stands in them as
data blanked out: strings, long numbers and comments. Names of things (IRIs) stay.
"""

import hashlib
import json
import logging
import os
import re
import threading
import time
import traceback
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import lru_cache
from itertools import groupby
from typing import Any, Final

from server.sparql import query_text

MOST_TEXT: Final = 4000  # characters of a blanked query
MOST_MESSAGE: Final = 500  # characters of what a library says
BLANK: Final = "…"
_OPEN: Final = re.compile(
    r"""(?s:(?!(?:'{3}(?:'{0,2}(?:[^'\\]|\\.))*'{3}|"{3}(?:"{0,2}(?:[^"\\]|\\.))*"{3})\Z))"""
    r"""(?s:(?!(?:'(?:[^'\\\n\r]|\\.)*'|"(?:[^"\\\n\r]|\\.)*")\Z))"""
)
"""A string that nobody closes (SPARQL 1.1, 19.8: STRING_LITERAL1, 2, LONG1, LONG2)."""
GATHERED: Final = 0.2  # seconds for which lines are gathered
MOST_UNREAD: Final = 8 * 2**20  # bytes of lines that wait for somebody to take them
LAST: Final = 2.0  # seconds for the last lines to be taken
LONG_NUMBER: Final = 5  # digits: a telephone number or a personal number, no LIMIT and no year

Write = Callable[[bytes], object]


@dataclass(slots=True)
class Asked:
    """A query and what came of it. `outcome` as in server.web.metrics; `bytes` of the result as it was sent."""

    text: str
    outcome: str
    status: int
    seconds: float  # of a processor; of a stopped query: that it had a query process
    bytes: int = 0
    rows: int | None = None  # None: not counted
    format: str | None = None
    cached: bool = False
    _facts: str | None = None

    def facts(self) -> str:
        """All of it but the query's own text, as the members of a JSON object."""
        if self._facts is None:
            encoded = self.text.encode("utf-8", "surrogatepass")
            self._facts = (
                f'"query": "{digest(encoded)}", "length": {len(encoded)}, "outcome": {_string(self.outcome)}, '
                f'"status": {self.status}, "seconds": {self.seconds:.6f}, "bytes": {self.bytes}, '
                f'"rows": {"null" if self.rows is None else self.rows}, "format": {_string(self.format)}, '
                f'"cached": {"true" if self.cached else "false"}'
            )
        return self._facts


def to_standard_error(line: bytes) -> None:
    """Write a line whole: one system call, so that lines of several processes do not mix."""
    with suppress(OSError):  # its reader is gone or its disk is full: queries are answered all the same
        os.write(2, line)


class Gathered:
    """Lines written by a thread of their own: whoever reads them may be slow, or not read at all, and clients are
    answered all the same. What nobody takes is dropped beyond MOST_UNREAD bytes, and how many lines is told."""

    def __init__(self, write: Write = to_standard_error) -> None:
        self._write = write
        self._lines: list[bytes] = []
        self._one = threading.Lock()
        self._some = threading.Event()
        self._closed = False
        self._unread = 0
        self._dropped = 0
        self._thread = threading.Thread(target=self._work, daemon=True)
        self._thread.start()

    def __call__(self, line: bytes) -> None:
        if self._unread > MOST_UNREAD:
            self._dropped += 1
            return
        with self._one:
            self._unread += len(line)
            self._lines.append(line)
        if len(self._lines) == 1:
            self._some.set()

    def close(self) -> None:
        """Write what is left, as far as somebody takes it."""
        self._closed = True
        self._some.set()
        self._thread.join(LAST)

    def _work(self) -> None:
        while not self._closed or self._lines:
            self._some.wait()
            if not self._closed:
                time.sleep(GATHERED)  # to write each by itself costs more than to make it
            self._some.clear()
            with self._one:
                lines, self._lines = self._lines, []  # all at once: a step for each line would keep clients waiting
            taken = b"".join(lines)
            with self._one:
                self._unread -= len(taken)
                dropped, self._dropped = self._dropped, 0
            if dropped:
                taken += _line({"time": now(), "level": "warning", "event": "dropped", "lines": dropped})
            if taken:
                self._write(taken)


@dataclass(frozen=True, slots=True)
class Journal:
    """Where lines go (`write` gets each with its line feed), and which queries count as slow."""

    write: Write = to_standard_error
    slow_seconds: float | None = 1.0  # None or 0: none
    slow_text: bool = False  # write the blanked text of slow queries

    def request(self, route: str, method: str, status: int, seconds: float, length: int, client: str) -> None:
        """A request without a query was answered with so many bytes; `client` is the shortened address."""
        facts: dict[str, Any] = {"route": route, "method": method, "status": status, "seconds": round(seconds, 6)}
        self.event("request", **facts, bytes=length, client=client)

    def query(self, asked: Asked, client: str) -> None:
        """A request with a query was answered; one that was slow is told twice, the second time as a warning."""
        rest = f'{asked.facts()}, "client": {_string(client)}'
        line = f'{{"time": "{now()}", "level": "info", "event": "query", {rest}}}\n'
        self.write(line.encode("ascii"))
        if self.slow_seconds and asked.seconds >= self.slow_seconds:
            facts = json.loads(f"{{{rest}}}")
            if self.slow_text and asked.outcome != "syntax":  # what cannot be read cannot be blanked either
                facts["text"] = blanked(asked.text)
            self.event("slow-query", "warning", **facts)

    def event(self, event: str, level: str = "info", **facts: Any) -> None:
        """Anything else that happened; `facts` must not be about persons."""
        self.write(_line({"time": now(), "level": level, "event": event, **facts}))


class Lines(logging.Formatter):
    """What libraries log, as lines of the same kind: where an exception was raised, never what it held."""

    def format(self, record: logging.LogRecord) -> str:
        facts = {"time": now(), "level": record.levelname.lower(), "event": "log", "logger": record.name}
        message = str(record.msg) if record.exc_info else record.getMessage()
        facts["message"] = message.partition("\n")[0][:MOST_MESSAGE]  # asyncio shows the exception's values below
        if record.exc_info and record.exc_info[0]:
            kind, _, trace = record.exc_info
            facts["exception"] = kind.__qualname__
            facts["raised"] = " < ".join(
                f"{at.name}:{at.lineno}" for at in reversed(traceback.extract_tb(trace, -20))
            )
        return _line(facts).decode("ascii").rstrip("\n")


def now() -> str:
    """The time, RFC 3339 in UTC with milliseconds."""
    whole, part = divmod(time.time(), 1)
    return f"{_second(int(whole))}.{int(part * 1000):03}Z"


@lru_cache(maxsize=2)
def _second(seconds: int) -> str:
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%S")


@lru_cache(maxsize=512)
def _string(value: str | int | None) -> str:
    """A value as JSON."""
    return json.dumps(value, ensure_ascii=True)


def digest(query: bytes) -> str:
    """What a query is known by: 32 hexadecimal digits, as `sha256sum | cut -c-32` gives them."""
    return hashlib.sha256(query).hexdigest()[:32]


def blanked(query: str) -> str | None:
    """A query without what stands in it as data; None where the ends of its strings cannot be told for certain."""
    pieces: list[str] = []
    end, previous = 0, ""
    for numeric, group in groupby(query_text.tokens(query), _numeric):
        found = list(group)
        if numeric and sum(token.text.isdigit() for token in found) >= LONG_NUMBER:
            found = [replace(found[0], text=BLANK, end=found[-1].end)]
        for token in found:
            if token.kind == "string" and _OPEN.match(token.text):
                return None
            if token.kind == "other" and token.text in "\"'\\":
                return None  # an open string, or an escape (SPARQL 1.1, 19.2) that may be a quotation mark
            if token.start == end and previous == "string" and token.kind in ("string", "word", "name"):
                return None  # the rest of a long string that is open
            pieces.append(" " if pieces and token.start > end else "")
            pieces.append(_blanked(token))
            end, previous = token.end, token.kind
    return "".join(pieces)[:MOST_TEXT]


def _numeric(token: query_text.Token) -> bool:
    return token.kind == "other" and (token.text.isdigit() or token.text in "+-.")


def _blanked(token: query_text.Token) -> str:
    if token.kind == "string":
        return f'"{BLANK}"'
    if token.kind == "iri" and "'" in token.text:
        return f"<{BLANK}>"  # ?a<'x'&&?b>'y': some engines read two comparisons with strings here
    return token.text


def _line(facts: dict[str, Any]) -> bytes:
    return (json.dumps(facts, ensure_ascii=True) + "\n").encode("ascii")

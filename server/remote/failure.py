"""What an engine elsewhere said instead of a result, as a failure of ours."""

import re
from typing import Final

from server.asking import QueryFailed

MOST: Final = 4096  # bytes of such an answer that are read
TEXTS: Final = frozenset({"text/plain", "application/json", "application/problem+json"})
STOPPED: Final = re.compile(r"S1TAT|estimated execution time|time-?out|timed out", re.IGNORECASE)
LINE: Final = re.compile(r"\bline:? (\d+)", re.IGNORECASE)
COLUMN: Final = re.compile(r"\bcolumn:? (\d+)", re.IGNORECASE)
BOTH: Final = re.compile(r"^error at (\d+):(\d+): ")  # the Oxigraph server


def of(status: int, media_type: str, start: bytes, seconds: float) -> QueryFailed:
    """The failure that a status and the beginning of a body tell of. A page of HTML is never passed on."""
    said = _said(media_type, start)
    if status in {408, 504} or status >= 500 and STOPPED.search(start.decode("utf-8", "replace")):
        return QueryFailed("timeout", seconds=seconds)
    if status == 400:
        line, column = _place(said)
        message = BOTH.sub("", said) or "it is no valid query"
        return QueryFailed("syntax", line=line, column=column, message=message)
    if status in {429, 503}:
        return QueryFailed("busy")
    if 300 <= status < 400:
        return QueryFailed("engine", message=f"the engine sends its askers elsewhere ({status})")
    return QueryFailed("engine", message=f"the engine answered {status}: {said}".rstrip(": "))


def _place(said: str) -> tuple[int, int] | tuple[None, None]:
    if both := BOTH.search(said):
        return int(both[1]), int(both[2])
    line, column = LINE.search(said), COLUMN.search(said)
    return (int(line[1]), int(column[1])) if line and column else (None, None)


def _said(media_type: str, start: bytes) -> str:
    if media_type not in TEXTS:
        return ""
    text = start.decode("utf-8", "replace").partition("SPARQL query:")[0]
    return " ".join(text.split())[:500]

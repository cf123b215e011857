"""Where a key stands in a TOML file, which tomllib does not tell of values."""

import re
import tomllib
from pathlib import Path
from typing import Final

_TABLE: Final = re.compile(r"\s*\[\[?\s*([^\]]+?)\s*\]\]?")
_ENTRY: Final = re.compile(r"""\s*((?:[\w-]+|"[^"]*"|'[^']*')(?:\s*\.\s*(?:[\w-]+|"[^"]*"|'[^']*'))*)\s*=""")
_PART: Final = re.compile(r"""[\w-]+|"[^"]*"|'[^']*'""")


def line_of(text: str, key: tuple[str, ...]) -> int:
    """The line of a key, or of the innermost thing around it that stands in the text; 1 where nothing does."""
    best, line_found, inside = 0, 1, ""
    table: tuple[str, ...] = ()
    for number, line in enumerate(text.splitlines(), 1):
        if inside:
            inside = "" if inside in line else inside
            continue
        path: tuple[str, ...] = ()
        if header := _TABLE.match(line):
            path = table = _parts(header[1])
        elif entry := _ENTRY.match(line):
            path = (*table, *_parts(entry[1]))
            opened = [quotes for quotes in ('"""', "'''") if line.count(quotes) % 2]
            inside = opened[0] if opened else ""
        if len(path) > best and key[: len(path)] == path:
            best, line_found = len(path), number
    return line_found


def line_of_error(error: ValueError, path: Path) -> int:
    """The line at which a file is no TOML in UTF-8, as the error of reading it tells."""
    if isinstance(error, UnicodeDecodeError):
        return error.object[: error.start].count(b"\n") + 1
    assert isinstance(error, tomllib.TOMLDecodeError)
    told = re.search(r"line (\d+)", str(error))
    return int(told[1]) if told else path.read_text("utf-8").count("\n") + 1


def _parts(dotted: str) -> tuple[str, ...]:
    return tuple(part.strip("\"'") for part in _PART.findall(dotted))

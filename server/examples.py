"""The example queries: server/queries/*.rq, with titles and descriptions in their comment headers."""

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

FOLDER: Final = Path(__file__).parent / "queries"
_HEADER: Final = re.compile(r"#\s*(title|description)-(sv|en):\s*(.*)")


@dataclass(frozen=True, slots=True)
class Example:
    """A query file: `text` is the query without the header."""

    name: str
    title: dict[str, str]
    description: dict[str, str]
    text: str


@cache
def examples(folder: Path = FOLDER) -> tuple[Example, ...]:
    """All example queries, in the order of their file names."""
    return tuple(read(path) for path in sorted(folder.glob("*.rq")))


def read(path: Path) -> Example:
    """One example query; where a title is missing the file's name stands for it."""
    fields: dict[str, dict[str, str]] = {"title": {}, "description": {}}
    body: list[str] = []
    last: tuple[str, str] | None = None
    for line in path.read_text("utf-8").splitlines():
        match = _HEADER.match(line)
        if match and not body:
            last = (match[1], match[2])
            fields[match[1]][match[2]] = match[3].strip()
        elif line.startswith("#") and last and not body:
            fields[last[0]][last[1]] += " " + line.lstrip("# ").strip()
        else:
            body.append(line)
    for language in ("sv", "en"):
        fields["title"].setdefault(language, path.stem)
        fields["description"].setdefault(language, "")
    return Example(path.stem, fields["title"], fields["description"], "\n".join(body).strip() + "\n")

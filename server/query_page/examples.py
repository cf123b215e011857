"""The example queries: server/queries/*.rq, with what a page tells of them in their comment headers.

# title-sv: …  title-en: …  description-sv: …  description-en: …
# needs: kg:VoteEvent kg:Meeting          classes without which there is nothing to find
# types: year=gYear                       what an UNDEF stands for, where its name does not tell (KINDS)
# sample: ?x a kg:Meeting …               a pattern that binds the parameters to what a graph has
# parameters: year=år / year (UNDEF: alla / any); …

What the graph has in both languages, the labels of concepts and the reasons of problems, a file asks for in Swedish:
LANG(?label) = "sv", LANG(?reason) != "en"; `in_language` asks for it in the other. Names are asked for as they are.
"""

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

FOLDER: Final = Path(__file__).parents[1] / "queries"
_HEADER: Final = re.compile(r"#\s*(title-sv|title-en|description-sv|description-en|needs|types|sample):\s*(.*)")
_SAID: Final = re.compile(r'(LANG\(\?\w+\) = |LANG\(\?reason\) != )"(?:sv|en)"')
_PARAMETERS: Final = re.compile(r"^# parameters: (.*)$", re.MULTILINE)
_PARAMETER: Final = re.compile(r"(\w+)=(.*?) / (.*?)(?: \((UNDEF)[^)]*\))?\Z")
KINDS: Final = {
    "bodyName": "sv",
    "year": "integer",
    "date": "date",
    "paragraph": "integer",
    "since": "dateTime",
    "fact": "iri",
}
"""What is meant by the values of a parameter: a text in Swedish, a datatype of XML Schema, an IRI; else a string."""


@dataclass(frozen=True, slots=True)
class Parameter:
    """A VALUES of a query that a reader fills in. `kind`: as in KINDS; `optional`: may be left empty (UNDEF)."""

    name: str
    label: dict[str, str]
    kind: str
    optional: bool


@dataclass(frozen=True, slots=True)
class Example:
    """A query file: `text` is the query without the header, `needs` prefixed names of classes."""

    name: str
    title: dict[str, str]
    description: dict[str, str]
    text: str
    parameters: tuple[Parameter, ...] = ()
    needs: tuple[str, ...] = ()
    sample: str = ""


@cache
def examples(folder: Path = FOLDER) -> tuple[Example, ...]:
    """All example queries, in the order of their file names."""
    return tuple(read(path) for path in sorted(folder.glob("*.rq")))


def named(name: str | None) -> Example | None:
    """The example of this name, or None."""
    return next((each for each in examples() if each.name == name), None)


def in_language(text: str, language: str) -> str:
    """The query of an example, asking for what the graph has in both languages in this one, "sv" or "en"."""
    other = "sv" if language == "en" else "en"
    return _SAID.sub(lambda found: f'{found[1]}"{other if "!=" in found[1] else language}"', text)


def read(path: Path) -> Example:
    """One example query; where a title is missing the file's name stands for it."""
    fields: dict[str, str] = {}
    body: list[str] = []
    last = ""
    for line in path.read_text("utf-8").splitlines():
        match = _HEADER.match(line)
        if match and not body:
            last = match[1]
            fields[last] = match[2].strip()
        elif line.startswith("#") and last and not body:
            fields[last] += " " + line.lstrip("# ").strip()
        else:
            body.append(line)
    text = "\n".join(body).strip() + "\n"
    return Example(
        path.stem,
        {language: fields.get(f"title-{language}", path.stem) for language in ("sv", "en")},
        {language: fields.get(f"description-{language}", "") for language in ("sv", "en")},
        text,
        _parameters(text, fields.get("types", "")),
        tuple(fields.get("needs", "").split()),
        fields.get("sample", ""),
    )


def _parameters(text: str, types: str) -> tuple[Parameter, ...]:
    """The parameters that the line "# parameters:" tells of. Raises ValueError for a line that cannot be read."""
    kinds = {**KINDS, **dict(each.split("=") for each in types.split())}
    told = _PARAMETERS.search(text)
    found: list[Parameter] = []
    for each in told[1].split("; ") if told else ():
        match = _PARAMETER.match(each)
        if not match:
            raise ValueError(f"a parameter is written name=namn / name, not {each!r}")
        name, sv, en, optional = match.groups()
        any_value = bool(optional) or f"VALUES ?{name} {{ UNDEF }}" in text
        found.append(Parameter(name, {"sv": sv, "en": en}, kinds.get(name, "string"), any_value))
    return tuple(found)

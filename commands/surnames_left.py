"""Where the surname of somebody who was erased is left alone, for a person to read: in texts, reports, graphs of what
was imported, names of files, and what the operator wrote."""

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from mapping.erased import Erased
from mapping.erased_surnames import bears_surname
from mapping.imports.forgotten import literals
from server.data_folder import folder
from server.data_folder.folder import Entry, Ledger
from server.data_folder.ledger_graph import IMPORT

WRITTEN: Final = ("decisions.toml", "renamed.tsv", "kommungraf.toml")
"""What the operator wrote in the data folder."""


@dataclass(frozen=True, slots=True)
class Left:
    """A document or file with the places where the surname is left, in Swedish and English; none where it only stands
    in small letters, as a word does, and the document never had more of the name."""

    name: str
    places: tuple[tuple[str, str], ...]


def left(ledger: Ledger, rules: Sequence[Erased]) -> Iterator[Left]:
    """Each document, import and file of the operator's where one of some surnames stands alone."""
    for entry in ledger.entries():
        places = tuple(_places(ledger, entry, rules))
        if places or (_is_read(entry) and bears_surname(_text(ledger, entry, rules), rules)):
            yield Left(entry.file_name + (f" [{entry.id}]" if "•" in entry.file_name else ""), places)
    for name in WRITTEN:
        path = ledger.folder / name
        if path.is_file() and bears_surname(path.read_text("utf-8", "replace"), rules, as_word=False):
            yield Left(name, (("texten", "text"),))


def _places(ledger: Ledger, entry: Entry, rules: Sequence[Erased]) -> Iterator[tuple[str, str]]:
    if _is_read(entry):
        text = _text(ledger, entry, rules)
        if bears_surname(text, rules, as_word="••" in text):
            yield "texten", "text"
    graphs = [name for name in entry.digests if entry.format.startswith(IMPORT) and name.endswith(".nq")]
    if any(bears_surname("\n".join(literals(ledger.folder / name)), rules, as_word=False) for name in graphs):
        yield "grafen", "graph"
    reports = [name for name in entry.digests if name.endswith(".txt") and not _holds_text(name)]
    if any(_bears(_read(ledger, name), _names(entry), rules) for name in reports):
        yield "rapporten", "report"
    if bears_surname(f"{entry.reason_sv}\n{entry.reason_en}", rules, as_word=False):
        yield "skälet", "reason"
    if bears_surname(entry.file_name, rules):
        yield "filnamnet", "file name"


def _is_read(entry: Entry) -> bool:
    return entry.status != "refused" and not entry.format.startswith(IMPORT)


def _holds_text(name: str) -> bool:
    return name.startswith("texts/") or name.endswith(".source.txt")


def _text(ledger: Ledger, entry: Entry, rules: Sequence[Erased]) -> str:
    return _apart(folder.canonical(ledger, entry), _names(entry), rules)


def _read(ledger: Ledger, name: str) -> str:
    return (ledger.folder / name).read_text("utf-8")


def _bears(text: str, names: Iterable[str], rules: Sequence[Erased]) -> bool:
    return bears_surname(_apart(text, names, rules), rules, as_word=False)


def _names(entry: Entry) -> set[str]:
    return {mention["name"] for mention in json.loads(entry.mentions)}


def _apart(text: str, names: Iterable[str], rules: Sequence[Erased]) -> str:
    """A text without the whole names of others, in which the surname does not stand alone."""
    whole = [name.split() for name in names if " " in name and bears_surname(name, rules)]
    for words in whole:
        text = re.sub(r"(?<!\w)" + r"\s+".join(map(re.escape, words)) + r"(?!\w)", "", text)
    return text

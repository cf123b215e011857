"""The tables as CSV (RFC 4180, UTF-8) with metadata for programs (CSV on the Web, W3C 2015), in one pass."""

import csv
import json
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Protocol

import pyoxigraph as ox

from server.export.dumps import DumpFile
from server.export.rdf import Out, written
from server.export.statistics import LINK, RDF_TYPE, TEXT, classes_of, columns_of, subjects
from server.export.tables import BETWEEN, Column, Labels, Table, row, tabled, titles, types_of

METADATA: Final = "csv-metadata.json"
"""The name under which programs look for the metadata of a table beside it (Model for Tabular Data, 5.3)."""
DCT: Final = "http://purl.org/dc/terms/"


@dataclass(slots=True)
class Sheet:
    """A table that is being written: `rows` so far."""

    table: Table
    out: Out
    rows: int = 0
    header: bytes = b""
    _writer: Any = None

    def __post_init__(self) -> None:
        self._writer = csv.writer(self)
        self.header = self._writer.writerow([column.name for column in self.table.columns])

    def write(self, line: str) -> bytes:
        """What the writer of CSV calls for each line, and gives back."""
        content = line.encode()
        self.out.write(content)
        return content

    def add(self, cells: list[str]) -> bytes:
        """Write a row; the line that it became."""
        line: bytes = self._writer.writerow(cells)
        self.rows += 1
        return line


class Takers(Protocol):
    """Who takes rows for tables of their own: `codes` of those that want the rows of a thing, and `add` for each."""

    def codes(self, iri: str) -> Iterable[str]: ...

    def add(self, code: str, table: str, line: bytes) -> None: ...


def write_csv(
    folder: Path, store: ox.Store, tables: list[Table], labels: Labels, takers: Takers | None = None
) -> list[Sheet]:
    """Write all tables in one pass over the default graph; what was written."""
    with ExitStack() as files:
        sheets = {
            table.of_class: Sheet(table, files.enter_context(written(folder / f"{table.name}.csv")))
            for table in tables
        }
        for iri, said in subjects(store):
            classes = classes_of(said)
            wanted = tabled(classes)
            if wanted:
                types, values = types_of(classes), columns_of(said)
                codes = takers.codes(iri) if takers else ()
                for of_class in wanted:
                    sheet = sheets[of_class]
                    line = sheet.add(row(sheet.table, iri, types, values, labels))
                    if takers:
                        for code in codes:
                            takers.add(code, sheet.table.name, line)
    return list(sheets.values())


def told(sheets: list[Sheet]) -> Iterator[DumpFile]:
    """The finished files as the manifest has them."""
    for sheet in sheets:
        out = sheet.out
        yield DumpFile(
            out.path.name,
            "text/csv",
            None,
            out.bytes,
            out.sha256,
            described(sheet.table),
            rows=sheet.rows,
            of_class=sheet.table.of_class,
        )


def described(table: Table) -> dict[str, str]:
    """What is in a table, in Swedish and English."""
    names = titles(table.of_class) or {"sv": table.name, "en": table.name}
    return {"sv": f"Tabell: {names['sv']}", "en": f"Table: {names['en']}"}


def metadata(tables: list[Table], sources: Mapping[str, str]) -> bytes:
    """The description of tables; `sources` are what is said of them together, by IRI of property."""
    group: dict[str, Any] = {
        "@context": ["http://www.w3.org/ns/csvw", {"@language": "en"}],
        **{name: {"@id": value} for name, value in sources.items()},
        "dialect": {"encoding": "utf-8", "header": True, "delimiter": ",", "lineTerminators": ["\r\n", "\n"]},
        "tables": [_table(table) for table in tables],
    }
    return (json.dumps(group, ensure_ascii=False, indent=1) + "\n").encode()


def write_metadata(folder: Path, tables: list[Table], sources: Mapping[str, str]) -> DumpFile:
    """Describe all tables in one file; `sources` as above."""
    with written(folder / METADATA) as out:
        out.write(metadata(tables, sources))
    sv, en = "Vad tabellernas kolumner betyder (CSVW)", "What the columns of the tables mean (CSVW)"
    return DumpFile(METADATA, "application/csvm+json", None, out.bytes, out.sha256, {"sv": sv, "en": en})


def _table(table: Table) -> dict[str, Any]:
    return {
        "url": f"{table.name}.csv",
        "dc:title": _texts(titles(table.of_class)) or table.name,
        "dc:subject": {"@id": table.of_class},
        "tableSchema": {
            "aboutUrl": "{+iri}",
            "primaryKey": "iri",
            "columns": [_column(column) for column in table.columns],
        },
    }


def _column(column: Column) -> dict[str, Any]:
    found: dict[str, Any] = {"name": column.name, "titles": [column.name]}
    title = _texts(titles(column.property)) if column.property and column.property != RDF_TYPE else None
    if title:
        found["dc:title"] = title
    if column.property is None or column.property == RDF_TYPE:
        found["suppressOutput"] = True
    else:
        found["propertyUrl"] = column.property
    found["datatype"] = column.kind if column.kind != LINK else "anyURI"
    if column.language:
        found["lang"] = column.language
    if column.several:
        found["separator"] = BETWEEN
    elif column.kind == LINK and column.property:
        found["valueUrl"] = f"{{+{column.name}}}"
    if column.name == "iri":
        found["required"] = True
    if column.kind == TEXT and not column.several:
        found["datatype"] = {"base": "string"}
    return found


def _texts(names: dict[str, str]) -> list[dict[str, str]] | None:
    return [{"@value": text, "@language": language} for language, text in names.items()] or None

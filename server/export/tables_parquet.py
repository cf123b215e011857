"""The tables as Parquet, typed and compressed, made from the CSV piece by piece."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from server.export.dumps import DumpFile
from server.export.rdf import written
from server.export.tables import BETWEEN, Column, Table
from server.export.tables_csv import Sheet, described

MEDIA_TYPE: Final = "application/vnd.apache.parquet"
BLOCK: Final = 2**20  # bytes of CSV that become one group of rows


def available() -> bool:
    """Whether the package that writes Parquet is installed: kommungraf[tables]."""
    try:
        import pyarrow  # noqa: F401
    except ModuleNotFoundError:
        return False
    return True


def write_parquet(folder: Path, sheets: list[Sheet]) -> Iterator[DumpFile]:
    """Write each table, one after another. A cell without a value is null; one that may hold several is a list."""
    for sheet in sheets:
        table = sheet.table
        with written(folder / f"{table.name}.parquet") as out:
            _write(folder / f"{table.name}.csv", sheet, out)
        yield DumpFile(
            out.path.name,
            MEDIA_TYPE,
            None,
            out.bytes,
            out.sha256,
            described(table),
            rows=sheet.rows,
            of_class=table.of_class,
        )


def _write(source: Path, sheet: Sheet, out: Any) -> None:
    import pyarrow as pa
    import pyarrow.csv as pc
    import pyarrow.parquet as pq

    table, schema = sheet.table, _schema(sheet.table)
    names = [column.name for column in table.columns]
    plain = {c.name: pa.string() if c.several else schema.field(c.name).type for c in table.columns}
    parsing = pc.ParseOptions(newlines_in_values=True)
    converting = pc.ConvertOptions(
        column_types=plain, null_values=[""], strings_can_be_null=True, quoted_strings_can_be_null=True
    )
    pool = pa.system_memory_pool()  # the usual one keeps what it had for the next table, which needs less or more
    with pq.ParquetWriter(pa.PythonFile(out, "w"), schema, compression="zstd", memory_pool=pool) as writer:
        for piece in _pieces(source):
            reading = pc.ReadOptions(use_threads=False, block_size=len(piece) + 1, column_names=names)
            rows = pc.read_csv(pa.BufferReader(piece), reading, parsing, converting, pool)
            columns = [_listed(rows.column(c.name), schema.field(c.name).type, c) for c in table.columns]
            writer.write_table(pa.table(columns, schema=schema))
            del rows, columns


def _pieces(source: Path) -> Iterator[bytes]:
    """The lines of CSV below its first, in pieces of whole rows: a line end in an open quotation ends no row. The
    reader that comes with the package would read dozens of pieces ahead, more the larger the table."""
    rows, size, quotes = [], 0, 0
    with source.open("rb") as file:
        next(file)
        for line in file:
            rows.append(line)
            size += len(line)
            quotes += line.count(b'"')
            if size >= BLOCK and quotes % 2 == 0:
                yield b"".join(rows)
                rows, size = [], 0
    if rows:
        yield b"".join(rows)


def _listed(cells: Any, kind: Any, column: Column) -> Any:
    import pyarrow.compute as pc

    return pc.split_pattern(cells, BETWEEN).cast(kind) if column.several else cells


def _schema(table: Table) -> Any:
    import pyarrow as pa

    kinds = {
        "integer": pa.int64(),
        "decimal": pa.float64(),
        "boolean": pa.bool_(),
        "date": pa.date32(),
        "dateTime": pa.timestamp("us", tz="UTC"),
    }

    def field(column: Column) -> Any:
        kind = kinds.get(column.kind, pa.string())
        meant = {"property": column.property} if column.property else None
        return pa.field(column.name, pa.list_(kind) if column.several else kind, metadata=meant)

    return pa.schema([field(column) for column in table.columns], metadata={"class": table.of_class})

"""The tables as Parquet, typed and compressed, made from the CSV piece by piece."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from server.dumps import DumpFile
from server.export_rdf import written
from server.tables import BETWEEN, Column, Table
from server.tables_csv import Sheet, described

MEDIA_TYPE: Final = "application/vnd.apache.parquet"
BLOCK: Final = 2**20  # bytes of CSV that become one group of rows; a few dozen are read ahead


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
    plain = {c.name: pa.string() if c.several else schema.field(c.name).type for c in table.columns}
    reading = pc.open_csv(
        source,
        pc.ReadOptions(use_threads=False, block_size=max(BLOCK, 2 * sheet.longest)),
        pc.ParseOptions(newlines_in_values=True),
        pc.ConvertOptions(
            column_types=plain, null_values=[""], strings_can_be_null=True, quoted_strings_can_be_null=True
        ),
    )
    with reading, pq.ParquetWriter(pa.PythonFile(out, "w"), schema, compression="zstd") as writer:
        for batch in reading:
            columns = [_listed(batch.column(c.name), schema.field(c.name).type, c) for c in table.columns]
            writer.write_batch(pa.record_batch(columns, schema=schema))


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

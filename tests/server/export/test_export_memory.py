"""What an export takes of memory does not grow with what is exported."""

import os
import subprocess
import sys
from pathlib import Path

from tests.conftest import ROOT

SLACK = 10  # MiB: rows of a table come in groups of different sizes
PARQUET = """
import sys
from pathlib import Path
from server.export import tables_parquet
from server.export.rdf import written
from server.export.tables import Column, Table
from server.export.tables_csv import Sheet

folder, rows = Path(sys.argv[1]), int(sys.argv[2])
columns = (
    Column("iri", None, "", "anyURI", False),
    Column("position", "https://example.org/position", "", "integer", False),
    Column("text_sv", "https://example.org/text", "sv", "string", False),
    Column("spelling", "https://example.org/spelling", "", "string", True),
)
with written(folder / "Question.csv") as out:
    sheet = Sheet(Table("Question", "https://example.org/Question", columns), out)
    for at in range(rows):
        text = f'Question {at * 7919}\\r\\n"with" a line end ' + f"{at * 104729:x} " * 16
        sheet.add([f"https://data.example/id/question/{at}", str(at), text, f"one {at} | two {at}"])
[file] = tables_parquet.write_parquet(folder, [sheet])
assert file.rows == rows
[most] = [line.split()[1] for line in open("/proc/self/status") if line.startswith("VmHWM")]
print(most)
"""


def most_memory(folder: Path, rows: int) -> float:
    """In MiB, of a program that writes a table with so many rows."""
    folder.mkdir()
    command = [sys.executable, "-c", PARQUET, str(folder), str(rows)]
    done = subprocess.run(command, env={**os.environ, "PYTHONPATH": str(ROOT)}, capture_output=True, check=True)
    return int(done.stdout) / 1024


def test_parquet_of_four_times_the_rows_takes_the_same_memory(tmp_path: Path) -> None:
    import pyarrow.parquet as parquet

    small, large = (most_memory(tmp_path / str(rows), rows) for rows in (80_000, 320_000))
    assert (tmp_path / "320000" / "Question.csv").stat().st_size > 60 * 2**20
    assert parquet.read_metadata(tmp_path / "320000" / "Question.parquet").num_rows == 320_000
    assert large < small + SLACK, f"{small:.0f} MiB, and {large:.0f} MiB for four times as many rows"

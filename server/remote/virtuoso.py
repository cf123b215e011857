"""Virtuoso's own loader: files of triples that the server reads itself, many times as fast as by HTTP.

One loader at a time: two were seen to lose 60 % of the quads in deadlocks that only DB.DBA.LOAD_LIST tells of.
"""

import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pyoxigraph as ox

from server.remote.engine_load import Change, LoadFailed, Published

GRAPHS: Final = 1000  # graphs in one file
SECONDS: Final = 3600.0
BEGUN: Final = "logged in"
LOADED: Final = "2"  # a file's state in DB.DBA.LOAD_LIST


@dataclass(frozen=True, slots=True)
class VirtuosoLoader:
    """It writes into `folder`, which must be among DirsAllowed of virtuoso.ini, and has the server at `address`
    (host:port of ServerPort) read it, through the program `isql` (isql-vt, isql-v) that comes with Virtuoso."""

    folder: Path
    address: str
    user: str
    password: str
    isql: str = "isql-vt"

    def __call__(self, published: Published, change: Change) -> None:
        """Load. Raises LoadFailed."""
        where = self.folder.resolve()
        try:
            names = list(_write(where, published, change))
            graph = _sql(change.merge or "urn:none")  # of .nt files; .nq files name theirs
            listed = [f"ld_dir({_sql(str(where))}, {_sql(name)}, {graph});" for name in names]
            self._run(
                f"DELETE FROM DB.DBA.LOAD_LIST WHERE ll_file LIKE {_sql(f'{where}/kommungraf-%')};",
                *listed,
                "rdf_loader_run();",
                "checkpoint;",
            )
            self._judge(where, names)
        except OSError as error:
            raise LoadFailed(
                f"Det går inte att skriva i {where} ({error.strerror}): ange en mapp som motorn får läsa.",
                f"{where} cannot be written ({error.strerror}): give a folder that the engine may read.",
            ) from error
        finally:
            for path in where.glob("kommungraf-*.n[qt]"):
                path.unlink(missing_ok=True)

    def _judge(self, where: Path, names: list[str]) -> None:
        """Every file was loaded without an error."""
        told = self._run(
            "SELECT concat('file|', ll_file, '|', cast(ll_state as varchar), '|', coalesce(ll_error, '')) "
            f"FROM DB.DBA.LOAD_LIST WHERE ll_file LIKE {_sql(f'{where}/kommungraf-%')};"
        )
        found = {}
        for line in told.splitlines():
            kind, _, rest = line.partition("|")
            if kind == "file" and rest.count("|") >= 2:
                path, state, error = rest.split("|", 2)
                found[Path(path).name] = (state, error.strip())
        for name in names:
            state, error = found.get(name, ("none", "the file was not listed: is its folder among DirsAllowed?"))
            if state != LOADED or error:
                raise LoadFailed(
                    f"Virtuoso laddade inte {name} (läge {state}): {error[:300]}",
                    f"Virtuoso did not load {name} (state {state}): {error[:300]}",
                )

    def _run(self, *statements: str) -> str:
        """Run SQL. The password goes by standard input: isql tries the one that a new database has, then asks."""
        asked = "" if self.password == "dba" else self.password + "\n"
        command = [self.isql, self.address, self.user, "VERBOSE=OFF", "BANNER=OFF", "PROMPT=OFF", "ERRORS=STDOUT"]
        try:
            done = subprocess.run(
                command,
                input=asked + "\n".join([f"SELECT '{BEGUN}';", *statements, "EXIT;\n"]),
                capture_output=True,
                text=True,
                timeout=SECONDS,
                check=False,
            )
        except FileNotFoundError as error:
            raise LoadFailed(
                f"Programmet {self.isql} finns inte: installera virtuoso-opensource-7-bin, eller ladda utan --bulk.",
                f"The program {self.isql} is missing: install virtuoso-opensource-7-bin, or load without --bulk.",
            ) from error
        except subprocess.TimeoutExpired as error:
            raise LoadFailed(
                f"Virtuoso blev inte klar på {SECONDS:g} s.",
                f"Virtuoso did not finish loading in {SECONDS:g} s.",
            ) from error
        _, begun, told = done.stdout.partition(f"{BEGUN}\n")  # before it stands the first, vain try to log in
        if not begun:
            told = "*** Error: no login · ingen inloggning"
        for line in told.splitlines():
            if line.startswith("*** Error"):
                said = " ".join(line.split())[:300]
                raise LoadFailed(f"Virtuoso på {self.address}: {said}", f"Virtuoso at {self.address}: {said}")
        return told


def _write(where: Path, published: Published, change: Change) -> Iterator[str]:
    """Write the files; their names."""
    for number, start in enumerate(range(0, len(change.send), GRAPHS)):
        name = f"kommungraf-{number:05}.nq"
        with (where / name).open("wb") as out:
            for graph in change.send[start : start + GRAPHS]:  # in a literal there is no line break
                out.write(published.ntriples(graph).replace(b" .\n", f" <{graph}> .\n".encode()))
        yield name
    if change.merge:
        name = "kommungraf-merge.nt"
        published.store.dump(where / name, ox.RdfFormat.N_TRIPLES, from_graph=ox.DefaultGraph())
        yield name


def _sql(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"

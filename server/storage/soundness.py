"""Whether the published store holds what was published, asked before a server starts; and whether that is what the
files say, asked by `kommungraf verify`.

The engine is opened in a process of its own: a server must fork from one that has never opened it.
"""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import nullcontext
from pathlib import Path
from typing import Any, Final

import pyoxigraph as ox

from server.data_folder import agreement, folder
from server.data_folder.files import DataFolderError, content
from server.data_folder.ledger import ERASING, reading
from server.export import dumps
from server.feed import files as feed_files
from server.storage import publication, snapshot
from server.storage.load import triples_of
from server.storage.record import record_read
from server.storage.snapshot import ENGINE, Damaged, NothingPublished, folder_of

NOTHING: Final = 3
UNSOUND: Final = 5
LEDGER: Final = "ledger.sqlite"


class Unfinished(Exception):
    """Something was to be erased and the store may hold it still; the message says what to do."""


class Unsound(Exception):
    """The store does not hold what was published and cannot be built anew; the message says why and what to do."""


def ensure(data_dir: Path) -> None:
    """See to it that what is published is whole: counted, and built anew from the files where it is not, where it is
    missing, or where another program or engine made it. What is done is told on standard error.

    Raises NothingPublished where there is nothing to build it from, Unsound where it cannot be built, Unfinished as
    `refuse_unfinished`.
    """
    refuse_unfinished(data_dir)
    room = str(Path(__file__).parents[2])
    where = os.pathsep.join(filter(None, (room, os.environ.get("PYTHONPATH", ""))))
    done = subprocess.run(
        [sys.executable, "-P", "-m", "server.storage.soundness", str(data_dir)],
        env={**os.environ, "PYTHONPATH": where},
        stdout=subprocess.PIPE,
        text=True,
        check=False,
    )
    if done.returncode == NOTHING:
        raise NothingPublished(str(data_dir))
    if done.returncode:
        raise Unsound(done.stdout.strip() or f"{data_dir}: {done.returncode}")


def refuse_unfinished(data_dir: Path) -> None:
    """Raises Unfinished where a document or a name was to be erased and that was broken off: documents are to be read
    again, which no server can do. Raises DataFolderError where the ledger cannot be used, or was lost with what it
    knew of that."""
    if (data_dir / "lock").exists() and not (data_dir / LEDGER).is_file():
        folder.check_ledger(data_dir)
    if _note(data_dir, ERASING):
        raise Unfinished(
            f"En radering i {data_dir} är inte avslutad, och lagret kan ännu innehålla det som skulle raderas. "
            f"Avsluta den: kommungraf rebuild --data {data_dir}\n"
            f"An erasure in {data_dir} is not complete, and the store may still hold what was to be erased. Complete "
            f"it: kommungraf rebuild --data {data_dir}"
        )


def repair(data_dir: Path) -> None:
    """`ensure` in this process. Raises NothingPublished, PublishFailed and DataFolderError."""
    wrong = fault(data_dir)
    if wrong is None:
        publication.tell(data_dir)
        return
    base = known_base(data_dir)
    if base is None:
        raise NothingPublished(str(data_dir))
    print(
        f"Lagret byggs om av filerna · The store is built anew from the files: {wrong}", file=sys.stderr, flush=True
    )
    with folder.writer(data_dir) if (data_dir / "lock").exists() else nullcontext():
        publication.build(data_dir, base, anew=True)


def fault(data_dir: Path) -> str | None:
    """What is wrong with the published store, or None: its files, and how many quads and triples it has."""
    try:
        about = snapshot.about(data_dir)
        made_by = (about.get("layout"), about.get("engineVersion"))
        if made_by != (publication.LAYOUT, ox.__version__):
            return f"layout and engine {made_by}"
        opened = snapshot.open_current(data_dir)
    except NothingPublished:
        return "nothing is published"
    except Damaged as error:
        return str(error)
    try:
        about = snapshot.about_version(data_dir, opened.version)  # of no other, which may be published meanwhile
        snapshot.check_seal(folder_of(data_dir, opened.version) / ENGINE, about["engine"], tables=True)
        found: Any = opened.store.query("SELECT (COUNT(*) AS ?n) WHERE { ?s ?p ?o }")
        counted = len(opened.store), int(next(iter(found))[0].value)
        published = about["quads"], about["triples"]
    except (NothingPublished, Damaged, OSError, RuntimeError, KeyError, TypeError, ValueError) as error:
        return str(error)
    finally:
        opened.close()
    return None if counted == published else f"{counted} instead of {published} quads and triples"


def known_base(data_dir: Path) -> str | None:
    """What the IRIs of a data folder begin with, by its ledger or by what is published."""
    if (data_dir / LEDGER).is_file():
        return _note(data_dir, "base")
    try:
        return str(snapshot.about(data_dir)["base"])
    except (NothingPublished, Damaged, KeyError):
        return None


def _note(data_dir: Path, key: str) -> str | None:
    if not (data_dir / LEDGER).is_file():
        return None
    with reading(data_dir) as ledger:
        return ledger.note(key)


def differences(data_dir: Path) -> Iterator[tuple[str, str]]:
    """Where the published store is not what the files say, and where what is made of it is damaged, in Swedish and
    English: every quad of it is read.

    Raises NothingPublished, and DataFolderError where the ledger cannot be used.
    """
    try:
        refuse_unfinished(data_dir)
    except Unfinished as unfinished:
        sv, en = str(unfinished).split("\n")
        yield sv, en
    yield from agreement.differences(data_dir)
    for broken in feed_files.faults(data_dir):
        yield f"Ändringsflödet är skadat: {broken}.", f"The change feed is damaged: {broken}."
    for broken in dumps.faults(data_dir):
        yield (
            f"Dumpen är skadad: {broken}. Gör om den: kommungraf export --data {data_dir}",
            f"The dump is damaged: {broken}. Make it anew: kommungraf export --data {data_dir}",
        )
    wrong = fault(data_dir)
    if wrong is not None:
        yield f"Lagret är skadat: {wrong}.", f"The store is damaged: {wrong}."
        return
    files: dict[str, list[Path]] = {}
    for path in publication.files(data_dir):
        try:
            names = _graphs(content(path))
        except (OSError, SyntaxError, ValueError) as error:
            yield f"Filen {path} går inte att läsa: {error}.", f"The file {path} cannot be read: {error}."
            continue
        for name in names:
            files.setdefault(name, []).append(path)
    opened = snapshot.open_current(data_dir)
    try:
        with record_read(data_dir / "store") as record:
            counted = record.graphs()
        for name in sorted({graph.value for graph in opened.store.named_graphs()} | set(files) | set(counted)):
            there = set(opened.store.quads_for_pattern(None, None, None, ox.NamedNode(name)))
            told = triples_of(name, (content(path) for path in files.get(name, ())))
            if there != told or len(there) != counted.get(name):
                numbers = f"{len(there)}, {len(told)}, {counted.get(name)}"
                yield (
                    f"Grafen {name}: antal i lagret, filerna och förteckningen: {numbers}; "
                    f"{len(told - there)} saknas, {len(there - told)} är för mycket.",
                    f"Graph {name}: numbers in the store, the files and the record: {numbers}; "
                    f"{len(told - there)} are missing, {len(there - told)} too many.",
                )
        yield from _merge_differences(opened.store)
    finally:
        opened.close()


def _merge_differences(store: ox.Store) -> Iterator[tuple[str, str]]:
    named: set[int] = set()  # hashes of 64 bits
    default: set[int] = set()
    for quad in store:
        (default if isinstance(quad.graph_name, ox.DefaultGraph) else named).add(hash(quad.triple))
    if named != default:
        numbers = len(named - default), len(default - named)
        yield (
            "Standardgrafen är inte de namngivna grafernas sammanslagning: {} saknas, {} är för mycket.".format(
                *numbers
            ),
            "The default graph is not the merge of the named graphs: {} are missing, {} too many.".format(*numbers),
        )


def _graphs(content: bytes) -> set[str]:
    graphs = {quad.graph_name for quad in ox.parse(content, format=ox.RdfFormat.N_QUADS)}
    if not all(isinstance(graph, ox.NamedNode) for graph in graphs):
        raise ValueError("a quad has no named graph")
    return {graph.value for graph in graphs if isinstance(graph, ox.NamedNode)}


def main(data_dir: Path) -> int:
    try:
        repair(data_dir)
    except NothingPublished:
        return NOTHING
    except (publication.PublishFailed, DataFolderError) as error:
        print(error)
        return UNSOUND
    return 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))

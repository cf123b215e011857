"""The search index of a data folder: DIR/search/index, made of the published version by whoever publishes.

    DIR/search/index/        Tantivy's files; one document in it says of which version it is (server.search.schema)
    DIR/search/.build-…      an index that is being made; of a process that was killed, removed by the next
    DIR/search/lock          who writes

It is a cache: nothing is answered from one of another version, and what cannot be updated is made anew. A server that
finds none has one made beside it (server.search.build).
"""

import os
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from tempfile import mkdtemp
from typing import Final

import pyoxigraph as ox
import tantivy

from server.data_folder.files import locked
from server.search.documents import UNSEEN, behind, document, documents
from server.search.graph import Graph
from server.search.schema import HEAP, LAYOUT, UPDATING, digest, opened, schema
from server.storage import snapshot
from server.storage.versions import NotRemoved, delete, make_way

EACH: Final = 500  # things after which whoever builds looks whether it is still wanted
PATIENCE: Final = 10.0  # seconds to wait for a server that makes an index to see that it is not wanted
PART: Final = 4  # an update of more than one in so many documents is made anew
FAULTS: Final = (OSError, ValueError, RuntimeError, snapshot.Damaged, snapshot.NothingPublished)


class IndexDamaged(RuntimeError):
    """Tantivy came upon what no index holds that is whole."""


class NotWanted(Exception):
    """Another version was published while an index was made."""


def folder_of(data_dir: Path) -> Path:
    return data_dir / "search"


def stamp(version: str) -> str:
    """What an index says of itself: the layout and the version of the data, which is the same when it is built
    again."""
    return f"{LAYOUT} {snapshot.data_of(version)}"


def is_of(searcher: tantivy.Searcher, version: str) -> bool:
    """Whether an index is of a version of the data."""
    query = tantivy.Query.term_query(schema(), "version", stamp(version))
    try:
        with readable():
            return len(searcher.search(query, 2).hits) == 1
    except (ValueError, IndexDamaged):
        return False  # damaged: it is made anew


@contextmanager
def readable() -> Iterator[None]:
    """Raise IndexDamaged for what Tantivy says of a damaged index: also for its panics, which are no Exception in
    Python (pyo3_runtime.PanicException)."""
    try:
        yield
    except BaseException as error:
        is_corrupt = isinstance(error, ValueError) and "corrupt" in str(error).lower()
        if type(error).__qualname__ != "PanicException" and not is_corrupt:
            raise
        raise IndexDamaged(str(error)) from error


def spoil(data_dir: Path) -> None:
    """Have a damaged index made anew by whoever wants it next. Raises OSError."""
    (folder_of(data_dir) / "index" / "meta.json").unlink(missing_ok=True)


def tell(data_dir: Path, version: str, since: str | None = None, subjects: Iterable[str] | None = None) -> None:
    """Bring the index to a published version. `subjects`: of what it says something else than the version `since`;
    where the index is of another, or they are None, it is made anew. What goes wrong is told on stderr: search waits
    until a server has made the index anew, all else is published."""
    with _only_writer(data_dir, PATIENCE) as alone:
        if not alone:
            return  # a server makes one, and begins again since another version is wanted
        try:
            with readable():
                _tell(data_dir, version, since, subjects)
        except FAULTS as error:
            print(
                f"Sökindexet {folder_of(data_dir)} kunde inte uppdateras ({error}); det byggs om när någon söker.\n"
                f"The search index {folder_of(data_dir)} could not be updated ({error}); it is built anew when "
                "somebody searches.",
                file=sys.stderr,
            )


def _tell(data_dir: Path, version: str, since: str | None, subjects: Iterable[str] | None) -> None:
    known = current(data_dir)
    if known and is_of(known.searcher(), version):
        return
    opened_store = snapshot.open_version(data_dir, version)
    try:
        graph = Graph(opened_store.store)
        if known and subjects is not None and since is not None and is_of(known.searcher(), since):
            try:
                with readable():
                    if _update(known, graph, version, subjects):
                        return
            except (IndexDamaged, ValueError):
                spoil(data_dir)  # damaged
        _build(data_dir, opened_store.store, version, lambda: True)
    finally:
        opened_store.close()


def make(data_dir: Path, wanted: Callable[[], bool]) -> bool:
    """Make the index of the version that is served, where it is missing; whether it is there now. Raises one of
    FAULTS, and NotWanted where `wanted` says so or another version was published meanwhile."""
    with _only_writer(data_dir) as alone:
        if not alone:
            return False
        served = snapshot.open_current(data_dir)
        lock = _file(data_dir)

        def still() -> bool:
            is_served = snapshot.current_version(data_dir) == served.version
            return wanted() and is_served and _file(data_dir) == lock

        try:
            known = current(data_dir)
            if not known or not is_of(known.searcher(), served.version):
                _build(data_dir, served.store, served.version, still)
        finally:
            served.close()
        return True


def forget(data_dir: Path) -> None:
    """Delete the index, so that nothing of what was erased is in it; whoever makes one gives up. Raises
    versions.NotRemoved."""
    if folder_of(data_dir).is_dir():
        delete(folder_of(data_dir) / "lock", is_folder=False)
    until = time.monotonic() + PATIENCE
    while True:
        try:
            return delete(folder_of(data_dir))
        except NotRemoved:
            if time.monotonic() > until:
                raise
            time.sleep(0.02)


def current(data_dir: Path) -> tantivy.Index | None:
    """The index as it is, of whatever version; None where there is none that can be read."""
    folder = folder_of(data_dir) / "index"
    if not (folder / "meta.json").is_file():
        return None
    try:
        with readable():
            return opened(folder) if os.access(folder, os.W_OK) else _only_read(folder)
    except (OSError, ValueError, IndexDamaged, NotRemoved):
        return None  # of another layout, or damaged; or a copy of it cannot be made


def _only_read(folder: Path) -> tantivy.Index:
    """An index in a folder that may only be read: Tantivy takes its locks beside links to the files, all of which it
    has opened when the links go."""
    place = Path(mkdtemp(prefix="kommungraf-search-"))
    try:
        for path in folder.iterdir():
            if not path.name.startswith(".tantivy"):  # its locks
                (place / path.name).symlink_to(path.resolve())
        return opened(place)
    finally:
        delete(place)  # which tries twice: a thread of Tantivy's takes one more lock, once, when it has begun


def _build(data_dir: Path, store: ox.Store, version: str, wanted: Callable[[], bool]) -> None:
    root = folder_of(data_dir)
    for left_over in root.glob(".*-*"):
        delete(left_over)
    folder = root / f".build-{os.getpid()}"
    folder.mkdir()
    try:
        writer = opened(folder, anew=True).writer(HEAP, 1)
        for number, made in enumerate(documents(Graph(store, whole=True))):
            if number % EACH == 0 and not wanted():
                raise NotWanted(version)
            if made:
                writer.add_document(made)
        _stamped(writer, version)
        writer.wait_merging_threads()
        if not wanted():
            raise NotWanted(version)
        if (root / "index").exists():
            (root / "index").rename(root / f".old-{os.getpid()}")
        folder.rename(root / "index")
    finally:
        delete(folder)
        delete(root / f".old-{os.getpid()}")


def _update(index: tantivy.Index, graph: Graph, version: str, subjects: Iterable[str]) -> bool:
    """Index again what these subjects have changed; whether that was little enough."""
    changed = {iri for iri in subjects if not any(path in iri for path in UNSEEN)}
    concerned = set(changed)
    for iri in changed:
        concerned.update(behind(graph, iri))
    searcher = index.searcher()
    if changed:
        query = tantivy.Query.term_set_query(schema(), "refs", [digest(iri) for iri in changed])
        made_of_them = searcher.search(query, max(searcher.num_docs, 1), count=False)
        concerned |= {str(searcher.doc(address).get_first("id")) for _, address in made_of_them.hits}
    if len(concerned) > 1000 and len(concerned) * PART > searcher.num_docs:
        return False
    writer = index.writer(UPDATING, 1)
    for iri in sorted(concerned):
        writer.delete_documents_by_term("id", iri)
        if made := document(graph, iri):
            writer.add_document(made)
    _stamped(writer, version)
    writer.wait_merging_threads()
    return True


def _stamped(writer: tantivy.IndexWriter, version: str) -> None:
    """Say of which version an index is, and let readers see it, all at once."""
    writer.delete_documents_by_query(tantivy.Query.regex_query(schema(), "version", ".*"))
    about = tantivy.Document()
    about.add_text("version", stamp(version))
    writer.add_document(about)
    writer.commit()


def _only_writer(data_dir: Path, patience: float = 0.0) -> AbstractContextManager[bool]:
    """Whether nobody else writes, after so many seconds at most, and keep it so."""
    make_way(folder_of(data_dir))
    folder_of(data_dir).mkdir(exist_ok=True)
    return locked(folder_of(data_dir) / "lock", patience)


def _file(data_dir: Path) -> int | None:
    """Which file the lock is; another where the folder was deleted meanwhile."""
    try:
        return (folder_of(data_dir) / "lock").stat().st_ino
    except FileNotFoundError:
        return None

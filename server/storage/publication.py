"""Publication: from N-Quads files to the read-only store that queries see.

    DIR/store/current           the version that is served
    DIR/store/{version}/        the engine's files, and about.json: what was counted, and the names and sizes of them
    DIR/store/record.sqlite     what the newest version was made of (server.storage.record)
    DIR/store/sources/          the files as they were published (server.storage.sources)
    DIR/store/.build-…          a version that is being made; of a process that was killed, removed by the next

The version is a hash of everything loaded: the same files are the same version, whatever came before. A small change
is made on a copy of the last version: the engine's tables, which it never writes to again, are linked and not copied.
Anything else is loaded from all files. A version becomes current by one rename, after it was checked. A large one
does so a second time when its tables were put in order (server.storage.tables).
"""

import gc
import hashlib
import os
import shutil
import sys
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import pyoxigraph as ox

from server.data_folder import agreement
from server.feed import log as feed_log
from server.gone import renamed
from server.search import index as search_index
from server.storage import changed, increment, load, snapshot, sources, tables
from server.storage.increment import Change, FileChange, InDoubt, class_of, property_of
from server.storage.placing import placed, switched
from server.storage.publishing import Published, PublishFailed, only_publisher, told
from server.storage.record import SHA256, GraphCount, Record, Source, forget, record_of, record_read
from server.storage.snapshot import ENGINE, Damaged, NothingPublished, current_version, folder_of
from server.storage.versions import NotRemoved, copy, delete, make_way, remove_others

__all__ = ["LAYOUT", "Published", "PublishFailed", "build", "files", "publish", "rebuild", "tell"]

LAYOUT: Final = "2"  # change it when what is built from the same files changes
LEAVE: Final = 3.0  # seconds to wait for readers to leave the versions that are to be removed
PART: Final = 10
"""A change of more than one in so many quads is loaded from all files."""


def build(data_dir: Path, base: str, anew: bool = False) -> Published:
    """Publish every file of DIR/documents. `anew`: load all files, also those that are published already.

    Raises PublishFailed, also where a file is missing or not what the ledger says.
    """
    return _publish(data_dir, None, base, anew)


def publish(data_dir: Path, documents: Sequence[Path], base: str) -> Published:
    """Publish these documents' N-Quads files with the persons, the ledger, the reports and the authority data.

    Every quad stands in its named graph, and its triple once in the default graph. Raises PublishFailed.
    """
    return _publish(data_dir, documents, base)


def rebuild(data_dir: Path, base: str, seconds: float = 60.0) -> Published:
    """Drop everything but the version that is served, load all files, and leave nothing else behind.

    Readers of old versions are waited for so many seconds. Raises PublishFailed, also where they have not left or a
    folder could not be deleted.
    """
    root = data_dir / "store"
    _there(root)
    with only_publisher(root), told(root):
        renamed.read(data_dir)  # what cannot be used is told before anything is dropped
        delete(root / "sources")
        forget(root)
        search_index.forget(data_dir)
        published = _published(data_dir, None, base, anew=True)
        feed_log.forget(data_dir, base)
        if not remove_others(root, seconds):
            raise PublishFailed(
                f"Processer läser ännu äldre versioner i {root}, som därför är kvar: stoppa servern och kör samma "
                f"kommando igen.\nProcesses still read older versions in {root}, which therefore remain: stop the "
                "server and run the same command again."
            )
        return published


def tell(data_dir: Path) -> None:
    """Tell the change feed of what is published, where whoever published it was killed before. Where that cannot be,
    as where the folder may only be read or somebody publishes now, the next publication does it."""
    try:
        with only_publisher(data_dir / "store"):
            feed_log.tell(data_dir, current_version(data_dir) or "", str(snapshot.about(data_dir)["base"]))
    except (PublishFailed, feed_log.NotTold, OSError) as error:
        print(error, file=sys.stderr)


def files(data_dir: Path) -> list[Path]:
    """The files that the newest version was made of, and those that are there now."""
    with record_read(data_dir / "store") as record:
        known = record.sources().keys()
    return [data_dir / name for name in sorted(known | sources.there(data_dir).keys()) if (data_dir / name).exists()]


def _publish(data_dir: Path, documents: Sequence[Path] | None, base: str, anew: bool = False) -> Published:
    root = data_dir / "store"
    _there(root)
    with only_publisher(root), told(root):
        published = _published(data_dir, documents, base, anew)
        try:
            remove_others(root, LEAVE)
        except NotRemoved as error:  # what was published is; the next publication tries again
            print(error, file=sys.stderr)
        return published


def _there(root: Path) -> None:
    with told(root):
        make_way(root)
    root.mkdir(parents=True, exist_ok=True)


def _published(data_dir: Path, documents: Sequence[Path] | None, base: str, anew: bool = False) -> Published:
    root = data_dir / "store"
    for left_over in root.glob(".build-*"):
        delete(left_over)
    make_way(snapshot.pointer(data_dir), is_folder=False)
    make_way(root / "sources")
    (root / "sources").mkdir(exist_ok=True)
    folder = root / f".build-{os.getpid()}"
    try:
        with record_of(root) as record:
            since = record.version()
            with _uncollected():
                with ThreadPoolExecutor(1) as beside:  # SQLite leaves Python free, and so does looking at files
                    asked = beside.submit(agreement.claimed, data_dir)
                    files = sources.found(data_dir, base, documents)
                claimed = asked.result()
                if documents is None:
                    agreement.check_there(data_dir, claimed, files.keys())
                done = None if anew else _changed(data_dir, folder, files, claimed, record, base)
            published, subjects = done or (_built(data_dir, folder, files, claimed, record, base), None)
            tables.put_in_order(data_dir, folder, record)
        served = current_version(data_dir) or ""
        feed_log.tell(data_dir, served, base, since, subjects)
        search_index.tell(data_dir, served, since, subjects)
        return published
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _uncollected() -> Iterator[None]:
    """Look for no cycles meanwhile: of thousands of rows none is part of one, and it takes a fifth of the time."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()


def _changed(
    data_dir: Path, folder: Path, files: sources.Found, claimed: Mapping[str, str | None], record: Record, base: str
) -> tuple[Published, set[str]] | None:
    """Publish what changed since the record's version, and of which subjects the default graph says something else
    now; None where all files have to be loaded."""
    name = record.version()
    if name is None:
        return None
    try:
        about = snapshot.about_version(data_dir, name)
        made_by = (about.get("layout"), about.get("engineVersion"), about.get("base"))
        if made_by != (LAYOUT, ox.__version__, base) or changed.of(about) is None:
            return None
        snapshot.check_seal(folder_of(data_dir, name) / ENGINE, about["engine"])
        before = record.sources()
        now, changes = sources.changes(data_dir, files, before)
        after = {**before, **{file: source for file, source in now.items() if source}}
        for file in before.keys() - files.keys():
            del after[file]
        agreement.check(data_dir, claimed, dict(zip(after, map(SHA256, after.values()), strict=True)))
        figures = about
        if changes:
            made, figures = _make(folder, folder_of(data_dir, name), record, changes, about)
            renamed.check(folder / ENGINE, data_dir, base)
            figures = {"loaded": time.time_ns()} | figures | {"version": _version(after.values(), base)}
            if figures["version"] == about["version"]:
                raise InDoubt("files changed their names")
            digests = changed.Digests(changed.of(about))
            digests.change(changes)
            name = placed(data_dir, folder, _dated(figures, digests, changed.of(about)))
            record.keep(name, now, {f: made.holds.get(f) or record.graphs_of(f) for f in now}, made.graphs)
        elif now:
            record.keep(name, now, {file: record.graphs_of(file) for file in now}, {})
        rebuilt = switched(data_dir, name)
        if changes:
            sources.drop(data_dir / "store", (before.get(file) for file in now), after.values())
        else:
            sources.sweep(data_dir / "store", after.values())
    except (Damaged, NothingPublished) as error:
        print(f"Lagret byggs om av filerna · The store is built anew from the files: {error}", file=sys.stderr)
        return None
    except (InDoubt, OSError, SyntaxError, RuntimeError):
        return None  # what is wrong with the files, or the disk, is told when all of them are loaded
    quads = len(made.removed) + len(made.added) if changes else 0
    return _published_as(figures, rebuilt, quads), made.subjects if changes else set()


def _make(
    folder: Path, origin: Path, record: Record, changes: Sequence[FileChange], about: Mapping[str, Any]
) -> tuple[Change, dict[str, Any]]:
    """Make a change on a copy of a version; it and the new figures. Raises InDoubt."""
    engine = folder / ENGINE
    copy(origin / ENGINE, engine)
    store = ox.Store(str(engine))
    made = increment.change(store, record, changes, about["quads"] // PART)
    new_graphs = sum((count.triples > 0) - (record.graph(g).triples > 0) for g, count in made.graphs.items())
    increment.apply(store, made)
    del store  # the engine lets go of its files when the last reference is gone
    increment.check(ox.Store.read_only(str(engine)), made)
    return made, {
        **about,
        "quads": about["quads"] + made.quads,
        "triples": about["triples"] + made.triples,
        "graphs": about["graphs"] + new_graphs,
        "classes": load.ordered(made.counted(about["classes"], class_of)),
        "properties": load.ordered(made.counted(about["properties"], property_of)),
    }


def _built(
    data_dir: Path, folder: Path, files: sources.Found, claimed: Mapping[str, str | None], record: Record, base: str
) -> Published:
    """Publish all files."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    kept: dict[str, Source] = {}
    digests = changed.Digests()

    def contents() -> Iterator[tuple[str, bytes]]:
        for file in sorted(files):
            kept[file], content = sources.keep(data_dir, file)
            agreement.check(data_dir, claimed, {file: kept[file].sha256})
            digests.add(file, content, kept[file].sha256)
            yield file, content

    store = ox.Store(str(folder / ENGINE))
    try:
        loaded = load.bulk_load(store, contents())
    except SyntaxError as error:
        raise ValueError(load.blame(contents()) or str(error)) from error
    counts = load.settle(store, loaded)
    inexact = load.compare(store, counts, loaded, lambda file: sources.content(data_dir, kept[file]))
    del store
    gc.collect()  # the engine lets go of its files when the last reference is gone
    renamed.check(folder / ENGINE, data_dir, base)
    figures = {
        "version": _version(kept.values(), base),
        "loaded": time.time_ns(),  # which load it is: changes made upon it have the same
        "layout": LAYOUT,
        "engineVersion": ox.__version__,
        "base": base,
        "quads": counts.quads,
        "triples": counts.triples,
        "graphs": len(counts.graphs),
        "classes": counts.classes,
        "properties": counts.properties,
        "ordered": load.is_small(loaded),
    }
    name = placed(data_dir, folder, _dated(figures, digests, changed.of_served(data_dir)))
    graphs = {graph: GraphCount(number, graph not in inexact) for graph, number in counts.graphs.items()}
    record.keep_all(name, kept, loaded.holds, graphs)
    switched(data_dir, name)
    sources.sweep(data_dir / "store", kept.values())
    return _published_as(figures, True, None)


def _dated(figures: dict[str, Any], digests: changed.Digests, was: changed.Told | None) -> dict[str, Any]:
    """The figures of a version that is published now; `was`: when what was published before it last changed."""
    now = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
    return {**figures, "published": now, "changed": digests.told(was, now)}


def _published_as(figures: Mapping[str, Any], rebuilt: bool, of_change: int | None) -> Published:
    quads, triples, graphs = (figures[name] for name in ("quads", "triples", "graphs"))
    return Published(figures["version"], quads, triples, graphs, rebuilt, of_change)


def _version(files: Iterable[Source], base: str) -> str:
    text = "\n".join([LAYOUT, ox.__version__, base, *sorted(map(SHA256, files))])
    return hashlib.sha256(text.encode()).hexdigest()[:16]

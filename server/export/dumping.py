"""The export: everything that is published, as files to fetch, made beside the earlier ones, then put in place."""

import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Final

import ontology
from server.catalogue import rights
from server.catalogue.publisher import Publisher, title_of
from server.catalogue.publisher_keys import CC0
from server.data_folder.files import is_full, locked, sync_new, write
from server.export import dumps, tables_parquet
from server.export.direct import rows_of
from server.export.dumps import Dump, DumpFile, Offer
from server.export.places import municipalities, write_places
from server.export.rdf import write_rdf
from server.export.statistics import Statistics, count
from server.export.tables import Labels, tables
from server.export.tables_csv import told, write_csv, write_metadata
from server.export.tables_places import PlaceTables
from server.export.void import DCT, dataset, write_void
from server.storage import snapshot
from server.storage.snapshot import Damaged, Snapshot
from server.storage.versions import NotRemoved, delete, make_way

TRIES: Final = 5  # how often it begins again where something else is published meanwhile
Progress = Callable[[str], None]


class ExportFailed(Exception):
    """No dump was made and the earlier one is offered still; the text, for the user, says why in Swedish and English.
    `full`: for lack of room."""

    def __init__(self, text: str, full: bool = False) -> None:
        super().__init__(text)
        self.full = full


@dataclass(frozen=True, slots=True)
class Exported:
    """The dump that is offered now; `made` is False when it was there already."""

    dump: Dump
    made: bool


def export(
    data_dir: Path,
    web: str | None = None,
    progress: Progress = lambda _: None,
    publisher: Publisher | None = None,
    take_any: bool = False,
) -> Exported:
    """Make the dump of what is published, unless it is there and says the address and the licence that are wanted.
    `web` is the address under which the service is reached, as https://data.example; None: the publisher's, or else
    the base of the data. `progress` is told the name of each finished file; `take_any`: a dump that is there will do,
    whatever it says of address and licence.

    Raises ExportFailed, NothingPublished, and Damaged where the store is not what was published.
    """
    root = dumps.root(data_dir)
    with told_of(root):
        make_way(root)
        root.mkdir(parents=True, exist_ok=True)
        with _alone(root):
            for left_over in root.glob(f"{dumps.MAKING}*"):
                delete(left_over)
            for _ in range(TRIES):
                done = _once(data_dir, web, publisher, take_any, progress)
                if done:
                    return done
    raise ExportFailed(
        f"{data_dir}: det publicerades något nytt {TRIES} gånger medan dumpen gjordes; kör samma kommando igen när "
        f"inläsningen är klar.\n{data_dir}: something new was published {TRIES} times while the dump was being made; "
        "run the same command again when ingestion has ended."
    )


def offer_of(ask: rights.Ask, base: str, web: str | None, publisher: Publisher | None) -> Offer:
    """The title, the address and the licences that descriptions of the data name; `ask` answers queries of what is
    published."""
    others, title = rights.imported(ask, base), title_of(publisher)
    if publisher is None:
        return Offer(web or base, CC0, others, title)
    return Offer(web or publisher.web, publisher.licence, others, title)


def _once(
    data_dir: Path, web: str | None, publisher: Publisher | None, take_any: bool, progress: Progress
) -> Exported | None:
    """Make the dump, or None where something else was published meanwhile: what was erased must not come back."""
    opened = snapshot.open_current(data_dir)
    folder = dumps.root(data_dir) / f"{dumps.MAKING}{os.getpid()}"
    try:
        about = snapshot.about_version(data_dir, opened.version)
        version = str(about["version"])
        offer = offer_of(partial(rows_of, opened.store), str(about["base"]), web, publisher)
        there = dumps.whole(data_dir, version)
        if there and _has_all_tables(there) and (take_any or there.offer == offer):
            dumps.sweep(data_dir, version)
            return Exported(there, False)
        folder.mkdir(parents=True)
        dump = _make(folder, opened, about, offer, progress)
        if snapshot.current_version(data_dir) != opened.version:
            return None
        dumps.place(data_dir, folder, version)
        if snapshot.current_version(data_dir) != opened.version:
            dumps.drop(data_dir)
            return None
        return Exported(dump, True)
    except FileNotFoundError:
        if snapshot.current_version(data_dir) == opened.version:
            raise
        return None  # an erasure removed all dumps, and this one too
    finally:
        opened.close()
        if folder.exists():
            delete(folder)


def _make(folder: Path, opened: Snapshot, about: dict[str, Any], offer: Offer, progress: Progress) -> Dump:
    files: list[DumpFile] = []
    for file in _files(folder, opened, about, offer):
        files.append(file)
        progress(file.name)
    made = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
    dump = Dump(str(about["version"]), made, tuple(files), offer)
    write(folder / dumps.MANIFEST, dump.json())
    sync_new(folder)
    return dump


def _files(folder: Path, opened: Snapshot, about: dict[str, Any], offer: Offer) -> Iterator[DumpFile]:
    store, base = opened.store, str(about["base"])
    rdf = []
    for file in write_rdf(folder, store, about["quads"], about["triples"], ontology.PREFIXES):
        rdf.append(file)
        yield file
    yield from write_places(folder, store, base)
    found = count(store, base)
    _check(found, about)
    yield write_void(folder, found, base, offer, rdf, str(about["published"]))
    labels = Labels(store)
    made = tables(found, labels)
    of_places = PlaceTables(folder, store, municipalities(store, base))
    sheets = write_csv(folder, store, made, labels, of_places)
    yield from told(sheets)
    sources = {f"{DCT}source": dataset(base)}
    yield write_metadata(folder, made, sources)
    yield from of_places.written(sheets, sources)
    if tables_parquet.available():
        yield from tables_parquet.write_parquet(folder, sheets)


def _check(found: Statistics, about: dict[str, Any]) -> None:
    """Raises Damaged where the store does not hold what was counted when it was published."""
    counted = (found.triples, dict(found.properties), dict(found.classes))
    if counted != (about["triples"], about["properties"], about["classes"]):
        raise Damaged(f"{about['version']}: the store does not hold what was counted at its publication")


def _has_all_tables(dump: Dump) -> bool:
    """Whether a dump has Parquet, where it can be made, and the tables of municipalities, where it has files of them:
    those made earlier have not."""
    has_parquet = any(each.media_type == tables_parquet.MEDIA_TYPE for each in dump.files)
    own = [each for each in dump.files if each.municipality]
    has_place_tables = not own or any(each.rows is not None for each in own)
    return has_place_tables and (has_parquet or not tables_parquet.available())


@contextmanager
def _alone(root: Path) -> Iterator[None]:
    with locked(root / "lock") as alone:
        if not alone:
            raise ExportFailed(
                f"{root}: en annan export pågår; vänta tills den är klar.\n"
                f"{root}: another export is running; wait until it has ended."
            )
        yield


@contextmanager
def told_of(root: Path) -> Iterator[None]:
    """Tell what hinders the work in a folder as ExportFailed."""
    try:
        yield
    except NotRemoved as error:
        raise ExportFailed(str(error)) from error
    except (OSError, RuntimeError) as error:
        if is_full(error):
            raise ExportFailed(
                f"Disken med {root} är full: frigör utrymme och kör samma kommando igen; den förra dumpen är kvar "
                f"({error}).\nThe disk of {root} is full: make room and run the same command again; the earlier dump "
                f"is still there ({error}).",
                full=True,
            ) from error
        raise ExportFailed(
            f"Dumpen i {root} kunde inte göras: åtgärda felet och kör samma kommando igen; den förra är kvar "
            f"({error}).\nThe dump in {root} could not be made: mend the fault and run the same command again; the "
            f"earlier one is still there ({error})."
        ) from error

"""The engine's tables of a large store, put in order after it was published.

A load writes tables with keys of all kinds (level 0 of RocksDB). As long as they lie so, every look-up asks several
of them, and after some changes the engine stops to merge them before it goes on: with 12,000 documents for 4 and for
10 seconds. So they are merged once, on a copy, while queries are answered from the version as it was loaded.
"""

import errno
import os
import shutil
import sqlite3
import sys
from pathlib import Path
from typing import Any

import pyoxigraph as ox

from server.storage.placing import placed, switched
from server.storage.record import Record
from server.storage.snapshot import ENGINE, Damaged, NothingPublished, about, current_version, folder_of
from server.storage.versions import NotRemoved, copy


def put_in_order(data_dir: Path, folder: Path, record: Record) -> None:
    """Make the version that is served anew in `folder` with its tables in order, where they are not, and serve that.

    Where that cannot be it is told on stderr: what was published is whole, and the next publication tries again.
    """
    try:
        figures = about(data_dir)
        if not figures.get("ordered"):
            name = placed(data_dir, folder, _ordered(data_dir, folder, figures))
            record.keep(name, {}, {}, {})
            switched(data_dir, name)
    except (OSError, RuntimeError, sqlite3.Error, Damaged, NothingPublished, NotRemoved) as error:
        shutil.rmtree(folder, ignore_errors=True)  # on a full disk, room for what is told of the publication
        print(
            f"Lagrets tabeller kunde inte ordnas ({error}). Det som publicerades visas; nästa publicering försöker "
            f"igen.\nThe tables of the store could not be put in order ({error}). What was published is served; the "
            "next publication tries again.",
            file=sys.stderr,
            flush=True,
        )


def _ordered(data_dir: Path, folder: Path, figures: dict[str, Any]) -> dict[str, Any]:
    """Make the engine's files anew; the figures of what they hold. Raises OSError and RuntimeError."""
    served = folder_of(data_dir, current_version(data_dir) or "") / ENGINE
    needed = sum(entry.stat().st_size for entry in os.scandir(served))
    if shutil.disk_usage(data_dir).free < 1.5 * needed:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(data_dir))
    copy(served, folder / ENGINE)
    store = ox.Store(str(folder / ENGINE))
    store.optimize()
    del store  # the engine lets go of its files when the last reference is gone
    quads = len(ox.Store.read_only(str(folder / ENGINE)))
    if quads != figures["quads"]:
        raise RuntimeError(f"{quads} quads, not {figures['quads']}")
    return {name: told for name, told in figures.items() if name != "engine"} | {"ordered": True}  # all files are new

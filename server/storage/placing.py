"""A finished version gets its place in DIR/store, and becomes the one that is served."""

import math
from pathlib import Path
from typing import Any, Final

from server.data_folder.files import sync_folder, sync_new, write
from server.storage import sealed, snapshot
from server.storage.snapshot import ABOUT, ENGINE, LOCK, current_version
from server.storage.versions import removed

READ_AGAIN: Final = 4 * 2**20  # bytes of a table above which a change does not read it for its digest


def placed(data_dir: Path, folder: Path, figures: dict[str, Any]) -> str:
    """Seal a finished version and give it its place, on the disk; the name it got.

    That is its version, and a number behind it where that is served already or readers still use it. Where the
    figures tell of the engine's files, they are those of the version that this one was changed from.
    """
    root, version = data_dir / "store", str(figures["version"])
    before = figures.get("engine")
    engine = snapshot.seal(folder / ENGINE, before or {}, math.inf if before is None else READ_AGAIN)
    (folder / LOCK).touch()
    write(folder / ABOUT, sealed.written({**figures, "engine": engine}))
    sync_new(folder / ENGINE)
    sync_new(folder)
    names = (version, *(f"{version}-{number}" for number in range(1, 1000)))
    served = current_version(data_dir)
    name = next(name for name in names if name != served and removed(root / name))
    folder.rename(root / name)
    sync_folder(root)
    return name


def switched(data_dir: Path, name: str) -> bool:
    """Make a version the one that is served; whether it was another."""
    return write(snapshot.pointer(data_dir), f"{name}\n".encode())

"""The versions of the store: a copy of one to be changed, and those that nobody uses any longer."""

import fcntl
import os
import shutil
import time
from pathlib import Path

from server.storage.snapshot import LOCK, current_version, is_version


class NotRemoved(Exception):
    """A folder could not be deleted; the message, in Swedish and English, says which and why."""


def remove_others(root: Path, seconds: float) -> bool:
    """Remove what nobody uses, waiting so long for readers, who look for a new version each second and leave the old
    one; whether nothing is left. Raises NotRemoved."""
    until = time.monotonic() + seconds
    served = current_version(root.parent)
    left = [path for path in root.iterdir() if _is_of_version(path) and path.name not in (served, "sources")]
    while left:
        left = [path for path in left if not removed(path)]
        if left and time.monotonic() >= until:
            return False  # a long query still reads it: the next publication removes it
        if left:
            time.sleep(0.1)
    return True


def _is_of_version(path: Path) -> bool:
    return path.is_dir() or is_version(path.name)


def removed(folder: Path) -> bool:
    """Remove a version's folder where no reader holds it; whether it is not there now. Raises NotRemoved."""
    try:
        lock = os.open(folder / LOCK, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    except (FileNotFoundError, NotADirectoryError):
        delete(folder)
        return True
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    else:
        delete(folder)
        return True
    finally:
        os.close(lock)


def make_way(path: Path, is_folder: bool = True) -> None:
    """Delete what stands where a folder of a cache, or a file of one, is to be and is something else. Raises
    NotRemoved."""
    is_right = path.is_dir() if is_folder else path.is_file()
    if os.path.lexists(path) and not is_right:
        delete(path, is_folder)


def delete(folder: Path, is_folder: bool = True) -> None:
    """Delete a folder, or a file, where it is there, and as much as can be of what is in it; or what stands in its
    place. Raises NotRemoved, also for a link in the place of a folder: what it leads to would stay, and where it
    leads nowhere, its volume may not be there now."""
    if folder.is_symlink() and (is_folder or folder.is_dir()):
        raise NotRemoved(_elsewhere(folder))
    is_folder = folder.is_dir()
    if is_folder:
        shutil.rmtree(folder, ignore_errors=True)
    try:
        if is_folder and folder.exists():
            shutil.rmtree(folder)
        elif not is_folder:
            folder.unlink(missing_ok=True)
    except OSError as error:
        raise NotRemoved(
            f"{folder} kunde inte raderas ({error}) och håller kvar äldre innehåll: åtgärda felet och kör samma "
            f"kommando igen.\n{folder} could not be deleted ({error}) and still holds what was there before: mend "
            "the fault and run the same command again."
        ) from error


def _elsewhere(link: Path) -> str:
    return (
        f"{link} är en länk till en annan plats, och vad som finns där kan inte raderas härifrån: töm platsen, ta "
        f"bort länken och kör samma kommando igen.\n{link} is a link to another place, and what is there cannot be "
        "deleted from here: empty that place, remove the link and run the same command again."
    )


def copy(engine: Path, target: Path) -> None:
    """Make a folder of an engine's files to be changed: its tables, which it never writes to again, as links."""
    target.mkdir(parents=True)
    with os.scandir(engine) as entries:
        for entry in entries:
            if entry.name.endswith(".sst"):
                os.link(entry.path, target / entry.name)
            elif entry.name != "LOCK" and not entry.name.startswith("LOG"):
                shutil.copyfile(entry.path, target / entry.name)

"""The bytes of a file that somebody names: only of a regular one, and never more than are read."""

import os
import stat
from pathlib import Path

from mapping.formats.refusals import Unreadable

LIMIT = 50 * 1024 * 1024
"""The largest file that is read, in bytes."""


def too_large(size: int, limit: int) -> Unreadable:
    """Why a document of `size` bytes is not read, `limit` being the most."""
    given, most = f"{size / 2**20:.0f} MB", f"{limit / 2**20:.0f} MB"
    return Unreadable("too-large", f"{given}, gränsen är {most}", f"{given}, the limit is {most}")


def bytes_of(path: Path, limit: int = LIMIT) -> bytes:
    """What a file holds; one that grows meanwhile is read to the limit. A pipe without a writer is not waited for.

    Raises Unreadable: unreadable (none, not permitted, no regular file), too-large.
    """
    try:
        with open(os.open(path, os.O_RDONLY | os.O_NONBLOCK), "rb") as file:
            about = os.fstat(file.fileno())
            if not stat.S_ISREG(about.st_mode):
                raise Unreadable("unreadable", "den är ingen vanlig fil", "it is no regular file")
            if about.st_size > limit:
                raise too_large(about.st_size, limit)
            data = file.read(limit + 1)
    except OSError as error:
        raise Unreadable("unreadable", str(error.strerror), str(error.strerror)) from error
    if len(data) > limit:
        raise too_large(len(data), limit)
    return data

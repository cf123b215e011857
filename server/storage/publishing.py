"""A publication as others see it: one at a time, what it ends with, and why it failed."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from server.data_folder import agreement
from server.data_folder.files import is_full, locked
from server.feed import log as feed_log
from server.gone import renamed
from server.storage.versions import NotRemoved


class PublishFailed(Exception):
    """Nothing was published and what was served is served still; the message says why."""


@dataclass(frozen=True, slots=True)
class Published:
    """What is served now. `rebuilt` is False when the same files were published already; `changed` is how many quads
    were taken away and added to the version before, None where all files were loaded."""

    version: str
    quads: int
    triples: int
    graphs: int
    rebuilt: bool
    changed: int | None = None


@contextmanager
def only_publisher(root: Path) -> Iterator[None]:
    """Keep all others from publishing into a folder. Raises PublishFailed where somebody does."""
    with locked(root / "publish.lock") as alone:
        if not alone:
            raise PublishFailed(
                f"{root}: en annan process publicerar; vänta tills den är klar.\n"
                f"{root}: another process is publishing; wait until it has ended."
            )
        yield


@contextmanager
def told(root: Path) -> Iterator[None]:
    """Raise PublishFailed, which says what to do, for whatever keeps a publication from its end."""
    try:
        yield
    except (agreement.Differs, renamed.BadRenaming, feed_log.NotTold, NotRemoved) as error:
        raise PublishFailed(str(error)) from error
    except (OSError, SyntaxError, RuntimeError, ValueError, sqlite3.Error) as error:
        if is_full(error):
            raise PublishFailed(
                f"Disken med {root} är full ({error}): frigör utrymme och kör samma kommando igen. Det som visades "
                f"visas ännu.\nThe disk of {root} is full ({error}): make room and run the same command again. What "
                "was served is served still."
            ) from error
        raise PublishFailed(
            f"Lagret kunde inte byggas: {error}. Är en fil trasig, ta bort den och kör ingest igen; det som visades "
            f"visas ännu.\nThe store could not be built: {error}. A broken file: remove it and ingest again; "
            "what was served is served still."
        ) from error

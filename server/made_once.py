"""What is made of the published data once for each version, and kept until the next is published."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from typing import Generic, TypeVar

from server.site import Site
from server.storage import snapshot

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class _Kept(Generic[T]):
    """What was made, with the data folder, base and version that it is of, and the load from all files that this
    version goes back to."""

    made: T
    of: tuple[Path, str, str]
    loaded: int | None


class MadeOnce(Generic[T]):
    """What `make` makes of the data that a site publishes, for all threads: when it is first wanted of a version, by
    one of them, while the others wait; and kept until it is wanted of another version.

    What is erased is gone from it at once: an erasure publishes another version, built from all files. `at` and
    `ready` never give what an earlier version held, and `latest` does only where both go back to the same load.
    Nothing is kept where `make` raises, where nothing is published, or where another version was published meanwhile,
    of which a part might be in what was made.
    """

    def __init__(self, make: Callable[[Site], T]) -> None:
        self._make = make
        self._lock = Lock()
        self._kept: _Kept[T] | None = None

    def at(self, site: Site) -> T:
        """That of the published version, made here where nobody did. Raises what `make` raises."""
        with self._lock:
            of = _of(site)
            if of and self._kept and self._kept.of == of:
                return self._kept.made
            loaded = _loaded(of)
            made = self._make(site)
            if of and of == _of(site):
                self._kept = _Kept(made, of, loaded)
            return made

    def ready(self, site: Site) -> T | None:
        """That of the published version, or None where it is not made yet: nobody waits."""
        kept = self._kept
        return kept.made if kept and kept.of == _of(site) else None

    def latest(self, site: Site) -> T | None:
        """What was made last, of the published version or of one from which nothing can have been erased since; or
        None: nobody waits."""
        kept, of = self._kept, _of(site)
        if kept is None or of is None or kept.of[:2] != of[:2]:
            return None
        return kept.made if kept.of == of or (kept.loaded and kept.loaded == _loaded(of)) else None

    def forget(self) -> None:
        """It is made anew when it is wanted next."""
        self._kept = None


def _of(site: Site) -> tuple[Path, str, str] | None:
    version = snapshot.current_version(site.data_dir)
    return (site.data_dir, site.base, version) if version else None


def _loaded(of: tuple[Path, str, str] | None) -> int | None:
    """Which load from all files a version goes back to; None where it is not known."""
    try:
        return snapshot.about_version(of[0], of[2]).get("loaded") if of else None
    except (snapshot.NothingPublished, snapshot.Damaged):
        return None

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
class _Of:
    """What something is made of: the data of a site, published in this version; `elsewhere` that of the engine that
    tells of them, where that is not in the data folder."""

    data_dir: Path
    base: str
    version: str
    elsewhere: str | None

    def loaded(self) -> int | None:
        """Which load from all files the version goes back to; None where it is not known."""
        try:
            found: int | None = snapshot.about_version(self.data_dir, self.version).get("loaded")
        except (snapshot.NothingPublished, snapshot.Damaged):
            return None
        return found


@dataclass(frozen=True, slots=True)
class _Kept(Generic[T]):
    """What was made; `loaded` is the load that its data go back to."""

    made: T
    of: _Of
    loaded: int | None


class MadeOnce(Generic[T]):
    """What `make` makes of the data that a site publishes, for all threads: when it is first wanted of a version, by
    one of them, while the others wait; and kept until it is wanted of another version.

    What is erased is gone from it at once: an erasure publishes another version, built from all files. `at` and
    `ready` never give what an earlier version held, and `latest` does only where both go back to the same load.
    Nothing is kept where `make` raises, where nothing is published, or where another version was published meanwhile,
    of which a part might be in what was made. What an engine elsewhere told before it was loaded anew is not given
    afterwards.
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
            loaded = of.loaded() if of and of.elsewhere in (None, of.version) else None
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
        if kept is None or of is None:
            return None
        if kept.of == of:
            return kept.made
        is_of_this_site = (kept.of.data_dir, kept.of.base) == (of.data_dir, of.base)
        return kept.made if is_of_this_site and kept.loaded and kept.loaded == of.loaded() else None

    def forget(self) -> None:
        """It is made anew when it is wanted next."""
        self._kept = None


def _of(site: Site) -> _Of | None:
    version = snapshot.current_version(site.data_dir)
    elsewhere = site.elsewhere() if site.elsewhere else None
    return _Of(site.data_dir, site.base, version, elsewhere) if version else None

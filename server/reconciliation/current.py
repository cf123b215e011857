"""The index of what is published now: built in the background whenever another version is published, so that nobody
waits for it, or when it is first wanted."""

import asyncio
import logging
import time
from dataclasses import dataclass, field
from functools import partial
from threading import Lock
from typing import Final

from server.asking import QueryFailed
from server.reconciliation.entities import read
from server.reconciliation.index import Index, build
from server.site import Site
from server.storage import snapshot

AGAIN: Final = 3  # times that it is read anew because another version was published meanwhile
LONGEST: Final = 60.0  # seconds of one query: it is asked once for each version
OLD: Final = 300.0  # seconds after which it is built anew where the data is elsewhere and has no version
LOOK: Final = 0.5  # seconds between two looks whether another version was published
REST: Final = 30.0  # seconds until the next try where it could not be built


@dataclass(frozen=True, slots=True)
class _Held:
    """An index with the version of the data, and with which load of all files that goes back to."""

    index: Index
    version: str | None
    loaded: int | None
    made: float

    def is_of(self, version: str | None) -> bool:
        return version == self.version and (version is not None or time.monotonic() - self.made < OLD)


@dataclass(slots=True)
class Current:
    """The index of a site; threads wait for the one that builds it, where they may not have that of the version
    before."""

    _lock: Lock = field(default_factory=Lock)
    _held: _Held | None = None
    _is_kept: bool = False

    def index(self, site: Site) -> tuple[Index, bool]:
        """The index of the published version, and True; or that of the version before, and False, while it is being
        renewed in the background and nothing can have been erased in between. Raises QueryFailed."""
        version, held = snapshot.current_version(site.data_dir), self._held
        if held and held.is_of(version):
            return held.index, True
        if held and held.loaded and self._is_kept and held.loaded == _loaded(site, version):
            return held.index, False
        return self.renewed(site), True

    def renewed(self, site: Site) -> Index:
        """The index of the published version, built here where nobody did. Raises QueryFailed."""
        version = snapshot.current_version(site.data_dir)
        with self._lock:
            held = self._held
            if not held or not held.is_of(version):
                held = self._held = _built(site)
            return held.index

    async def keep(self, site: Site) -> None:
        """Renew the index whenever another version is published, until cancelled."""
        try:
            while True:
                version, held = snapshot.current_version(site.data_dir), self._held
                if version is None or (held and held.is_of(version)):
                    await asyncio.sleep(LOOK)
                    continue
                try:
                    await asyncio.to_thread(self.renewed, site)
                    self._is_kept = True
                except QueryFailed as error:
                    self._is_kept = False  # whoever asks is told
                    logging.getLogger("kommungraf").warning("the index for reconciliation was not built: %s", error)
                    await asyncio.sleep(REST)
        finally:
            self._is_kept = False


def _built(site: Site) -> _Held:
    for _ in range(AGAIN):
        version = snapshot.current_version(site.data_dir)
        loaded = _loaded(site, version)
        index = build(read(partial(site.pool.rows, seconds=LONGEST)), site.base)
        if version == snapshot.current_version(site.data_dir):
            break
    return _Held(index, version, loaded, time.monotonic())


def _loaded(site: Site, version: str | None) -> int | None:
    """Which load from all files a version goes back to: an erasure makes another one. None where it is not known."""
    try:
        return snapshot.about_version(site.data_dir, version).get("loaded") if version else None
    except (snapshot.NothingPublished, snapshot.Damaged):
        return None

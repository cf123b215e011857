"""The index of what is published now: built when it is first wanted, and anew when another version is published."""

import time
from dataclasses import dataclass, field
from functools import partial
from threading import Lock
from typing import Final

from server import snapshot
from server.reconciliation_entities import read
from server.reconciliation_index import Index, build
from server.site import Site

AGAIN: Final = 3  # times that it is read anew because another version was published meanwhile
LONGEST: Final = 60.0  # seconds of one query: it is asked once for each version
OLD: Final = 300.0  # seconds after which it is built anew where the data is elsewhere and has no version


@dataclass(slots=True)
class Current:
    """The index of a site; threads wait for the one that builds it."""

    _lock: Lock = field(default_factory=Lock)
    _index: Index | None = None
    _version: str | None = None
    _made: float = 0.0

    def index(self, site: Site) -> Index:
        """The index of the published version. Raises QueryFailed."""
        version, index = snapshot.current_version(site.data_dir), self._index
        if index is not None and self._is_of(version):
            return index
        with self._lock:
            if self._index is None or not self._is_of(version):
                self._build(site)
            assert self._index is not None
            return self._index

    def _is_of(self, version: str | None) -> bool:
        return version == self._version and (version is not None or time.monotonic() - self._made < OLD)

    def _build(self, site: Site) -> None:
        for _ in range(AGAIN):
            version = snapshot.current_version(site.data_dir)
            index = build(read(partial(site.pool.rows, seconds=LONGEST)), site.base)
            if version == snapshot.current_version(site.data_dir):
                break
        self._index, self._version, self._made = index, version, time.monotonic()

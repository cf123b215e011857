"""The search index of the version that is served: opened anew when another is published, made where missing."""

import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from threading import Lock
from typing import Final

import tantivy

from server.search.build import FAILED
from server.search.index import current, is_of, spoil
from server.storage import snapshot

PATIENCE: Final = 1.0  # seconds to wait for whoever publishes to bring the index to the new version
AGAIN: Final = 60.0  # seconds before an index that could not be made is tried again


class NotThere(Exception):
    """There is no index of the published version. `failed`: it could not be made; else it is being made."""

    def __init__(self, failed: bool) -> None:
        super().__init__("the search index could not be made" if failed else "the search index is being made")
        self.failed = failed


@dataclass(slots=True)
class Current:
    """The index of a data folder, as threads share it; one process at a time makes it."""

    data_dir: Path
    _lock: Lock = field(default_factory=Lock)
    _version: str = ""
    _searcher: tantivy.Searcher | None = None
    _making: "subprocess.Popen[bytes] | None" = None
    _failed: float = float("-inf")
    _spoilt: float = float("-inf")
    _waited: str = ""  # the version that was waited for: pages are not to wait again, one behind the other

    def searcher(self) -> tantivy.Searcher:
        """A searcher over the published version. Raises NotThere."""
        with self._lock:
            until = time.monotonic() + PATIENCE
            while True:
                version = snapshot.current_version(self.data_dir) or ""
                if self._searcher is not None and version == self._version:
                    return self._searcher
                index = current(self.data_dir)
                searcher = index.searcher() if index else None
                if searcher is not None and is_of(searcher, version):
                    self._version, self._searcher = version, searcher
                    return searcher
                self._searcher = None
                if searcher is None or version == self._waited or time.monotonic() > until:
                    self._waited = version
                    self._make()
                    raise NotThere(self._making is None)
                time.sleep(0.02)

    def damaged(self) -> NotThere:
        """Have an index that cannot be read made anew; what to say meanwhile."""
        with self._lock:
            self._searcher = None
            if self._making is None:
                if time.monotonic() - self._spoilt < AGAIN:
                    return NotThere(True)  # it was made anew just now, and is no better
                try:
                    spoil(self.data_dir)
                except OSError:
                    return NotThere(True)  # a folder that may only be read
                self._spoilt = time.monotonic()
            self._make()
            return NotThere(self._making is None)

    def _make(self) -> None:
        """Begin to make the index, unless that is going on or has just failed."""
        if self._making is not None:
            code = self._making.poll()
            if code is None:
                return
            self._making = None
            if code == FAILED:
                self._failed = time.monotonic()
        if time.monotonic() - self._failed > AGAIN:
            command = [sys.executable, "-P", "-m", "server.search.build", str(self.data_dir)]
            self._making = subprocess.Popen(command, stdin=subprocess.DEVNULL)

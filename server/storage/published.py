"""Which version of the data is published now, looked up at every request."""

import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from server.storage import record, snapshot

LISTED: Final = 2000  # named graphs; a service description with more of them is nobody's reading


@dataclass(slots=True)
class Published:
    """The published version of a data folder, read again only when another is published."""

    data_dir: Path
    _pointer: str = field(init=False)
    _seen: tuple[int, int] | None = field(default=None, init=False)
    _version: str | None = field(default=None, init=False)
    _about: dict[str, Any] = field(default_factory=dict, init=False)
    _about_version: str | None = field(default=None, init=False)

    def __post_init__(self) -> None:
        self._pointer = str(snapshot.pointer(self.data_dir))

    def version(self) -> str | None:
        """Its name, or None where nothing is published or what names it cannot be read."""
        try:
            found = os.stat(self._pointer)
            if (found.st_ino, found.st_mtime_ns) != self._seen:
                self._version = snapshot.current_version(self.data_dir)
                self._seen = (found.st_ino, found.st_mtime_ns)
        except (OSError, snapshot.Damaged):
            self._seen = None
            return None
        return self._version

    def about(self) -> dict[str, Any]:
        """What was counted at its publication (server.storage.snapshot.about), and as `named` the triples of each
        named graph, where they are not too many to be listed. Raises NothingPublished, and Damaged where it is not
        readable."""
        version = self.version()
        if version is None:
            raise snapshot.NothingPublished(str(self.data_dir))
        if version != self._about_version:
            about = snapshot.about_version(self.data_dir, version)
            named = record.listed(self.data_dir / "store", version) if about["graphs"] <= LISTED else {}
            self._about, self._about_version = about | {"named": dict(sorted(named.items()))}, version
        return self._about

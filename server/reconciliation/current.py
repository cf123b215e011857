"""The index of what is published now: built in the background whenever another version is published, so that nobody
waits for it, or when it is first wanted."""

import asyncio
import logging
from dataclasses import dataclass, field
from functools import partial
from typing import Final

from server.asking import QueryFailed
from server.made_once import MadeOnce
from server.reconciliation.entities import read
from server.reconciliation.index import Index, build
from server.site import Site
from server.storage import snapshot

LONGEST: Final = 60.0  # seconds of one query: it is asked once for each version
LOOK: Final = 0.5  # seconds between two looks whether another version was published
REST: Final = 30.0  # seconds until the next try where it could not be built


@dataclass(slots=True)
class Current:
    """The index of a site; threads wait for the one that builds it, where they may not have that of the version
    before."""

    made: MadeOnce[Index] = field(default_factory=lambda: MadeOnce(_built))
    _is_kept: bool = False

    def index(self, site: Site) -> tuple[Index, bool]:
        """The index of the published version, and True; or that of the version before, and False, while it is being
        renewed in the background and nothing can have been erased in between. Raises QueryFailed."""
        if (index := self.made.ready(site)) is not None:
            return index, True
        if self._is_kept and (index := self.made.latest(site)) is not None:
            return index, False
        return self.made.at(site), True

    async def keep(self, site: Site) -> None:
        """Renew the index whenever another version is published, until cancelled."""
        try:
            while True:
                if snapshot.current_version(site.data_dir) is None or self.made.ready(site) is not None:
                    await asyncio.sleep(LOOK)
                    continue
                try:
                    await asyncio.to_thread(self.made.at, site)
                    self._is_kept = True
                except QueryFailed as error:
                    self._is_kept = False  # whoever asks is told
                    logging.getLogger("kommungraf").warning("the index for reconciliation was not built: %s", error)
                    await asyncio.sleep(REST)
        finally:
            self._is_kept = False


def _built(site: Site) -> Index:
    return build(read(partial(site.pool.rows, seconds=LONGEST), site.base), site.base)

"""The engine as pages see it, which are made in threads."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass

from server.asking import Engine, Query, Rows


@dataclass(frozen=True, slots=True)
class Blocking:
    """An engine that lives in an event loop, for other threads."""

    engine: Engine
    loop: asyncio.AbstractEventLoop

    @property
    def prefixes(self) -> Mapping[str, str]:
        return self.engine.prefixes

    def rows(self, text: str, limit: int = 1000, seconds: float | None = None) -> Rows:
        """The result, as values, of a query that a page needs: at most `limit` rows, in `seconds` where other than
        usual. Raises QueryFailed."""
        asked = self.engine.rows(Query(text, rows=limit, seconds=seconds))
        return asyncio.run_coroutine_threadsafe(asked, self.loop).result()

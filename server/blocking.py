"""The engine as pages see it, which are made in threads."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass

from server.admission import Admission
from server.asking import Rows
from server.client_address import Client


@dataclass(frozen=True, slots=True)
class Blocking:
    """An engine that lives in an event loop, for other threads."""

    admission: Admission
    loop: asyncio.AbstractEventLoop

    @property
    def prefixes(self) -> Mapping[str, str]:
        return self.admission.engine.prefixes

    def rows(
        self,
        text: str,
        limit: int = 1000,
        default: tuple[str, ...] = (),
        named: tuple[str, ...] = (),
        client: Client | None = None,
        seconds: float | None = None,
    ) -> Rows:
        """A query's result as values, at most `limit` rows. Raises QueryFailed. `client` is who sent the query; None:
        it is the page's own."""
        if client is None:
            asked = self.admission.engine.rows(text, limit, default, named)
        else:
            asked = self.admission.rows(text, limit, default, named, client, seconds)
        return asyncio.run_coroutine_threadsafe(asked, self.loop).result()

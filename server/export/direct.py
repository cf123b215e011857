"""A store in this process, asked as the query processes are."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import pyoxigraph as ox

from server.asking import QueryFailed, Rows
from server.processes import evaluation


def rows_of(store: ox.Store, text: str, limit: int, endpoint: str | None = None) -> Rows:
    """The result, as values, of a query: at most `limit` rows. Raises OSError, RuntimeError and ValueError."""
    found = evaluation.rows(store.query(text, base_iri=endpoint), limit)
    form = "solutions" if found["boolean"] is None else "boolean"
    return Rows.read(found, form)


@dataclass(slots=True)
class Direct:
    """What pages ask, as server.blocking.Blocking, of a store in this process. Answers are kept until `forget`."""

    store: ox.Store
    prefixes: Mapping[str, str]
    endpoint: str
    _known: dict[tuple[str, int], Rows] = field(default_factory=dict)

    def rows(self, text: str, limit: int = 1000, seconds: float | None = None) -> Rows:
        """The result, as values, of a query: at most `limit` rows. Raises QueryFailed."""
        known = self._known.get((text, limit))
        if known is None:
            try:
                known = self._known[text, limit] = rows_of(self.store, text, limit, self.endpoint)
            except (OSError, RuntimeError, ValueError) as error:
                raise QueryFailed("engine", message=str(error)) from error
        return known

    def forget(self) -> None:
        """Another thing follows, of which something else is asked."""
        self._known.clear()

"""The clients whose queries ended a query process lately."""

from dataclasses import dataclass, field
from typing import Final

REMEMBERED: Final = 16  # clients: those whose queries were the last


@dataclass(slots=True)
class CostlyClients:
    """By any text that tells one from another; None, nobody in particular, is never one of them."""

    _clients: dict[str, None] = field(default_factory=dict)  # the last one is the last

    def __contains__(self, client: str | None) -> bool:
        return client in self._clients

    def add(self, client: str | None) -> None:
        """A query of this client has ended a process."""
        if client:
            self._clients.pop(client, None)
            self._clients[client] = None
            if len(self._clients) > REMEMBERED:
                del self._clients[next(iter(self._clients))]

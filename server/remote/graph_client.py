"""A client of SPARQL 1.1 Graph Store HTTP Protocol: graphs of an engine elsewhere put, added to and deleted."""

import asyncio
from dataclasses import dataclass
from typing import Final

import aiohttp

from server.asking import QueryFailed
from server.remote import failure

SECONDS: Final = 600.0  # for one request: an engine may index millions of triples before it answers


@dataclass(frozen=True, slots=True)
class GraphStore:
    """The graphs behind one address. A name of None is the default graph. All methods raise QueryFailed."""

    session: aiohttp.ClientSession
    address: str

    async def put(self, name: str | None, triples: bytes) -> None:
        """Replace a graph by N-Triples (5.3)."""
        await self._request("PUT", name, triples)

    async def post(self, name: str | None, triples: bytes) -> None:
        """Add N-Triples to a graph (5.5)."""
        await self._request("POST", name, triples)

    async def delete(self, name: str | None) -> None:
        """Delete a graph, which need not be there (5.4)."""
        await self._request("DELETE", name, None)

    async def _request(self, method: str, name: str | None, triples: bytes | None) -> None:
        parameters = {"default": ""} if name is None else {"graph": name}
        headers = {} if triples is None else {"Content-Type": "application/n-triples"}
        try:
            async with (
                asyncio.timeout(SECONDS),
                self.session.request(
                    method, self.address, params=parameters, data=triples, headers=headers, allow_redirects=False
                ) as answer,
            ):
                if answer.status in {200, 201, 204} or method == "DELETE" and answer.status == 404:
                    return
                start = await answer.content.read(failure.MOST)
                if answer.status in {401, 403}:
                    raise QueryFailed("engine", message=f"{method} of graphs is not allowed to this user")
                raise failure.of(answer.status, answer.content_type, start, SECONDS)
        except TimeoutError as error:
            raise QueryFailed("timeout", seconds=SECONDS) from error
        except aiohttp.ClientConnectionError as error:
            raise QueryFailed("unreachable") from error
        except aiohttp.ClientError as error:
            raise QueryFailed("engine", message=f"the engine broke off: {type(error).__name__}") from error

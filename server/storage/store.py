"""The store's doors: publishing a data folder's files, and asking what was published."""

import asyncio
from pathlib import Path

from server.asking import Query, QueryFailed
from server.processes.pool import Pool
from server.storage import authority
from server.storage.publication import Published, PublishFailed, build, publish, rebuild
from server.storage.snapshot import Damaged, NothingPublished, about, current_version, open_current
from server.storage.soundness import ensure

__all__ = [
    "Damaged",
    "NothingPublished",
    "PublishFailed",
    "Published",
    "QueryFailed",
    "about",
    "base_of",
    "build",
    "current_version",
    "ensure",
    "open_current",
    "publish",
    "query_local",
    "rebuild",
]


def query_local(data_dir: Path, query: str, format: str | None = None, seconds: float | None = None) -> bytes:
    """A query's result, in a format of server.web.negotiation ("json", "csv", "turtle" …), without a running server.

    It runs in a process of its own with the limits of the endpoint. None: JSON or Turtle, as the query asks for rows
    or a graph. Raises QueryFailed, and NothingPublished when the folder has no store.
    """
    from server.web.negotiation import GRAPHS, RESULTS

    about(data_dir)
    results = format if format in RESULTS else None if format else "json"
    graphs = format if format in GRAPHS else None if format else "turtle"
    return asyncio.run(_query(data_dir, Query(query, results, graphs, seconds=seconds)))


async def _query(data_dir: Path, query: Query) -> bytes:
    pool = Pool(data_dir, size=1, prefixes=authority.prefixes(base_of(data_dir)))
    try:
        await pool.start()
        answer = await pool.run(query)
        return b"".join([piece async for piece in answer.body()])
    finally:
        await pool.close()


def base_of(data_dir: Path) -> str:
    """The base of the published data's IRIs. Raises NothingPublished."""
    return str(about(data_dir)["base"])

"""The catalogue of a data folder without a running service."""

import asyncio
from pathlib import Path

import pyoxigraph as ox

from server.blocking import Blocking
from server.catalogue.access import Profile
from server.catalogue.facts import Facts, dump_files, facts, has_feed
from server.catalogue.graph import catalogue
from server.catalogue.publisher import Publisher
from server.processes.pool import Pool
from server.quality import graph as quality_graph
from server.quality.figures import Quality, measure
from server.storage import authority, snapshot


def catalogue_local(data_dir: Path, publisher: Publisher, profile: Profile) -> list[ox.Triple]:
    """The statements that the service gives. Raises NothingPublished, Damaged and QueryFailed."""
    base = snapshot.about(data_dir)["base"]
    found, figures = asyncio.run(_counted(data_dir, base))
    told = catalogue(publisher, base, found, dump_files(data_dir), has_feed(data_dir), profile)
    return [*told, *quality_graph.triples(figures, base)]


async def _counted(data_dir: Path, base: str) -> tuple[Facts, Quality]:
    pool = Pool(data_dir, size=1, prefixes=authority.prefixes(base))
    try:
        await pool.start()
        ask = Blocking(pool, asyncio.get_running_loop()).rows
        found = await asyncio.to_thread(facts, ask, snapshot.about(data_dir))
        return found, await asyncio.to_thread(measure, ask, base)
    finally:
        await pool.close()

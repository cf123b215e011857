"""All attacks, one after the other, and the state of the server before and after them."""

import time
from collections.abc import Iterator, Sequence
from typing import Final

from tests.attacks import (
    caches,
    clients,
    deaths,
    expensive,
    malformed,
    nesting,
    pages,
    protocol,
    reaching,
    unwritable,
)
from tests.attacks.attack import SOON, Arena, Attack, Row, Small, attempt
from tests.attacks.target import Target
from tests.attacks.watching import Figures, Listener, Processes, state

STORM: Final = Attack("a storm from one address", "small queries of another within 2 s", clients.storm)
ROOMS: Final = (nesting, expensive, reaching, unwritable, protocol, malformed, pages, caches, clients, deaths)
ATTACKS: Final[tuple[Attack, ...]] = (*(attack for room in ROOMS for attack in room.attacks()), STORM)


def arena(host: str, port: int, pid: int | None = None) -> Arena:
    """The server at an address; `pid` is that of its first process, None when it is not ours to see."""
    others = Target(host, port, patience=3 * SOON)
    return Arena(Target(host, port), others, Small.of(others), Listener(), Processes(pid) if pid else None)


def run(arena: Arena, chosen: Sequence[Attack] = ATTACKS) -> Iterator[Row]:
    """Carry out attacks; those that need the server's processes are left out where these are not known."""
    for number, attack in enumerate(chosen):
        if arena.processes or not attack.needs_processes:
            yield attempt(arena, attack, number)


def aftermath(processes: Processes, before: Figures, web: Sequence[int]) -> list[str]:
    """What is not as it was before the attacks: processes that ended, zombies, descriptors and memory that grew."""
    left = set(processes.zombies())
    time.sleep(2)  # for what the last attack left to be cleared away
    after = processes.figures()
    wrong = [f"process {pid} has ended" for pid in web if state(pid) in {"", "Z"}]
    wrong += [f"process {pid} stays a zombie" for pid in left & set(processes.zombies())]
    if len(processes.forkers()) != 1 or not processes.workers():
        wrong.append(f"{len(processes.forkers())} forking and {len(processes.workers())} query processes")
    if after.descriptors > before.descriptors + 20:
        wrong.append(f"{before.descriptors} descriptors became {after.descriptors}")
    if after.resident > 1.3 * before.resident + 64 * 2**20:
        wrong.append(f"{before.resident >> 20} MiB in memory became {after.resident >> 20}")
    return wrong

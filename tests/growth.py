"""How the cost of a piece of work grows with its size, in CPU time, so that a busy machine changes nothing."""

import time
from collections.abc import Callable

LINEAR = 24.0
"""Below this, eight times the size costs about eight times as much; work that grows with the square costs 64 times."""


def seconds(work: Callable[[], object]) -> float:
    """CPU seconds that this process spends on the work."""
    start = time.process_time()
    work()
    return time.process_time() - start


def growth(work: Callable[[int], object], size: int, rounds: int = 5) -> float:
    """How many times the CPU time of `size` the work takes at 8 × `size`: the quickest of some rounds of both.

    It stops at the first round that shows linear growth.
    """
    small = large = float("inf")
    for _ in range(rounds):
        small = min(small, seconds(lambda: work(size)))
        large = min(large, seconds(lambda: work(8 * size)))
        if large < LINEAR * small:
            break
    return large / small

"""A command that is interrupted: what it has not finished is removed first, and then it is told."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Final

from commands.arguments import fail

INTERRUPTED: Final = 1
ENDING: Final[dict[int, int]] = {signal.SIGINT: INTERRUPTED, signal.SIGTERM: 128 + signal.SIGTERM}
"""What ends a command, and the exit code as of other commands: click's, and what a shell tells of a program that the
signal ended."""


@contextmanager
def interruptible() -> Iterator[None]:
    """Leave the block by an exception when Ctrl-C or SIGTERM comes, so that it removes what is unfinished; then say
    so, and end with the code of the signal."""
    ended: list[int] = []

    def end(number: int, _frame: FrameType | None) -> None:
        for each in ENDING:
            signal.signal(each, signal.SIG_IGN)  # what is unfinished is removed first
        ended.append(number)
        raise KeyboardInterrupt

    before = {each: signal.signal(each, end) for each in ENDING}
    try:
        yield
    except KeyboardInterrupt:
        fail(
            ENDING[ended[0]] if ended else INTERRUPTED,
            "Avbrutet: det halvfärdiga togs bort; kör samma kommando igen.",
            "Interrupted: what was unfinished was removed; run the same command again.",
        )
    finally:
        for each, handler in before.items():
            signal.signal(each, handler)

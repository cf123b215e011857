"""How long a process computes at a stretch, and so how soon it gets a processor when it wakes (Linux 6.12 and later).

sched_setattr(2): the `sched_runtime` of an ordinary process is the length of its turn. Who asks for short turns has
earlier deadlines than those who compute for long, and goes before them when it wakes, with the same share of the
processor over time. Anybody may ask for it; older kernels ignore it.
"""

import ctypes
import os
import platform
import struct
from typing import Final

SHORT: Final = 100_000  # nanoseconds: the shortest that the kernel gives
CALLS: Final = {"x86_64": (314, 315), "aarch64": (274, 275)}  # sched_setattr(), sched_getattr()
_ATTRIBUTES: Final = struct.Struct("=IIQiIQQQ")  # struct sched_attr: size, policy, flags, nice, priority, runtime …

_libc = ctypes.CDLL(None, use_errno=True)


def take(nanoseconds: int) -> None:
    """Let this thread, and all that it starts, take turns of this length; nothing where the system cannot."""
    calls = CALLS.get(platform.machine())
    if calls and os.sched_getscheduler(0) == os.SCHED_OTHER:
        nice = os.getpriority(os.PRIO_PROCESS, 0)
        wanted = _ATTRIBUTES.pack(_ATTRIBUTES.size, os.SCHED_OTHER, 0, nice, 0, nanoseconds, 0, 0)
        _libc.syscall(calls[0], 0, ctypes.create_string_buffer(wanted, _ATTRIBUTES.size), 0)


def taken(process: int = 0) -> int | None:
    """The length of a process's turns in nanoseconds; None where the system does not tell (before Linux 6.12: 0)."""
    calls = CALLS.get(platform.machine())
    found = ctypes.create_string_buffer(_ATTRIBUTES.size)
    if not calls or _libc.syscall(calls[1], process, found, _ATTRIBUTES.size, 0):
        return None
    return int(_ATTRIBUTES.unpack(found.raw)[5])

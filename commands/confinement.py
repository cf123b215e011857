"""What a process that parses a document from outside may do: read files, compute, and answer (Linux).

It is cut off from the network (server.processes.isolation), its memory is limited, and it changes nothing: Landlock
refuses that where the kernel has it (5.13 and later), a filter of system calls where it has not, and a file may not
grow. The mapping runs its processes with the function that `confinement` gives; it knows nothing of how it is done.
"""

import ctypes
import os
import platform
import resource
import struct
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Final

from commands.arguments import REFUSED, warn
from server.processes import isolation

MEMORY: Final = 2 * 2**30
"""Bytes of address space that a process may use to read documents: ten times what the largest seen need."""

# landlock_create_ruleset() and the two behind it have the same numbers on every architecture (<linux/landlock.h>).
_CREATE, _ADD, _RESTRICT = 444, 445, 446
_VERSION_ASKED, _PATH_BENEATH = 1, 1
_EXECUTE, _WRITE_FILE = 1 << 0, 1 << 1
_CHANGES = _WRITE_FILE | sum(1 << bit for bit in range(4, 13))  # remove, make, of every kind of file
_LATER = ((2, 1 << 13), (3, 1 << 14), (5, 1 << 15))  # from version: move between folders, truncate, ioctl of devices
_SCOPES = 0b11  # from version 6: no abstract Unix socket and no signal to a process outside

# What changes a file without writing in it, which Landlock does not refuse: modes, owners, times, attributes, length.
_ABOUT_FILES = {
    "x86_64": (76, 77, 90, 91, 92, 93, 94, 132, 188, 189, 190, 197, 198, 199, 235, 260, 261, 268, 280, 452, 463, 466),
    "aarch64": (5, 6, 7, 14, 15, 16, 45, 46, 52, 53, 54, 55, 88, 452, 463, 466),
}

# What changes folders, mounts, runs programs or signals, and what opens files with flags in memory: refused where
# there is no Landlock; and what opens files, with the place of the flags.
_CHANGING = {
    "x86_64": (
        (59, 62, 82, 83, 84, 85, 86, 87, 88, 129, 133, 155, 161, 165, 166, 200, 258, 259, 263, 264, 265, 266, 297,
         304, 316, 322, 424, 428, 429, 430, 432, 437, 442),
        {2: 1, 257: 2},
    ),
    "aarch64": (
        (33, 34, 35, 36, 37, 38, 39, 40, 41, 51, 129, 130, 138, 221, 240, 265, 276, 281, 424, 428, 429, 430, 432,
         437, 442),
        {56: 2},
    ),
}  # fmt: skip

_libc = ctypes.CDLL(None, use_errno=True)


class NotConfined(Exception):
    """This system does not let a process be confined: documents from outside are not parsed here. The text is meant
    for the user, in Swedish and English."""


@contextmanager
def confinement(times: float = 1) -> Iterator[Callable[[], None]]:
    """What every process must call first that parses documents from outside. Where it cannot, says so and ends the
    program. `times`: how many times the usual memory it may use.

    Where scanned pages are read, the program for that may be run, and writes in one temporary folder, which is
    removed in the end.
    """
    from mapping.formats.pdf_ocr import installed

    try:
        if installed():
            with tempfile.TemporaryDirectory(prefix="kommungraf-") as scratch:
                yield partial(confine, Path(scratch), int(MEMORY * times))
        else:
            yield partial(confine, None, int(MEMORY * times))
    except NotConfined as error:
        warn(str(error))
        sys.exit(REFUSED)


def confine(scratch: Path | None = None, memory: int = MEMORY) -> None:
    """Confine this process, which has one thread yet, and all that it starts, for good; and verify it.

    Nothing can be written and no program run; with `scratch`, that folder alone can be written in, and programs run,
    confined as well. It ends with its parent. Raises NotConfined.
    """
    isolation.die_with(os.getppid())
    isolation.limit_memory(memory)
    _hush()
    place = scratch.parent if scratch else Path(tempfile.gettempdir())
    machine = platform.machine()
    if not _no_writes(scratch) and scratch is None and machine in _CHANGING:
        refused, opens = _CHANGING[machine]
        isolation.refuse_calls(isolation.SYSCALLS[machine][0], *refused, opens=opens)
    if machine in _ABOUT_FILES:
        isolation.refuse_calls(isolation.SYSCALLS[machine][0], *_ABOUT_FILES[machine])
    try:
        isolation.no_network()
    except isolation.NotIsolated as error:
        raise NotConfined(
            "Systemet låter inte en process stängas av från nätverket: handlingar läses inte här. Kör på Linux "
            "med seccomp.\nThis system does not let a process be cut off from the network: documents are not read "
            "here. Run on Linux with seccomp."
        ) from error
    if _can_change(place):
        raise NotConfined(
            "Systemet låter inte en process hindras från att ändra filer: handlingar läses inte här. Kör på Linux "
            "5.13 eller nyare med Landlock, eller utan programmet som läser skannade sidor.\nThis system does not "
            "let a process be kept from changing files: documents are not read here. Run on Linux 5.13 or later with "
            "Landlock, or without the program that reads scanned pages."
        )


def _hush() -> None:
    """The parent alone speaks to the user: parsers print pieces of documents and complaints of their own."""
    nothing = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(nothing, stream)
    os.close(nothing)


def _no_writes(scratch: Path | None) -> bool:
    """Whether Landlock refuses now to change anything outside a folder."""
    if scratch is None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    else:
        os.environ["TMPDIR"] = tempfile.tempdir = str(scratch)
    version = _libc.syscall(_CREATE, None, 0, _VERSION_ASKED)
    if version < 1:
        return False  # a kernel without Landlock, or where it is turned off
    handled = _CHANGES | sum(right for since, right in _LATER if version >= since)
    if scratch is None:
        handled |= _EXECUTE
    ruleset = struct.pack("QQQ", handled, 0, _SCOPES) if version >= 6 else struct.pack("Q", handled)
    rules = _libc.syscall(_CREATE, ctypes.create_string_buffer(ruleset, len(ruleset)), len(ruleset), 0)
    if rules < 0:
        return False
    try:
        return (
            _allowed(rules, Path(os.devnull), _WRITE_FILE)
            and (scratch is None or _allowed(rules, scratch, handled))
            and _libc.prctl(isolation.PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0
            and _libc.syscall(_RESTRICT, rules, 0) == 0
        )
    finally:
        os.close(rules)


def _allowed(rules: int, path: Path, rights: int) -> bool:
    descriptor = os.open(path, os.O_PATH)
    beneath = struct.pack("=Qi", rights, descriptor)
    done = _libc.syscall(_ADD, rules, _PATH_BENEATH, ctypes.create_string_buffer(beneath, len(beneath)), 0)
    os.close(descriptor)
    return bool(done == 0)


def _can_change(place: Path) -> bool:
    """Whether a file can be opened to write, or a folder made and removed, where this user could before."""
    try:
        with tempfile.TemporaryFile(dir=place):
            return True
    except OSError:
        pass  # as it should be
    try:
        os.rmdir(tempfile.mkdtemp(dir=place))
    except OSError:
        return False
    return True

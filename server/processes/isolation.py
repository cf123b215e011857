"""What keeps a query process from the network, from unlimited memory, and from outliving its parent (Linux)."""

import ctypes
import os
import platform
import resource
import signal
import socket
import struct
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from types import MappingProxyType
from typing import Final

PR_SET_PDEATHSIG: Final = 1
PR_SET_SECCOMP: Final = 22
PR_SET_NO_NEW_PRIVS: Final = 38
CLONE_NEWNET: Final = 0x40000000
SECCOMP_MODE_FILTER: Final = 2

# <linux/audit.h> architecture, and the numbers of socket() and io_uring_setup() there
SYSCALLS: Final = {"x86_64": (0xC000003E, 41, 425), "aarch64": (0xC00000B7, 198, 425)}

NOT_TO_READ: Final = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND

_libc = ctypes.CDLL(None, use_errno=True)


class NotIsolated(Exception):
    """This system offers neither seccomp nor network namespaces to us: user queries must not run here."""


def no_network() -> None:
    """Take the network from this process and all that it forks, and verify it.

    A system-call filter refuses socket(), which an ordinary user may install; where permitted an empty network
    namespace is entered as well. Sockets that are open already go on working. Raises NotIsolated.
    """
    _libc.unshare(CLONE_NEWNET)  # refused to ordinary users: then the filter alone holds
    if platform.machine() in SYSCALLS:
        refuse_calls(*SYSCALLS[platform.machine()])
    try:
        probe = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    except PermissionError:
        return
    with probe:
        try:
            probe.connect(("192.0.2.1", 9))  # RFC 5737: an address that belongs to nobody; UDP connect sends nothing
        except OSError:
            return
    raise NotIsolated("query processes could not be cut off from the network")


def refuse_calls(architecture: int, *refused: int, opens: Mapping[int, int] = MappingProxyType({})) -> None:
    """Let the system calls of these numbers fail with EPERM, in this process and all that it forks, for good.

    `opens`: those that open files, by the place of their flags: they are refused where that is not to read alone.
    """

    def statement(code: int, true: int, false: int, value: int) -> bytes:
        return struct.pack("=HBBI", code, true, false, value)

    load, equal, ret = 0x20, 0x15, 0x06
    allow, refuse, kill = 0x7FFF0000, 0x00050001, 0x80000000  # refuse: EPERM
    program = [statement(load, 0, 0, 4), statement(equal, 1, 0, architecture), statement(ret, 0, 0, kill)]
    program.append(statement(load, 0, 0, 0))
    if architecture == SYSCALLS["x86_64"][0]:  # the x32 numbers would be a way round
        program += [statement(0x35, 0, 1, 0x40000000), statement(ret, 0, 0, refuse)]
    for number in refused:
        program += [statement(equal, 0, 1, number), statement(ret, 0, 0, refuse)]
    for number, place in opens.items():
        flags = [
            statement(load, 0, 0, 16 + 8 * place),
            statement(0x45, 0, 1, NOT_TO_READ),
            statement(ret, 0, 0, refuse),
        ]
        program += [statement(equal, 0, 4, number), *flags, statement(ret, 0, 0, allow)]
    program.append(statement(ret, 0, 0, allow))
    code = ctypes.create_string_buffer(b"".join(program))
    filter_ = ctypes.create_string_buffer(struct.pack("HP", len(program), ctypes.addressof(code)))
    if _libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0:
        _libc.prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, ctypes.byref(filter_), 0, 0)


def die_with(parent: int) -> None:
    """End this process when `parent`, whose main thread must have started it, ends; at once if it is gone already."""
    _libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    if os.getppid() != parent:
        os._exit(0)


def end_first() -> None:
    """Let the kernel end this process before others when memory runs out (proc(5), oom_score_adj)."""
    with suppress(OSError):  # /proc may be read-only in a container: then the kernel chooses as it likes
        Path("/proc/self/oom_score_adj").write_text("1000", "ascii")


def limit_memory(size: int) -> None:
    """Limit the address space of this process to `size` bytes, and write no core files."""
    resource.setrlimit(resource.RLIMIT_AS, (size, size))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))

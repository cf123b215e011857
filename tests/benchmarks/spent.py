"""What a program takes with all the processes it starts: `python -m tests.benchmarks.spent COMMAND…`."""

import ctypes
import json
import os
import subprocess
import sys
import time
from dataclasses import asdict, dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
PR_SET_CHILD_SUBREAPER = 36  # <linux/prctl.h>: processes that lose their parent become children of this one


@dataclass(frozen=True, slots=True)
class Spent:
    """Seconds: CPU time of all processes, and wall-clock time until the program ended."""

    cpu: float
    wall: float


def run(*command: str | Path) -> Spent:
    """Run a program to its end, in a process that adopts whatever it leaves behind. Raises RuntimeError."""
    around = [sys.executable, "-m", "tests.benchmarks.spent", *command]
    done = subprocess.run(around, cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"{' '.join(map(str, command))}: {done.stderr}")
    return Spent(**json.loads(done.stdout))


def _measure(command: list[str]) -> tuple[int, Spent]:
    ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    started = time.perf_counter()
    process = os.posix_spawn(command[0], command, os.environ, file_actions=[(os.POSIX_SPAWN_DUP2, 2, 1)])
    cpu, ended, code = 0.0, started, 1
    while True:
        try:
            child, status, usage = os.wait4(-1, 0)
        except ChildProcessError:
            return code, Spent(cpu, ended - started)
        cpu += usage.ru_utime + usage.ru_stime
        if child == process:
            ended, code = time.perf_counter(), os.waitstatus_to_exitcode(status)


if __name__ == "__main__":
    exit_code, spent = _measure(sys.argv[1:])
    print(json.dumps(asdict(spent)))
    sys.exit(exit_code)

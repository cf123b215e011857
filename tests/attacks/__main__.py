"""python -m tests.attacks URL [--pid PID] [--only WORD]: attack a server and print what became of it."""

import argparse
import sys
import time
from urllib.parse import urlsplit

from tests.attacks.runner import ATTACKS, aftermath, arena, run


def main() -> int:
    """0 when every attack met what it should, else 1."""
    parser = argparse.ArgumentParser(prog="python -m tests.attacks", description=__doc__)
    parser.add_argument("url", help="http://HOST:PORT")
    parser.add_argument("--pid", type=int, help="the server's first process, where it runs on this machine")
    parser.add_argument("--only", default="", help="only attacks whose name holds this")
    given = parser.parse_args()
    parts = urlsplit(given.url)
    if parts.scheme != "http" or not parts.hostname:
        parser.error("the address must be http://HOST:PORT")
    place = arena(parts.hostname, parts.port or 80, given.pid)
    processes = place.processes
    before, web = (processes.figures(), processes.web()) if processes else (None, [])
    if processes:
        processes.watch()
    failed = number = 0
    began = time.monotonic()
    print(f"{'attack':44} {'expected':36} {'got':32} {'s':>5} {'next':>5}")
    for row in run(place, [each for each in ATTACKS if given.only in each.name]):
        number += 1
        failed += bool(row.wrong)
        name, expected, got = row.attack.name[:44], row.attack.expected[:36], row.got[:32]
        print(f"{name:44} {expected:36} {got:32} {row.seconds:5.1f} {row.after:5.2f}", flush=True)
        for each in row.wrong:
            print(f"    WRONG {each}", flush=True)
    wrong = []
    if processes and before:
        processes.stop()
        wrong = aftermath(processes, before, web)
    for each in wrong:
        print(f"    WRONG afterwards: {each}")
    print(f"{number} attacks, {failed} wrong, {time.monotonic() - began:.0f} s")
    return 1 if failed or wrong else 0


if __name__ == "__main__":
    sys.exit(main())

"""Makes the search index of a data folder, as a process of its own beside the server that wants it: the server
answers meanwhile. It ends where the server does."""

import os
import sys
from pathlib import Path

from server.search.index import FAULTS, NotWanted, make

MADE, BUSY, FAILED = 0, 3, 4


def main(data_dir: Path) -> int:
    """Make the index of the version that is served; the value is the exit code: BUSY where somebody else writes, or
    another version was published meanwhile."""
    os.nice(10)
    server = os.getppid()
    try:
        return MADE if make(data_dir, lambda: os.getppid() == server) else BUSY
    except NotWanted:
        return BUSY
    except FAULTS as error:
        print(
            f"Sökindexet för {data_dir} kunde inte byggas: {error}\n"
            f"The search index of {data_dir} could not be built: {error}",
            file=sys.stderr,
        )
        return FAILED


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))

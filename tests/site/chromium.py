"""A Chromium for the tests: the one that is there, else one fetched below the checkout, else Debian's where root may.

`python -m tests.site.chromium` fetches it where there is none, and tells which it is.
"""

import fcntl
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Error, Playwright, sync_playwright

CACHE = Path(__file__).parents[2] / ".chromium"
PROGRAMS = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
FETCH = 300.0  # seconds
ARGUMENTS = (
    "--no-sandbox",  # root, and many containers, can have none; only our own pages are opened
    "--disable-dev-shm-usage",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
)


class Unavailable(Exception):
    """Chromium cannot be had here; the message says why."""


@contextmanager
def running() -> Iterator[Browser]:
    """A browser, ended at the end. Raises Unavailable."""
    CACHE.mkdir(exist_ok=True)
    os.environ["PLAYWRIGHT_BROWSERS_PATH"] = str(CACHE)  # read when Playwright starts
    with sync_playwright() as playwright:
        browser = _launched(playwright)
        try:
            yield browser
        finally:
            browser.close()


def _launched(playwright: Playwright) -> Browser:
    """The first way that gives a browser which starts."""
    missing = []
    for way in (_there, _kept, _fetched, _of_debian):
        try:
            return playwright.chromium.launch(executable_path=way(), args=ARGUMENTS)
        except (Unavailable, Error) as error:
            missing.append(f"{way.__name__.strip('_')}: {str(error).strip()[:300]}")
    raise Unavailable("; ".join(missing))


def _there() -> str:
    found = next(filter(None, map(shutil.which, PROGRAMS)), None)
    if not found:
        raise Unavailable(f"no program called {', '.join(PROGRAMS)}")
    return found


def _kept() -> None:
    """Playwright's own, where it was fetched before."""


def _fetched() -> None:
    """Playwright's own; where its libraries are missing, it does not start."""
    _once(sys.executable, "-m", "playwright", "install", "--only-shell", "chromium")


def _of_debian() -> str:
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        raise Unavailable("only root may install Debian's chromium")
    try:
        return _there()  # another process of the tests has just installed it
    except Unavailable:
        _once("apt-get", "install", "--yes", "--no-install-recommends", "chromium")
    return _there()


def _once(*command: str) -> None:
    with (CACHE / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # tests may run in several processes
        try:
            subprocess.run(command, capture_output=True, text=True, timeout=FETCH, check=True)
        except (OSError, subprocess.SubprocessError) as error:
            said = getattr(error, "stderr", None) or str(error)
            raise Unavailable(f"{' '.join(command)}: {said.strip()[-300:]}") from error


def main(told: Callable[[str], object] = print) -> None:
    with running() as browser:
        told(f"Chromium {browser.version}")


if __name__ == "__main__":
    main()

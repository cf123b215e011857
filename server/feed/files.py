"""The files of the feed's pages, read only where they are what was written."""

import hashlib
import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

from server.data_folder.files import content
from server.feed.index import Page
from server.storage import sealed

MANIFEST: Final = "manifest.json"


class Broken(Exception):
    """A page is missing or not what was written; the message says which."""


def folder_of(data_dir: Path) -> Path:
    return data_dir / "feed"


def written(folder: Path, page: Page, text: bytes) -> Page:
    """Write a page to its file, durably but for its name; the page with what its file is."""
    with open(folder / page.file, "wb") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    return page._replace(size=len(text), sha256=hashlib.sha256(text).hexdigest())


def read(folder: Path, page: Page) -> bytes:
    """What a page's file holds. Raises Broken."""
    path = folder / page.file
    check(folder, [page])
    try:
        text = content(path)
    except FileNotFoundError as error:
        raise Broken(f"{path}: missing") from error
    if hashlib.sha256(text).hexdigest() != page.sha256:
        raise Broken(f"{path}: not what was written")
    return text


def check(folder: Path, pages: Iterable[Page]) -> None:
    """Raises Broken where a page's file has not its size; none is read."""
    for page in pages:
        path = folder / page.file
        try:
            is_whole = not page.file or (path.is_file() and path.stat().st_size == page.size)
        except FileNotFoundError:
            is_whole = False
        if not is_whole:
            raise Broken(f"{path}: missing or cut")


def faults(data_dir: Path) -> Iterator[str]:
    """What is wrong with the feed as its readers see it; every page is read."""
    folder = folder_of(data_dir)
    try:
        pages = [Page(**page) for page in sealed.read(content(folder / MANIFEST))["pages"]]
    except FileNotFoundError:
        return
    except (OSError, ValueError, KeyError, TypeError) as error:
        yield f"{folder / MANIFEST}: {error}"
        return
    for page in pages:
        if page.file:
            try:
                read(folder / "pages", page)
            except (Broken, OSError) as error:
                yield str(error)

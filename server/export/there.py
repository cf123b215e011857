"""Which pages a site of files has: those of things that the data say something of, and that are not gone."""

from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import Final
from urllib.parse import unquote, urlsplit

import pyoxigraph as ox

from server.export.direct import Direct
from server.export.page_as_file import described
from server.gone import forgotten
from server.site import NS
from server.things import dereferencing
from server.things.dereferencing import Standing

LONGEST: Final = 255  # bytes of a name in a file system
REMEMBERED: Final = 100_000  # paths of which it is remembered whether they have a page

HasPage = Callable[[str], bool]
"""Whether what a link within the site leads to is a file there."""


def fits(place: str) -> bool:
    """Whether a path can be one of files."""
    return not any(part in {"", ".", ".."} or len(part.encode()) > LONGEST for part in place.split("/")[1:])


def standing(data_dir: Path, base: str, engine: Direct, path: str) -> tuple[str, Standing] | None:
    """The IRI of the thing at a path, decoded, and what the data say of it; None where it has no page: it cannot be a
    file, is gone, or has another name now. Raises QueryFailed."""
    iri = dereferencing.iri_of(path, base) if fits(described(path)) else None
    if iri is None or forgotten.problem(data_dir, path):
        return None
    found = dereferencing.standing(engine.rows(dereferencing.question(base, iri).text, dereferencing.MOST))
    return (iri, found) if found.answers else None


def pages_there(data_dir: Path, base: str, engine: Direct) -> HasPage:
    """What tells of a link's address whether a site of files has what it leads to. Raises QueryFailed."""

    def is_said(iri: str) -> bool:
        node, text = ox.NamedNode(iri), iri.partition("/id/text/")[2]
        if text:
            used = engine.store.quads_for_pattern(None, ox.NamedNode(f"{NS}canonicalText"), node, ox.DefaultGraph())
            return next(used, None) is not None and (data_dir / "texts" / f"{text}.txt").is_file()
        return next(engine.store.quads_for_pattern(node, None, None, ox.DefaultGraph()), None) is not None

    @lru_cache(maxsize=REMEMBERED)
    def of_path(path: str) -> bool:
        found = standing(data_dir, base, engine, path)
        return found is not None and is_said(found[0])

    def has_page(address: str) -> bool:
        parts = urlsplit(address)
        of_things = not parts.scheme and not parts.netloc and parts.path.startswith(("/id/", "/doc/", "/concept/"))
        return not of_things or of_path(unquote(parts.path))

    return has_page

"""What is told of a person who was erased, at what was their IRI: that it is gone, since when, and why (410).

The ledger keeps a salted hash of what in the IRI told who it was; nothing of it is published.
"""

import hashlib
import re
import secrets
import sqlite3
from collections.abc import Iterable
from pathlib import Path
from typing import Final, NamedTuple

from server.files import DataFolderError
from server.ledger import Ledger, reading
from server.messages import Problem

PERSONS: Final = re.compile(r"/id/person/(.+)\Z")
PLACE: Final = re.compile(r"/(?:id|doc)/[a-z-]+/([^/]+)/(.+)\Z")


class Forgotten(NamedTuple):
    """What is kept of the IRI of a person who was erased; the date is ISO 8601 in UTC."""

    hash: str
    salt: str
    date: str
    ground: str


def of_iris(iris: Iterable[str], date: str, ground: str) -> list[Forgotten]:
    """What to keep of the IRIs of persons."""
    salt = secrets.token_hex(16)
    found = {match[1] for iri in iris if (match := PERSONS.search(iri))}
    return [Forgotten(_hash(salt, each), salt, date, ground) for each in sorted(found)]


def forgotten(ledger: Ledger) -> list[Forgotten]:
    """Everything that is kept of such IRIs."""
    try:
        rows = ledger.connection.execute("SELECT hash, salt, date, ground FROM forgotten").fetchall()
    except sqlite3.OperationalError as error:
        if "no such table" not in str(error):
            raise
        return []  # a ledger of an older program, opened to be read
    return [Forgotten(*row) for row in rows]


def problem(data_dir: Path, path: str) -> Problem | None:
    """What to answer at the path of a person who was erased, or of what such a person held or did; else None."""
    match = PLACE.match(path)
    if match is None or not (data_dir / "ledger.sqlite").is_file():
        return None
    try:
        with reading(data_dir) as ledger:
            known = forgotten(ledger)
    except DataFolderError:
        return None  # whoever writes to it now is not waited for: the address is unknown until then
    asked = {f"{match[1]}/{part}" for part in match[2].split("/")}
    found = next((each for each in known if any(_hash(each.salt, one) == each.hash for one in asked)), None)
    if found is None:
        return None
    day = found.date[:10]
    return Problem(
        410,
        f"Personens uppgifter raderades {day}. Skäl: {found.ground}",
        f"The details of the person were erased on {day}. Ground: {found.ground}",
        {"kind": "erased", "removed": found.date, "ground": found.ground},
    )


def _hash(salt: str, text: str) -> str:
    return hashlib.sha256(f"{salt} {text}".encode()).hexdigest()

"""Which program reads: the version that is published, and a fingerprint that changes with any rule."""

import hashlib
from functools import cache
from importlib import metadata
from pathlib import Path

import ontology
import shapes

READING = (".py", ".ttl", ".toml", ".json", ".csv", ".txt")
"""Suffixes of the files that decide what is read from a document."""


@cache
def version() -> str:
    """The installed version ("0.1.0")."""
    return metadata.version("kommungraf")


@cache
def fingerprint() -> str:
    """The version and 12 hex digits over every file of the rooms that decide what a document says.

    A document read with another fingerprint is read again.
    """
    rooms = [Path(room).parent for room in (__file__, ontology.__file__, shapes.__file__) if room]
    total = hashlib.sha256()
    for room in rooms:
        for path in sorted(p for p in room.rglob("*") if p.suffix in READING and "evaluation" not in p.name):
            total.update(f"{room.name}/{path.relative_to(room)}\n".encode())
            total.update(hashlib.sha256(path.read_bytes()).digest())
    return f"{version()}+{total.hexdigest()[:12]}"

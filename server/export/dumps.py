"""The dumps of a data folder, and which of them is current.

DIR/dumps/current           the name of the version whose dump is offered
DIR/dumps/{version}/        its files, and manifest.json: what they are, how long, and their SHA-256
DIR/dumps/.making-…         a dump in the making; of a process that was killed, removed by the next
"""

import json
import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Final

from server.catalogue import rights
from server.catalogue.rights import Imported
from server.data_folder.files import content, digest, sync_folder, write
from server.storage import versions
from server.storage.snapshot import Damaged

MANIFEST: Final = "manifest.json"
MAKING: Final = ".making-"
PACKED: Final = {"gzip": "application/gzip", "zip": "application/zip"}
"""What a file is that holds others in itself, by its encoding."""


@dataclass(frozen=True, slots=True)
class DumpFile:
    """One file. `encoding` is "gzip", "zip" (an archive) or None; `describes` says in "sv" and "en" what is in it.
    `triples` counts the statements of RDF, `rows` those of tables, each None for the other; `of_class` is the IRI of
    a table's class, `municipality` SCB's code where it holds what is of one alone."""

    name: str
    media_type: str
    encoding: str | None
    bytes: int
    sha256: str
    describes: Mapping[str, str] = field(hash=False)
    triples: int | None = None
    rows: int | None = None
    of_class: str | None = None
    municipality: str | None = None

    @property
    def content_type(self) -> str:
        """What it is served as: a compressed file is sent as it lies there, so that size and checksum hold, and
        therefore as gzip or ZIP, not as a content coding of what it holds (RFC 9110, 8.4; RFC 6713)."""
        if self.encoding:
            return PACKED[self.encoding]
        return f"{self.media_type}; charset=utf-8" if self.media_type.startswith("text/") else self.media_type


@dataclass(frozen=True, slots=True)
class Offer:
    """How the data are offered: the address of the service, without a stroke at its end, the IRI of the licence of
    our own data, what was imported, for which it does not hold, and the dataset's title by language."""

    web: str
    licence: str
    imported: tuple[Imported, ...] = ()
    title: Mapping[str, str] = field(default_factory=dict, hash=False)

    def json(self) -> dict[str, Any]:
        """As the manifest has it: `licence` where it holds for everything."""
        if not self.imported:
            return {"title": self.title, "web": self.web, "licence": self.licence}
        others = [{key: value for key, value in asdict(each).items() if value} for each in self.imported]
        parts = {"own_licence": self.licence, "imported": others}
        return {"title": self.title, "web": self.web, "rights": rights.told(self.licence, self.imported), **parts}

    @staticmethod
    def read(found: Mapping[str, Any]) -> "Offer | None":
        """That of a manifest; None where it does not say. Raises KeyError and TypeError."""
        if "web" not in found:
            return None
        others = tuple(Imported(**{"source": "", "licence": "", **each}) for each in found.get("imported", ()))
        return Offer(
            found["web"], found["own_licence"] if others else found["licence"], others, found.get("title", {})
        )


@dataclass(frozen=True, slots=True)
class Dump:
    """A finished dump: the version of the data, when it was made (ISO 8601, UTC), its files, and how it says that it
    is offered; None: it was made by a program that did not note it."""

    version: str
    made: str
    files: tuple[DumpFile, ...]
    offer: Offer | None = None

    def file(self, name: str) -> DumpFile | None:
        return next((each for each in self.files if each.name == name), None)

    def json(self) -> bytes:
        """The manifest."""
        files = [{key: value for key, value in asdict(each).items() if value is not None} for each in self.files]
        for told, each in zip(files, self.files, strict=True):
            told["encoding"] = each.encoding
        offer = self.offer.json() if self.offer else {}
        found = {"version": self.version, "made": self.made, **offer, "files": files}
        return (json.dumps(found, ensure_ascii=False, indent=1) + "\n").encode()


def root(data_dir: Path) -> Path:
    return data_dir / "dumps"


def folder_of(data_dir: Path, version: str) -> Path:
    return root(data_dir) / version


def current(data_dir: Path) -> Dump | None:
    """The dump that is offered, or None where there is none. Raises Damaged where its manifest cannot be read."""
    path = root(data_dir) / "current"
    try:
        name = content(path).decode("ascii", "replace").strip()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise Damaged(f"{path}: {error.strerror}") from error
    return read(folder_of(data_dir, name)) if re.fullmatch("[0-9a-f]{16}", name) else None


@dataclass(slots=True)
class Offered:
    """The dump that a data folder offers, read again only when another is."""

    data_dir: Path
    _seen: tuple[int, int] | None = field(default=None, init=False)
    _dump: Dump | None = field(default=None, init=False)

    def dump(self) -> Dump | None:
        """It, or None where there is none. Raises Damaged where its manifest cannot be read."""
        try:
            found = os.stat(root(self.data_dir) / "current")
        except FileNotFoundError:
            return None
        except OSError as error:
            raise Damaged(f"{root(self.data_dir)}: {error.strerror}") from error
        seen = found.st_ino, found.st_mtime_ns
        if seen != self._seen:
            self._dump, self._seen = current(self.data_dir), seen
        return self._dump


def read(folder: Path) -> Dump | None:
    """The dump in a folder, None where there is none. Raises Damaged where its manifest cannot be read."""
    path = folder / MANIFEST
    try:
        found: dict[str, Any] = json.loads(content(path))
        files = tuple(DumpFile(**each) for each in found["files"])
        return Dump(found["version"], found["made"], files, Offer.read(found))
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise Damaged(f"{path}: {error}") from error


def faults(data_dir: Path) -> Iterator[str]:
    """The files of the dump that is offered which are not what was made; every one is read."""
    try:
        dump = current(data_dir)
    except Damaged as error:
        yield str(error)
        return
    for each in dump.files if dump else ():
        path = folder_of(data_dir, dump.version) / each.name  # type: ignore[union-attr]
        try:
            if path.stat().st_size != each.bytes or digest(path) != each.sha256:
                yield f"{path}: not what was made"
        except OSError as error:
            yield f"{path}: {error.strerror}"


def whole(data_dir: Path, version: str) -> Dump | None:
    """The dump of a version where it is the one offered and each file, which is read, is what was made; else None."""
    try:
        dump = current(data_dir)
    except Damaged:
        return None
    return dump if dump and dump.version == version and not any(faults(data_dir)) else None


def place(data_dir: Path, made: Path, version: str) -> None:
    """Put a finished folder in its place and offer it, then remove every other dump. Raises NotRemoved."""
    target, current = folder_of(data_dir, version), root(data_dir) / "current"
    if target.exists():
        # It names nothing that is not there, and servers read it again once it is written.
        versions.delete(current, is_folder=False)
        sync_folder(root(data_dir))
        versions.delete(target)
    made.rename(target)
    sync_folder(root(data_dir))
    versions.make_way(current, is_folder=False)
    write(current, f"{version}\n".encode())
    sweep(data_dir, version)


def sweep(data_dir: Path, kept: str | None) -> None:
    """Remove every dump but one, and what was left over. Raises NotRemoved."""
    for path in root(data_dir).iterdir():
        if path.is_dir() and path.name != kept:
            versions.delete(path)


def drop(data_dir: Path) -> None:
    """Remove every dump, as after an erasure: what was erased must not be offered still. Raises NotRemoved."""
    versions.make_way(root(data_dir))
    if root(data_dir).exists():
        versions.delete(root(data_dir) / "current", is_folder=False)
        for path in root(data_dir).glob("*/"):
            if not path.name.startswith(MAKING):  # it is given up by its maker, who sees that the version changed
                versions.delete(path)

"""The whole graph as files: N-Quads, Turtle and JSON-LD, written by the engine piece by piece and compressed."""

import hashlib
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any, Final, cast

import pyoxigraph as ox

from server.export.dumps import DumpFile

LEVEL: Final = 6  # of compression: a quarter of the time that the engine takes to write
PIECE: Final = 2**18  # bytes that are compressed at a time
MERGED: Final = (
    "Alla uppgifter tillsammans, utan uppgift om vilken handling de kommer ur",
    "All statements together, without the graphs that tell which document each is from",
)


class Out:
    """A file that is being written, its length and its digest. With `packed` it is gzip (RFC 1952) without a time or
    a name, so that the same content gives the same bytes."""

    def __init__(self, path: Path, packed: bool) -> None:
        self.path = path
        self._file = path.open("xb")
        self._gzip = zlib.compressobj(LEVEL, zlib.DEFLATED, 16 + zlib.MAX_WBITS) if packed else None
        self._digest = hashlib.sha256()
        self._waiting = bytearray()
        self.bytes = 0

    def write(self, content: bytes) -> int:
        """Write some more, as the engine and others call it."""
        self._waiting += content
        if len(self._waiting) >= PIECE:
            self._send(bytes(self._waiting))
            self._waiting.clear()
        return len(content)

    def flush(self) -> None:
        """The engine asks for it at the end; what is held back is written by `close`."""

    def close(self) -> None:
        """Write what is held back; the file is whole then."""
        if self.closed:
            return
        self._send(bytes(self._waiting))
        self._waiting.clear()
        if self._gzip:
            self._put(self._gzip.flush())
        self._file.close()

    def give_up(self) -> None:
        """Close a file that did not become whole."""
        self._file.close()

    @property
    def closed(self) -> bool:
        return self._file.closed

    @property
    def sha256(self) -> str:
        """In hex, of what is on the disk."""
        return self._digest.hexdigest()

    def _send(self, content: bytes) -> None:
        self._put(self._gzip.compress(content) if self._gzip else content)

    def _put(self, content: bytes) -> None:
        self._file.write(content)
        self._digest.update(content)
        self.bytes += len(content)


@contextmanager
def written(path: Path, packed: bool = False) -> Iterator[Out]:
    """A file to write to, which is whole when the block has ended without an error."""
    out = Out(path, packed)
    try:
        yield out
        out.close()
    finally:
        out.give_up()


def write_rdf(
    folder: Path, store: ox.Store, quads: int, triples: int, prefixes: Mapping[str, str]
) -> Iterator[DumpFile]:
    """Write the three files, each when it is asked for; `quads` and `triples` are what about.json says."""
    default: dict[str, Any] = {"from_graph": ox.DefaultGraph()}
    with written(folder / "kommungraf.nq.gz", packed=True) as out:
        store.dump(_file(out), ox.RdfFormat.N_QUADS)
    yield _told(
        out,
        "application/n-quads",
        quads,
        "Allt: varje handlings namngivna graf, och alla uppgifter tillsammans i standardgrafen",
        "Everything: the named graph of each document, and all statements together in the default graph",
    )
    with written(folder / "kommungraf.ttl.gz", packed=True) as out:
        store.dump(_file(out), ox.RdfFormat.TURTLE, prefixes=dict(prefixes), **default)
    yield _told(out, "text/turtle", triples, *MERGED)
    with written(folder / "kommungraf.jsonld.gz", packed=True) as out:
        out.write(b'{"@graph":')
        store.dump(_file(out), ox.RdfFormat.JSON_LD, **default)
        out.write(b"}\n")
    yield _told(out, "application/ld+json", triples, *MERGED)


def _file(out: Out) -> IO[bytes]:
    """The engine writes to it and flushes it, no more."""
    return cast(IO[bytes], out)


def _told(out: Out, media_type: str, triples: int, sv: str, en: str) -> DumpFile:
    return DumpFile(out.path.name, media_type, "gzip", out.bytes, out.sha256, {"sv": sv, "en": en}, triples=triples)

"""A file of the dump, sent piece by piece without a thread of its own: whole, in part, or not at all where the client
has it (RFC 9110, 13 and 14)."""

import asyncio
import logging
import os
from collections.abc import AsyncGenerator
from datetime import datetime
from pathlib import Path
from typing import BinaryIO, Final

from werkzeug.http import http_date, parse_range_header

from server.data_folder.files import opened
from server.export import dumps
from server.export.dumps import Dump, DumpFile, Offered
from server.export.void import NAME
from server.messages import Problem
from server.sparql import protocol
from server.sparql.protocol import Headers, Reply
from server.storage import snapshot
from server.storage.snapshot import Damaged
from server.web.request import Heard

PLACE: Final = "/dumps/"
VOID: Final = "/.well-known/void"
"""Where clients look for the description of a dataset (RFC 8615; its registration: the VoID note, 7.2). It is that
of the dump where that is of what is published; else server.export.dumps_page has one."""
PIECE: Final = 2**18  # bytes


class Pieces:
    """So many bytes of an open file from a place on, read as they are sent; the file is closed by `abandon`."""

    def __init__(self, file: BinaryIO, begin: int, length: int) -> None:
        self._file, self._begin, self._left = file, begin, length

    async def body(self) -> AsyncGenerator[bytes, None]:
        """The pieces. Raises OSError where the file is shorter than it was."""
        self._file.seek(self._begin)
        while self._left:
            piece = await asyncio.to_thread(self._file.read, min(PIECE, self._left))
            if not piece:
                raise OSError(f"{self._file.name} was cut short")
            self._left -= len(piece)
            yield piece

    def abandon(self) -> None:
        self._file.close()


def reply(heard: Heard, offered: Offered) -> Reply | None:
    """The answer to a request for a file of the dump, or None for everything else."""
    name = NAME if heard.path == VOID else heard.path.removeprefix(PLACE)
    if not name or name == heard.path:
        return None
    try:
        dump = offered.dump()
    except Damaged as error:
        return _damaged(heard, str(error))
    file = dump.file(name) if dump else None
    if dump is None or file is None:
        return None
    if heard.path == VOID and not is_of_published(offered.data_dir, dump):
        return None
    if heard.method not in {"GET", "HEAD"}:
        sv, en = "Filen kan bara hämtas.", "The file can only be fetched."
        return protocol.refusal(Problem(405, sv, en, headers=(("Allow", "GET, HEAD"),)), heard.language)
    return _sent(heard, offered, dump, file)


def is_of_published(data_dir: Path, dump: Dump) -> bool:
    """Whether a dump is of what is published now; a version that was built again has a number behind its name."""
    return snapshot.data_of(snapshot.current_version(data_dir) or "") == dump.version


def _sent(heard: Heard, offered: Offered, dump: Dump, file: DumpFile) -> Reply:
    tag = f'"{file.sha256[:32]}"'
    headers: Headers = (
        (b"etag", tag.encode()),
        (b"last-modified", http_date(datetime.fromisoformat(dump.made)).encode()),
        (b"cache-control", b"no-cache"),
        (b"accept-ranges", b"bytes"),
        (b"x-data-version", dump.version.encode()),
        *protocol.CORS,
    )
    if heard.has(tag.encode()):
        return Reply(304, headers)
    content: Headers = ((b"content-type", file.content_type.encode()),)
    if file.encoding or file.rows is not None:
        content = (*content, (b"content-disposition", f'attachment; filename="{file.name}"'.encode()))
    begin, end, status = _asked(heard, headers, file.bytes)
    if status == 416:
        return Reply(416, (*headers, (b"content-range", b"bytes */%d" % file.bytes)))
    if status == 206:
        content = (*content, (b"content-range", b"bytes %d-%d/%d" % (begin, end - 1, file.bytes)))
    length = (b"content-length", b"%d" % (end - begin))
    path = dumps.folder_of(offered.data_dir, dump.version) / file.name
    try:
        there = opened(path)
    except OSError as error:
        return _damaged(heard, str(error))
    size = os.fstat(there.fileno()).st_size
    if size != file.bytes:
        there.close()
        return _damaged(heard, f"{path}: {size} bytes instead of {file.bytes}")
    return Reply(status, (*headers, *content, length), Pieces(there, begin, end - begin))


def _damaged(heard: Heard, what: str) -> Reply:
    logging.getLogger("kommungraf").error("a dump is damaged: %s", what)
    sv = "Filen är skadad och lämnas inte ut: kör `kommungraf export`, den görs då om."
    en = "The file is damaged and is not given out: run `kommungraf export`, which makes it anew."
    return protocol.refusal(Problem(503, sv, en, headers=(("Retry-After", "300"),)), heard.language)


def _asked(heard: Heard, headers: Headers, size: int) -> tuple[int, int, int]:
    """From where up to where a file is asked for, and the status: 200, 206 or 416. More than one range at a time is
    not given, but the whole (RFC 9110, 14.2), as is what changed since the client got its part (13.1.5)."""
    condition = heard.headers.get(b"if-range")
    if condition is not None and condition not in (dict(headers)[b"etag"], dict(headers)[b"last-modified"]):
        return 0, size, 200
    asked = parse_range_header(heard.text(b"range")) if heard.method == "GET" else None
    if asked is None or asked.units != "bytes" or len(asked.ranges) != 1:
        return 0, size, 200
    found = asked.range_for_length(size)
    return (*found, 206) if found else (0, 0, 416)

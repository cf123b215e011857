"""/static: style sheets, scripts and pictures, in the coding that is asked for, coded once for each file."""

import hashlib
import mimetypes
from functools import lru_cache
from pathlib import Path
from typing import Final

from flask import Response, abort, request
from werkzeug.security import safe_join

from server.web import content_coding

FOLDER: Final = Path(__file__).parents[1] / "static"
TEXTS: Final = ("text/", "application/json", "application/javascript", "image/svg+xml")
"""The beginnings of the media types of what becomes smaller by a coding."""


def sent(filename: str) -> Response:
    """A file of the folder, or 404; 304 to who has it. Each coding has a tag of its own (RFC 9110, 8.8.3.3)."""
    found = safe_join(str(FOLDER), filename)
    if found is None or not (path := Path(found)).is_file():
        abort(404)
    said = path.stat()
    media_type = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    coding = content_coding.choose(request.headers.get("Accept-Encoding")) or ""
    if said.st_size <= content_coding.LEAST or not media_type.startswith(TEXTS):
        coding = ""
    body, tag = _coded(path, said.st_mtime_ns, coding)
    response = Response(body, mimetype=media_type)
    if coding:
        response.headers["Content-Encoding"] = coding
    response.headers["Cache-Control"] = "no-cache"
    response.vary.add("Accept-Encoding")
    response.last_modified = said.st_mtime  # type: ignore[assignment]
    response.set_etag(tag)
    response.direct_passthrough = True  # it has its tag and its coding
    condition(response)
    return response


def condition(response: Response) -> None:
    """Make it the answer that the conditions of the request ask for (RFC 9110, 13)."""
    environ = request.environ
    if environ.get("HTTP_IF_MATCH", "").strip() == "*":  # it is there; Werkzeug knows the star in If-None-Match only
        environ = {name: value for name, value in environ.items() if name != "HTTP_IF_MATCH"}
    response.make_conditional(environ)
    del response.headers["Date"]  # the server sets it


@lru_cache(maxsize=256)
def _coded(path: Path, written: int, coding: str) -> tuple[bytes, str]:
    """A file, written at a time (nanoseconds), in a coding, and its tag."""
    content = path.read_bytes()
    tag = hashlib.sha256(content).hexdigest()[:16]
    return (content_coding.smallest(coding, content), f"{tag}-{coding}") if coding else (content, tag)

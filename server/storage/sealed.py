"""JSON files that say by a digest of themselves whether they are what was written."""

import hashlib
import json
from collections.abc import Mapping
from typing import Any, Final

_MARK: Final = b',\n "sha256": "'


def written(told: Mapping[str, Any]) -> bytes:
    """A JSON object with `sha256` as its last member, of all the bytes before it."""
    body = json.dumps(told, ensure_ascii=False).encode().removesuffix(b"}")  # indented, it takes ten times as long
    return body + _MARK + hashlib.sha256(body).hexdigest().encode() + b'"\n}\n'


def read(content: bytes) -> dict[str, Any]:
    """What was written, `sha256` left out. Raises ValueError where something else stands there."""
    body, mark, end = content.rpartition(_MARK)
    if not mark or end != hashlib.sha256(body).hexdigest().encode() + b'"\n}\n':
        raise ValueError("not what was written")
    told: dict[str, Any] = json.loads(body + b"\n}")
    return told

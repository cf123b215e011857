"""What the rows of a data folder's ledger say: of a document, of one that was removed, and of a file."""

import json
from dataclasses import dataclass
from typing import NamedTuple


@dataclass(frozen=True, slots=True)
class Entry:
    """A row of the ledger: what became of one document.

    `status` is accepted, quarantined or refused; `reason` a key, told in `reason_sv` and `reason_en`.
    `program`, `municipality` and `personal_numbers` ("mask" or "quarantine") are what it was read with;
    `page_starts`, `ignored` ({rule: lines}), `unread` ([[line, rule, text, page or null]]), `account` (what was read:
    layout, facts, what is missing), `mentions` and `files` are JSON, the last of them {relative path: SHA-256}, or
    [relative path] where an older program wrote it; `persons` is a fingerprint of how the persons it mentions were
    resolved; `conforms` whether it does by itself (1) or not (0); `ended_at` is ISO 8601 in UTC.
    """

    sha256: str
    file_name: str
    status: str
    reason: str = ""
    reason_sv: str = ""
    reason_en: str = ""
    program: str = ""
    municipality: str = ""
    personal_numbers: str = "mask"
    format: str = ""
    page_starts: str = "[]"
    mentions: str = "[]"
    persons: str = ""
    conforms: int = 0
    warnings: int = 0
    claimed: int = 0
    ignored: str = "{}"
    unread: str = "[]"
    account: str = "{}"
    files: str = "{}"
    ended_at: str = ""

    @property
    def id(self) -> str:
        return self.sha256[:16]

    @property
    def digests(self) -> dict[str, str | None]:
        """The SHA-256 of each file it owns, by its path in the data folder; None where an older program wrote it."""
        return digests_of(self.files)

    @property
    def ignored_lines(self) -> int:
        return sum(json.loads(self.ignored).values())

    @property
    def unread_lines(self) -> int:
        return len(json.loads(self.unread))


@dataclass(frozen=True, slots=True)
class Removed:
    """What is left of a document that was removed: SHA-256 of its bytes, the date (ISO 8601), and the ground."""

    sha256: str
    date: str
    ground: str

    @property
    def id(self) -> str:
        return self.sha256[:16]


class Owned(NamedTuple):
    """What the ledger says of a file: its SHA-256, None where that is not known, and the document's file name."""

    sha256: str | None
    document: str


def digests_of(files: str) -> dict[str, str | None]:
    """The files of a row, as it keeps them, with what each holds."""
    told = json.loads(files)
    return told if isinstance(told, dict) else dict.fromkeys(told)

"""What the rows of a data folder's ledger say: of a document, of one that was removed, and of a file."""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from server.corrections.correction import UNCORRECTED
from server.data_folder.files import DataFolderError

SUBFOLDERS: Final = ("documents", "quarantine", "reports", "texts", UNCORRECTED, "followed")
"""Where the files of documents stand, each named by its document's id."""
_FILES: Final = re.compile(
    rf'(?P<id>[0-9a-f]{{16}})[0-9a-f]{{48}} [\[{{]("({"|".join(SUBFOLDERS)})/(?P=id)(\.[a-z]+)+"'
    r'(: ("[0-9a-f]{64}"|null))?(, (?=")|(?=[\]}])))*[\]}]'
)
"""A document's SHA-256 and its files, as the program writes them: what a path leads to is the document's own."""
_TOLD: Final = 200  # characters of a row


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
        return digests_of(self.sha256, self.files)

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


def digests_of(sha256: str, files: str) -> dict[str, str | None]:
    """The files of a row, as it keeps them, with what each holds. Raises DataFolderError where the program has not
    written that: it names a file that can be no document's of that SHA-256."""
    return digests_of_all([(sha256, files)])


def digests_of_all(rows: Sequence[tuple[str, str]]) -> dict[str, str | None]:
    """The same of many rows (SHA-256, files). Raises DataFolderError."""
    for sha256, files in rows:
        if not _FILES.fullmatch(f"{sha256} {files}"):
            raise unreadable(f"{sha256}: {files}"[:_TOLD])
    return digests_in(",".join(files for _, files in rows))  # row by row takes three times as long


def digests_in(files: str) -> dict[str, str | None]:
    """The same of rows that were not looked at, with a comma between them. Raises DataFolderError."""
    digests: dict[str, str | None] = {}
    try:
        for each in json.loads(f"[{files}]"):
            digests |= each if isinstance(each, dict) else dict.fromkeys(each)
    except (ValueError, TypeError, RecursionError) as error:
        raise unreadable(error) from error
    return digests


def unreadable(error: object) -> DataFolderError:
    """What to raise where a ledger cannot be used, or says what the program has not written."""
    return DataFolderError(
        f"Datamappens liggare går inte att läsa ({error}). Återställ datamappen från en säkerhetskopia, eller läs in "
        f"handlingarna på nytt i en ny mapp.\n"
        f"The data folder's ledger cannot be read ({error}). Restore the data folder from a backup, or ingest the "
        "documents again into a new folder."
    )

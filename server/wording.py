"""The words of the pages in Swedish and English: files of pairs, one file for what belongs together."""

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Final

FOLDER: Final = Path(__file__).parent / "words"
LANGUAGES: Final = ("sv", "en")


@cache
def words(language: str) -> Mapping[str, str]:
    """All words in "sv" or "en", by key. Raises ValueError for a file that says a key again, or not in both."""
    at = 1 if language == "en" else 0
    said: dict[str, str] = {}
    for file in sorted(FOLDER.glob("*.toml")):
        for key, pair in tomllib.loads(file.read_text(encoding="utf-8")).items():
            if key in said or not isinstance(pair, list) or len(pair) != len(LANGUAGES):
                raise ValueError(f"{file.name}: {key} must be one pair [Swedish, English], said in one file only")
            said[key] = pair[at]
    return MappingProxyType(said)

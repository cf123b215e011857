"""The order of Swedish words in lists."""

import unicodedata
from typing import Final

_PLACES: Final = str.maketrans({"å": "{", "ä": "|", "æ": "|", "ö": "}", "ø": "}", "ü": "y", "đ": "d", "ł": "l"})


def swedish(text: str) -> str:
    """A key for sorting: å, ä and ö are the last letters, in this order; æ is sorted as ä, ø as ö, ü as y; other
    accents and capitals make no difference (Svenska Akademiens ordlista)."""
    placed = unicodedata.normalize("NFC", text).casefold().translate(_PLACES)
    if placed.isascii():
        return placed
    return "".join(each for each in unicodedata.normalize("NFD", placed) if not unicodedata.combining(each))

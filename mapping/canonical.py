"""The canonical text of a document as it may be published: no personal number in it."""

from dataclasses import replace

from mapping.formats import read_text
from mapping.personal_numbers import mask
from mapping.records import Refused
from mapping.text import Text


def canonical_text(data: bytes) -> Text | Refused:
    """A document's bytes as text, personal numbers masked digit by digit, so that every offset still holds."""
    text = read_text(data)
    return text if isinstance(text, Refused) else replace(text, canonical=mask(text.canonical))

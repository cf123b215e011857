"""The canonical text of a document as it may be published: no personal number in it."""

from dataclasses import replace
from pathlib import Path

from mapping.formats import bytes_of, read_text
from mapping.formats.refusals import Unreadable
from mapping.limits import Confine, fault, lost, seconds
from mapping.personal_numbers import mask
from mapping.records import Refused
from mapping.side_by_side import Lost, spread
from mapping.text import Text


def canonical_text(data: bytes) -> Text | Refused:
    """A document's bytes as text, personal numbers masked digit by digit, so that every offset still holds."""
    text = read_text(data)
    return text if isinstance(text, Refused) else replace(text, canonical=mask(text.canonical))


def read_text_of(path: Path, confine: Confine | None = None) -> Text | Refused:
    """The canonical text of a file, read in a process of its own; refused as in `read_all`."""
    for _, result in spread(text_of, [(path, (path,))], jobs=1, seconds=seconds(), confine=confine):
        return lost(result) if isinstance(result, Lost) else result
    raise AssertionError("one task has one result")


def text_of(path: Path) -> Text | Refused:
    """The canonical text of a file. Whatever goes wrong in reading it is an answer."""
    try:
        return canonical_text(bytes_of(path))
    except Unreadable as unreadable:
        return unreadable.refused
    except MemoryError:
        raise  # this process is replaced
    except Exception as error:  # a fault of the program with one document is told
        return fault(error)

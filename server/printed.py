"""Dates and numbers as they are printed in a language (Unicode CLDR, through Babel)."""

import datetime
import re
from decimal import Decimal, InvalidOperation
from typing import Final

from babel.dates import format_date
from babel.numbers import format_decimal

ISO_DATE: Final = re.compile(r"(?<![\w/.:-])[0-9]{4}-[0-9]{2}-[0-9]{2}(?![\w/:-]|\.\w)")
"""A date in a text, where it stands as a word and not within a file name, an address or a time."""


def date(value: str, language: str) -> str:
    """An ISO 8601 date "2025-03-12" (or the beginning of a time) as "12 mars 2025"; any other text as it is."""
    try:
        day = datetime.date.fromisoformat(value[:10])
    except ValueError:
        return value
    return str(format_date(day, "d MMMM y", locale=language))


def dated(text: str, language: str) -> str:
    """A name with each ISO 8601 date in it as the language has it: "Kommunstyrelsen 12 mars 2025"."""
    return ISO_DATE.sub(lambda found: date(found[0], language), text)


def number(value: object, language: str) -> str:
    """A number with the language's signs for thousands and decimals: "11 500 000", "0,5"; any other text as it is."""
    try:
        return str(format_decimal(Decimal(str(value)), locale=language))
    except InvalidOperation:
        return str(value)


def heading(value: str) -> str:
    """A title as it stands by itself: it begins with a capital letter, also where a document has it in a sentence."""
    return value[:1].upper() + value[1:]


def days_between(first: str, last: str) -> int | None:
    """The number of days from one ISO 8601 date to another, or None where one of them is no date."""
    try:
        return (datetime.date.fromisoformat(last[:10]) - datetime.date.fromisoformat(first[:10])).days
    except ValueError:
        return None

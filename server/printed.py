"""Dates and numbers as they are printed in a language (Unicode CLDR, through Babel)."""

import datetime
from decimal import Decimal, InvalidOperation

from babel.dates import format_date
from babel.numbers import format_decimal


def date(value: str, language: str) -> str:
    """An ISO 8601 date "2025-03-12" (or the beginning of a time) as "12 mars 2025"; any other text as it is."""
    try:
        day = datetime.date.fromisoformat(value[:10])
    except ValueError:
        return value
    return str(format_date(day, "d MMMM y", locale=language))


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

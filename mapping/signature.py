"""The layout of a document, as a short name that is read from the document alone.

Documents of one name look alike, whichever municipality they are of: what kind of document, of what kind of body,
the decade, how a § is headed and how a registry number is written. Digits are told as "n", a year as "åååå", letters
as "A".
"""

import re
from collections import Counter
from collections.abc import Iterable

from mapping.records import DocumentRecord
from mapping.text import Text

_HEAD = re.compile(
    r"\s*(?P<body>(?:[A-ZÅÄÖ][A-Za-zÅÄÖåäö]{0,11}\s+){0,2})(?P<sign>§{0,2})(?:(?<=§)\s*)?(?P<number>\d+)(?P<year>/\d+)?(?P<after>\s?§)?"
)

_BODY = re.compile(r"fullmäktige|nämnd|styrelse|utskott|beredning|råd\b|förbund")


def layout_of(record: DocumentRecord, text: Text) -> str:
    """Such as "minutes, nämnd, 2020s, § n, A åååå/n, pdf". What the document does not show is left out."""
    parts = [record.kind]
    if body := _BODY.search((record.body or "").lower()):
        parts.append(body.group())
    if record.date is not None:
        parts.append(f"{record.date.year // 10 * 10}s")
    heads = (_head(text.canonical[item.span.start :][:40]) for item in record.items if item.number)
    numbers = (
        _form(ref.verbatim)
        for ref in (*record.own_registry_numbers, *(ref for item in record.items for ref in item.registry_numbers))
    )
    parts += [form for form in (_commonest(heads), _commonest(numbers)) if form]
    return ", ".join([*parts, text.format])


def _commonest(forms: Iterable[str]) -> str:
    """The form seen most; of several, the first in the alphabet. Empty where there is none."""
    counted = Counter(form for form in forms if form)
    return min(counted, key=lambda form: (-counted[form], form)) if counted else ""


def _head(line: str) -> str:
    match = _HEAD.match(line)
    if match is None:
        return ""
    body = "A " if match["body"] else ""
    number = f"n{'/n' if match['year'] else ''}"
    if match["sign"]:
        return f"{body}{match['sign']} {number}"
    return f"{body}{number} §" if match["after"] else f"{body}{number} Title"


def _form(number: str) -> str:
    """ "SOF 2024/718-1.1" as "A åååå/n-n"."""
    form = re.sub(r"[^\W\d_]+", "A", number)
    form = re.sub(r"(?<!\d)(?:19|20)\d\d(?!\d)", "åååå", form)
    form = re.sub(r"\d+(?:\.\d+)*", "n", form)
    return re.sub(r"\s+", " ", form).strip()

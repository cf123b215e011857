"""The documents listed under an item: with or without ids, bullets or lost bullets."""

import re
from collections.abc import Sequence

from mapping.flow import Flow, flow
from mapping.lexicon import lexicon
from mapping.points import _DASH
from mapping.records import ListedDocument
from mapping.registry_numbers import find, split_document_id
from mapping.rows import Row

_TYPES: list[str] = lexicon("listed_documents")["types"]
_TYPE_WORD = re.compile(rf"(?P<type>{'|'.join(_TYPES)})(?:\s\d{{1,2}})?(?=\s|$|,)")
_NUMBERED = re.compile(r"\d{1,2}[.)]\s+(?=\S)")
_TYPED = re.compile(r"(?P<type>[^-–]{2,60}?)\s[-–]\s(?P<title>.+)$", re.DOTALL)
_HANDLING = re.compile(r"\d{4} nr \d+")


def listed_documents(rows: Sequence[Row], heading: str) -> tuple[ListedDocument, ...]:
    """One document per list entry. A lost bullet shows as an indented line, a document's id opens an entry."""
    if not rows:
        return ()
    marked = any(_opens(row, rows) for row in rows)
    groups: list[list[Row]] = []
    for row in rows:
        opens = _opens(row, rows) if marked else not row.text[0].islower()
        if marked and not opens and groups and row.gap and row.text[0].isupper():
            break  # what stands below the list
        if opens or not groups:
            groups.append([row])
        else:
            groups[-1].append(row)
    return tuple(d for d in (_listed(group, heading) for group in groups) if d is not None)


def _margin(rows: Sequence[Row]) -> int:
    return min(len(row.line.text) - len(row.line.text.lstrip()) for row in rows)


def _opens(row: Row, rows: Sequence[Row]) -> bool:
    if _DASH.match(row.text) or _NUMBERED.match(row.text):
        return True
    indent = len(row.line.text) - len(row.line.text.lstrip())
    if 0 < indent - _margin(rows) <= 3 and not row.text[0].islower():
        return True
    found = find(row.text)
    return bool(found) and found[0].start == 0 and found[0].number.document_suffix is not None


def _listed(group: Sequence[Row], heading: str) -> ListedDocument | None:
    whole = flow(row.line for row in group)
    marker = _DASH.match(whole.text) or _NUMBERED.match(whole.text)
    stretch = whole.part(marker.end()) if marker else whole
    if stretch.text.endswith(".") and not stretch.text.endswith((" m.m.", " m.fl.", "m. m.")):
        stretch = stretch.part(0, len(stretch.text) - 1)
    if not stretch:
        return None
    found = find(stretch.text)
    identifier, rest = None, stretch
    if found and found[0].start == 0 and split_document_id(found[0].verbatim):
        identifier = " ".join(found[0].verbatim.split())
        rest = stretch.part(found[0].end)
    elif (handling := _HANDLING.match(stretch.text)) is not None:
        printed = f"{heading} {handling.group()}"
        return ListedDocument(printed, printed, stretch.span(), handling.group(), heading)
    if not rest:
        return ListedDocument(identifier or stretch.text, stretch.text, stretch.span(), identifier)
    kind, title = _type_of(rest)
    return ListedDocument(title, rest.text, stretch.span(), identifier, kind)


def _type_of(rest: Flow) -> tuple[str | None, str]:
    typed = _TYPED.match(rest.text)
    if typed and (_TYPE_WORD.match(typed.group("type")) or len(typed.group("type").split()) <= 2):
        return typed.group("type"), typed.group("title")
    word = _TYPE_WORD.match(rest.text)
    if word:
        return word.group("type"), rest.text
    ending = re.match(
        r"\S*?(?P<type>[Pp]rotokoll|[Tt]jänsteutlåtande)\b", rest.text.split(" ", 2)[1] if " " in rest.text else ""
    )
    return (ending.group("type").capitalize() if ending else None), rest.text

"""The parties that a document itself teaches: by the codes that it prints behind names and in lists of members."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence

from mapping.cover_entries import label_of
from mapping.known import SCANNED, Known
from mapping.lexicon import lexicon
from mapping.margin import SECTION_HEAD
from mapping.person_names import WORD
from mapping.roll_columns import CELL, heads_at
from mapping.rows import Row
from ontology import municipality_code, party_code

_BEHIND_NAME = re.compile(rf"({WORD} {WORD})(?: m\.?\s?fl\.?)? \(([A-Za-zÅÄÖåäö!.]{{1,5}})\)")
_IN_BRACKETS = re.compile(r"\(([A-Za-zÅÄÖåäö!.]{1,5})\)")
_OF_MEMBERS = ("member", "serving-substitute", "substitute", "chairing", "vice-chairing")
# A party's code has capitals throughout or in part (VIF, ÖrP); a longer word with one is a place or a post.
_LOOKS_LIKE_CODE = re.compile(r"[A-ZÅÄÖ](?:[A-Za-zÅÄÖåäö]{0,2}|(?=[a-zåäö]*[A-ZÅÄÖ])[A-Za-zÅÄÖåäö]{3,4})")


def known_parties(text: str, rows: Sequence[Row] = ()) -> Known:
    """The codes that stand in parentheses behind two or more different names of the text, and those that stand once
    behind a name in a list of members (`rows`) or in its column of parties."""
    seen: dict[str, set[str]] = {}
    for match in _BEHIND_NAME.finditer(text):
        if match.group(2) not in SCANNED:
            seen.setdefault(match.group(2), set()).add(match.group(1))
    times = Counter(_IN_BRACKETS.findall(text))
    repeated = {code for code in seen if times[code] > 1}
    told = frozenset(code for code in seen if code in repeated or party_code(code) is not None)
    return Known(told | _of_lists(_listed(rows)) | _of_lists(_in_columns(rows)))


def _of_lists(lists: Iterator[list[str]]) -> frozenset[str]:
    """What looks like a party's code in lists whose other codes are mostly parties'."""
    found: set[str] = set()
    for codes in lists:
        strange = [code for code in codes if party_code(code) is None]
        if len(strange) < len(codes) - len(strange):
            found |= {code for code in strange if _may_be_party(code)}
    return frozenset(found)


def _may_be_party(code: str) -> bool:
    if not _LOOKS_LIKE_CODE.fullmatch(code) or code in SCANNED:
        return False
    return code.lower() not in lexicon("people")["no_parties"] and municipality_code(code.capitalize()) is None


def _listed(rows: Sequence[Row]) -> Iterator[list[str]]:
    """The codes in parentheses behind names, for each stretch of rows under a label of members or a roll's head."""
    named = [[match.group(2) for match in _BEHIND_NAME.finditer(row.text)] for row in rows]
    if not any(party_code(code) is None for codes in named for code in codes):
        return
    members, codes = False, list[str]()
    for index, row in enumerate(rows):
        opened = "" if SECTION_HEAD.match(row.text) else label_of(row.text)
        head = bool(heads_at(rows, index)[0])
        if opened is not None or head:
            yield codes
            members, codes = head or opened in _OF_MEMBERS, []
        codes += named[index] if members else ()
    yield codes


def _in_columns(rows: Sequence[Row]) -> Iterator[list[str]]:
    """The words under the head of a column of parties, for each table of members."""
    for index in range(len(rows)):
        columns, taken = heads_at(rows, index)
        head = next((column for column in columns if column.kind == "party"), None)
        if head is None:
            continue
        codes: list[str] = []
        for at in range(index + taken, len(rows)):
            if SECTION_HEAD.match(rows[at].text) or heads_at(rows, at)[0]:
                break
            line = rows[at].line
            cells = [(line.column(cell.start()), cell.group().strip("()")) for cell in CELL.finditer(line.text)]
            codes += [word for place, word in cells if head.start - 1 <= place <= head.end][:1]
        yield codes

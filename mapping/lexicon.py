"""The lexicon: what differs between municipalities, years and layouts, as data in `lexicon/*.toml`."""

import re
import tomllib
from functools import cache
from pathlib import Path
from typing import Any

_FOLDER = Path(__file__).parent / "lexicon"

# A word of a body's name, or the rest of one: bounded, so that a line without blanks costs no square of its length.
_WORD, _PART = r"[\wåäöé]{1,40}", r"[\wåäöé]{0,40}"
_KIND = r"(?:nämnd|styrelse|fullmäktige|utskott|direktion|beredning)"
BODY = (
    rf"(?:[A-ZÅÄÖ]{_PART}-(?:, {_WORD}-)* (?:och|samt) {_PART}{_KIND}"  # Barn- och utbildningsnämnd
    # Kultur och fritidsnämnd, without its hyphen
    rf"|(?:Arbetsmarknad|Barn|Bygg|Fritid|Individ|Jord|Kultur|Mark|Miljö|Natur|Plan|Samhälle|Skol|Social|Teknik"
    rf"|Utbildning|Vård|Äldre)s? och (?=[a-zåäö]){_WORD}{_KIND}"
    rf"|[A-ZÅÄÖ][\wåäöé-]{{0,60}}s (?:{_WORD}s )?{_PART}{_KIND}"  # Kommunstyrelsens arbetsutskott
    rf"|Programnämnd(?:en)?(?: {_WORD}){{1,3}}|Nämnden för (?:{_WORD}-? )?(?:och )?{_WORD}"  # Örebro
    # Rinkeby-Kista stadsdelsnämnd
    rf"|[A-ZÅÄÖ]{_WORD}(?:-[A-ZÅÄÖ]{_WORD})? (?:stadsdels|kommundels|områdes|distrikts)nämnd"
    rf"|(?:Tekniska|Sociala|Gemensamma|Kommunala|Regionala|Kulturella|Allmänna|Politiska) {_PART}{_KIND}"
    rf"|Kommunala [a-zåäö]{{1,40}}råd|(?:Pensionärs|Ungdoms|Handikapp|Tillgänglighets|Folkhälso|Funktionsrätts)råd"
    rf"|[A-ZÅÄÖ]{_PART}{_KIND})"
)
_BODY_DEFINITE = rf"(?:{BODY}(?:en|et|n)?|Nämnden|Styrelsen|Fullmäktige|Utskottet|Direktionen)"
_BODY_GENITIVE = rf"(?:{_BODY_DEFINITE}s?)"


@cache
def lexicon(name: str) -> dict[str, Any]:
    """The tables of `lexicon/{name}.toml`."""
    return tomllib.loads((_FOLDER / f"{name}.toml").read_text(encoding="utf-8"))


@cache
def whole_line(name: str, key: str) -> re.Pattern[str]:
    """One pattern that matches a whole stripped line against every entry of a list in the lexicon."""
    entries = "|".join(f"(?:{entry})" for entry in lexicon(name)[key])
    return re.compile(rf"(?:{entries})\Z")


@cache
def anywhere(name: str, key: str) -> re.Pattern[str]:
    """One case-folded pattern that finds any entry of a list in the lexicon."""
    return re.compile("|".join(f"(?:{entry})" for entry in lexicon(name)[key]), re.IGNORECASE)


# "Arbetsutskottets förslag 2024-05-07, § 33"
_WHEN = r"(?:,?\s(?:den\s)?\d\d\d\d-\d\d-\d\d)?(?:,?\s§\s?\d+(?:/\d+)?)?"


@cache
def headings() -> tuple[tuple[str, re.Pattern[str]], ...]:
    """(section, pattern of its heading lines), in the lexicon's order; upper case lines match too."""
    return tuple(
        (
            section,
            re.compile(
                "(?:{})".format(
                    "|".join(f"(?:{e})" for e in entries)
                    .replace("{body}", _BODY_GENITIVE)
                    .replace("{Body}", _BODY_DEFINITE)
                )
                + (_WHEN if section in ("decision", "proposed") else "")
                + r"\s*:?\Z"
            ),
        )
        for section, entries in lexicon("headings").items()
    )


@cache
def ordered(name: str, table: str) -> tuple[tuple[str, re.Pattern[str]], ...]:
    """(notation, pattern) pairs of an ordered table: the first that is found decides. Where the lexicon says so
    (`begin_words`), a pattern is found only from the beginning of a word."""
    start = r"\b" if lexicon(name).get("begin_words") else ""
    return tuple(
        (entry["notation"], re.compile("|".join(f"{start}(?:{p})" for p in entry["patterns"]), re.IGNORECASE))
        for entry in lexicon(name)[table]
    )


def heading_of(line: str) -> str | None:
    """The section that a stripped line opens as its heading, or None."""
    if not line or len(line) > 90 or not (line[0].isupper()):
        return None
    candidates = [line]
    if line.isupper() and len(line) > 2:
        candidates.append(line.capitalize())
    for candidate in candidates:
        for section, pattern in headings():
            if pattern.match(candidate):
                return section
    return None

"""Curated decisions on who is who: a TOML file that overrules what the spellings suggest.

    [[same]]
    municipality = "Almvik"              # name or SCB code
    names = ["Karin Lindmark", "Karin Lindmark Öhr"]
    parties = ["V"]                      # optional; without it any party, "-" for none
    reason = "Bytte namn 2023."
    reason_en = "Changed name in 2023."  # optional

    [[different]]
    municipality = "Almvik"
    names = ["Per Holm", "Pär Holm"]
    parties = ["S"]
    reason = "Två ledamöter."

A decision holds for every mention in the municipality whose name is among `names` (case and accents do not
matter) and whose party is among `parties`. One name with two parties is a decision on somebody who changed
party, or on two who share a name. Two of one name and one party have one address and cannot be told apart.
"""

import tomllib
from dataclasses import dataclass
from pathlib import Path

from mapping.iris import municipality_key
from mapping.names import key
from mapping.parties import meant


class BadDecisions(ValueError):
    """The file of decisions cannot be used; the message says what is wrong, where and what to do."""


@dataclass(frozen=True, slots=True)
class Decision:
    status: str
    municipality: str
    names: frozenset[str]
    parties: frozenset[str | None] | None
    reason: tuple[str, str]

    def covers(self, municipality: str, names: frozenset[str], party: str | None) -> bool:
        here = municipality == self.municipality and (self.parties is None or party in self.parties)
        return here and bool(self.names & names)


Decisions = tuple[Decision, ...]
NOTHING: Decisions = ()
_FIELDS = {"municipality", "names", "parties", "reason", "reason_en"}


def read_decisions(path: Path) -> Decisions:
    """The decisions of a file. Raises BadDecisions, in one sentence, where it cannot be read or understood."""
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise BadDecisions(f"{path.name} cannot be read as TOML ({error}); correct the file.") from error
    if unknown := sorted(set(data) - {"same", "different"}):
        raise BadDecisions(f"{path.name} has [[{unknown[0]}]]; only [[same]] and [[different]] are known.")
    made = []
    for status in ("same", "different"):
        entries = data.get(status, [])
        if not isinstance(entries, list):
            raise BadDecisions(f"{path.name}: write [[{status}]] with double brackets.")
        for number, entry in enumerate(entries, 1):
            made.append(_decision(status, entry, f"{path.name}, [[{status}]] number {number}"))
    return tuple(made)


def _decision(status: str, entry: dict[str, object], where: str) -> Decision:
    if unknown := sorted(set(entry) - _FIELDS):
        raise BadDecisions(f"{where}: {unknown[0]!r} is no known field; use {', '.join(sorted(_FIELDS))}.")
    names, parties = _texts(entry, "names", where), _texts(entry, "parties", where)
    reason = entry.get("reason")
    if not isinstance(reason, str) or not reason.strip():
        raise BadDecisions(f"{where}: a reason is missing; say in a sentence how this is known.")
    english = entry.get("reason_en", reason)
    municipality = municipality_key(entry["municipality"] if isinstance(entry.get("municipality"), str) else None)  # type: ignore[arg-type]
    if municipality is None:
        raise BadDecisions(f"{where}: municipality is missing; give its name or code.")
    if not names or len(names) < 2 and len(parties or ()) < 2:
        raise BadDecisions(f"{where}: give at least two names, or one name and two parties.")
    if not isinstance(english, str):
        raise BadDecisions(f"{where}: reason_en must be a text in quotes.")
    codes = frozenset(p.code if (p := meant(code, municipality)) else None for code in parties) if parties else None
    return Decision(status, municipality, frozenset(map(key, names)), codes, (reason.strip(), english.strip()))


def _texts(entry: dict[str, object], field: str, where: str) -> list[str] | None:
    value = entry.get(field)
    if value is None:
        return None
    if not isinstance(value, list) or not all(isinstance(text, str) and text.strip() for text in value):
        raise BadDecisions(f"{where}: {field} must be a list of texts in quotes.")
    return [str(text) for text in value]

"""Parties as documents print them: which party is meant, in which municipality."""

import re
from dataclasses import dataclass
from functools import lru_cache

import ontology


@dataclass(frozen=True, slots=True)
class PartyKey:
    """A party: the code it goes by today ("FP" is "L"), and whether it is one of the whole country."""

    code: str
    national: bool


@lru_cache(maxsize=4096)
def meant(printed: str | None, municipality: str | None) -> PartyKey | None:
    """The party that a printed code or name means; a code nobody knows is a local party.

    None for no party: nothing, or the hyphen of those who have left theirs. `municipality`: its SCB code.
    """
    code = (printed or "").strip(" ().,;")
    if not re.search(r"\w", code):
        return None
    found = ontology.party(code, municipality)
    while found is not None and found.successor is not None:
        found = ontology.party(found.successor)
    if found is None:
        return PartyKey(" ".join(code.split()).upper(), False)
    return PartyKey(found.code, not found.local)


def without_party(name: str) -> str:
    """The name of a person as pages print it, without what tells the party: "A B (SD)", "B, A (SD)", "A B, SD"."""
    name = " ".join(_BRACKETS.sub(" ", name).split())
    match = _BEHIND.fullmatch(name)
    return match["name"] if match and ontology.party(match["party"]) else name


_BRACKETS = re.compile(r"\([^()]*\)|\[[^\[\]]*\]")
_BEHIND = re.compile(r"(?P<name>\S+ .*[^\s,]),? (?P<party>(?<=, )\S+|(?<=[a-zåäö] )[A-ZÅÄÖ]{2,4})")


@lru_cache(maxsize=1)
def _names() -> re.Pattern[str]:
    names = {name for party in ontology.parties() for name in party.names_sv if len(name) > 3}
    return re.compile(
        rf"(?<!\w)(?P<name>{'|'.join(map(re.escape, sorted(names, key=len, reverse=True)))})(?:s)?(?!\w)",
        re.IGNORECASE,
    )


def named_in(text: str, municipality: str | None) -> frozenset[str]:
    """The codes of the parties that a text names: "Liberalernas och Centerpartiets", "A B (M)", "M:s", "VÄL:s".

    A code that nobody knows is a local party's where it stands in brackets or before a genitive.
    """
    found = {match["name"] for match in _names().finditer(text)}
    for match in _CODES.finditer(text):
        for part in re.split(r"[,/ ]+", match["inside"] or match["genitive"] or match["bare"]):
            if part and (match["bare"] is None or ontology.party(part, municipality)):
                found.add(part)
    keys = (meant(name, municipality) for name in found)
    return frozenset(key.code for key in keys if key is not None)


_CODES = re.compile(
    r"\((?P<inside>\w{1,6}(?:[,/ ]+\w{1,6})*)\)"
    r"|(?<![\w(])(?P<genitive>[A-ZÅÄÖ]\w{0,5}):s(?!\w)"
    r"|(?<![\w(])(?P<bare>[A-ZÅÄÖ]{1,4}|Fi)(?![\w)])"
)

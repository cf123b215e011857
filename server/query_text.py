"""What can be told from the text of a query before it runs: updates, SERVICE, and its FROM clauses."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

_TOKEN: Final = re.compile(
    r"""
      (?P<comment>\#[^\n\r]*)
    | (?P<iri><[^<>"{}|^`\\\x00-\x20]*>)
    | (?P<string>'''(?:'{0,2}(?:[^'\\]|\\.))*''' | \"\"\"(?:"{0,2}(?:[^"\\]|\\.))*\"\"\"
        | '(?:[^'\\\n\r]|\\.)*' | "(?:[^"\\\n\r]|\\.)*")
    | (?P<variable>[?$]\w+)
    | (?P<language>@[A-Za-z][A-Za-z0-9-]*)
    | (?P<blank>_:[\w.·-]*)
    | (?P<name>(?:[^\W\d_][\w.·-]*)?:(?:[\w:%.·-]|\\.)*)
    | (?P<word>[A-Za-z_]\w*)
    | (?P<other>\S)
    """,
    re.VERBOSE | re.DOTALL,
)
UPDATES: Final = frozenset(["INSERT", "DELETE", "LOAD", "CLEAR", "DROP", "CREATE", "ADD", "MOVE", "COPY", "WITH"])
CHANGING: Final = re.compile(r"\b(NOW|RAND|UUID|STRUUID|BNODE)\b", re.IGNORECASE)  # SPARQL 1.1, 17.4


@dataclass(frozen=True, slots=True)
class Token:
    kind: str
    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Dataset:
    """The dataset that a query names itself: IRIs, and the stretches of text that name them."""

    default: tuple[str, ...]
    named: tuple[str, ...]
    clauses: tuple[tuple[int, int], ...]
    resolved: bool  # False: an IRI could not be resolved here (relative, or an undeclared prefix)


def tokens(query: str) -> Iterator[Token]:
    """The tokens of a query without comments and white space; nothing is refused here."""
    for match in _TOKEN.finditer(query):
        if match.lastgroup != "comment":
            yield Token(match.lastgroup or "", match.group(), match.start(), match.end())


def first_keyword(query: str) -> str | None:
    """The word, in capitals, that follows the prologue ("SELECT", "INSERT" …), or None when there is none."""
    prologue = True
    for token in tokens(query):
        if token.kind == "word" and token.text.upper() not in {"BASE", "PREFIX"}:
            return token.text.upper()
        prologue = prologue and token.kind in {"word", "name", "iri"}
        if not prologue:
            return None
    return None


def refused(query: str) -> str | None:
    """ "update" or "service" when the query asks for what is never done here, else None.

    A courtesy to the asker: what holds is that the processes that run queries have neither a store that can be
    written nor a network.
    """
    if first_keyword(query) in UPDATES:
        return "update"
    if any(token.kind == "word" and token.text.upper() == "SERVICE" for token in tokens(query)):
        return "service"
    return None


def gives_the_same_each_time(query: str) -> bool:
    """Whether a query holds none of the functions that give something else the next time, nor a word like them."""
    return not CHANGING.search(query)


def dataset(query: str) -> Dataset:
    """The FROM and FROM NAMED clauses of a query (SPARQL 1.1, 13.2)."""
    found = list(tokens(query))
    prefixes: dict[str, str] = {}
    default: list[str] = []
    named: list[str] = []
    clauses: list[tuple[int, int]] = []
    resolved = True
    for at, token in enumerate(found):
        word = token.text.upper() if token.kind == "word" else ""
        following = found[at + 1 : at + 3]
        if word == "PREFIX" and [each.kind for each in following] == ["name", "iri"]:
            prefixes[following[0].text] = following[1].text[1:-1]
        if word != "FROM" or not following:
            continue
        is_named = following[0].kind == "word" and following[0].text.upper() == "NAMED"
        target = following[-1] if is_named else following[0]
        iri = _resolve(target, prefixes)
        resolved = resolved and iri is not None
        (named if is_named else default).append(iri or "")
        clauses.append((token.start, target.end))
    return Dataset(tuple(default), tuple(named), tuple(clauses), resolved)


def _resolve(token: Token, prefixes: dict[str, str]) -> str | None:
    if token.kind == "iri":
        return token.text[1:-1] if re.match(r"<[A-Za-z][A-Za-z0-9+.-]*:", token.text) else None
    if token.kind == "name":
        prefix, _, local = token.text.partition(":")
        if prefix + ":" in prefixes:
            return prefixes[prefix + ":"] + re.sub(r"\\(.)", r"\1", local)
    return None


def without(query: str, clauses: tuple[tuple[int, int], ...]) -> str:
    """The query with these stretches blanked; line breaks stay, so that positions in messages still hold."""
    for start, end in clauses:
        query = query[:start] + re.sub(r"[^\n\r]", " ", query[start:end]) + query[end:]
    return query


def undeclared(query: str) -> tuple[str, ...]:
    """The prefixes, without colon, that a query uses and does not declare."""
    declared: set[str] = set()
    used: dict[str, None] = {}
    previous = ""
    for token in tokens(query):
        prefix = token.text.partition(":")[0]
        if token.kind == "name" and previous == "PREFIX":
            declared.add(prefix)
        elif token.kind == "name":
            used[prefix] = None
        previous = token.text.upper() if token.kind == "word" else ""
    return tuple(prefix for prefix in used if prefix not in declared)

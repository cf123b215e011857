"""What can be told from the text of a query before it runs: updates, SERVICE, and its FROM clauses."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice, pairwise
from typing import Any, Final

import pyoxigraph as ox

# The characters of names: PN_CHARS_BASE and PN_CHARS of SPARQL 1.1, 19.8. They are more than \w: "å" may be written
# as two characters, as some computers do.
_BASE: Final = (
    r"A-Za-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u02ff\u0370-\u037d\u037f-\u1fff\u200c\u200d\u2070-\u218f\u2c00-\u2fef"
    r"\u3001-\ud7ff\uf900-\ufdcf\ufdf0-\ufffd\U00010000-\U000effff"
)
_CHARS: Final = _BASE + r"_0-9\u00b7\u0300-\u036f\u203f\u2040"
# Every text of n characters must be read in about n steps, also one that is no query: a string that nobody closes
# goes on to the end, and a prefix has at most 255 characters, none of which is given back.
_TOKEN: Final = re.compile(
    rf"""
      (?P<comment>\#[^\n\r]*)
    | (?P<iri><(?:[^<>"{{}}|^`\\\x00-\x20]|\\u[0-9A-Fa-f]{{4}}|\\U[0-9A-Fa-f]{{8}})*>)
    | (?P<string>\'\'\'(?:'{{0,2}}(?:[^'\\]|\\.))*(?:\'\'\'|'{{0,2}}\\?\Z)
        | \"\"\"(?:"{{0,2}}(?:[^"\\]|\\.))*(?:\"\"\"|"{{0,2}}\\?\Z)
        | '(?:[^'\\\n\r]|\\.)*(?:'|(?=[\n\r])|\\?\Z) | "(?:[^"\\\n\r]|\\.)*(?:"|(?=[\n\r])|\\?\Z))
    | (?P<variable>[?$][{_CHARS}]+)
    | (?P<language>@[A-Za-z][A-Za-z0-9-]*)
    | (?P<blank>_:[{_CHARS}.-]*)
    | (?P<name>(?:[{_BASE}][{_CHARS}.-]{{0,254}}+)?:
        (?:(?:[{_BASE}_0-9:%]|\\.)(?:(?:[{_CHARS}:%.-]|\\.)*(?:[{_CHARS}:%-]|\\.))?)?)
    | (?P<word>[A-Za-z_]\w*)
    | (?P<other>\S)
    """,
    re.VERBOSE | re.DOTALL,
)
PROLOGUE: Final = frozenset(["BASE", "PREFIX", "VERSION"])
MOST_PROLOGUE: Final = 20_000  # tokens: a query of 64 KiB has no more of them
TOGETHER: Final = 50  # IRIs that are resolved together: some thousands would end the process by its stack
UPDATES: Final = frozenset(["INSERT", "DELETE", "LOAD", "CLEAR", "DROP", "CREATE", "ADD", "MOVE", "COPY", "WITH"])
SPECIAL: Final = {word: re.compile(rf"{word}(?![\w:-])(?<![\w:/#-]{word})") for word in sorted(UPDATES)}
"""Without any of these words a query is no update. They stand for themselves only where they are no part of a longer
name."""
_ADDRESS: Final = re.compile(r"<[A-Z][A-Z0-9+.-]*://[\w.:/~%@&=+,;?!*()#-]*>")
_RUN_ON: Final = re.compile(r"(?<![?$:\w])\w*?(SERVICE|FROM)")
"""Without any of these words, in capitals, a query is not for another service, and names no dataset itself. The
grammar wants no space before or behind them (`trueSERVICE`), so they count wherever they are not within an address, a
variable, or what follows the colon of a name."""
_GLUED: Final = re.compile("(SERVICE|FROM|NAMED|GRAPH)", re.IGNORECASE)
CHANGING: Final = ("NOW", "RAND", "UUID", "BNODE")  # the functions of SPARQL 1.1, 17.4, that give something else
_CHANGING: Final = re.compile(rf"({'|'.join(CHANGING)})\s*+[(#]")  # a comment may stand before the parenthesis
MADE_ANEW: Final = frozenset("[(~")
"""What makes a blank node in a template, as `<<` and `{|` do. Its label is another each time."""


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
    resolved: bool  # False: an IRI could not be resolved (relative without a base, or an undeclared prefix)


def tokens(query: str) -> Iterator[Token]:
    """The tokens of a query without comments and white space; nothing is refused here. Words that are written
    together, as `trueSERVICE`, are two, as the grammar allows."""
    for match in _TOKEN.finditer(query):
        yield from _parts(match)


def _parts(match: re.Match[str]) -> Iterator[Token]:
    kind, text, start = match.lastgroup or "", match.group(), match.start()
    if kind == "word" and len(text) > 4 and _GLUED.search(text):
        for part in filter(None, _GLUED.split(text)):
            yield Token(kind, part, start, start + len(part))
            start += len(part)
    elif kind != "comment":
        yield Token(kind, text, start, match.end())


def first_keyword(query: str) -> str | None:
    """The word, in capitals, that follows the prologue ("SELECT", "INSERT" …), or None when there is none."""
    first = _after_prologue(islice(tokens(query), MOST_PROLOGUE))
    return first.text.upper() if first else None


def _after_prologue(found: Iterable[Token]) -> Token | None:
    for token in found:
        if token.kind == "word" and token.text.upper() not in PROLOGUE:
            return token
        if token.kind not in {"word", "name", "iri", "string"}:
            return None
    return None


def refused(query: str) -> str | None:
    """ "update" or "service" when the query asks for what is never done here, else None.

    A courtesy to the asker: what holds is that the processes that run queries have neither a store that can be
    written nor a network.
    """
    if not _special(query):
        return None
    if first_keyword(query) in UPDATES:
        return "update"
    if any(token.kind == "word" and token.text.upper() == "SERVICE" for token in tokens(query)):
        return "service"
    return None


def gives_the_same_each_time(query: str) -> bool:
    """Whether a query holds none of the functions that give something else the next time, nor a word like them, and
    makes no blank nodes."""
    text = query.upper()
    if any(word in text for word in CHANGING) and _CHANGING.search(text):
        return False
    return "CONSTRUCT" not in text or not _makes_blank_nodes(query)


def _makes_blank_nodes(query: str) -> bool:
    """Whether the template of a CONSTRUCT has blank nodes. No less-than sign stands before or in a template."""
    found = tokens(query)
    first = _after_prologue(found)
    if first is None or first.text.upper() != "CONSTRUCT":
        return False
    depth, previous = 0, ""
    for token in found:
        depth += (token.text == "{") - (token.text == "}")
        if depth and (token.kind == "blank" or token.text in MADE_ANEW or previous + token.text in {"<<", "{|"}):
            return True
        if token.text == "}" and depth <= 0:
            return False
        previous = token.text
    return False


@lru_cache(maxsize=2)
def _special(query: str) -> bool:
    text = query.upper()
    return any(word in text and alone.search(text) for word, alone in SPECIAL.items()) or holds(
        query, "FROM", "SERVICE"
    )


def holds(query: str, *words: str) -> bool:
    """Whether one of the words SERVICE and FROM may stand in a query as a keyword, by whatever reading."""
    text = query.upper()
    if not any(word in text for word in words):
        return False
    text = _ADDRESS.sub(" ", text)
    return any(word in text for word in words) and any(each[1] in words for each in _RUN_ON.finditer(text))


def dataset(query: str, base: str | None = None) -> Dataset:
    """The FROM and FROM NAMED clauses of a query (SPARQL 1.1, 13.2); `base` is for relative IRIs without a BASE."""
    if not _special(query):
        return Dataset((), (), (), True)
    first = _after_prologue(tokens(query))
    clauses = _clauses(query, first) if first else []
    if not first or not clauses:
        return Dataset((), (), (), True)
    iris = _resolved(query[: first.start], [target for _, target, _ in clauses], base)
    marked = list(zip(iris or [""] * len(clauses), [is_named for *_, is_named in clauses], strict=True))
    return Dataset(
        tuple(iri for iri, is_named in marked if not is_named),
        tuple(iri for iri, is_named in marked if is_named),
        tuple((token.start, target.end) for token, target, _ in clauses),
        iris is not None,
    )


def _clauses(query: str, first: Token) -> list[tuple[Token, Token, bool]]:
    """Each FROM, what it names, and whether it is FROM NAMED. They stand between the form of the query, or the
    template of a CONSTRUCT, and the next brace (SPARQL 1.1, 19.8), and in no expression."""
    found = list(_heading(query, first))
    clauses: list[tuple[Token, Token, bool]] = []
    for at, token in enumerate(found[:-1]):
        if token.kind == "word" and token.text.upper() == "FROM":
            is_named = found[at + 1].kind == "word" and found[at + 1].text.upper() == "NAMED"
            clauses.append((token, found[min(at + 1 + is_named, len(found) - 1)], is_named))
    return clauses


def _heading(query: str, first: Token) -> Iterator[Token]:
    """The tokens behind the form of a query, up to the brace of its pattern, that stand in no brackets.

    What begins an IRI to the eye is a less-than sign behind a value in an expression: no two values stand beside
    each other there.
    """
    template = first.text.upper() == "CONSTRUCT"
    within: list[bool] = []  # of each bracket that is open, whether it is that of an expression
    before = previous = first
    at = first.end
    while match := _TOKEN.search(query, at):
        for token in _parts(match):
            if token.kind == "iri" and within and within[-1] and _is_value(previous, before):
                token = Token("other", "<", token.start, token.start + 1)
            at = token.end
            if token.text == "{" and not within and not (template and previous is first):
                return
            if token.text in "([{":
                inside = within[-1] if within else True
                within.append(token.text == "(" and (inside or _opens_expression(previous, before)))
            elif token.text in ")]}":
                within[-1:] = []
            elif not within:
                yield token
            before, previous = previous, token
        if match.lastgroup == "comment":
            at = match.end()


_OF_NUMBERS: Final = frozenset("0123456789.")  # an exponent stands behind these


def _is_value(token: Token, before: Token) -> bool:
    """Whether this ends a value in an expression; `before` is what stands before it."""
    if token.kind == "word":
        return token.text.upper() in {"TRUE", "FALSE"} or (before.end == token.start and before.text in _OF_NUMBERS)
    return token.kind != "other" or token.text in ")." or token.text.isdigit()


def _opens_expression(token: Token, before: Token) -> bool:
    """Whether a bracket behind this, in a pattern, is that of an expression: of FILTER, of a function, of BIND."""
    names = token.kind in {"iri", "name"} and before.kind == "word"
    return names or (token.kind == "word" and token.text != "a")


def _resolved(prologue: str, targets: list[Token], base: str | None) -> list[str] | None:
    """What these IRIs and prefixed names stand for after this prologue; the engine reads them as in the query."""
    if any(target.kind not in {"iri", "name"} for target in targets):
        return None
    resolved: list[str] = []
    for first in range(0, len(targets), TOGETHER):
        some = enumerate(targets[first : first + TOGETHER])
        columns = " ".join(f"({target.text} AS ?g{number})" for number, target in some)
        try:
            found: Any = ox.Store().query(f"{prologue}SELECT {columns} {{}}", base_iri=base)
            resolved += [term.value for term in next(found)]
        except (SyntaxError, ValueError):
            return None
    return resolved


def without(query: str, clauses: tuple[tuple[int, int], ...]) -> str:
    """The query with these stretches blanked; line breaks stay, so that positions in messages still hold."""
    for start, end in clauses:
        query = query[:start] + re.sub(r"[^\n\r]", " ", query[start:end]) + query[end:]
    return query


def undeclared(query: str, most: int | None = None) -> tuple[str, ...]:
    """The prefixes, without colon, that a query uses and does not declare, among its first `most` tokens."""
    return tuple(undeclared_at(query, most))


def undeclared_at(query: str, most: int | None = None) -> dict[str, tuple[int, int]]:
    """Those prefixes, with the line and column where each is first used."""
    declared: set[str] = set()
    used: dict[str, int] = {}
    previous = ""
    for token in islice(tokens(query), most):
        prefix = token.text.partition(":")[0]
        if token.kind == "name" and previous == "PREFIX":
            declared.add(prefix)
        elif token.kind == "name":
            used.setdefault(prefix, token.start)
        previous = token.text.upper() if token.kind == "word" else ""
    return {prefix: place(query, start) for prefix, start in used.items() if prefix not in declared}


def called_at(query: str, function: str, base: str | None = None) -> tuple[int, int] | None:
    """The line and column where a function with this IRI is first called, where that can be told."""
    found = list(tokens(query))
    calls: dict[str, Token] = {}
    for token, following in pairwise(found):
        if following.text == "(" and token.kind in {"iri", "name"}:
            calls.setdefault(token.text, token)
    first = _after_prologue(found)
    iris = _resolved(query[: first.start] if first else "", list(calls.values()), base) or []
    starts = [token.start for token, iri in zip(calls.values(), iris, strict=False) if iri == function]
    return place(query, starts[0]) if starts else None


def place(query: str, start: int) -> tuple[int, int]:
    """The line and column, from 1, of a character."""
    return query.count("\n", 0, start) + 1, start - query.rfind("\n", 0, start)

"""Every regular expression of the mapping, and strings that are hard on each: what it repeats, many times over.

A pattern is found where it is kept (names of modules, answers of cached functions, lists of the lexicon) and where it
is written inside a call (`re.search(r"…", text)`, with the names that its module knows filled in).
"""

import ast
import contextlib
import importlib
import inspect
import pkgutil
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass, fields, is_dataclass
from pathlib import Path
from re import _constants as sre  # type: ignore[attr-defined]
from re import _parser  # type: ignore[attr-defined]
from types import ModuleType
from typing import Any

import mapping
from mapping.document import read
from mapping.lexicon import headings

SAMPLES = Path(__file__).parents[1] / "samples" / "documents"

CALLS = dict.fromkeys(("re.search", "re.match", "re.fullmatch", "re.findall", "re.finditer"), 2) | {
    "re.compile": 1,
    "re.split": 3,
    "re.sub": 4,
}
"""The calls that take a pattern, and the place of their flags."""

LEXICON = ("whole_line", "anywhere", "ordered")
ENDLESS = 20
"""A repetition that may run longer than this is pumped."""


@dataclass(frozen=True)
class Found:
    """A pattern and where it is written."""

    where: str
    pattern: re.Pattern[str]


def every_pattern() -> list[Found]:
    """Each distinct pattern of the mapping: kept, written in a call, or made while the samples are read."""
    found: dict[tuple[str, int], Found] = {}

    def add(where: str, value: Any) -> None:
        for pattern in _patterns_in(value):
            if isinstance(pattern.pattern, str):
                found.setdefault((pattern.pattern, pattern.flags), Found(where, pattern))

    for info in pkgutil.walk_packages(mapping.__path__, "mapping."):
        module = importlib.import_module(info.name)
        for name, value in vars(module).items():
            if getattr(value, "__module__", "") == info.name and hasattr(value, "cache_clear"):
                value.cache_clear()  # what it keeps is made anew below
                value = None if inspect.signature(value).parameters else value()
            add(f"{info.name}.{name}", value)
        for line, written in _written(module):
            add(f"{info.name}:{line}", written)
    add("mapping.lexicon.headings", headings())
    for where, pattern in _made_in_reading():
        add(where, pattern)
    return list(found.values())


def _made_in_reading() -> list[tuple[str, re.Pattern[Any]]]:
    """(module, pattern) of every pattern that is used while the samples are read."""
    used: dict[re.Pattern[Any], str] = {}
    compiler: Any = re
    compile_before = compiler._compile

    def watched(pattern: Any, flags: Any) -> Any:
        made = compile_before(pattern, flags)
        module = sys._getframe(2).f_globals.get("__name__", "")
        if module.startswith("mapping."):
            used.setdefault(made, module)
        return made

    compiler._compile = watched
    try:
        for path in sorted(SAMPLES.iterdir()):
            read(path.read_bytes())
    finally:
        compiler._compile = compile_before
    return [(f"{module} (made in a call)", pattern) for pattern, module in used.items()]


def _patterns_in(value: Any, depth: int = 0) -> Iterator[re.Pattern[Any]]:
    if isinstance(value, re.Pattern):
        yield value
    elif depth < 5 and isinstance(value, dict):
        yield from _patterns_in((*value.keys(), *value.values()), depth + 1)
    elif depth < 5 and isinstance(value, tuple | list | set | frozenset):
        for part in value:
            yield from _patterns_in(part, depth + 1)
    elif depth < 5 and is_dataclass(value) and not isinstance(value, type):
        for each in fields(value):
            yield from _patterns_in(getattr(value, each.name), depth + 1)


def _written(module: ModuleType) -> Iterator[tuple[int, Any]]:
    """(line, pattern) of each call of `re` or of the lexicon in a module, where the module's own names make it."""
    for node in ast.walk(ast.parse(Path(str(module.__file__)).read_text("utf-8"))):
        if not isinstance(node, ast.Call) or not node.args:
            continue
        with contextlib.suppress(NameError):  # a pattern made of a function's own names is met in reading
            if isinstance(node.func, ast.Name) and node.func.id in LEXICON:
                yield node.lineno, _value(node, module)
            elif isinstance(node.func, ast.Attribute) and ast.unparse(node.func) in CALLS:
                flags = next((k.value for k in node.keywords if k.arg == "flags"), None)
                place = CALLS[ast.unparse(node.func)]
                flags = node.args[place] if len(node.args) > place else flags
                pattern, given = _value(node.args[0], module), _value(flags, module) if flags else 0
                yield node.lineno, re.compile(pattern, given) if isinstance(pattern, str) else pattern


def _value(node: ast.expr, module: ModuleType) -> Any:
    return eval(compile(ast.Expression(node), "a pattern", "eval"), vars(module))


def attacks(pattern: re.Pattern[str]) -> Iterator[tuple[str, str, str]]:
    """(before, unit, behind) for each endless repetition of a pattern: before + unit × n + behind is hard on it."""
    tree = _parser.parse(pattern.pattern, pattern.flags & ~re.UNICODE & ~re.DEBUG)
    seen = set()
    for before, unit in _pumped(tree, ""):
        if unit and (before, unit) not in seen:
            seen.add((before, unit))
            yield before, unit, "\x01"


def _pumped(tree: Any, before: str) -> Iterator[tuple[str, str]]:
    for operator, argument in tree:
        if operator in (sre.MAX_REPEAT, sre.MIN_REPEAT, sre.POSSESSIVE_REPEAT):
            _, most, body = argument
            if most is sre.MAXREPEAT or most > ENDLESS:
                yield before, _sample(body)
            yield from _pumped(body, before)
        elif operator is sre.SUBPATTERN:
            yield from _pumped(argument[3], before)
        elif operator is sre.BRANCH:
            for branch in argument[1]:
                yield from _pumped(branch, before)
        elif operator in (sre.ASSERT, sre.ASSERT_NOT):
            yield from _pumped(argument[1], before)
        before += _sample([(operator, argument)])


def _sample(tree: Any) -> str:
    """A short string that a part of a pattern matches, more or less."""
    text = ""
    for operator, argument in tree:
        if operator is sre.LITERAL:
            text += chr(argument)
        elif operator is sre.NOT_LITERAL:
            text += "a" if argument != ord("a") else "b"
        elif operator is sre.ANY:
            text += "a"
        elif operator is sre.IN:
            text += _one_of(argument)
        elif operator is sre.CATEGORY:
            text += _CATEGORIES.get(argument, "a")
        elif operator in (sre.MAX_REPEAT, sre.MIN_REPEAT, sre.POSSESSIVE_REPEAT):
            text += _sample(argument[2]) * max(argument[0], 1 if argument[1] else 0)
        elif operator is sre.SUBPATTERN:
            text += _sample(argument[3])
        elif operator is sre.BRANCH:
            text += _sample(argument[1][0])
    return text


_CATEGORIES = {
    sre.CATEGORY_DIGIT: "1",
    sre.CATEGORY_SPACE: " ",
    sre.CATEGORY_WORD: "a",
    sre.CATEGORY_NOT_SPACE: "a",
    sre.CATEGORY_NOT_DIGIT: "a",
    sre.CATEGORY_NOT_WORD: " ",
}


def _one_of(members: Any) -> str:
    """A member of a set; of a negated one, a character that stands outside it."""
    inside = ""
    for operator, argument in members:
        if operator is sre.LITERAL:
            inside += chr(argument)
        elif operator is sre.RANGE:
            inside += chr(argument[0]) + chr(argument[1])
        elif operator is sre.CATEGORY:
            inside += _CATEGORIES.get(argument, "a")
    if members[0][0] is not sre.NEGATE:
        return inside[:1] or "a"
    return next(sign for sign in "a 1-x,Aå" if sign not in inside)

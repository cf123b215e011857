"""The text as the reader sees it: blanks and hyphens of every kind plain, numbered margins blank, nothing moved."""

import re
from dataclasses import replace

from mapping.text import Text

_BLANKS = "\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000"
_PLAIN = str.maketrans(dict.fromkeys(_BLANKS, " ") | dict.fromkeys("\u2010\u2011", "-"))
_MARKED = re.compile(
    r"(?m)^[ \t]*(?P<mark>#{1,6}(?= |\*\*))?[ \t]*(?P<open>\*\*)?(?P<text>[^\n]*?)(?P<close>\*\*)?[ \t]*$"
)
_NUMBERED = re.compile(r"(?m)^ {0,6}(\d{1,4})(?:$|(?= {2}|\t))")


def legible(text: Text) -> Text:
    """A text of equal length whose offsets are those of the original."""
    return replace(text, canonical=_without_line_numbers(_without_marks(text.canonical.translate(_PLAIN))))


def _without_marks(text: str) -> str:
    """Blanks for the marks of Markdown around headings, where a converter has left several."""
    found = [match for match in _MARKED.finditer(text) if _is_marked(match)]
    if len(found) < 3:
        return text
    return _MARKED.sub(lambda match: _blanked(match) if _is_marked(match) else match.group(), text)


def _without_line_numbers(text: str) -> str:
    """Blanks for the numbers of lines in the margin (each line, or every fifth), where the whole text has them.

    The numbers grow no faster than the lines or begin anew on a page, and nothing else stands in the margin."""
    numbered = [(match, text.count("\n", 0, match.start())) for match in _NUMBERED.finditer(text)]
    if len(numbered) < 3 or len(numbered) < 0.15 * text.count("\n"):
        return text
    pairs = zip(numbered, numbered[1:], strict=False)
    steps = [(int(b[1]) - int(a[1]), line_b - line_a) for (a, line_a), (b, line_b) in pairs]
    if sum(rise < 0 or 0 < rise <= lines for rise, lines in steps) < 0.95 * len(steps):
        return text
    lengths = sorted(len(match.group()) for match, _ in numbered)
    width, widest = lengths[0], lengths[len(lengths) * 19 // 20]
    filled = [line for line in text.split("\n") if line.strip()]
    in_margin = sum(bool(line[:width].strip()) for line in filled)
    if in_margin > len(numbered) + 0.03 * len(filled):
        return text
    return _NUMBERED.sub(lambda match: " " * len(match[0]) if len(match[0]) <= widest else match[0], text)


def _is_marked(match: re.Match[str]) -> bool:
    return bool(match["text"].strip()) and bool(match["mark"] or (match["open"] and match["close"]))


def _blanked(match: re.Match[str]) -> str:
    whole, start = list(match.group()), match.start()
    for name in ("mark", "open", "close"):
        if match[name]:
            whole[match.start(name) - start : match.end(name) - start] = " " * len(match[name])
    return "".join(whole)

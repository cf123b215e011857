"""HTML: the text that a browser shows, one line per block."""

import re
from dataclasses import dataclass, field

from selectolax.lexbor import LexborHTMLParser, LexborNode

from mapping.formats.nesting import check_depth
from mapping.formats.plain import decode, in_one_piece, printable
from mapping.formats.tables import Cell, table_lines
from mapping.text import Text

_HIDDEN = {
    "head", "script", "style", "noscript", "template", "nav", "svg", "math", "iframe", "object", "canvas",
    "audio", "video", "select", "textarea", "button", "input", "dialog", "datalist", "map",
}  # fmt: skip
# Blocks with space around them in a browser, and blocks without.
_SPACED = {
    "p", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "dl", "table", "pre", "blockquote", "figure",
    "hr", "fieldset",
}  # fmt: skip
_BLOCKS = _SPACED | {
    "html", "body", "div", "section", "article", "main", "header", "footer", "aside", "address", "form",
    "li", "dt", "dd", "details", "summary", "figcaption", "caption", "legend", "tr", "td", "th", "thead",
    "tbody", "tfoot", "center", "option",
}  # fmt: skip
_DISPLAY_NONE = re.compile(r"(?:display\s*:\s*none|visibility\s*:\s*hidden)", re.IGNORECASE)
_META_CHARSET = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?([\w-]{1,40})", re.IGNORECASE)
_XML_ENCODING = re.compile(rb"<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([\w-]{1,40})", re.IGNORECASE)
_ROMAN = ((100, "c"), (90, "xc"), (50, "l"), (40, "xl"), (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"))


@dataclass(slots=True)
class _Page:
    """Lines as they are written; a blank line stands where two blocks have space between them."""

    lines: list[str] = field(default_factory=list)
    current: str = ""
    prefix: str = ""
    spaced: bool = False

    def write(self, text: str, keep_blanks: bool = False) -> None:
        if keep_blanks:
            *whole, last = text.split("\n")
            for line in whole:
                self.current += line
                self.break_line(force=True)
            self.current += last
            return
        words = re.split(r"[ \t\r\n\f]+", text)
        joined = " ".join(words)
        if not self.current or self.current.endswith(" "):
            joined = joined.lstrip(" ")
        self.current += joined

    def break_line(self, force: bool = False) -> None:
        line = in_one_piece(self.current.rstrip())
        self.current = ""
        if line or force:
            if self.spaced and self.lines and self.lines[-1]:
                self.lines.append("")
            self.spaced = False
            self.lines.append(self.prefix + line)
            self.prefix = ""

    def space(self) -> None:
        self.break_line()
        self.spaced = True


@dataclass(slots=True)
class _Table:
    rows: list[list[Cell]] = field(default_factory=list)


def read_html(data: bytes) -> Text:
    """The visible text of a web page: no scripts, no navigation, nothing hidden; list numbers and tables kept.

    Raises Unreadable when the bytes are in no known encoding, or the page is nested too deep to be parsed.
    """
    declared = _META_CHARSET.search(data[:4096]) or _XML_ENCODING.search(data[:200])
    source = decode(data, declared.group(1).decode("ascii") if declared else None)
    source = source.replace("\x00", " ")
    check_depth(source)
    root = LexborHTMLParser(source).root
    lines = _lines(root) if root is not None else []
    canonical = "\n".join(lines).strip("\n")
    return Text(printable(canonical).replace("\r", "\n"), "html")


def _lines(root: LexborNode) -> list[str]:
    """Walk the tree without recursion: a page may be nested deeper than Python's stack."""
    pages = [_Page()]
    tables: list[_Table] = []
    numbers: list[int] = []
    preformatted = 0
    stack: list[tuple[LexborNode, bool]] = [(root, True)]
    while stack:
        node, entering = stack.pop()
        tag = node.tag or ""
        if tag == "-text":
            pages[-1].write(node.text_content or "", keep_blanks=preformatted > 0)
            continue
        if tag.startswith("-") and tag != "-document":
            continue
        if entering:
            if tag in _HIDDEN or _is_hidden(node):
                continue
            stack.append((node, False))
            children = list(node.iter(include_text=True))
            stack.extend((child, True) for child in reversed(children))
        preformatted += (1 if entering else -1) * (tag == "pre")
        if tag == "br":
            if entering:
                pages[-1].break_line(force=True)
        elif tag in ("ul", "ol"):
            _enter_list(node, numbers, entering)
            if len(numbers) == entering:
                pages[-1].space()
            else:
                pages[-1].break_line()
        elif tag == "table":
            pages[-1].space()
            if entering:
                tables.append(_Table())
            else:
                _paste(pages[-1], tables.pop())
        elif tag == "tr" and tables:
            if entering:
                tables[-1].rows.append([])
        elif tag in ("td", "th") and tables:
            if entering:
                pages.append(_Page())
            else:
                _end_cell(node, pages.pop(), tables[-1])
        elif tag in _SPACED:
            pages[-1].space()
        elif tag in _BLOCKS:
            pages[-1].break_line()
            if tag == "li":
                pages[-1].prefix = _list_mark(node, numbers) if entering else ""
    pages[0].break_line()
    return pages[0].lines


def _paste(page: _Page, table: _Table) -> None:
    for line in table_lines(table.rows):
        page.current = line
        page.break_line(force=bool(page.lines and page.lines[-1]))
    page.spaced = True


def _end_cell(node: LexborNode, page: _Page, table: _Table) -> None:
    page.break_line()
    span = node.attributes.get("colspan") or "1"
    if not table.rows:
        table.rows.append([])
    table.rows[-1].append(Cell(tuple(page.lines), int(span[:4]) if span.isdecimal() else 1))


def _is_hidden(node: LexborNode) -> bool:
    attributes = node.attributes
    if "hidden" in attributes or attributes.get("aria-hidden") == "true":
        return True
    return _DISPLAY_NONE.search(attributes.get("style") or "") is not None or attributes.get("role") == "navigation"


def _enter_list(node: LexborNode, numbers: list[int], entering: bool) -> None:
    if not entering:
        numbers.pop()
        return
    start = node.attributes.get("start") or "1"
    numbers.append(int(start) if re.fullmatch(r"-?[0-9]{1,6}", start) else 1)


def _list_mark(node: LexborNode, numbers: list[int]) -> str:
    """ "3. " in a numbered list, "- " in another, behind two blanks for each list around it."""
    indent = "  " * min(max(len(numbers) - 1, 0), 20)
    parent = node.parent
    if parent is None or parent.tag != "ol" or not numbers:
        return indent + "- "
    value = node.attributes.get("value") or ""
    if re.fullmatch(r"-?[0-9]{1,6}", value):
        numbers[-1] = int(value)
    number = numbers[-1]
    numbers[-1] += 1
    return f"{indent}{_printed(number, parent.attributes.get('type') or '1')}. "


def _printed(number: int, style: str) -> str:
    if style in ("a", "A") and 1 <= number <= 26:
        return chr(ord(style) + number - 1)
    if style in ("i", "I") and 1 <= number < 400:
        roman = ""
        for value, sign in _ROMAN:
            while number >= value:
                roman, number = roman + sign, number - value
        return roman if style == "i" else roman.upper()
    return str(number)

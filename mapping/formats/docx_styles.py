"""What Word computes and does not store: list numbers, and space between paragraphs (ECMA-376-1, 17.7 and 17.9)."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from lxml import etree

Element = etree._Element
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_ROMAN = ((1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"), (40, "xl"),
          (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"))  # fmt: skip
_DEEPEST_CHAIN = 30  # styles based on styles; a longer chain is a circle


@dataclass(frozen=True, slots=True)
class _Level:
    start: int
    format: str
    text: str
    spaced: bool


@dataclass(frozen=True, slots=True)
class Spacing:
    """Space before and after a paragraph in twentieths of a point; contextual: none between equal styles."""

    before: int
    after: int
    contextual: bool


@dataclass(slots=True)
class Styles:
    """The styles and lists of a document, and how far each list has been counted."""

    _styles: dict[str, Element] = field(default_factory=dict)
    _default_style: str = ""
    _default_properties: Element | None = None
    _lists: dict[str, tuple[str, dict[int, int]]] = field(default_factory=dict)
    _levels: dict[str, dict[int, _Level]] = field(default_factory=dict)
    _counts: dict[str, dict[int, int]] = field(default_factory=dict)
    _begun: set[str] = field(default_factory=set)

    def label(self, paragraph: Element) -> str:
        """The number or bullet that Word prints before a paragraph, with the blank behind it; "" where none."""
        numbering = next((n for n in self._properties(paragraph, "numPr") if n.find(W + "numId") is not None), None)
        if numbering is None:
            return ""
        number_id = _value(numbering.find(W + "numId"))
        indented = next((n for n in self._properties(paragraph, "numPr") if n.find(W + "ilvl") is not None), None)
        depth = _integer(_value(indented.find(W + "ilvl")) if indented is not None else "0", 0)
        if number_id not in self._lists:
            return ""
        list_id, starts = self._lists[number_id]
        levels = self._levels.get(list_id, {})
        if depth not in levels:
            return ""
        counts = self._counts.setdefault(list_id, {})
        if number_id not in self._begun:
            self._begun.add(number_id)
            counts.update({level: start - 1 for level, start in starts.items()})
        counts[depth] = counts.get(depth, levels[depth].start - 1) + 1
        for deeper in [level for level in counts if level > depth]:
            del counts[deeper]
        return _printed(levels, counts, depth)

    def spacing(self, paragraph: Element) -> Spacing:
        before = self._spacing(paragraph, "before")
        after = self._spacing(paragraph, "after")
        contextual = next(self._properties(paragraph, "contextualSpacing"), None)
        return Spacing(before, after, contextual is not None and _value(contextual) not in ("0", "false", "off"))

    def style_of(self, paragraph: Element) -> str:
        return _value(paragraph.find(f"{W}pPr/{W}pStyle")) or self._default_style

    def _spacing(self, paragraph: Element, side: str) -> int:
        for spacing in self._properties(paragraph, "spacing"):
            if (automatic := spacing.get(f"{W}{side}Autospacing")) and automatic not in ("0", "false", "off"):
                return 240
            if (value := spacing.get(W + side)) is not None:
                return _integer(value, 0)
        return 0

    def _properties(self, paragraph: Element, name: str) -> Iterator[Element]:
        """A paragraph property from the nearest source to the farthest: itself, its styles, the defaults."""
        own = paragraph.find(f"{W}pPr/{W}{name}")
        if own is not None:
            yield own
        style = self.style_of(paragraph)
        for _ in range(_DEEPEST_CHAIN):
            element = self._styles.get(style)
            if element is None:
                break
            found = element.find(f"{W}pPr/{W}{name}")
            if found is not None:
                yield found
            style = _value(element.find(W + "basedOn"))
        if self._default_properties is not None:
            found = self._default_properties.find(W + name)
            if found is not None:
                yield found


def read_styles(styles: Element | None, numbering: Element | None) -> Styles:
    """The styles of word/styles.xml and the lists of word/numbering.xml, either of which may be missing."""
    result = Styles()
    if styles is not None:
        result._default_properties = styles.find(f"{W}docDefaults/{W}pPrDefault/{W}pPr")
        for style in styles.iterfind(W + "style"):
            if style.get(W + "type") == "paragraph":
                result._styles[style.get(W + "styleId", "")] = style
                if style.get(W + "default") in ("1", "true", "on"):
                    result._default_style = style.get(W + "styleId", "")
    if numbering is not None:
        for abstract in numbering.iterfind(W + "abstractNum"):
            result._levels[abstract.get(W + "abstractNumId", "")] = {
                _integer(level.get(W + "ilvl", "0"), 0): _level(level) for level in abstract.iterfind(W + "lvl")
            }
        for number in numbering.iterfind(W + "num"):
            starts = {
                _integer(override.get(W + "ilvl", "0"), 0): _integer(_value(override.find(W + "startOverride")), 1)
                for override in number.iterfind(W + "lvlOverride")
                if override.find(W + "startOverride") is not None
            }
            result._lists[number.get(W + "numId", "")] = (_value(number.find(W + "abstractNumId")), starts)
    return result


def _level(element: Element) -> _Level:
    return _Level(
        start=_integer(_value(element.find(W + "start")), 1),
        format=_value(element.find(W + "numFmt")) or "decimal",
        text=_value(element.find(W + "lvlText")),
        spaced=_value(element.find(W + "suff")) != "nothing",
    )


def _printed(levels: dict[int, _Level], counts: dict[int, int], depth: int) -> str:
    level = levels[depth]
    if level.format == "none" and not level.text:
        return ""
    if level.format == "bullet":
        # Bullets are letters of symbol fonts, in which a section sign, say, is a square.
        return f"{level.text} " if level.text in ("-", "–", "*") else "• "

    def number(hit: re.Match[str]) -> str:
        index = int(hit.group(1)) - 1
        if index not in levels:
            return ""
        return _format(counts.get(index, levels[index].start), levels[index].format)

    text = re.sub(r"%([1-9])", number, level.text)
    return text + " " if text and level.spaced else text


def _format(number: int, style: str) -> str:
    if style == "decimalZero":
        return f"{number:02d}"
    if style in ("lowerLetter", "upperLetter") and 1 <= number <= 780:
        letters = chr(ord("a") + (number - 1) % 26) * ((number - 1) // 26 + 1)
        return letters if style == "lowerLetter" else letters.upper()
    if style in ("lowerRoman", "upperRoman") and 1 <= number < 4000:
        roman = ""
        for value, sign in _ROMAN:
            while number >= value:
                roman, number = roman + sign, number - value
        return roman if style == "lowerRoman" else roman.upper()
    return "" if style == "none" else str(number)


def _value(element: Element | None) -> str:
    return "" if element is None else element.get(W + "val", "")


def _integer(text: str, otherwise: int) -> int:
    return int(text) if re.fullmatch(r"-?[0-9]{1,9}", text) else otherwise

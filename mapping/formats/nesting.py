"""How deep a web page is nested, told from its tags alone: parsing takes time by tags times depth."""

import re

from mapping.formats.refusals import Unreadable

DEEPEST = 2_000
"""Elements inside one another beyond which a page is not parsed. Browsers stop at 512 or a little more."""

_VOID = {
    "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track", "wbr",
}  # fmt: skip
# Elements that end where the next of their kind begins: they are inside one another only with others between.
_ENDED_BY_NEXT = {
    "html", "head", "body", "p", "li", "dt", "dd", "option", "optgroup", "colgroup", "caption", "thead", "tbody",
    "tfoot", "tr", "td", "th", "rb", "rt", "rtc", "rp", "a", "nobr", "button", "form",
}  # fmt: skip
_UNCOUNTED = _VOID | _ENDED_BY_NEXT
_RAW = {"script", "style", "textarea", "title", "xmp", "iframe", "noembed", "noframes"}  # no tags inside
_FOREIGN = {"svg", "math"}  # <path/> ends itself here and nowhere else
_TAG = re.compile(
    r"<(?:(?P<comment>!--)|(?P<end>/?)(?P<name>[a-zA-Z][^\s/>]*+)(?P<rest>(?:[^>=]|=\s*+(?:\"[^\"]*+\"|'[^']*+')?+)*+))"
)


def check_depth(source: str, deepest: int = DEEPEST) -> None:
    """Raises Unreadable where the elements of a page are nested deeper than `deepest`."""
    opened: list[str] = []
    count: dict[str, int] = {}
    at = 0
    while tag := _TAG.search(source, at):
        at = tag.end()
        if tag["comment"]:
            at = source.find("-->", at) + 3
            if at < 3:
                return
            continue
        name = tag["name"].lower()
        if name in _RAW and not tag["end"]:
            closing = re.compile(rf"</{name}", re.IGNORECASE).search(source, at)
            if closing is None:
                return
            at = closing.end()
        elif name in _UNCOUNTED:
            continue
        elif not tag["end"]:
            if tag["rest"].endswith("/") and any(count.get(foreign) for foreign in _FOREIGN):
                continue
            opened.append(name)
            count[name] = count.get(name, 0) + 1
            if len(opened) > deepest:
                raise Unreadable("too-deep", str(deepest), str(deepest))
        elif count.get(name):
            while (last := opened.pop()) != name:
                count[last] -= 1
            count[name] -= 1

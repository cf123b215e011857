"""A page as a file: what only a running server answers is taken out, and every link leads to a file."""

import re
from collections.abc import Callable
from typing import Final
from urllib.parse import parse_qs, quote, urlsplit, urlunsplit

from selectolax.lexbor import LexborHTMLParser, LexborNode

RUNNING: Final = ("/sparql", "/search", "/explore", "/browse", "/atom", "/quality", "/datasets/dcat")
"""Beginnings of paths that only a server answers."""
EMPTIED: Final = "li, dd, main p"
"""What is taken out when nothing is left in it."""
FILES: Final = (".jsonld", ".sssom.tsv")  # what the service has as files, in no language
WHOLE: Final = "all"  # the part of a text that is all of it (server.views.document): so it is written
RDF: Final = "index.ttl"
FIRST: Final = "sv"
"""The language of the pages that stand at the root; those in another stand in a folder with its name."""


def at(path: str, language: str) -> str:
    """The address of a page in a language; without its query string."""
    return path if language == FIRST else f"/{language}{path}"


def as_file(
    html: bytes, path: str, language: str, has_rdf: bool, has_page: Callable[[str], bool] = lambda _: True
) -> bytes:
    """A page that was made for `path`, decoded, in a language, as it is written to a file. What it names and what has
    no page, as `has_page` tells of the address of a link, is not linked to."""
    tree = LexborHTMLParser(html)
    for node in tree.css(".running, form"):
        node.decompose()
    left = []
    for node in tree.css("link[hreflang], link[rel=canonical]"):
        own = urlsplit(node.attributes["href"] or "")
        there = _address(urlunsplit(own._replace(scheme="", netloc="")), path, FIRST, has_rdf)
        node.attrs["href"] = urlunsplit(own._replace(path=there or own.path, query=""))
    for node in tree.css("[href]"):
        href = node.attributes["href"] or ""
        if node.tag == "a" and not has_page(href):
            node.unwrap()
            continue
        new = _address(href, path, language, has_rdf)
        if new is None:
            left += [node.parent] if node.parent else []
            node.decompose()
        elif new != href:
            node.attrs["href"] = new
    for node in left:
        _close_up(node)
    for node in tree.css(EMPTIED):
        if re.fullmatch(r"[\s·|,]*", node.text()) and not node.css("[id], img, svg"):
            (node.parent if node.tag == "dd" and node.parent else node).decompose()
    return ((tree.html or "") + "\n").encode()


def _close_up(parent: LexborNode) -> None:
    """Take out the " · " that no longer stand between two things."""
    between: LexborNode | None = None
    begun = False
    for node in list(parent.iter(include_text=True)):
        text = node.text() if node.tag == "-text" else None
        if text is None or (text.strip(" \n·") and not text.rstrip().endswith(":")):
            between, begun = None, True
        elif "·" in text:
            if begun and between is None:
                between = node
            else:
                node.decompose()
    if between is not None:
        between.decompose()
    last = parent.last_child
    if last is not None and last.tag == "-text" and (last.text() or "").rstrip().endswith("·"):
        last.replace_with((last.text() or "").rstrip(" \n·"))


def _address(href: str, path: str, language: str, has_rdf: bool) -> str | None:
    """Where a link leads in the files; None where it leads to nothing there."""
    parts = urlsplit(href)
    if parts.scheme or parts.netloc or not (href.startswith(("/", "?"))):
        return href
    asked = {name: values[0] for name, values in parse_qs(parts.query).items()}
    if parts.path.startswith(tuple(f"{each}/" for each in RUNNING)) or parts.path in RUNNING:
        return None
    if "view" in asked or asked.get("part", WHOLE) != WHOLE:
        return None
    if "format" in asked:
        if asked["format"] not in {"turtle", "text/turtle"}:
            return None
        return f"{described(parts.path)}/{RDF}" if parts.path else RDF if has_rdf else None
    where = parts.path or quote(path, safe="/:@!$&'()*+,;=~-._")
    is_dump = "." in where.rpartition("/")[2] and "/dumps/" in where
    if is_dump or where.startswith(("/static/", "/feed")) or where.endswith(FILES):
        return where
    mark = f"#t-{asked['at']}" if "at" in asked else f"#{parts.fragment}" if parts.fragment else ""
    where = described(where)
    return where if where.endswith(".txt") else at(where, asked.get("lang", language)) + mark


def described(path: str) -> str:
    """Where the description of a thing is a file, /doc/… for /id/… and /concept/…; a canonical text is one itself."""
    if path.startswith("/id/"):
        path = "/doc/" + path.removeprefix("/id/")
    if path.startswith("/doc/text/"):
        return path + ".txt"
    return "/doc" + path if path.startswith("/concept/") else path

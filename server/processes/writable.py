"""What a format can hold of a result: a result that it cannot hold is never written so that nobody can read it."""

import re
from collections.abc import Iterable, Iterator
from typing import Any, Final

import pyoxigraph as ox

XML: Final = frozenset({"xml", "rdfxml"})
REMEMBERED: Final = 1000  # predicates of a result that were seen
MOST_TOLD: Final = 200  # characters of an IRI in a message
RDF: Final = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
XMLNS: Final = "http://www.w3.org/2000/xmlns/"
# RDF 1.1 XML Syntax, 5.1: what stands for something else in RDF/XML, or once did.
RESERVED: Final = frozenset(
    RDF + name
    for name in ("RDF", "ID", "about", "parseType", "resource", "nodeID", "datatype", "Description", "li")
    + ("aboutEach", "aboutEachPrefix", "bagID")
)
# NCNameStartChar and NCNameChar (Namespaces in XML 1.0, 4; XML 1.0, 2.3).
_START: Final = (
    r"A-Z_a-z\xc0-\xd6\xd8-\xf6\xf8-\u02ff\u0370-\u037d\u037f-\u1fff\u200c\u200d\u2070-\u218f\u2c00-\u2fef"
    r"\u3001-\ud7ff\uf900-\ufdcf\ufdf0-\ufffd\U00010000-\U000effff"
)
_LAST: Final = re.compile(rf"[{_START}0-9.\xb7\u0300-\u036f\u203f\u2040-]*")
_FIRST: Final = re.compile(f"[{_START}]")
CONTROLS: Final = bytes(each for each in range(32) if each not in b"\t\n\r")
_OUTSIDE: Final = re.compile(rb"[%b]|\xef\xbf[\xbe\xbf]" % re.escape(CONTROLS))


class Unwritable(Exception):
    """A result cannot be written in a format. `kind` says what it holds that the format cannot: character, predicate,
    triple; `value` which."""

    def __init__(self, kind: str, value: str = "") -> None:
        super().__init__(f"{kind} {value}")
        self.kind, self.value = kind, value


class XmlSink:
    """A sink for XML: no characters outside of XML (XML 1.0, 2.2), and carriage returns as readers keep them (2.11).
    Writing raises Unwritable."""

    def __init__(self, sink: Any) -> None:
        self._sink = sink
        self._last = b""  # the beginning of a character that the next piece ends

    def write(self, piece: bytes) -> int:
        """Write a piece, which may begin and end within a character."""
        looked = self._last + piece
        suspect = len(looked.translate(None, CONTROLS)) < len(looked) or b"\xef\xbf" in looked
        if suspect and (found := _OUTSIDE.search(looked)):
            raise Unwritable("character", f"U+{ord(found[0].decode()):04X}")
        self._last = looked[-2:] if looked.endswith(b"\xef\xbf") else b"\xef" if looked.endswith(b"\xef") else b""
        self._sink.write(piece.replace(b"\r", b"&#13;"))
        return len(piece)

    def flush(self) -> None:
        """The engine asks for it at its end."""


def into(sink: Any, name: str) -> Any:
    """The sink to write a format to."""
    return XmlSink(sink) if name in XML else sink


def checked(triples: Iterable[ox.Triple], name: str) -> Iterable[ox.Triple]:
    """The triples of a graph that is written in a format; they raise Unwritable."""
    return _predicates(triples) if name == "rdfxml" else triples


def _predicates(triples: Iterable[ox.Triple]) -> Iterator[ox.Triple]:
    seen: set[str] = set()
    for triple in triples:
        told: Any = triple
        while True:
            iri = told.predicate.value
            if iri not in seen:
                if not _is_element(iri):
                    raise Unwritable("predicate", f"<{iri[:MOST_TOLD]}>")
                if len(seen) < REMEMBERED:
                    seen.add(iri)
            told = told.object
            if not isinstance(told, ox.Triple):
                break
        yield triple


def _is_element(iri: str) -> bool:
    """Whether a predicate can be the name of an element: a namespace, and a name without colon (RDF/XML, 7.2)."""
    last = _LAST.match(iri[::-1])
    tail = last[0][::-1] if last else ""
    begins = _FIRST.search(tail)
    if begins is None or iri in RESERVED:
        return False
    return iri[: len(iri) - len(tail) + begins.start()] != XMLNS

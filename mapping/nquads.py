"""N-Quads lines of one named graph, written directly: escaped, typed, unique and sorted."""

import datetime
import re
from functools import cache

import ontology

_XSD = ontology.PREFIXES["xsd"]
_TYPE = ontology.PREFIXES["rdf"] + "type"
_ESCAPES = {
    **{chr(code): f"\\u{code:04X}" for code in (*range(0x20), 0x7F)},
    "\\": "\\\\",
    '"': '\\"',
    "\n": "\\n",
    "\r": "\\r",
    "\t": "\\t",
    "\b": "\\b",
    "\f": "\\f",
}
_SPECIAL = re.compile(r'[\x00-\x1f\x7f"\\]')


def escape(text: str) -> str:
    """A text as it stands between quotation marks in N-Quads (the canonical form)."""
    return _SPECIAL.sub(lambda match: _ESCAPES[match[0]], text)


@cache
def types_of(own: str) -> tuple[str, ...]:
    """Our class, our superclasses of it and the standard classes that it specialises."""
    return (own, *ontology.superclasses(own), *ontology.standard_class(own))


class Graph:
    """The statements of one named graph. Subjects, properties and objects are full IRIs."""

    def __init__(self, graph: str) -> None:
        self._graph = graph
        self._lines: list[str] = []
        self._single: set[tuple[str, str]] = set()

    def link(self, subject: str, predicate: str, target: str) -> None:
        self._lines.append(f"<{subject}> <{predicate}> <{target}> <{self._graph}> .\n")

    def _literal(self, subject: str, predicate: str, literal: str) -> None:
        self._lines.append(f"<{subject}> <{predicate}> {literal} <{self._graph}> .\n")

    def typed(self, subject: str, own: str) -> None:
        for each in types_of(own):
            self.link(subject, _TYPE, each)

    def prose(self, subject: str, predicate: str, text: str, language: str = "sv") -> None:
        self._literal(subject, predicate, f'"{escape(text)}"@{language}')

    def plain(self, subject: str, predicate: str, text: str) -> None:
        self._literal(subject, predicate, f'"{escape(text)}"')

    def integer(self, subject: str, predicate: str, number: int, datatype: str = "integer") -> None:
        self._literal(subject, predicate, f'"{number}"^^<{_XSD}{datatype}>')

    def boolean(self, subject: str, predicate: str, value: bool) -> None:
        self._literal(subject, predicate, f'"{"true" if value else "false"}"^^<{_XSD}boolean>')

    def date(self, subject: str, predicate: str, value: datetime.date | str) -> None:
        """`value`: a date, or one in ISO form."""
        printed = value if isinstance(value, str) else value.isoformat()
        self._literal(subject, predicate, f'"{printed}"^^<{_XSD}date>')

    def year(self, subject: str, predicate: str, value: int) -> None:
        self._literal(subject, predicate, f'"{value:04d}"^^<{_XSD}gYear>')

    def decimal(self, subject: str, predicate: str, value: str) -> None:
        """`value`: digits with a full stop ("61.5")."""
        self._literal(subject, predicate, f'"{value}"^^<{_XSD}decimal>')

    def first(self, subject: str, predicate: str) -> bool:
        """True the first time it is asked: the gate to a property that a subject may have only once, where the
        same subject may be told of in several places of a document."""
        if (subject, predicate) in self._single:
            return False
        self._single.add((subject, predicate))
        return True

    def lines(self) -> str:
        return "".join(sorted(set(self._lines)))

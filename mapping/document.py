"""One document from bytes to a judged graph: the rooms of the mapping in their order."""

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import pyoxigraph as ox

from mapping.canonical import canonical_text
from mapping.erased import Erased, mask_erased, named_in
from mapping.erased_surnames import mask_surnames
from mapping.identity import Mention, Resolution, mentions, person_quads, resolve
from mapping.lone_surnames import solely_meant
from mapping.reader import read_document
from mapping.records import DocumentRecord, Refused
from mapping.remarks import PERSONAL_NUMBER, SERIES, Remark, remarks
from mapping.text import Text
from mapping.triples import document_quads
from ontology import KG, PREFIXES
from shapes import Problem, report_quads, validate

BASE = "https://kommungraf.example"


@dataclass(frozen=True, slots=True)
class Reading:
    """A document as read, before anything is known of the other documents."""

    sha256: str
    text: Text
    record: DocumentRecord
    mentions: tuple[Mention, ...]

    @property
    def id(self) -> str:
        return self.sha256[:16]


@dataclass(frozen=True, slots=True)
class Complaint:
    """A problem of the gate with its place in the document: `page` and `line` from 1, None where unknown."""

    problem: Problem
    page: int | None
    line: int | None
    quote: str | None


@dataclass(frozen=True, slots=True)
class Judged:
    """A document's graph and what the gate says of it. It is accepted where nothing violates a shape."""

    sha256: str
    quads: str
    complaints: tuple[Complaint, ...]

    @property
    def accepted(self) -> bool:
        return all(c.problem.severity != "violation" for c in self.complaints)


def digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def read(data: bytes, municipality: str | None = None, erased: Sequence[Erased] = ()) -> Reading | Refused:
    """Read a document's bytes. `municipality`: name or SCB code, for documents that do not say; `erased`: names to
    mask."""
    text = canonical_text(data)
    if isinstance(text, Refused):
        return text
    return read_without(text, digest(data), municipality, erased)


def read_without(text: Text, sha256: str, municipality: str | None, erased: Sequence[Erased]) -> Reading | Refused:
    """Read a canonical text without the names that were erased: where one is masked, its surname alone is as well,
    and everywhere one that can mean nobody else; unless somebody else whom the document names bears it."""
    masked = replace(text, canonical=mask_erased(text.canonical, erased))
    reading = read_again(masked, sha256, municipality)
    solely = solely_meant(masked.canonical, erased)
    if isinstance(reading, Refused) or (masked == text and not solely):
        return reading
    named = named_in(text.canonical, erased) if masked != text else []
    meant = list(dict.fromkeys([*named, *solely]))
    further = mask_surnames(masked.canonical, meant, [mention.name for mention in reading.mentions])
    if further == masked.canonical:
        return reading
    return read_again(replace(text, canonical=further), sha256, municipality)


def read_again(text: Text, sha256: str, municipality: str | None) -> Reading | Refused:
    """Read a canonical text whose document has this digest."""
    record = read_document(text, municipality)
    if isinstance(record, Refused):
        return record
    return Reading(sha256, text, record, mentions(record, sha256[:16]))


def alone(reading: Reading) -> Resolution:
    """The persons of a document as far as the document itself tells."""
    return resolve(reading.mentions)


def judge(
    reading: Reading, persons: Resolution, about_persons: "PersonLines", base: str = BASE, *, hold: bool = False
) -> Judged:
    """The graph of a document, its persons being resolved, what the gate says of both together, and the remarks of
    the reader. `hold`: a personal number, masked or not, holds the document back."""
    quads = document_quads(reading.record, reading.text, reading.sha256, base, persons)
    told = remarks(reading.record, reading.text, hold=hold)
    # Of a hole in the series of § the reader knows more than the graph: where it is, and what stands there.
    known = {SERIES} & {remark.shape for remark in told}
    problems = [problem for problem in validate(quads, about_persons.of(quads)) if problem.shape not in known]
    document = f"{base}/id/document/{reading.id}"
    complaints = [_placed(problem, quads, reading) for problem in problems]
    complaints += [_remarked(remark, document, reading) for remark in told]
    return Judged(reading.sha256, quads, tuple(sorted(complaints, key=lambda c: _ORDER[c.problem.severity])))


def judge_alone(reading: Reading, base: str = BASE, *, hold: bool = False) -> Judged:
    """The graph of a document and what the gate says of it, as if it were the only one."""
    persons = alone(reading)
    return judge(reading, persons, PersonLines.read(person_quads(persons, base)), base, hold=hold)


@dataclass(frozen=True, slots=True)
class PersonLines:
    """The N-Quads lines of graph/persons by subject, to find what concerns one document."""

    by_subject: dict[str, tuple[str, ...]]

    @classmethod
    def read(cls, nquads: str) -> "PersonLines":
        lines: dict[str, list[str]] = {}
        for line in nquads.splitlines(keepends=True):
            lines.setdefault(line.partition(" ")[0], []).append(line)
        return cls({subject: tuple(found) for subject, found in lines.items()})

    def of(self, quads: str) -> str:
        """What is said of the persons and memberships that a document graph names, and of whatever these name."""
        seen: set[str] = set()
        wanted = set(_NAMED.findall(quads))
        while wanted:
            seen |= wanted
            told = "".join(line for subject in wanted for line in self.by_subject.get(subject, ()))
            wanted = set(_NAMED.findall(told)) - seen
        return "".join(line for subject in sorted(seen) for line in self.by_subject.get(subject, ()))


_NAMED = re.compile(r"<[^<>\s]+/id/(?:person|membership)/[^<>\s]+>")


def report(judged: Judged, base: str = BASE) -> str:
    """The validation report as sorted N-Quads of graph/reports, each result with its page, line and quote."""
    iri, graph = f"{base}/id/report/{judged.sha256[:16]}", f"{base}/id/graph/reports"
    problems = [c.problem for c in judged.complaints]
    quads = report_quads(problems, iri, f"{base}/id/document/{judged.sha256[:16]}", graph).splitlines(keepends=True)
    for number, complaint in enumerate(judged.complaints, 1):
        result = f"<{iri}/{number}>"
        for name, place in ((KG.page, complaint.page), (KG.line, complaint.line)):
            if place is not None:
                quads.append(f"{result} <{name}> {ox.Literal(place)} <{graph}> .\n")
        if complaint.quote is not None:
            quads.append(f"{result} <http://www.w3.org/ns/oa#exact> {ox.Literal(complaint.quote)} <{graph}> .\n")
    return "".join(sorted(quads))


def verdict(judged: Judged) -> dict[str, Any]:
    """What the gate says in short: `status`, `reason` and its text in Swedish and English, number of `warnings`."""
    violations = [c.problem for c in judged.complaints if c.problem.severity == "violation"]
    told = {"status": "accepted", "reason": "", "reason_sv": "", "reason_en": ""}
    if violations:
        more = f" (+{len(violations) - 1})" if len(violations) > 1 else ""
        sv, en = violations[0].message_sv + more, violations[0].message_en + more
        reason = "personal-numbers" if all(p.shape == PERSONAL_NUMBER for p in violations) else "violations"
        told = {"status": "quarantined", "reason": reason, "reason_sv": sv, "reason_en": en}
    return told | {"warnings": sum(c.problem.severity == "warning" for c in judged.complaints)}


def tell(complaints: tuple[Complaint, ...], first: int = 1, quads: str = "") -> str:
    """The problems for a clerk, numbered from `first`: what, where, the quote, Swedish first. Empty if none. `quads`
    (N-Quads) are what was judged where it has no places: then the IRI at fault, where it is among them, and its
    values are told."""
    told = _values(complaints, quads) if quads else {}
    lines = []
    for number, c in enumerate(complaints, first):
        where = ", ".join(f"{name} {value}" for name, value in (("sida/page", c.page), ("rad/line", c.line)) if value)
        lines.append(f"{number}. [{_SEVERITIES[c.problem.severity]}] {where}".rstrip())
        lines.append(f"   {c.problem.message_sv}")
        lines.append(f"   {c.problem.message_en}")
        if c.quote:
            lines.append(f"   ”{' '.join(c.quote.split())}”")
        if f"<{c.problem.focus}> " in quads:
            lines.append(f"   {c.problem.focus}")
            lines += [f"   {c.problem.path}: {each}" for each in told.get((c.problem.focus, c.problem.path), ())]
    return "".join(f"{line}\n" for line in lines)


def _values(complaints: tuple[Complaint, ...], quads: str) -> dict[tuple[str, str | None], list[str]]:
    """The values of the properties that are at fault, by IRI and property, at most VALUES of each, in order."""
    wanted = {(c.problem.focus, c.problem.path) for c in complaints}
    starts = {f"<{focus}> <{path}> " for focus, path in wanted}
    found: dict[tuple[str, str | None], set[str]] = {}
    for line in quads.splitlines(keepends=True):
        subject, _, rest = line.partition(" ")
        if f"{subject} {rest.partition(' ')[0]} " in starts:
            for quad in ox.parse(line, format=ox.RdfFormat.N_QUADS):
                said = quad.object.value if isinstance(quad.object, ox.NamedNode | ox.Literal) else ""
                place = str(quad.subject)[1:-1], quad.predicate.value
                found.setdefault(place, set()).add(" ".join(said.split())[:QUOTE])
    return {place: sorted(each)[:VALUES] for place, each in found.items()}


def written(nquads: str, form: str) -> bytes:
    """A graph as "nquads", "trig", "turtle" (without the graph names) or "jsonld"."""
    if form == "nquads":
        return nquads.encode("utf-8")
    quads = ox.parse(nquads.encode("utf-8"), format=ox.RdfFormat.N_QUADS)
    formats = {"trig": ox.RdfFormat.TRIG, "turtle": ox.RdfFormat.TURTLE, "jsonld": ox.RdfFormat.JSON_LD}
    content = list(quads) if form != "turtle" else list(dict.fromkeys(quad.triple for quad in quads))
    return ox.serialize(content, format=formats[form], prefixes=dict(PREFIXES)) or b""


_SEVERITIES = {"violation": "fel/violation", "warning": "varning/warning", "info": "upplysning/info"}
_ORDER = {severity: place for place, severity in enumerate(_SEVERITIES)}
QUOTE = 160
VALUES = 10


def _placed(problem: Problem, quads: str, reading: Reading) -> Complaint:
    place = _place(problem.focus, quads)
    return Complaint(problem, None, None, None) if place is None else _complaint(problem, *place, reading)


def _remarked(remark: Remark, document: str, reading: Reading) -> Complaint:
    component = "http://www.w3.org/ns/shacl#SPARQLConstraintComponent"
    problem = Problem(remark.severity, document, None, None, remark.shape, component, remark.sv, remark.en)
    return _complaint(problem, remark.span.start, remark.span.end, reading)


def _complaint(problem: Problem, start: int, end: int, reading: Reading) -> Complaint:
    canonical = reading.text.canonical
    line = canonical.count("\n", 0, start) + 1
    return Complaint(problem, reading.text.page_of(start), line, canonical[start : min(end, start + QUOTE)])


def _place(focus: str, quads: str) -> tuple[int, int] | None:
    """(start, end) of the first evidence of a node: of the span that it is, or of those that it names."""
    spans = re.findall(r"/id/span/[0-9a-f]{16}/(\d+)-(\d+)$", focus)
    if not spans:
        named = rf"^<{re.escape(focus)}> <\S+#evidence> <\S+/id/span/[0-9a-f]{{16}}/(\d+)-(\d+)>"
        spans = re.findall(named, quads, flags=re.MULTILINE)
    return min(((int(start), int(end)) for start, end in spans), default=None)

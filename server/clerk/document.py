"""One document as a clerk sees it: what became of it, and each problem with its place and what to do."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from server.asking import Term
from server.clerk.kept import SEVERITIES
from server.clerk.lines import place_of
from server.nodes import Nodes, ask, natural
from server.site import CONCEPT, Site, iri_ref

ADVICE: Final = ("no-personal-number", "paragraph-series-whole")
"""Shapes (the last part of the IRI) with advice of their own in words/clerk.toml."""

_PROBLEMS: Final = """PREFIX kg: <https://w3id.org/kommungraf/ns#>
PREFIX oa: <http://www.w3.org/ns/oa#>
PREFIX sh: <http://www.w3.org/ns/shacl#>

SELECT ?fileName ?severity ?page ?line ?quote ?problem ?problemInEnglish ?rule ?document
WHERE {{
  {values}?document kg:hasReport ?report ;
    kg:fileName ?fileName .
  ?report sh:result ?result .
  ?result sh:resultMessage ?problem ;
    sh:resultSeverity ?severity .
  FILTER(LANG(?problem) = "sv")
  OPTIONAL {{
    ?result sh:resultMessage ?problemInEnglish .
    FILTER(LANG(?problemInEnglish) = "en")
  }}
  OPTIONAL {{ ?result sh:sourceShape ?rule }}
  OPTIONAL {{ ?result kg:page ?page }}
  OPTIONAL {{ ?result kg:line ?line }}
  OPTIONAL {{ ?result oa:exact ?quote }}
}}
ORDER BY ?fileName ?document ?page ?line"""


@dataclass(frozen=True, slots=True)
class Complaint:
    """A problem: `severity` violation, warning or info; `message` in the reader's language, which is `language`;
    `rule` the last part of the IRI of its shape; `advice` a key of words."""

    severity: str
    message: str
    language: str | None
    rule: str
    advice: str
    page: int | None
    line: int | None
    quote: str


@dataclass(frozen=True, slots=True)
class Found:
    """A document. `reasons`: why it was refused, in the reader's language. `cut`: it has more problems than these."""

    iri: str
    file_name: str
    status: str
    reasons: Sequence[str]
    problems: Sequence[Complaint]
    claimed: str | None
    ignored: str | None
    unread: str | None
    sha256: str
    read_at: str
    program: str
    cut: bool


@dataclass(frozen=True, slots=True)
class Place:
    """Where a quotation stands: its line, its characters ("120-245", empty where not known), and what stands before
    and after it on its lines."""

    line: int | None
    at: str
    before: str
    after: str


def problems_query(site: Site, document: str | None) -> str:
    """SPARQL for the problems of all documents, or of one."""
    return _PROBLEMS.format(values=f"VALUES ?document {{ {iri_ref(document)} }}\n  " if document else "")


def show(site: Site, name: str, language: str) -> Found | None:
    """A document by the first 16 hex digits of its SHA-256; None where nothing is known of it, or it was removed.

    Raises QueryFailed.
    """
    iri = f"{site.base}/id/document/{name}"
    ref = iri_ref(iri)
    nodes = ask(
        site,
        f"{{ BIND({ref} AS ?s) }} UNION {{ {ref} kg:hasReport ?report . ?report sh:result ?s }} "
        f"UNION {{ ?s prov:used {ref} }}",
    )
    status = (nodes.iri(iri, "kg:processingStatus") or "").removeprefix(f"{CONCEPT}processing-status/")
    if status not in ("accepted", "quarantined", "refused"):
        return None
    results = sorted((each for each in nodes if nodes.iri(each, "sh:resultSeverity")), key=natural)
    problems = [_complaint(nodes, each, language) for each in results]
    problems.sort(key=lambda each: (SEVERITIES.index(each.severity), each.line or 0, each.page or 0))
    run = next((each for each in nodes if iri in nodes.iris(each, "prov:used")), "")
    return Found(
        iri=iri,
        file_name=nodes.text(iri, "kg:fileName") or name,
        status=status,
        reasons=[each.value for each in in_language(nodes.terms(iri, "kg:refusalReason"), language)],
        problems=problems,
        claimed=nodes.text(iri, "kg:linesClaimed"),
        ignored=nodes.text(iri, "kg:linesIgnored"),
        unread=nodes.text(iri, "kg:linesUnread"),
        sha256=nodes.text(iri, "kg:sha256") or "",
        read_at=nodes.text(run, "prov:endedAtTime") or "",
        program=nodes.text(run, "kg:programVersion") or "",
        cut=nodes.cut,
    )


def placed(problem: Complaint, text: str | None) -> Place:
    """Where a problem stands in a published text; as far as the report tells where there is no such text."""
    found = place_of(text, problem.quote, problem.line) if text is not None else None
    if text is None or found is None:
        return Place(problem.line, "", "", "")
    line, start, end = found
    before = text.rfind("\n", 0, start) + 1
    after = text.find("\n", end)
    return Place(line, f"{start}-{end}", text[before:start], text[end : after if after >= 0 else len(text)])


def _complaint(nodes: Nodes, result: str, language: str) -> Complaint:
    messages = in_language(nodes.terms(result, "sh:resultMessage"), language)
    rule = (nodes.iri(result, "sh:sourceShape") or "").rpartition("#")[2]
    severity = (nodes.iri(result, "sh:resultSeverity") or "").rpartition("#")[2].lower()
    severity = severity if severity in SEVERITIES else "info"
    return Complaint(
        severity=severity,
        message=" ".join(each.value for each in messages),
        language=messages[0].language if messages else None,
        rule=rule,
        advice=f"clerk_do_{rule.replace('-', '_')}" if rule in ADVICE else f"clerk_do_{severity}",
        page=_whole(nodes.text(result, "kg:page")),
        line=_whole(nodes.text(result, "kg:line")),
        quote=nodes.text(result, "oa:exact") or "",
    )


def in_language(terms: Sequence[Term], language: str) -> list[Term]:
    """What is said in a language; in any other where it is not said in that."""
    return [each for each in terms if each.language == language] or list(terms)


def _whole(text: str | None) -> int | None:
    return int(text) if text and text.isdecimal() else None

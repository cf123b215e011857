"""Where the facts of a page come from, as a person would cite it: the file, the page, and the words."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from server.site import NS, Site, iri_ref

LONGEST: Final = 80  # characters of the words
OA: Final = "http://www.w3.org/ns/oa#"


@dataclass(frozen=True, slots=True)
class Quotation:
    """The words at a span (an IRI) and how they begin; `file` and `page` are empty where they are not known."""

    span: str
    file: str
    page: str
    words: str


def quotations(site: Site, spans: Sequence[str]) -> list[Quotation]:
    """What stands at spans, in their order; what is no span of a document is left out. Raises QueryFailed."""
    wanted = [each for each in dict.fromkeys(spans) if site.in_document(each)]
    if not wanted:
        return []
    rows = site.pool.rows(
        f"SELECT ?span (SAMPLE(?name) AS ?file) (MIN(?on) AS ?page) (SAMPLE(?exact) AS ?words) WHERE {{ "
        f"VALUES ?span {{ {' '.join(map(iri_ref, wanted))} }} ?span <{OA}hasSource> ?document ; <{OA}exact> ?exact "
        f"OPTIONAL {{ ?document <{NS}fileName> ?name }} OPTIONAL {{ ?span <{NS}page> ?on }} }} GROUP BY ?span"
    )
    said = {span.value: [each.value if each else "" for each in rest] for span, *rest in rows.rows if span}
    return [Quotation(each, *_of(*said.get(each, ["", "", ""]))) for each in wanted]


def _of(file: str, page: str, words: str) -> tuple[str, str, str]:
    text = " ".join(words.split())
    return file, page, text if len(text) <= LONGEST else text[:LONGEST].rsplit(" ", 1)[0] + " …"

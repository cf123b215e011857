"""The SPARQL of /explore: decisions and motions that a reader chooses by body, year, party, outcome and kind."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from server.site import iri_ref

PREFIXES: Final = """PREFIX kg: <https://w3id.org/kommungraf/ns#>
PREFIX dcterms: <http://purl.org/dc/terms/>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
"""
FACETS: Final = ("body", "year", "party", "outcome", "kind")
SORTS: Final[Mapping[str, Mapping[str, str]]] = {
    "decisions": {
        "newest": "DESC(?date) ?meeting ?paragraph",
        "oldest": "?date ?meeting ?paragraph",
        "title": "?title DESC(?date) ?meeting ?paragraph",
    },
    "motions": {"newest": "DESC(?date) ?title", "oldest": "?date ?title", "title": "?title"},
}


@dataclass(frozen=True, slots=True)
class Choice:
    """What a reader chose: of which subject, IRIs for body, party, outcome and kind, a year of four digits; `sort` is
    one of SORTS. Empty is not chosen."""

    subject: str
    body: str = ""
    year: str = ""
    party: str = ""
    outcome: str = ""
    kind: str = ""
    sort: str = "newest"

    def of(self, facet: str) -> str:
        """The value chosen for one of FACETS."""
        value = {
            "body": self.body,
            "year": self.year,
            "party": self.party,
            "outcome": self.outcome,
            "kind": self.kind,
        }
        return value[facet]


def listing(choice: Choice, language: str, most: int, offset: int = 0) -> str:
    """The query whose rows the page lists. Raises ValueError for what is not an IRI."""
    limit = f"LIMIT {most}" + (f" OFFSET {offset}" if offset else "")
    if choice.subject == "motions":
        return f"{PREFIXES}{_motions(choice)}\nORDER BY {SORTS['motions'][choice.sort]}\n{limit}"
    order = SORTS["decisions"][choice.sort]
    named = "\n".join(
        [
            '  OPTIONAL { ?body rdfs:label ?bodyName FILTER(LANG(?bodyName) != "en") }',
            f'  OPTIONAL {{ ?outcome rdfs:label ?outcomeName FILTER(LANG(?outcomeName) = "{language}") }}',
            f"  OPTIONAL {{ ?treatment kg:itemType ?kind . ?kind rdfs:label ?kindName "
            f'FILTER(LANG(?kindName) = "{language}") }}',
        ]
    )
    title = "" if choice.sort == "title" else "  OPTIONAL { ?treatment dcterms:title ?title }\n"
    return (
        f"{PREFIXES}SELECT ?date ?bodyName ?paragraph ?title ?outcomeName ?kindName ?treatment ?body ?outcome\n"
        f"WHERE {{\n  {{\n{_decisions(choice)}\n    ORDER BY {order}\n    {limit}\n  }}\n"
        f"  ?meeting kg:heldBy ?body .\n{title}{named}\n}}\nORDER BY {order}"
    )


def _decisions(choice: Choice) -> str:
    """What is sorted and cut: as little as can be of each decision, the rest is asked of those that are shown."""
    title = " ?title" if choice.sort == "title" else ""
    lines = [
        f"    SELECT DISTINCT ?date ?meeting ?paragraph ?treatment ?outcome{title}",
        "    WHERE {",
        *_values("      ", choice, ("outcome",)),
        "      ?treatment kg:resultedIn ?decision ;",
        "        kg:treatedAt ?meeting .",
        "      ?decision kg:decisionOutcome ?outcome .",
        "      ?meeting kg:date ?date .",
        f"      ?meeting kg:heldBy {iri_ref(choice.body)} ." if choice.body else "",
        f"      ?treatment kg:itemType {iri_ref(choice.kind)} ." if choice.kind else "",
        *_year("      ", choice),
        "      OPTIONAL { ?treatment kg:paragraphNumber ?paragraph }",
        "      OPTIONAL { ?treatment dcterms:title ?title }" if title else "",
    ]
    if choice.party:
        lines.append(f"      ?treatment (kg:hasProposal|kg:hasReservation)/kg:onBehalfOf {iri_ref(choice.party)} .")
    return "\n".join([*filter(None, lines), "    }"])


def _motions(choice: Choice) -> str:
    """One row for each motion: who is behind it, and what the latest § about it decided, as far as it is chosen."""
    treated = [
        "    ?treatment kg:concernsMatter ?motion ;",
        "      kg:treatedAt ?meeting .",
        "    ?meeting kg:heldBy ?body ;",
        "      kg:date ?day .",
        "    ?treatment kg:resultedIn/kg:decisionOutcome ?outcome ."
        if choice.outcome
        else "    OPTIONAL { ?treatment kg:resultedIn/kg:decisionOutcome ?outcome }",
        *_year("    ", choice, "?day"),
    ]
    asked = choice.body or choice.year or choice.outcome
    lines = [
        '  SELECT ?motion ?title (GROUP_CONCAT(DISTINCT ?notation; separator=", ") AS ?parties) (MAX(?day) AS ?date)',
        '    (GROUP_CONCAT(DISTINCT STR(?outcome); separator=" ") AS ?outcomes)'
        ' (GROUP_CONCAT(DISTINCT STR(?body); separator=" ") AS ?bodies)',
        "  WHERE {",
        *_values("    ", choice, ("body", "outcome")),
        "    ?motion a kg:Motion ;",
        "      dcterms:title ?title .",
        f"    ?motion kg:onBehalfOf {iri_ref(choice.party)} ." if choice.party else "",
        "    OPTIONAL { ?motion kg:onBehalfOf/skos:notation ?notation }",
        *(treated if asked else ["    OPTIONAL {", *("  " + each for each in treated), "    }"]),
        "  }",
        "  GROUP BY ?motion ?title",
    ]
    return "\n".join(each.removeprefix("  ") for each in lines if each)


def _values(indent: str, choice: Choice, facets: tuple[str, ...]) -> list[str]:
    return [f"{indent}VALUES ?{each} {{ {iri_ref(choice.of(each))} }}" for each in facets if choice.of(each)]


def _year(indent: str, choice: Choice, variable: str = "?date") -> list[str]:
    if not choice.year:
        return []
    return [f"{indent}FILTER(YEAR({variable}) = {int(choice.year)})"]


COUNTED_DECISIONS: Final = f"""{PREFIXES}
SELECT ?body ?year ?outcome ?kind (COUNT(DISTINCT ?treatment) AS ?n) WHERE {{
  ?treatment kg:resultedIn ?decision ; kg:treatedAt ?meeting .
  ?decision kg:decisionOutcome ?outcome .
  ?meeting kg:heldBy ?body ; kg:date ?date .
  OPTIONAL {{ ?treatment kg:itemType ?kind }}
  BIND(YEAR(?date) AS ?year)
}} GROUP BY ?body ?year ?outcome ?kind"""

COUNTED_PARTIES: Final = f"""{PREFIXES}
SELECT ?body ?year ?outcome ?kind ?party (COUNT(DISTINCT ?treatment) AS ?n) WHERE {{
  {{
    SELECT DISTINCT ?treatment ?party WHERE {{
      {{ ?treatment kg:hasProposal ?act . ?act kg:onBehalfOf ?party }}
      UNION {{ ?treatment kg:hasReservation ?act . ?act kg:onBehalfOf ?party }}
    }}
  }}
  ?treatment kg:resultedIn ?decision ; kg:treatedAt ?meeting .
  ?decision kg:decisionOutcome ?outcome .
  ?meeting kg:heldBy ?body ; kg:date ?date .
  OPTIONAL {{ ?treatment kg:itemType ?kind }}
  BIND(YEAR(?date) AS ?year)
}} GROUP BY ?body ?year ?outcome ?kind ?party"""

TOLD_MOTIONS: Final = f"""{PREFIXES}
SELECT DISTINCT ?motion ?body ?year ?outcome ?party WHERE {{
  ?motion a kg:Motion ; dcterms:title ?title .
  OPTIONAL {{ ?motion kg:onBehalfOf ?party }}
  OPTIONAL {{
    ?treatment kg:concernsMatter ?motion ; kg:treatedAt ?meeting .
    ?meeting kg:heldBy ?body ; kg:date ?date .
    OPTIONAL {{ ?treatment kg:resultedIn ?decision . ?decision kg:decisionOutcome ?outcome }}
    BIND(YEAR(?date) AS ?year)
  }}
}}"""

"""The SPARQL of /explore: decisions and motions that a reader chooses by body, year, party, outcome and kind."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from server.naming import class_label
from server.site import NS, iri_ref
from server.views.matter import ENDS
from server.views.opinion import ANSWERED, APPROVED, AS_OPINION, COUNCIL, OPINIONS, WHETHER_OPINION
from server.wording import words

PREFIXES: Final = """PREFIX kg: <https://w3id.org/kommungraf/ns#>
PREFIX dcterms: <http://purl.org/dc/terms/>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>
"""
FACETS: Final = ("body", "year", "party", "outcome", "kind")
SORTS: Final[Mapping[str, Mapping[str, str]]] = {
    "decisions": {
        "newest": "DESC(?date) ?meeting ?paragraph ?treatment ?outcome",
        "oldest": "?date ?meeting ?paragraph ?treatment ?outcome",
        "title": "?title DESC(?date) ?meeting ?paragraph ?treatment ?outcome",
    },
    "motions": {"newest": "DESC(?date) ?title ?motion", "oldest": "?date ?title ?motion", "title": "?title ?motion"},
}


MATTERS: Final = tuple(
    NS + each
    for each in (
        "Motion",
        "Interpellation",
        "SimpleQuestion",
        "CitizenProposal",
        "MemberLetter",
        "Referral",
        "Report",
    )
)
"""The kinds of matters that are listed as "motions": the classes under kg:Matter (ontology/cases.ttl)."""

TREATED, UNTREATED = "treated", "untreated"
"""Chosen as the outcome of a motion: nothing has ended it, and a § is read that treats it, or none is."""


def _ended(of: str, at: str) -> str:
    """How matters ended: the outcomes of each one's latest decision; `of`: of which, `at`: what decisions."""
    return f"""SELECT ?motion (GROUP_CONCAT(DISTINCT STR(?outcome); separator=" ") AS ?ended)
    (MIN(STR(?treatment)) AS ?endedIn) WHERE {{
    {{ SELECT ?motion (MAX(?day) AS ?last) WHERE {{
      ?treatment kg:concernsMatter ?motion ; kg:treatedAt ?meeting ; kg:resultedIn/kg:decisionOutcome ?outcome .
      ?meeting kg:date ?day .
      {at}
      {of}
    }} GROUP BY ?motion }}
    ?treatment kg:concernsMatter ?motion ; kg:treatedAt ?meeting ; kg:resultedIn/kg:decisionOutcome ?outcome .
    ?meeting kg:date ?last .
    {at}
  }} GROUP BY ?motion"""


_ANSWERED: Final = f"VALUES ?answered {{ {' '.join(f'kg:{each}' for each in ANSWERED)} }} ?motion a ?answered ."
_BY_COUNCIL: Final = (
    f"?meeting kg:heldBy/kg:bodyType <{COUNCIL}> . "
    f"FILTER(?outcome IN ({', '.join(f'<{each}>' for each in sorted(ENDS))}))"
)
ENDED: Final = f"""SELECT ?motion ?ended ?endedIn WHERE {{
  {{ {_ended(f"MINUS {{ {_ANSWERED} }}", _BY_COUNCIL)} }}
  UNION
  {{ {_ended(_ANSWERED, "")} }}
}}"""
"""How motions ended, in a § that concerns the motion itself: by the council's latest decision that ends one; what a
body answers for itself (ANSWERED), by the latest decision of any."""


@dataclass(frozen=True, slots=True)
class Choice:
    """What a reader chose: of which subject, IRIs for body, party, outcome and kind, a year of four digits; the
    outcome of a decision may end AS_OPINION, and that of a motion be TREATED or UNTREATED; `sort` is one of SORTS.
    Empty is not chosen."""

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


def listing(
    choice: Choice,
    language: str,
    most: int,
    offset: int = 0,
    days: Sequence[str] = (),
    these: Sequence[tuple[str, str]] | None = None,
    named: bool = True,
) -> str:
    """The query whose rows the page lists; with `days` (ISO 8601) of the decisions of these days alone, with `these`
    of these treatments and outcomes alone; `named`: with the names of outcomes, for which all §§ are looked at.
    Raises ValueError for what is not an IRI."""
    limit = f"LIMIT {most}" + (f" OFFSET {offset}" if offset else "")
    if choice.subject == "motions":
        return f"{PREFIXES}{_motions(choice, language)}\nORDER BY {SORTS['motions'][choice.sort]}\n{limit}"
    order = SORTS["decisions"][choice.sort]
    also = "\n".join(
        [
            '  OPTIONAL { ?body rdfs:label ?bodyName FILTER(LANG(?bodyName) != "en") }',
            "  OPTIONAL { ?body kg:partOfAuthority ?place . ?place rdfs:label ?municipalityName "
            'FILTER(LANG(?municipalityName) = "sv") }',
            f'  OPTIONAL {{ ?outcome rdfs:label ?called FILTER(LANG(?called) = "{language}") }}',
            *(_outcome_name(language) if named else []),
            f"  OPTIONAL {{ ?treatment kg:itemType ?kind . ?kind rdfs:label ?kindName "
            f'FILTER(LANG(?kindName) = "{language}") }}',
        ]
    )
    title = "" if choice.sort == "title" else "  OPTIONAL { ?treatment dcterms:title ?title }\n"
    return (
        f"{PREFIXES}SELECT ?date ?bodyName ?municipalityName ?paragraph ?title ?outcomeName ?kindName "
        "?treatment ?body ?outcome\n"
        f"WHERE {{\n  {{\n{_decisions(choice, days, these)}\n    ORDER BY {order}\n    {limit}\n  }}\n"
        f"  ?meeting kg:heldBy ?body .\n{title}{also}\n}}\nORDER BY {order}"
    )


def _outcome_name(language: str) -> list[str]:
    """What the outcome is called: of an answer or a proposal to another body so that nobody takes it for that of the
    matter (server/views/opinion.py)."""
    told = words(language)
    before, after = told["opinion_counted"].split("{}")
    return [
        f"  OPTIONAL {{ SELECT DISTINCT ?treatment (1 AS ?opinion) WHERE {{ {OPINIONS} }} }}",
        f'  BIND(IF(?outcome = <{APPROVED}>, "{told["opinion_approved"]}", STR(?called)) AS ?answered)',
        f'  BIND(IF(BOUND(?opinion), CONCAT("{before}", ?answered, "{after}"), STR(?called)) AS ?outcomeName)',
    ]


def _decisions(choice: Choice, days: Sequence[str], these: Sequence[tuple[str, str]] | None) -> str:
    """What is sorted and cut: as little as can be of each decision, the rest is asked of those that are shown."""
    title = " ?title" if choice.sort == "title" else ""
    lines = [
        f"    SELECT DISTINCT ?date ?meeting ?paragraph ?treatment ?outcome{title}",
        "    WHERE {",
        f"      VALUES ?outcome {{ {iri_ref(choice.outcome.removesuffix(AS_OPINION))} }}" if choice.outcome else "",
        *_rows("      ", these),
        "      VALUES ?date { " + " ".join(f'"{each}"^^xsd:date' for each in days) + " }" if days else "",
        "      ?treatment kg:resultedIn ?decision ;",
        "        kg:treatedAt ?meeting .",
        "      ?decision kg:decisionOutcome ?outcome .",
        "      ?meeting kg:date ?date .",
        f"      ?meeting kg:heldBy {iri_ref(choice.body)} ." if choice.body else "",
        f"      ?treatment kg:itemType {iri_ref(choice.kind)} ." if choice.kind else "",
        *_year("      ", choice),
        "      OPTIONAL { ?treatment kg:paragraphNumber ?paragraph }",
        "      OPTIONAL { ?treatment dcterms:title ?title }" if title else "",
        f"      {WHETHER_OPINION}\n      FILTER({'' if choice.outcome.endswith(AS_OPINION) else '!'}?opinion)"
        if choice.outcome and these is None
        else "",
    ]
    if choice.party:
        lines.append(f"      ?treatment (kg:hasProposal|kg:hasReservation)/kg:onBehalfOf {iri_ref(choice.party)} .")
    return "\n".join([*filter(None, lines), "    }"])


def _rows(indent: str, these: Sequence[tuple[str, str]] | None) -> list[str]:
    if these is None:
        return []
    rows = (f"  ({' '.join(map(iri_ref, row))})" for row in these)
    return [indent + each for each in ("VALUES (?treatment ?outcome) {", *rows, "}")]


def _kinds(choice: Choice, language: str) -> str:
    """The kinds of matters that are listed, each with what it is called."""
    kinds = [choice.kind] if choice.kind else MATTERS
    named = " ".join(f'({iri_ref(each)} "{class_label(each, language)}")' for each in kinds)
    return f"VALUES (?kind ?called) {{ {named} }}"


def _motions(choice: Choice, language: str) -> str:
    """One row for each motion or other matter: its kind, who is behind it, where and when it was treated, and how the
    council ended it. What is chosen leaves rows out; it never changes what a row says."""
    treated = [
        "    ?treatment kg:concernsMatter ?motion ;",
        "      kg:treatedAt ?meeting .",
        "    ?meeting kg:heldBy ?body ;",
        "      kg:date ?day .",
    ]
    must = choice.outcome == TREATED
    without = {
        TREATED: "    FILTER(!BOUND(?ended))",
        UNTREATED: "    FILTER(!BOUND(?treatment) && !BOUND(?ended))",
    }
    lines = [
        "  SELECT ?motion (MIN(STR(?name)) AS ?title) (MIN(?called) AS ?kindName)",
        '    (GROUP_CONCAT(DISTINCT ?notation; separator=", ") AS ?parties)',
        "    (MAX(?day) AS ?date) (SAMPLE(?ended) AS ?outcomes) (SAMPLE(?endedIn) AS ?decidedIn)"
        ' (GROUP_CONCAT(DISTINCT STR(?body); separator=" ") AS ?bodies)',
        "  WHERE {",
        f"    {_kinds(choice, language)}",
        "    ?motion a ?kind ;",
        "      dcterms:title ?name .",
        f"    ?motion kg:onBehalfOf {iri_ref(choice.party)} ." if choice.party else "",
        *_treated_there(choice),
        "    OPTIONAL { ?motion kg:onBehalfOf/skos:notation ?notation }",
        *(treated if must else ["    OPTIONAL {", *("  " + each for each in treated), "    }"]),
        *("    OPTIONAL {", *("      " + each for each in ENDED.splitlines()), "    }"),
        without.get(choice.outcome, ""),
        f'    FILTER(CONTAINS(CONCAT(?ended, " "), CONCAT(STR({iri_ref(choice.outcome)}), " ")))'
        if choice.outcome and choice.outcome not in without
        else "",
        "  }",
        "  GROUP BY ?motion",
    ]
    return "\n".join(each.removeprefix("  ") for each in lines if each)


def _treated_there(choice: Choice) -> list[str]:
    """The motions that the chosen body treated, in the chosen year."""
    if not choice.body and not choice.year:
        return []
    return [
        "    { SELECT DISTINCT ?motion WHERE {",
        "      ?there kg:concernsMatter ?motion ; kg:treatedAt ?then .",
        f"      ?then kg:heldBy {iri_ref(choice.body)} ." if choice.body else "      ?then kg:heldBy ?any .",
        "      ?then kg:date ?thatDay .",
        *_year("      ", choice, "?thatDay"),
        "    } }",
    ]


def _year(indent: str, choice: Choice, variable: str = "?date") -> list[str]:
    if not choice.year:
        return []
    return [f"{indent}FILTER(YEAR({variable}) = {int(choice.year)})"]


_AS_OPINION: Final = (
    f'OPTIONAL {{ SELECT DISTINCT ?treatment ("{AS_OPINION}" AS ?opinion) WHERE {{ {OPINIONS} }} }}\n'
    '  BIND(CONCAT(STR(?concept), COALESCE(?opinion, "")) AS ?outcome)'
)
"""SPARQL: the outcome as one chooses it, of its ?concept."""

COUNTED_DECISIONS: Final = f"""{PREFIXES}
SELECT ?body ?date ?outcome ?kind (COUNT(DISTINCT ?treatment) AS ?n) WHERE {{
  ?treatment kg:resultedIn ?decision ; kg:treatedAt ?meeting .
  ?decision kg:decisionOutcome ?concept .
  ?meeting kg:heldBy ?body ; kg:date ?date .
  OPTIONAL {{ ?treatment kg:itemType ?kind }}
  {_AS_OPINION}
}} GROUP BY ?body ?date ?outcome ?kind"""

COUNTED_PARTIES: Final = f"""{PREFIXES}
SELECT ?body ?date ?outcome ?kind ?party (COUNT(DISTINCT ?treatment) AS ?n) WHERE {{
  {{
    SELECT DISTINCT ?treatment ?party WHERE {{
      {{ ?treatment kg:hasProposal ?act . ?act kg:onBehalfOf ?party }}
      UNION {{ ?treatment kg:hasReservation ?act . ?act kg:onBehalfOf ?party }}
    }}
  }}
  ?treatment kg:resultedIn ?decision ; kg:treatedAt ?meeting .
  ?decision kg:decisionOutcome ?concept .
  ?meeting kg:heldBy ?body ; kg:date ?date .
  OPTIONAL {{ ?treatment kg:itemType ?kind }}
  {_AS_OPINION}
}} GROUP BY ?body ?date ?outcome ?kind ?party"""

ORDERED_DECISIONS: Final = f"""{PREFIXES}
SELECT ?treatment ?body ?date ?outcome ?kind WHERE {{
  ?treatment kg:resultedIn ?decision ; kg:treatedAt ?meeting .
  ?decision kg:decisionOutcome ?concept .
  ?meeting kg:heldBy ?body ; kg:date ?date .
  OPTIONAL {{ ?treatment kg:paragraphNumber ?paragraph }}
  OPTIONAL {{ ?treatment dcterms:title ?title }}
  OPTIONAL {{ ?treatment kg:itemType ?kind }}
  {_AS_OPINION}
}} ORDER BY {SORTS["decisions"]["title"]}"""

PARTIES_OF_DECISIONS: Final = f"""{PREFIXES}
SELECT DISTINCT ?treatment ?party WHERE {{
  {{ ?treatment kg:hasProposal ?act . ?act kg:onBehalfOf ?party }}
  UNION {{ ?treatment kg:hasReservation ?act . ?act kg:onBehalfOf ?party }}
}}"""

TOLD_MOTIONS: Final = f"""{PREFIXES}
SELECT DISTINCT ?motion ?body ?year ?party ?kind WHERE {{
  VALUES ?kind {{ {" ".join(f"<{each}>" for each in MATTERS)} }}
  ?motion a ?kind ; dcterms:title ?title .
  OPTIONAL {{ ?motion kg:onBehalfOf ?party }}
  OPTIONAL {{
    ?treatment kg:concernsMatter ?motion ; kg:treatedAt ?meeting .
    ?meeting kg:heldBy ?body ; kg:date ?date .
    BIND(YEAR(?date) AS ?year)
  }}
}}"""

ENDED_MOTIONS: Final = f"{PREFIXES}\n{ENDED}"

"""A page of invented minutes as records, its graph, and a graph in short notation: shared by the tests of triples."""

import datetime
import re

import pyoxigraph as ox

import ontology
from mapping.identity import mentions, resolve
from mapping.records import (
    Actor,
    Attendance,
    Ballot,
    Decision,
    DocumentRecord,
    Item,
    ListedDocument,
    Matter,
    Meeting,
    Point,
    Proposal,
    Quote,
    RegistryRef,
    Reservation,
    Statement,
    Vote,
    Withdrawal,
)
from mapping.text import Span, Text
from mapping.triples import document_quads

BASE = "https://k.example"
SHA = "0123456789abcdef" * 4
TEXT = Text(
    """Almviks kommun Socialnämnden
Protokoll 4/2024 fört den 21 maj 2024
Närvarande: Mirja Stålbrand (S), ordförande; Leyla Tamrin (fp) för Ulla Ek (L)
\f§ 63/20 Remiss av motion om "kvällsöppet"
Dnr SN 2024/31, KS 2024/112 från kommunstyrelsen
Motion av Ulla Ek (L): 1. Hur många väntar?
Förvaltningen föreslår att svaret godkänns.
Mirja Stålbrand m.fl. (S) yrkade bifall till förvaltningens förslag.
Leyla Tamrin (fp) yrkade att motionen bifalls.
Byalaget (BYA) yrkade avslag.
Nämnden beslutar enligt förvaltningens förslag: 1. Svaret godkänns. 2. Överlämnas till kommunfullmäktige.
Omröstning: 1 ja, 1 nej. Ja: Mirja Stålbrand (S). Nej: Leyla Tamrin (fp).
Reservation: Leyla Tamrin (fp) för det egna yrkandet. Folkpartiet beklagar 850709-9805.
Särskilt uttalande: Byalaget (BYA). Ersättaryttrande: Ulla Ek (L) ställer sig bakom.
Ulla Ek (L) anmälde jäv.
SN 2024/31-2 Tjänsteutlåtande om svaret. Prop. 2024/25:89. Föredragande: Nils Ask, utredare.
""",
    page_starts=(0, 143),
)


def at(words: str, nth: int = 0) -> Span:
    start = [match.start() for match in re.finditer(re.escape(words), TEXT.canonical)][nth]
    return Span(start, start + len(words))


def quote(words: str) -> Quote:
    return Quote(words, at(words))


MIRJA = Actor("Mirja Stålbrand", "S", at("Mirja Stålbrand (S)"), title="ordförande")
MIRJA_MFL = Actor("Mirja Stålbrand", "S", at("Mirja Stålbrand m.fl. (S)"), with_others=True)
LEYLA = Actor("Leyla Tamrin", "FP", at("Leyla Tamrin (fp)"), party_verbatim="fp")
ULLA = Actor("Ulla Ek", "L", at("Ulla Ek (L)"))
OFFICE = Actor("Förvaltningen", None, at("Förvaltningen"), is_administration=True)
VILLAGE = Actor(None, "BYA", at("Byalaget (BYA)"), party_verbatim="BYA")
ITEM = Item(
    1,
    at("§ 63/20"),
    quote('Remiss av motion om "kvällsöppet"'),
    "63/20",
    at("§ 63/20"),
    item_type="motion",
    registry_numbers=(
        RegistryRef("SN 2024/31", "SN 2024/31", "own", at("SN 2024/31")),
        RegistryRef("KS 2024/112", "KS 2024/112", "referrer", at("KS 2024/112")),
    ),
    matters=(
        Matter(
            "motion",
            "kvällsöppet",
            at("Motion av"),
            (ULLA,),
            (quote("Hur många väntar?"),),
            None,
            quote("kommunstyrelsen"),
        ),
    ),
    decision=Decision(
        (Point("Svaret godkänns.", at("Svaret godkänns."), "1"), Point("Överlämnas.", at("Överlämnas"), "2")),
        "approved",
        at("Nämnden beslutar"),
        quote("beslutar"),
        recommends_to=quote("kommunfullmäktige"),
        follows_administration=at("enligt förvaltningens förslag"),
    ),
    proposals=(
        Proposal(
            (OFFICE,), "own", at("Förvaltningen föreslår"), points=(Point("svaret godkänns", at("svaret godkänns")),)
        ),
        Proposal((MIRJA_MFL,), "approve", at("yrkade bifall")),
        Proposal((LEYLA,), "own", at("yrkade att"), text=quote("motionen bifalls")),
        Proposal((VILLAGE,), "reject", at("yrkade avslag")),
    ),
    votes=(
        Vote(
            at("1 ja, 1 nej"),
            1,
            1,
            yes_for=Quote("förvaltningens förslag", at("förvaltningens förslag")),
            no_for=quote("motionen bifalls"),
            ballots=(Ballot(MIRJA, "yes"), Ballot(LEYLA, "no")),
        ),
    ),
    reservations=(
        Reservation((LEYLA,), at("Reservation"), "det egna yrkandet", quote("Folkpartiet beklagar 850709-9805.")),
    ),
    statements=(
        Statement("special_statement", (VILLAGE,), at("Särskilt uttalande")),
        Statement("substitute_statement", (ULLA,), at("Ersättaryttrande"), endorses="BYA:s särskilda uttalande"),
    ),
    withdrawals=(Withdrawal("conflict_of_interest", (ULLA,), at("Ulla Ek (L) anmälde jäv.")),),
    documents=(
        ListedDocument("Tjänsteutlåtande om svaret", "SN 2024/31-2", at("SN 2024/31-2"), "SN 2024/31-2"),
        ListedDocument("Tjänsteutlåtande om svaret", "", at("Tjänsteutlåtande")),
    ),
    presenters=(Actor("Nils Ask", None, at("Nils Ask, utredare"), title="utredare", is_official=True),),
    references=(quote("Prop. 2024/25:89"),),
)
RECORD = DocumentRecord(
    "minutes", quote("Protokoll 4/2024"), "Almviks kommun", at("Almviks kommun"), "Socialnämnden", at("Socialnämnden"),
    meeting=Meeting(
        datetime.date(2024, 5, 21), at("den 21 maj 2024"), Quote("4/2024", at("4/2024")), chair=MIRJA, adjusters=(ULLA,),
        adjusted_on=datetime.date(2024, 5, 28),
        attendance=(
            Attendance(MIRJA, "chair"),
            Attendance(LEYLA, "serving-substitute", substitutes_for=ULLA, paragraphs=(63, 64)),
        ),
    ),
    items=(ITEM,),
)  # fmt: skip


def graph(record: DocumentRecord = RECORD) -> str:
    resolution = resolve(mentions(record, SHA[:16]))
    return document_quads(record, TEXT, SHA, BASE, resolution, program_version="0.1.0")


PREFIXES = {**ontology.PREFIXES, "": f"{BASE}/id/"}
PREFIXES.pop("schema")


def short(term: str) -> str:
    for prefix, namespace in sorted(PREFIXES.items(), key=lambda pair: -len(pair[1])):
        term = term.replace(f"<{namespace}", f"<{prefix}:" if prefix else "<")
    return re.sub(r"<([^<>\s]*)>", r"\1", term)


def told(quads: str, subject: str, *, provenance: bool = False) -> str:
    """What is said of a subject: its lines without the evidence, in short notation, sorted."""
    lines = []
    for quad in ox.parse(quads.encode(), format=ox.RdfFormat.N_QUADS):
        if quad.subject == ox.NamedNode(f"{BASE}/id/{subject}"):
            line = short(f"{quad.predicate} {quad.object}")
            if provenance or not line.startswith(("kg:evidence", "prov:wasGeneratedBy")):
                lines.append(re.sub(r"\^\^xsd:(integer|boolean|date)", "", line))
    return "\n".join(sorted(lines)).replace("treatment/almvik/socialnamnden/2024-05-21/63-20", "§")


P = "treatment/almvik/socialnamnden/2024-05-21/63-20"


def triples(quads: str) -> list[tuple[str, str, str]]:
    return [
        (str(q.subject.value), q.predicate.value, q.object.value)
        for q in ox.parse(quads.encode(), format=ox.RdfFormat.N_QUADS)
    ]

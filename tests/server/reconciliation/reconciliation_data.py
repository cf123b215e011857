"""An invented graph of two municipalities for reconciliation: namesakes, accents, double names, one open identity."""

from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pyoxigraph as ox

from ontology import concept
from server.storage import store

BASE: Final = "https://data.example"
IMPORTED: Final = "https://granne.example"
"""The base of another Kommungraf, whose data was imported: it brings its own national parties, and a person."""
MUNICIPALITIES: Final = {"9998": "Almviks kommun", "9997": "Tallbo kommun"}
PARTIES: Final = {
    "S": ("Socialdemokraterna", "Arbetarepartiet Socialdemokraterna"),
    "M": ("Moderaterna", "Moderata samlingspartiet"),
    "V": ("Vänsterpartiet", ""),
    "L": ("Liberalerna", ""),
    "C": ("Centerpartiet", "Centern"),
    "MP": ("Miljöpartiet de gröna", "Miljöpartiet"),
    "9998/AP": ("Almvikspartiet", ""),
    "9997/AP": ("Allmänningspartiet", ""),
}
BODIES: Final = {
    "kommunfullmaktige": "Kommunfullmäktige",
    "socialnamnden": "Socialnämnden",
    "kulturnamnden": "Kulturnämnden",
    "almvikspartiet": "Almvikspartiet",
    "leknamnden": 'Nämnden för <b onclick=x>lek</b> & "bus"',
}
ONLY: Final = {"9997": {"hamnnamnden": "Hamnnämnden"}}
"""Bodies that one of the municipalities has, and many that are not here."""
# identifier: name, other spellings, party, body, first and last seen
PERSONS: Final[dict[str, tuple[str, tuple[str, ...], str, str, str, str]]] = {
    "9998/andre-sandelin-l": ("André Sandelin", (), "L", "socialnamnden", "2016-11-15", "2025-03-18"),
    "9998/karin-lindmark-ohr-v": ("Karin Lindmark Öhr", ("Karin Lindmark",), "V", "socialnamnden", "2016-11-15", "2024-06-01"),
    "9998/asa-bjorkander-s": ("Åsa Björkander", (), "S", "kommunfullmaktige", "2019-01-15", "2022-10-14"),
    "9997/osten-hallen-m": ("Östen Hallén", (), "M", "kulturnamnden", "2018-02-01", "2024-12-01"),
    "9998/anna-karin-vastlund-c": ("Anna-Karin Västlund", (), "C", "socialnamnden", "2020-01-01", "2024-12-01"),
    "9998/viktor-enbacke-m": ("Viktor Enbacke", (), "M", "kommunfullmaktige", "2022-10-15", "2025-02-01"),
    "9998/ulrika-hedmarker-m": ("Ulrika Hedmarker", (), "M", "kommunfullmaktige", "2022-10-15", "2025-02-01"),
    "9997/mirja-stalbrand-s": ("Mirja Stålbrand", (), "S", "socialnamnden", "2016-01-01", "2023-01-01"),
    "9997/per-ake-tornqvist-v": ("Per-Åke Törnqvist", ("P-Å Törnqvist",), "V", "kulturnamnden", "2019-01-01", "2024-01-01"),
    "9997/gunilla-af-ekehjelm-l": ("Gunilla af Ekehjelm", (), "L", "kulturnamnden", "2019-01-01", "2024-01-01"),
    "9998/jose-vallenborg-mp": ("José Vallenborg", (), "MP", "socialnamnden", "2021-01-01", "2024-01-01"),
    "9998/soren-kjaerholt-c": ("Søren Kjærholt", (), "C", "kulturnamnden", "2021-01-01", "2024-01-01"),
    "9997/lena-dahlbring-s": ("Lena Dahlbring", (), "S", "kommunfullmaktige", "2015-01-01", "2018-10-14"),
    "9997/lena-dalbring-c": ("Lena Dalbring", (), "C", "kommunfullmaktige", "2019-01-01", "2024-10-14"),
    "9998/erik-noren-s": ("Erik Norén", (), "S", "socialnamnden", "2019-01-01", "2024-10-14"),
    "9997/erik-noren-m": ("Erik Norén", (), "M", "socialnamnden", "2019-01-01", "2024-10-14"),
    "9998/maria-bergsten-s": ("Maria Bergsten", (), "S", "kulturnamnden", "2011-01-01", "2014-10-14"),
    "9998/maria-bergsten-v": ("Maria Bergsten", (), "V", "socialnamnden", "2019-01-01", "2024-10-14"),
    "9998/gosta-vasthage": ("Gösta Västhage", (), "", "socialnamnden", "2019-01-01", "2020-10-14"),
    "9998/gosta-vasthag-m": ("Gösta Västhag", (), "M", "socialnamnden", "2019-01-01", "2020-10-14"),
    "9997/ake-sjolin-v": ("Åke Sjölin", (), "V", "kommunfullmaktige", "2019-01-01", "2024-10-14"),
    "9997/ake-sjolen-v": ("Åke Sjölén", (), "V", "kommunfullmaktige", "2019-01-01", "2024-10-14"),
    "9998/hakan-marten-s": ("Håkan Mårtén", (), "S", "kommunfullmaktige", "2019-01-01", "2024-10-14"),
    "9998/hakan-marten-l": ("Hakan Marten", (), "L", "kommunfullmaktige", "2019-01-01", "2024-10-14"),
    "9997/carl-johan-von-stenvik-m": ("Carl Johan von Stenvik", ("C J von Stenvik",), "M", "kommunfullmaktige", "2011-01-01", "2024-10-14"),
    "9998/ylva-oberg-krantz-mp": ("Ylva Öberg Krantz", (), "MP", "kulturnamnden", "2019-01-01", "2024-10-14"),
    "9998/zuzana-mueller-s": ("Zuzana Müller", (), "S", "kulturnamnden", "2019-01-01", "2024-10-14"),
    "9997/bo-ek-c": ("Bo Ek", (), "C", "kommunfullmaktige", "2019-01-01", "2024-10-14"),
    "9997/karl-erik-lovas-c": ("Karl Erik Lövås", (), "C", "kommunfullmaktige", "2019-01-01", "2024-10-14"),
    "9998/erik-karl-lovas-c": ("Erik Karl Lövås", (), "C", "kommunfullmaktige", "2019-01-01", "2024-10-14"),
}  # fmt: skip
OPEN: Final = (("9998/gosta-vasthage", "9998/gosta-vasthag-m"),)
CASES: Final = (
    ("9998", "SOF 2024/718", ("SOF 2024/718-2",)),
    ("9998", "SN 2024/31", ()),
    ("9997", "SN 2024/31", ()),
    ("9998", "KS 2024/112", ("KS/2024:112",)),
    ("9997", "1.3.1-585/2016", ()),
    ("9997", "KS/2018:298-001", ()),
    ("9998", "2023/1204", ()),
)
_KG: Final = "https://w3id.org/kommungraf/ns#"
_RDF_TYPE: Final = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
_LABEL: Final = "http://www.w3.org/2000/01/rdf-schema#label"
_SKOS: Final = "http://www.w3.org/2004/02/skos/core#"
_ORG: Final = "http://www.w3.org/ns/org#"
_DATE: Final = ox.NamedNode("http://www.w3.org/2001/XMLSchema#date")


def publish(folder: Path, renamed: tuple[str, str] = ("", "")) -> None:
    """Write the graph into a data folder, with one name changed, and publish it."""
    (folder / "documents").mkdir(parents=True, exist_ok=True)
    path = folder / "documents" / "aaaaaaaaaaaaaaaa.nq"
    graph = ox.NamedNode(f"{BASE}/id/graph/aaaaaaaaaaaaaaaa")
    lines = {f"{ox.Quad(ox.NamedNode(s), ox.NamedNode(p), o, graph)} .\n" for s, p, o in _triples()}
    path.write_text("".join(sorted(lines)).replace(f'"{renamed[0]}"', f'"{renamed[1]}"'), "utf-8")
    store.publish(folder, [path], BASE)


def identifier(municipality: str, number: str) -> str:
    """The identifier of a case."""
    return f"case/{municipality}/{number.replace(' ', '-').replace('/', '-').replace(':', '-')}"


UNCODED: Final = (f"{BASE}/id/municipality/kvarnaby", "Kvarnaby", f"{BASE}/id/body/kvarnaby/socialnamnden")
"""A municipality that has no code, its name, and a body of it that others have too."""
Told = Iterator[tuple[str, str, ox.NamedNode | ox.Literal]]


def _triples() -> Told:
    for code, name in MUNICIPALITIES.items():
        town = f"municipality/{code}"
        yield _of(town, "Municipality")
        yield f"{BASE}/id/{town}", _KG + "municipalityCode", ox.Literal(code)
        yield f"{BASE}/id/{town}", _LABEL, ox.Literal(name, language="sv")
        for slug, label in (BODIES | ONLY.get(code, {})).items():
            body = f"body/{code}/{slug}"
            yield _of(body, "Body")
            yield f"{BASE}/id/{body}", _LABEL, ox.Literal(label, language="sv")
            yield f"{BASE}/id/{body}", _KG + "partOfAuthority", ox.NamedNode(f"{BASE}/id/{town}")
    town, name, body = UNCODED
    yield _of("municipality/kvarnaby", "Municipality")
    yield town, _LABEL, ox.Literal(name, language="sv")
    yield _of("body/kvarnaby/socialnamnden", "Body")
    yield body, _LABEL, ox.Literal("Socialnämnden", language="sv")
    yield body, _KG + "partOfAuthority", ox.NamedNode(town)
    for code, (name, other) in PARTIES.items():
        for party in (f"{root}/id/party/{code}" for root in ([BASE] if "/" in code else [IMPORTED, BASE])):
            yield party, _RDF_TYPE, ox.NamedNode(_KG + "Party")
            yield party, _SKOS + "notation", ox.Literal(code.rpartition("/")[2])
            yield party, _LABEL, ox.Literal(name, language="sv")
            if other:
                yield party, _SKOS + "altLabel", ox.Literal(other, language="sv")
            if "/" not in code:
                yield party, _SKOS + "exactMatch", ox.NamedNode(concept("party", code))
    guest = f"{IMPORTED}/id/person/9996/vera-ankarsund-s"
    yield guest, _RDF_TYPE, ox.NamedNode(_KG + "Person")
    yield guest, "http://xmlns.com/foaf/0.1/name", ox.Literal("Vera Ankarsund")
    yield guest, _ORG + "hasMembership", ox.NamedNode(f"{IMPORTED}/id/membership/1")
    yield f"{IMPORTED}/id/membership/1", _ORG + "organization", ox.NamedNode(f"{IMPORTED}/id/party/S")
    for key in PERSONS:
        yield from _person(key)
    for one, other in OPEN:
        yield f"{BASE}/id/person/{one}", _KG + "possiblySameAs", ox.NamedNode(f"{BASE}/id/person/{other}")
    for code, number, verbatim in CASES:
        case = identifier(code, number)
        registered = f"{BASE}/id/registry-number/{code}/{case.rpartition('/')[2]}"
        yield _of(case, "Case")
        yield f"{BASE}/id/{case}", "http://purl.org/dc/terms/identifier", ox.Literal(number)
        yield f"{BASE}/id/{case}", _KG + "hasRegistryNumber", ox.NamedNode(registered)
        for each in verbatim:
            yield registered, _KG + "notationVerbatim", ox.Literal(each)


def _person(key: str) -> Told:
    name, spellings, party, body, first, last = PERSONS[key]
    person = f"{BASE}/id/person/{key}"
    yield _of(f"person/{key}", "Person")
    yield person, "http://xmlns.com/foaf/0.1/name", ox.Literal(name)
    for each in spellings:
        yield person, _SKOS + "altLabel", ox.Literal(each)
    for held in filter(None, (f"party/{party}" if party else "", f"body/{key[:4]}/{body}")):
        membership = f"{BASE}/id/membership/{key}/{held}"
        yield person, _ORG + "hasMembership", ox.NamedNode(membership)
        yield membership, _ORG + "organization", ox.NamedNode(f"{BASE}/id/{held}")
        yield membership, _KG + "observedFrom", ox.Literal(first, datatype=_DATE)
        yield membership, _KG + "observedUntil", ox.Literal(last, datatype=_DATE)


def _of(path: str, kind: str) -> tuple[str, str, ox.NamedNode]:
    return f"{BASE}/id/{path}", _RDF_TYPE, ox.NamedNode(_KG + kind)

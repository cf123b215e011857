"""What cannot be imported is refused in a sentence in Swedish and one in English, and nothing is half written."""

import gzip
import json
import resource
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest

from commands.confinement import MEMORY, confinement
from mapping.imports import dump, reading, sources
from mapping.imports.reading import Imported, Task, work
from mapping.records import Refused
from ontology import KG, concept
from tests.conftest import ROOT
from tests.imports.test_import import BASE, LBLOD, OPARL, THEIRS, files, imported, run

OPARL_1 = "https://schema.oparl.org/1.1/"


def organization(**more: Any) -> dict[str, Any]:
    return {"id": "https://r.example/o/1", "type": f"{OPARL_1}Organization", "name": "Rat", **more}


def page(number: int, last: int) -> dict[str, Any]:
    def address(n: int) -> str:
        return f"https://r.example/list?page={n}"

    links = {"first": address(1), "self": address(number), "last": address(last)}
    following = {"next": address(number + 1)} if number < last else {}
    return {"data": [organization(id=f"https://r.example/o/{number}")], "links": links | following}


APPROVED = f'\n<{concept("outcome", "approved")}> <http://www.w3.org/2004/02/skos/core#prefLabel> "Hacked"@sv .\n'

BAD: dict[str, tuple[str, bytes, str]] = {
    "json that breaks off": ("a.json", b'{"id": "https://r.example/1"', "is no JSON"),
    "json that is no text": ("a.json", b"\xff\xfe\x00", "is no JSON"),
    "json nested without end": ("a.json", b'{"a":' * 100_000, "JSON"),
    "json of something else": ("a.json", b'{"name": "x"}', "is not OParl 1.1"),
    "a list of numbers": ("a.json", b"[1, 2]", "is not OParl 1.1"),
    "nothing at all": ("a.json", b"[]", "holds no OParl objects"),
    "oparl 1.0": (
        "a.json",
        json.dumps(organization(type="https://schema.oparl.org/1.0/Organization")).encode(),
        "is OParl 1.0, and only OParl 1.1",
    ),
    "a system of oparl 1.0": (
        "a.json",
        json.dumps(organization(type=f"{OPARL_1}System", oparlVersion="https://schema.oparl.org/1.0/")).encode(),
        "only https://schema.oparl.org/1.1/ is read",
    ),
    "an object of 1.0 inside one of 1.1": (
        "a.json",
        json.dumps(organization(membership=[{"type": "https://schema.oparl.org/1.0/Membership"}])).encode(),
        "is OParl 1.0",
    ),
    "one page of several": ("a.json", json.dumps(page(1, 3)).encode(), "Save all pages in one folder"),
    "turtle that breaks off": ("a.ttl", LBLOD.read_bytes()[:-40], "its lines are no Turtle"),
    "turtle of something else": ("a.ttl", b"<https://a.example/> a <https://a.example/B> .", "holds nothing of the"),
    "json-ld with a context elsewhere": (
        "a.jsonld",
        b'{"@context": ["https://a.example/c.jsonld"], "@id": "https://a.example/1"}',
        "points to a context elsewhere (https://a.example/c.jsonld), and nothing is fetched",
    ),
    "json-ld that imports a context": (
        "a.jsonld",
        b'{"@context": {"@version": 1.1, "@import": "https://a.example/c.jsonld"}, "@id": "https://a.example/1"}',
        "nothing is fetched",
    ),
    "our own identities": (
        "a.ttl",
        f"<{BASE}/id/person/1> a <http://data.vlaanderen.be/ns/mandaat#Mandataris> .".encode(),
        "one of the data folder's own",
    ),
    "our vocabulary, in Flemish data": (
        "a.ttl",
        LBLOD.read_bytes() + APPROVED.encode(),
        "https://w3id.org/kommungraf/concept/outcome/approved, which belongs to the vocabulary",
    ),
    "our vocabulary, in German data": (
        "a.json",
        json.dumps(organization(membership=[{"id": KG.Decision, "type": f"{OPARL_1}Membership"}])).encode(),
        "ns#Decision, which belongs to the vocabulary",
    ),
    "quads that break off": ("a.nq", b"<https://a.example/1> <https://a.example/2> .", "its lines are no N-Quads"),
    "quads of something else": (
        "a.nq",
        b'<https://a.example/1> <https://a.example/2> "3" <https://a.example/g> .\n',
        "is no dump of a Kommungraf",
    ),
    "a dump of our own": (
        "a.nq",
        f'<{BASE}/id/a> <https://a.example/2> "3" <{BASE}/id/graph/1> .\n'.encode(),
        "begin with the data folder's own base",
    ),
    "a dump that speaks of others": (
        "a.nq",
        f'<{BASE}/id/a> <https://a.example/2> "3" <https://n.example/id/graph/1> .\n'.encode(),
        "is none of its own IRIs",
    ),
    "a dump with blank nodes": (
        "a.nq",
        b'_:a <https://a.example/2> "3" <https://n.example/id/graph/1> .\n',
        "is a blank node",
    ),
    "gzip that breaks off": ("a.nq.gz", gzip.compress(b"x" * 10_000)[:30], "is no whole gzip file"),
    "no gzip": ("a.nq.gz", b"plain", "is no whole gzip file"),
}


@pytest.mark.parametrize("what", BAD)
def test_it_is_refused_with_what_to_do(what: str, tmp_path: Path) -> None:
    name, content, told = BAD[what]
    path = tmp_path / name
    path.write_bytes(content)
    form = sources.form_of(path)
    assert form
    found = work(Task(path, (path,), form, name, "0" * 64, BASE, "0.1.0"))
    assert isinstance(found, Refused)
    assert told in found.en and found.sv != found.en and found.sv.endswith(".") and found.en.endswith(".")


def test_a_refusal_leaves_what_was_published_and_says_why(tmp_path: Path) -> None:
    data, bad = tmp_path / "data", tmp_path / LBLOD.name
    imported(LBLOD, data)
    before, version = files(data), (data / "store" / "current").read_text()
    bad.write_bytes(LBLOD.read_bytes()[:-40])
    done = run("import", bad, "--data", data)
    assert done.exit_code == 2 and "går inte att läsa" in done.output and "cannot be read" in done.output
    assert files(data) == before and (data / "store" / "current").read_text() == version
    assert "1 refused" in run("status", "--data", data).output


UNREADABLE = {
    "meetings": (b'"2025-02-24T19:0', b'"24/2/2025 19:0', "Of 1 http://data.vlaanderen.be/ns/besluit#Zitting"),
    "mandates": (b"isBestuurlijkeAliasVan", b"isAliasVan", "Of 3 http://data.vlaanderen.be/ns/mandaat#Mandataris"),
}


@pytest.mark.parametrize("what", UNREADABLE)
def test_a_source_of_which_nothing_that_it_is_about_can_be_read_is_refused(what: str, tmp_path: Path) -> None:
    """What is published of an earlier version stays."""
    read, written, told = UNREADABLE[what]
    data, source = tmp_path / "data", tmp_path / LBLOD.name
    imported(LBLOD, data)
    before = files(data)
    content = LBLOD.read_bytes().replace(read, written)
    if what == "mandates":
        content = content.partition(b"<zitting/1>")[0]
    source.write_bytes(content)
    done = run("import", source, "--data", data)
    assert done.exit_code == 2 and told in done.output and "kunde inget läsas" in done.output
    assert files(data) == before and "1 refused" in run("status", "--data", data).output


def test_a_source_with_one_meeting_that_can_be_read_is_taken(tmp_path: Path) -> None:
    path = tmp_path / "a.ttl"
    other = b"\n<zitting/9> a besluit:Zitting ; besluit:isGehoudenDoor <bestuursorgaan/raad-2025> .\n"
    path.write_bytes(LBLOD.read_bytes() + other)
    assert "1 of · av 2 mapped · mappade: http://data.vlaanderen.be/ns/besluit#Zitting" in (
        imported(path, tmp_path / "data").output
    )


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["https://name@data.example/all.nq"], "without a user name"),
        (["nowhere.nq"], "does not exist"),
        ([LBLOD, "--from", "ftp://a.example/x"], "is no web address"),
        ([LBLOD, "--base", "x"], "is no web address"),
        ([Path(__file__)], "is in no known format"),
        ([OPARL, "--as", "lblod"], "is in no known format"),
    ],
)
def test_a_wrong_call_makes_no_data_folder(arguments: list[str | Path], told: str, tmp_path: Path) -> None:
    done = run("import", *arguments, "--data", tmp_path / "data")
    assert done.exit_code == 2 and told in done.output
    assert not (tmp_path / "data").exists()


def test_another_base_and_another_writer_are_told(tmp_path: Path) -> None:
    imported(LBLOD, tmp_path / "data")
    done = run("import", LBLOD, "--data", tmp_path / "data", "--base", "https://annan.example")
    assert done.exit_code == 5 and "begin with" in done.output


def test_rdf_xml_is_never_read(tmp_path: Path) -> None:
    path = tmp_path / "a.rdf"
    path.write_text("<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#'/>")
    done = run("import", path, "--data", tmp_path / "data", "--as", "lblod")
    assert done.exit_code == 2 and "RDF/XML is never read" in done.output


def test_all_pages_of_a_list_and_a_middle_one_missing(tmp_path: Path) -> None:
    for number in (1, 2, 3):
        (tmp_path / f"{number}.json").write_text(json.dumps(page(number, 3)))
    paths = tuple(sorted(tmp_path.glob("*.json")))
    assert isinstance(work(Task(tmp_path, paths, "oparl", "p", "0" * 64, BASE, "0.1.0")), Imported)
    found = work(Task(tmp_path, (paths[0], paths[2]), "oparl", "p", "0" * 64, BASE, "0.1.0"))
    assert isinstance(found, Refused) and found.reason == "missing-pages"


def test_a_source_that_is_too_large_is_not_unpacked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sources.MOST, "kommungraf", 2**20)
    path = tmp_path / "bomb.nq.gz"
    path.write_bytes(gzip.compress(b"\n" * 2**27))
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    found = sources.read([path], path, "kommungraf")
    assert isinstance(found, Refused) and found.reason == "too-large" and "1 MiB" in found.en
    assert "--most-mib" in found.sv and "--most-mib" in found.en
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 2**16  # KiB


def test_the_limit_is_raised_for_who_has_the_memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "large.nq"
    quad = '<https://their.example/id/case/{0}> <http://purl.org/dc/terms/title> "{0}"@sv '
    lines = (quad.format(number) + "<https://their.example/id/graph/a1> .\n" for number in range(10_000))
    path.write_text("".join(lines), "utf-8")
    monkeypatch.setitem(sources.MOST, "kommungraf", 2**20)
    asked = ("import", path, "--data", tmp_path / "data")
    done = run(*asked)
    assert done.exit_code == 2 and "it may have 1 MiB" in done.output and "--most-mib" in done.output, done.output
    done = run(*asked, "--most-mib", "2")
    assert done.exit_code == 0 and "10012 quads" in done.output, done.output
    task = Task(path, (path,), "kommungraf", "large.nq", "0" * 64, BASE, "0.1.0", 2**21)
    assert task.seconds == 2 * reading.SECONDS
    with confinement(2) as confine, confinement() as usual:
        assert (confine.args[1], usual.args[1]) == (2 * MEMORY, MEMORY)  # type: ignore[attr-defined]


def test_keywords_of_json_ld_in_oparl_are_no_keywords(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    tricked = organization(**{"@context": "https://a.example/c", "@id": f"{BASE}/id/person/1", "@type": "x"})
    path.write_text(json.dumps(tricked))
    found = work(Task(path, (path,), "oparl", "a.json", "0" * 64, BASE, "0.1.0"))
    assert isinstance(found, Imported) and "/id/person/1" not in found.judged.quads


def test_an_object_cannot_call_itself_one_of_ours(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    nested = {"id": "https://r.example/m", "type": "https://w3id.org/kommungraf/ns#Decision"}
    path.write_text(json.dumps(organization(membership=[nested])))
    found = work(Task(path, (path,), "oparl", "a.json", "0" * 64, BASE, "0.1.0"))
    assert isinstance(found, Imported) and "ns#Decision" not in found.judged.quads


def test_nothing_that_our_vocabulary_speaks_of_is_open() -> None:
    subjects = {quad.subject for path in (ROOT / "ontology").rglob("*.ttl") for quad in ox.parse(path=str(path))}
    assert len(subjects) > 500
    assert not [each for each in subjects if not str(each).startswith(tuple(f"<{own}" for own in dump.VOCABULARY))]


@pytest.mark.parametrize("form", ["lblod", "oparl"])
def test_what_belongs_to_another_that_was_imported_is_refused(form: str, tmp_path: Path) -> None:
    """Its identities are known by the graphs of its dump."""
    data, theirs, taken = tmp_path / "data", tmp_path / "theirs.nq", f"{THEIRS}/id/body/9999/namnd"
    graph = f"<{THEIRS}/id/graph/authority>"
    theirs.write_text(f'<{taken}> <http://www.w3.org/2000/01/rdf-schema#label> "Nämnden"@sv {graph} .\n', "utf-8")
    imported(theirs, data)
    path = tmp_path / ("a.ttl" if form == "lblod" else "a.json")
    said = f'\n<{taken}> <http://www.w3.org/2004/02/skos/core#prefLabel> "Annat"@sv .\n'
    path.write_bytes(
        LBLOD.read_bytes() + said.encode() if form == "lblod" else json.dumps(organization(id=taken)).encode()
    )
    done = run("import", path, "--data", data)
    assert done.exit_code == 2 and f"{taken}, which belongs to" in done.output, done.output
    assert run("import", path, "--data", tmp_path / "other").exit_code == 0

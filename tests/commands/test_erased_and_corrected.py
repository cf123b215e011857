"""What was erased is nowhere, and what was corrected is everywhere: in every file of the data folder, decompressed as
well, and in every format that is served."""

import gzip
import importlib
import shutil
import signal
import zipfile
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest

from server.data_folder import folder
from server.storage import snapshot
from server.web.negotiation import GRAPHS, RESULTS
from tests.conftest import ROOT, SAMPLES, kommungraf
from tests.server.conftest import free_port, start
from tests.server.data import Got, Server

OPARL = ROOT / "tests" / "imports" / "data" / "oparl"
MINUTES = "2024-02-26-kommunfullmaktige-protokoll.txt"
OTHERS = ("2016-11-15-socialnamnden-protokoll.txt", "2024-09-17-socialnamnden-protokollsutdrag.txt")
NAME = "Gunhild Fredagskvist"
FORMS = (NAME, "Fredagskvist", "fredagskvist", "FREDAGSKVIST", "Gunhild", "gunhild", "GUNHILD")
BASE = "https://kommungraf.example"
PERSON = f"{BASE}/id/person/almvik/gunhild-fredagskvist-s"
MEETING = f"{BASE}/id/meeting/almvik/kommunfullmaktige/2024-02-26"
FORMER, VALUE, WHO, WHY = "Folkets hus, Storgatan 11", "Rådhuset, Torget 1", "Kommunsekreteraren", "Felskriven plats"
ALONE = f"""
Fredagskvist framhöll behovet och fick stöd; G. Fredagskvist återkom. Fredagskvists yttrande finns att få av
gunhild.fredagskvist@almvik.example eller fredagskvist@almvik.example. {NAME.upper()} har ordet, liksom FREDAGSKVIST.
Fredagskvist, Gunhild.
"""
EVERYTHING = "SELECT * WHERE { { ?s ?p ?o } UNION { GRAPH ?g { ?s ?p ?o } } }"
PLACES = ("/", "/feed", "/dumps", "/dumps/", "/datasets/dcat", "/sparql", "/ns", "/quality")
WEB = ("text/html", "application/rdf+xml", "text/turtle", "application/ld+json")


def contents(data: Path) -> Iterator[tuple[Path, bytes]]:
    """Every file of a data folder, by its bytes; what is compressed also as it is when it is not."""
    for path in data.rglob("*"):
        if path.is_file():
            content = path.read_bytes()
            yield path, content
            if path.suffix == ".gz":
                yield path, gzip.decompress(content)
            if path.suffix == ".parquet":
                yield path, str(importlib.import_module("pyarrow.parquet").read_table(path).to_pydict()).encode()
            if path.suffix == ".zip":
                with zipfile.ZipFile(path) as held:
                    yield from ((path, name.encode() + held.read(name)) for name in held.namelist())


def holding(data: Path, *needles: str) -> set[str]:
    """The parts of a data folder in which one of some strings stands, in UTF-8 or UTF-16, or in the name of a file."""
    forms = [needle.encode(encoding) for needle in needles for encoding in ("utf-8", "utf-16-le")]
    return {
        str(path.relative_to(data))
        for path, content in contents(data)
        if any(needle in path.name for needle in needles) or any(form in content for form in forms)
    }


def stored(data: Path) -> list[str]:
    """Every quad that the published store gives, as text."""
    opened = snapshot.open_current(data)
    try:
        return [str(quad) for quad in opened.store]
    finally:
        opened.close()


def followed(server: Server, path: str, accept: str) -> Got:
    got = server.get(path, accept)
    for _ in range(3):
        place = got.headers["Location"]
        if got.status not in (301, 302, 303, 307, 308) or place is None:
            break
        got = server.get(place.removeprefix(f"http://127.0.0.1:{server.port}"), accept)
    return got


def local(iri: str) -> str:
    return quote(iri.removeprefix(BASE), safe="/:@!$&'()*+,;=~-._%")


def served(server: Server, data: Path) -> Iterator[tuple[str, str]]:
    """(what, text) of all that a server tells: everything by SPARQL, each thing as a page, and the chief ones as RDF."""
    for each in RESULTS.values():
        yield f"rows, {each.name}", server.ask(EVERYTHING, each.media_type).text
    for each in GRAPHS.values():
        yield f"graph, {each.name}", server.ask("CONSTRUCT WHERE { ?s ?p ?o }", each.media_type).text
        yield f"default, {each.name}", server.get("/rdf-graph-store?default", each.media_type).text
    subjects = {quad[1:].partition(">")[0] for quad in stored(data)}
    things = sorted(iri for iri in subjects if iri.startswith(f"{BASE}/id/") and "/municipality/" not in iri)
    for iri in things:
        yield iri, followed(server, local(iri), "text/html").text
    chief = [iri for iri in things if iri.split("/id/")[1].partition("/")[0] in ("document", "meeting", "correction")]
    graphs = [f"{BASE}/id/graph/{name}" for name in ("persons", "ledger", "corrections")]
    for iri in (*chief, *graphs):
        for each in GRAPHS.values():
            yield f"{iri}, {each.name}", followed(server, local(iri), each.media_type).text
    for place in PLACES:
        for accept in WEB:
            yield f"{place}, {accept}", followed(server, place, accept).text


def has_command(name: str) -> bool:
    return f"\n  {name} " in kommungraf("--help").stdout


@pytest.fixture
def told(tmp_path: Path) -> tuple[Path, Path]:
    """(data folder, documents): one names somebody whom no other names, in many ways."""
    documents, data = tmp_path / "in", tmp_path / "data"
    documents.mkdir()
    for name in OTHERS:
        shutil.copy(SAMPLES / name, documents)
    text = (SAMPLES / MINUTES).read_text("utf-8").replace("\nMirja Stålbrand (S)\n", f"\n{NAME} (S)\n")
    text = text.replace("\nkvällstid.\n", f"\nkvällstid. {ALONE}")
    (documents / "fredagskvist protokoll.txt").write_text(text, "utf-8")
    done = kommungraf("ingest", documents, "--data", data, "--jobs", "1")
    assert done.returncode == 0 and "3 accepted" in done.stdout, done.stdout + done.stderr
    return data, documents


RENAMED = """# {name} ({slug}) bytte adress
person/almvik/{slug}\tperson/almvik/{slug}-s
person/almvik/gf-1\tperson/almvik/{slug}
membership/almvik/gf-1/s/member\tmembership/almvik/{slug}-s/s/member
body/almvik/gamla\tbody/almvik/kommunfullmaktige
"""
OLD = ("person/almvik/{slug}", "person/almvik/gf-1", "membership/almvik/gf-1/s/member")


def test_the_erased_is_nowhere_and_the_corrected_is_everywhere(told: tuple[Path, Path]) -> None:
    data, documents = told
    with_dumps = has_command("export")
    slug = "gunhild-fredagskvist"
    (data / "renamed.tsv").write_text(RENAMED.format(name=NAME, slug=slug), "utf-8")
    source = shutil.copytree(OPARL, documents.parent / "oparl")
    for file in source.rglob("*.json"):
        named = file.read_text("utf-8").replace("Horst", "Gunhild").replace("Beispielmann", "Fredagskvist")
        file.write_text(named, "utf-8")
    done = kommungraf("import", source, "--as", "oparl", "--data", data)
    assert done.returncode == 0, done.stderr
    about = ("--data", data, "--decided-by", f"{WHO} {NAME}", "--ground", WHY, "--date", "2024-03-11", "--jobs", "1")
    done = kommungraf("correct", MEETING, "kg:location", "--value", VALUE, *about)
    assert (done.returncode, done.stdout) == (0, "1: corrected · rättat\n"), done.stderr
    done = kommungraf("correct", PERSON, "foaf:name", "--value", "Gunhild Fredagskvist Ek", *about)
    assert done.returncode == 0, done.stderr
    if with_dumps:
        assert kommungraf("export", "--data", data).returncode == 0
    held = {name.partition("/")[0] for name in holding(data, "Fredagskvist")}
    assert held >= {"documents", "texts", "ledger.sqlite", "persons.nq", "corrections.nq", "renamed.tsv", "store"}
    assert any("fredagskvist" in quad for quad in stored(data))

    done = kommungraf("forget", "--person", PERSON, "--data", data, "--ground", f"Begärt av {NAME}", "--jobs", "1")
    assert (done.returncode, done.stdout) == (0, "forgotten · raderat\n")
    assert done.stderr.splitlines()[1:] == ["The name was erased from 2 documents and 1 persons."], done.stderr
    done = kommungraf("ingest", documents, "--data", data, "--jobs", "1")
    assert done.returncode == 0
    lost = next((data / "texts").glob(f"{folder.digest(documents / 'fredagskvist protokoll.txt')[:16]}.txt"))
    lost.unlink()
    assert kommungraf("ingest", documents, "--data", data, "--jobs", "1").returncode == 0  # read again from its bytes
    assert lost.exists() and "•••••••••••• framhöll behovet" in lost.read_text("utf-8")
    assert "••••••• •••••••••••• (S)" in lost.read_text("utf-8")
    assert kommungraf("rebuild", "--data", data).returncode == 0
    if with_dumps:
        assert kommungraf("export", "--data", data).returncode == 0

    assert holding(data, *FORMS) == set()
    assert not [quad for quad in stored(data) if any(form in quad for form in FORMS)]
    assert kommungraf("verify", "--data", data).returncode == 0
    listed = kommungraf("corrections", "--data", data).stdout
    assert f"”{FORMER}” → ”{VALUE}”" in listed and "graphs/grafer: 1" in listed and listed.count("\n") == 1

    process = start(data, port := free_port())
    server = Server(port)
    try:
        answers = dict(served(server, data))
        assert len(answers) > 200
        assert not [what for what, text in answers.items() if any(form in text for form in FORMS)]
        for name in (*RESULTS, *GRAPHS):
            if name in ("table", "html"):
                continue
            text = answers[f"rows, {name}" if name in RESULTS else f"{MEETING}, {name}"]
            assert all(escaped(each) in text or each in text for each in (FORMER, VALUE, WHO, WHY, "2024-03-11")), (
                name
            )
        for each in (FORMER, VALUE, WHO, WHY, "2024-03-11"):
            assert each in answers[MEETING], each
        gone = followed(server, local(PERSON), "text/html")
        assert gone.status == 410 and "Begärt av •••" in gone.text and "••••" not in gone.text
        member = f"{BASE}/id/membership/almvik/gunhild-fredagskvist-s/s/member"
        assert followed(server, local(member), "text/html").status == 410
        assert followed(server, "/id/person/almvik/nobody", "text/html").status == 404
        assert followed(server, "/id/correction/1", "text/turtle").status == 200
        for path in ("/id/correction/2", "/doc/correction/2"):
            gone = server.get(path, "text/turtle")
            assert gone.status == 410 and "The correction was erased" in gone.text and "Begärt av" in gone.text
        assert server.get("/id/correction/3", "text/turtle").status == 404
        for path in OLD:
            for accept in ("text/html", "text/turtle"):
                assert followed(server, f"/id/{path.format(slug=slug)}", accept).status == 410
        assert (
            (data / "renamed.tsv")
            .read_text("utf-8")
            .endswith(") bytte adress\nbody/almvik/gamla\tbody/almvik/kommunfullmaktige\n")
        )
        assert followed(server, "/id/body/almvik/gamla", "text/turtle").status == 200
    finally:
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=30)


DOUBLE = "Gunhild Granbarr Fredagskvist"
FIRST_ALONE = """
Granbarr (S) återkom. Ledamoten Granbarr yrkar avslag. Gunhild Granbarr ville veta mer; G. Granbarr fick svar. Granbarr
Fredagskvist (S) yrkar återremiss, liksom Granbarr-Fredagskvist. GRANBARR har ordet. Granbarr, Gunhild. Granbarrs
yttrande finns att få av gunhild.granbarr@almvik.example.
"""


def test_the_first_of_two_surnames_is_nowhere_either(told: tuple[Path, Path]) -> None:
    data, documents = told
    (file,) = documents.glob("fredagskvist*")
    text = file.read_text("utf-8").replace(ALONE, FIRST_ALONE).replace(NAME, DOUBLE)
    (documents / "granbarr.txt").write_text(text, "utf-8")
    file.unlink()
    other = documents / OTHERS[0]
    other.write_text(
        other.read_text("utf-8") + "\nGunhild Granbarr tackade för ordet, och Granbarr svarade.\n", "utf-8"
    )
    data = data.parent / "double"
    assert kommungraf("ingest", documents, "--data", data, "--jobs", "1").returncode == 0
    assert kommungraf("export", "--data", data).returncode == 0
    forms = ("Granbarr", "granbarr", "GRANBARR", *FORMS)
    assert {name.partition("/")[0] for name in holding(data, *forms)} >= {"documents", "texts", "store", "dumps"}

    done = kommungraf("forget", "--person", DOUBLE, "--data", data, "--ground", "Artikel 17", "--jobs", "1")
    assert done.returncode == 0 and "left alone" not in done.stderr, done.stderr
    assert kommungraf("ingest", documents, "--data", data, "--jobs", "1").returncode == 0
    assert kommungraf("export", "--data", data).returncode == 0
    assert holding(data, *forms) == set()
    assert not [quad for quad in stored(data) if any(form in quad for form in forms)]
    process = start(data, port := free_port())
    try:
        answers = dict(served(Server(port), data))
        assert len(answers) > 200
        assert not [what for what, text in answers.items() if any(form in text for form in forms)]
    finally:
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=30)


def test_the_surname_leaves_corrections_where_one_names_its_bearer(told: tuple[Path, Path]) -> None:
    data, _ = told
    last = ("--data", data, "--ground", WHY, "--date", "2024-03-11", "--jobs", "1")
    for number, value, who in ((1, "Sal Fredagskvist", NAME), (2, "Sal Fredagskvist, plan 2", WHO), (3, VALUE, WHO)):
        done = kommungraf("correct", MEETING, "kg:location", "--value", value, "--decided-by", who, *last)
        assert done.stdout == f"{number}: corrected · rättat\n", done.stderr
    done = kommungraf("forget", "--person", PERSON, "--data", data, "--ground", "Artikel 17", "--jobs", "1")
    assert done.returncode == 0 and "Correction" not in done.stderr, done.stderr
    assert holding(data, *FORMS) == set()
    listed = kommungraf("corrections", "--data", data).stdout
    assert listed.count("\n") == 3 and f"”{FORMER}” → ”Sal ••••••••••••”" in listed, listed
    assert f"”Sal ••••••••••••, plan 2” → ”{VALUE}”" in listed, listed
    assert kommungraf("verify", "--data", data).returncode == 0


def test_a_surname_that_is_left_in_a_correction_is_told(told: tuple[Path, Path]) -> None:
    data, _ = told
    last = ("--data", data, "--decided-by", WHO, "--ground", WHY, "--date", "2024-03-11", "--jobs", "1")
    assert kommungraf("correct", MEETING, "kg:location", "--value", "Sal Fredagskvist", *last).returncode == 0
    done = kommungraf("forget", "--person", PERSON, "--data", data, "--ground", "Artikel 17", "--jobs", "1")
    assert done.returncode == 0 and "Correction 1: an erased surname is left alone" in done.stderr, done.stderr


def escaped(text: str) -> str:
    """A text as formats write it that keep to ASCII."""
    return text.encode("ascii", "backslashreplace").decode().replace("\\x", "\\u00")

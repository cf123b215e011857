"""What a document and the name of its file may hold that would harm whoever reads the answers."""

import os
import re
import xml.etree.ElementTree as ET
from collections.abc import Callable
from pathlib import Path

import pyoxigraph as ox
import pytest

from tests.conftest import Done

Run = Callable[..., Done]
CONTROL = "".join(chr(code) for code in (*range(1, 9), 0x0B, *range(0x0E, 0x20), *range(0x7F, 0xA0)) if code != 0x85)
HOSTILE = f"Titel{CONTROL}\u202eslut\ufffe\U0001f600 <b>&amp;\"'\\u0000 ]]> {{?x}} <http://evil.example/>"
LONG = "Lång " * 4000
MINUTES = f"""Almviks kommun
Socialnämnden
Protokoll 2024-05-21

Beslutande
Anna <script>Ek (S), ordförande
Bo "Ås> <http://evil.example/p> (M)

§ 1 Dnr SN 2024/12
{HOSTILE}

Beslut
Nämnden beslutar att godkänna {HOSTILE}.

§ 2 Dnr SN 2024/13> <x
{LONG}

Beslut
Nämnden beslutar att avslå {LONG}.
""" + "Vanlig text utan något särskilt.\n" * 400  # fmt: skip
NAMES = [
    b"a\nrefused: crash: 9 documents.txt",
    b"b\x1b[31m\x07.txt",
    b"c\xff\xfe.txt",
    "d\u202e\u2028fdp.txt".encode(),
    b'e<b>">.txt',
]


@pytest.fixture(scope="module")
def data(command: Run, tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("hostile")
    documents = os.fsencode(root / "in")
    os.mkdir(documents)
    for number, name in enumerate(NAMES):
        with open(os.path.join(documents, name), "wb") as file:
            file.write(f"{MINUTES}{number}\n".encode() if number else b"Inget protokoll.")
    done = command("ingest", root / "in", "--data", root / "data")
    assert done.returncode == 0, done.stderr
    return root / "data"


def test_every_document_is_read_or_refused_and_told_on_its_own_lines(command: Run, data: Path) -> None:
    told = command("status", "--data", data)
    assert told.returncode == 0
    assert "5 documents" in told.stdout
    assert not set(told.stdout) & set(CONTROL + "\u202e\u2028")
    assert re.search(r"^ +a\ufffdrefused: crash: 9 documents\.txt$", told.stdout, re.MULTILINE)
    assert not re.search(r"^refused: crash", told.stdout, re.MULTILINE)


@pytest.mark.parametrize("asked", ["SELECT * { ?s ?p ?o }", "SELECT * { GRAPH ?g { ?s ?p ?o } }"])
def test_answers_are_well_formed_xml(command: Run, data: Path, asked: str) -> None:
    done = command("query", asked, "--data", data, "--format", "xml")
    assert done.returncode == 0, done.stderr
    rows = ET.fromstring(done.stdout).iter("{http://www.w3.org/2005/sparql-results#}result")
    assert len(list(rows)) > 500


def test_no_text_breaks_out_of_its_literal_or_its_iri(data: Path) -> None:
    held = 0
    for path in [*data.glob("*.nq"), *data.glob("*/*.nq")]:
        for quad in ox.parse(path=str(path), format=ox.RdfFormat.N_QUADS):
            held += 1
            named = [
                term.value for term in (quad.subject, quad.predicate, quad.object) if isinstance(term, ox.NamedNode)
            ]
            assert not [iri for iri in named if "evil.example" in iri or len(iri) > 1000 or not iri.isascii()]
            if isinstance(quad.object, ox.Literal):
                assert not set(quad.object.value) & set(CONTROL + "\u202e\ufffe")
    assert held > 500


@pytest.mark.parametrize("name", NAMES[:4])
def test_commands_tell_such_a_name_on_one_line(command: Run, data: Path, name: bytes) -> None:
    path = Path(os.fsdecode(os.path.join(os.fsencode(data.parent / "in"), name)))
    for arguments in (("validate", path), ("map", path, "--report"), ("map", path.with_name(path.name + "?"))):
        done = command(*arguments)
        assert "Traceback" not in done.stderr
        assert not set(done.stderr) & set(CONTROL + "\u202e\u2028")
        assert not re.search(r"^refused: crash", done.stderr, re.MULTILINE)

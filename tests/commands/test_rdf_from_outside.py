"""RDF that somebody gives to `kommungraf validate`: RDF/XML is never parsed, and nothing brings the command down."""

import json
import socket
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.bombs import LAUGHS, RDF_XML
from tests.conftest import Done

Run = Callable[..., Done]
GOOD = '<http://a.example/s> <http://a.example/p> "o" .\n'
BOMB = RDF_XML.format(LAUGHS.replace("<!DOCTYPE x", "<!DOCTYPE rdf:RDF"), "&i;" * 20)


@pytest.mark.parametrize(
    "suffix", ["rdf", "owl", "xml", "RDF", "rdfxml", "ttl", "nt", "nq", "trig", "jsonld", "n3", ""]
)
def test_rdf_xml_is_refused_whatever_it_is_called(command: Run, tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"graph.{suffix}"
    path.write_text(BOMB)
    (tmp_path / "good.nt").write_text(GOOD)
    started = time.monotonic()
    done = command("validate", path, tmp_path / "good.nt")
    assert time.monotonic() - started < 30
    assert done.returncode == 2
    assert f"{path}: This is no readable RDF file" in done.stderr
    assert f"{tmp_path / 'good.nt'}: 0 violations" in done.stdout
    if suffix in ("rdf", "owl", "xml", "RDF"):
        assert "RDF/XML never. Save it as one of .ttl .trig .nt .nq .jsonld." in done.stderr


DEEP: dict[str, tuple[str, str]] = {
    "JSON-LD objects": ("jsonld", '{"http://a.example/p":' * 10_000 + "1" + "}" * 10_000),
    "Turtle triple terms": (
        "ttl",
        "<http://a.example/s> <http://a.example/p> "
        + "<<( <http://a.example/s> <http://a.example/p> " * 100_000 + "1" + " )>>" * 100_000 + " .",
    ),
    "one triple term": ("nt", "<http://a.example/s> <http://a.example/p> <<( <http://a.example/s> <http://a.example/p> <http://a.example/o> )>> .\n"),
    "invalid UTF-8": ("nt", GOOD.replace("o", "\udce5")),
    "a lone surrogate": ("jsonld", '{"http://a.example/p": "\\ud800"}'),
    "no RDF": ("ttl", "Protokoll"),
}  # fmt: skip


@pytest.mark.parametrize("name", DEEP)
def test_what_breaks_a_parser_is_refused_and_the_next_file_is_judged(command: Run, tmp_path: Path, name: str) -> None:
    suffix, text = DEEP[name]
    bad, good = tmp_path / f"bad.{suffix}", tmp_path / "good.nt"
    bad.write_bytes(text.encode("utf-8", "surrogateescape"))
    good.write_text(GOOD)
    for arguments in ((bad, good), (good, "--with", bad)):
        done = command("validate", *arguments)
        assert done.returncode == 2, done.stderr
        assert f"{bad}: Det är ingen läsbar RDF-fil" in done.stderr or name == "one triple term"
        assert "Traceback" not in done.stderr
    assert f"{good}: 0 violations" in command("validate", bad, good).stdout


def test_what_is_quoted_commands_no_terminal(command: Run, tmp_path: Path) -> None:
    good, bad = tmp_path / "good.ttl", tmp_path / "bad.ttl"
    good.write_text(
        "<http://a.example/s> a <https://w3id.org/kommungraf/ns#Ballot> ; "
        '<https://w3id.org/kommungraf/ns#vote> "\\u001B[31m\\u009B2J\\u202E" .'
    )
    bad.write_bytes(b'<http://a.example/s> \x1b[31m "o" .')
    done = command("validate", good, bad)
    assert "violation" in done.stdout and "This is no readable RDF file" in done.stderr
    assert not set(done.stdout + done.stderr) & set("\x1b\x9b\u202e")


def test_nothing_is_fetched(command: Run, tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as trap:
        address = f"http://127.0.0.1:{trap.getsockname()[1]}/x"
        given = {
            "import.ttl": f"<http://a.example/s> a <http://www.w3.org/2002/07/owl#Ontology>; <http://www.w3.org/2002/07/owl#imports> <{address}> .",
            "context.jsonld": json.dumps({"@context": address, "name": "x"}),
            "imported.jsonld": json.dumps({"@context": {"@version": 1.1, "@import": address}, "name": "x"}),
        }
        for name, text in given.items():
            (tmp_path / name).write_text(text)
        done = command("validate", *(tmp_path / name for name in given))
        trap.settimeout(0.2)
        with pytest.raises(TimeoutError):
            trap.accept()
    assert done.returncode == 2
    assert "import.ttl: 0 violations" in done.stdout

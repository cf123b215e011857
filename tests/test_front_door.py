"""The command line: what it prints, where, and with which exit code."""

import json
import os
import re
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import pyoxigraph as ox
import pytest

from tests.conftest import ROOT, SAMPLES, Done

Run = Callable[..., Done]
MINUTES = SAMPLES / "2024-05-21-socialnamnden-protokoll.pdf"
EXTRACT = SAMPLES / "2024-09-17-socialnamnden-protokollsutdrag.txt"
NEWSLETTER = SAMPLES.parent / "refused" / "veckobrev-forskolan-talludden.txt"
COMMANDS = ("map", "text", "ingest", "serve", "query", "validate", "status", "evaluate",
            "rebuild", "verify", "backup", "restore", "remove", "erase", "forget",
            "correct", "corrections")  # fmt: skip


@pytest.mark.parametrize("name", ("", *COMMANDS))
def test_help_has_examples_and_exit_codes(command: Run, name: str) -> None:
    done = command(*([name] if name else []), "--help")
    assert done.returncode == 0
    assert re.search(r"^ +kommungraf " + name, done.stdout, re.MULTILINE)
    assert "Exit codes" in done.stdout


def test_what_a_test_starts_is_the_code_of_this_checkout(tmp_path: Path) -> None:
    code = "import kommungraf, mapping, server; print(*(each.__file__ for each in (kommungraf, mapping, server)))"
    done = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=True)
    files = ("kommungraf.py", "mapping/__init__.py", "server/__init__.py")
    assert done.stdout.split() == [str(ROOT / file) for file in files]


def test_version(command: Run) -> None:
    assert command("--version").stdout == "kommungraf, version 0.1.0\n"


NO_FOLDER = "no-such-folder"
EMPTY = Path(__file__).parent / "shapes" / "empty.ttl"
MISTAKES: list[tuple[tuple[str | Path, ...], int, str]] = [
    (("map", "missing.pdf"), 2, "missing.pdf does not exist"),
    (("map", "-"), 2, "Standard input cannot be read"),
    (("map", SAMPLES), 2, "is a folder"),
    (("map",), 2, "Missing argument"),
    (("map", MINUTES, "--format", "docx"), 2, "is not one of"),
    (("map", NEWSLETTER), 2, str(NEWSLETTER)),
    (("text", NEWSLETTER.parent / "tom-fil.txt"), 2, "contains no text"),
    (("text", "missing.pdf"), 2, "missing.pdf does not exist"),
    (("ingest", "missing", "--data", NO_FOLDER), 2, "missing does not exist"),
    (("ingest", SAMPLES), 2, "--data"),
    (("status", "--data", NO_FOLDER), 5, "is no data folder"),
    (("query", "ASK { }", "--data", NO_FOLDER), 5, "holds no store to ask"),
    (("query", "missing.rq", "--data", NO_FOLDER), 2, "missing.rq does not exist"),
    (("serve", "--data", NO_FOLDER), 5, "holds nothing published"),
    (("validate", MINUTES), 2, "This is no readable RDF file"),
    (("validate", EMPTY), 2, "empty.ttl: The file holds no statements"),
    (("evaluate", "missing", "missing"), 2, "missing does not exist"),
    (("map", EXTRACT, "--base", "example.se"), 2, "is no web address"),
    (("map", EXTRACT, "--base", "https://a.example/> <x"), 2, "is no web address"),
    (("map", EXTRACT, "--base", "https://a.example:8080"), 2, "names a port or a user"),
    (("map", EXTRACT, "--base", "https://me@a.example"), 2, "names a port or a user"),
    (("map", EXTRACT, "--base", "http://localhost"), 2, "names no host that lasts"),
    (("map", EXTRACT, "--base", "https://A.example"), 2, "names no host that lasts"),
    (("map", EXTRACT, "--base", "https://åäö.example"), 2, "names no host that lasts"),
    (("sing",), 2, "No such command"),
]


@pytest.mark.parametrize(("arguments", "code", "message"), MISTAKES, ids=lambda value: str(value)[:40])
def test_mistakes_get_one_clear_sentence_and_a_code(
    command: Run, tmp_path: Path, arguments: tuple[str | Path, ...], code: int, message: str
) -> None:
    done = command(*arguments, cwd=tmp_path)
    assert (done.returncode, done.stdout) == (code, "")
    assert message in done.stderr
    assert "Traceback" not in done.stderr
    assert not (tmp_path / NO_FOLDER).exists()


@pytest.mark.parametrize("form", ["nquads", "trig", "turtle", "jsonld"])
def test_map_prints_the_same_graph_in_every_format(command: Run, form: str) -> None:
    formats = {
        "nquads": ox.RdfFormat.N_QUADS,
        "trig": ox.RdfFormat.TRIG,
        "turtle": ox.RdfFormat.TURTLE,
        "jsonld": ox.RdfFormat.JSON_LD,
    }
    done, plain = command("map", EXTRACT, "--format", form), command("map", EXTRACT)
    assert (done.returncode, done.stderr) == (0, plain.stderr)
    quads = set(ox.parse(done.stdout.encode(), format=formats[form]))
    wanted = set(ox.parse(plain.stdout.encode(), format=ox.RdfFormat.N_QUADS))
    assert len(wanted) > 100
    if form == "turtle":
        assert {quad.triple for quad in quads} == {quad.triple for quad in wanted}
    else:
        assert quads == wanted


def test_map_prints_lines_in_order_and_the_same_twice(command: Run) -> None:
    first, again = (command("map", *order).stdout for order in ((EXTRACT, MINUTES), (MINUTES, EXTRACT)))
    assert first == again
    assert first.splitlines() == sorted(first.splitlines())
    graphs = set(re.findall(r"<[^<>]*/id/graph/([0-9a-f]{16}|persons)> \.\n", first))
    assert len(graphs) == 3 and "persons" in graphs


def test_map_with_one_refused_document_prints_the_others_and_ends_with_2(command: Run) -> None:
    done = command("map", NEWSLETTER, EXTRACT)
    assert done.returncode == 2
    assert done.stdout == command("map", EXTRACT).stdout
    assert str(NEWSLETTER) in done.stderr


def test_map_takes_the_base_and_the_municipality(command: Run, tmp_path: Path) -> None:
    nameless = tmp_path / "utdrag.txt"
    nameless.write_text(EXTRACT.read_text().replace("Almviks kommun", "").replace("Almvik", ""))
    done = command("map", nameless)
    assert (done.returncode, done.stdout) == (3, "")
    assert "--municipality" in done.stderr
    for given in ("Haninge", "0136"):
        done = command("map", nameless, "--base", "https://data.example.se/", "--municipality", given)
        assert "<https://data.example.se/id/municipality/0136>" in done.stdout
        assert "kommungraf.example" not in done.stdout


def test_what_the_head_says_goes_before_the_given_municipality(command: Run) -> None:
    assert command("map", EXTRACT, "--municipality", "Haninge").stdout == command("map", EXTRACT).stdout


def test_a_misspelt_municipality_is_told_the_nearest(command: Run) -> None:
    assert "Stockholm or 0180" in " ".join(command("map", EXTRACT, "--municipality", "Stokholm").stderr.split())


@pytest.mark.parametrize("given", ["", "  ", "9999", "180", "Stokholm", "../../etc"])
def test_a_code_of_no_municipality_is_wrong_usage(command: Run, given: str) -> None:
    done = command("map", EXTRACT, "--municipality", given)
    assert (done.returncode, done.stdout) == (2, "")
    assert "is no municipality" in done.stderr
    assert "är ingen kommun" in done.stderr


def test_map_tells_which_lines_it_did_not_understand(command: Run, tmp_path: Path) -> None:
    odd = tmp_path / "protokoll.txt"
    odd.write_text(
        "Almviks kommun\nSocialnämnden\nSammanträdesprotokoll\n2024-03-12\n\n§ 5\nPlan\n\n"
        "Beslut\nPlanen antas.\n\nReservationer\nBlått 17 zz.\n"
    )
    done = command("map", odd)
    assert done.returncode == 0
    assert f"{odd}, rad/line 13, oläst/unread (unread): Blått 17 zz." in done.stderr
    assert "unread · oläst, rad/line 13 (unread): Blått 17 zz.\n" in command("map", odd, "--report").stderr


def test_map_reports_how_a_document_was_read(command: Run) -> None:
    plain, done = command("map", EXTRACT), command("map", EXTRACT, "--report")
    assert (done.returncode, done.stdout) == (0, plain.stdout)
    for part in (
        f"{EXTRACT}:\nAccount of reading",
        "document · handling: minutes-extract, Almvik, Socialnämnden, 2024-09-17",
        "layout · utformning: minutes-extract, nämnd, 2020s, § n, A åååå/n, text",
        "ignored by rule",
        "  items · ärenden: 1\n",
        "  decisions · beslut: 1\n",
        "registry numbers · diarienummer: ",
    ):
        assert part in done.stderr


SLOW = """
import mapping.limits, kommungraf
if __name__ == "__main__":
    mapping.limits.SECONDS = 0.001
    kommungraf.main()
"""


def test_map_gives_a_document_no_more_time_than_ingest(tmp_path: Path) -> None:
    (tmp_path / "slow.py").write_text(SLOW)
    program = [sys.executable, str(tmp_path / "slow.py"), "map", str(MINUTES), str(EXTRACT)]
    done = subprocess.run(
        program, env=os.environ | {"PYTHONPATH": str(ROOT)}, check=False, capture_output=True, text=True, timeout=60
    )
    assert (done.returncode, done.stdout) == (2, "")
    for path in (MINUTES, EXTRACT):
        assert f"{path}: The file was refused: reading it took more than 0.001 seconds." in done.stderr


def test_text_is_what_the_offsets_count(command: Run) -> None:
    text = command("text", MINUTES).stdout
    oa = "http://www.w3.org/ns/oa#"
    spans: dict[str, dict[str, str]] = {}
    for quad in ox.parse(command("map", MINUTES).stdout.encode(), format=ox.RdfFormat.N_QUADS):
        if quad.predicate.value.startswith(oa) and "/id/span/" in str(quad.subject):
            spans.setdefault(str(quad.subject), {})[quad.predicate.value.removeprefix(oa)] = quad.object.value
    assert len(spans) > 100
    wrong = [s for s in spans.values() if text[int(s["start"]) : int(s["end"])] != s["exact"]]
    assert not wrong


def test_text_is_printed_byte_for_byte(command: Run, tmp_path: Path) -> None:
    path = tmp_path / "lines.txt"
    path.write_bytes("Socialnämnden\nProtokoll 2024-01-01\n§ 1\n\tTab och å\n".encode())
    assert command("text", path).stdout == "Socialnämnden\nProtokoll 2024-01-01\n§ 1\n\tTab och å\n"


def test_a_document_whose_graph_violates_a_shape_is_quarantined(command: Run, tmp_path: Path) -> None:
    done = command("map", bad_minutes(tmp_path))
    assert (done.returncode, done.stdout) == (3, "")
    assert "violation" in done.stderr and "rad/line" in done.stderr and "”" in done.stderr


def bad_minutes(folder: Path) -> Path:
    """Minutes with a registry number of a later year than the meeting: a misprint that a clerk must look at."""
    text = EXTRACT.read_text("utf-8")
    path = folder / "felskriven.txt"
    path.write_text(text.replace("SN 2023/140", "SN 2033/140"), "utf-8")
    return path


def test_query_formats(command: Run, sample_data: Path) -> None:
    count = "SELECT (COUNT(?m) AS ?n) WHERE { ?m a <https://w3id.org/kommungraf/ns#Meeting> }"
    table = command("query", count, "--data", sample_data)
    assert table.returncode == 0 and table.stdout.splitlines()[0].strip() == "n"
    number = table.stdout.splitlines()[2].strip()
    assert int(number) >= 6
    assert command("query", count, "--data", sample_data, "--format", "csv").stdout.split() == ["n", number]
    found = json.loads(command("query", count, "--data", sample_data, "--format", "json").stdout)
    assert found["results"]["bindings"][0]["n"]["value"] == number
    assert command("query", "ASK { ?s ?p ?o }", "--data", sample_data).stdout == "true\n"
    graph = command(
        "query", "CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o } LIMIT 3", "--data", sample_data, "--format", "ntriples"
    ).stdout
    assert len(list(ox.parse(graph.encode(), format=ox.RdfFormat.N_TRIPLES))) == 3


def test_a_wrong_query_is_told_in_one_sentence(command: Run, sample_data: Path) -> None:
    service = "SELECT * { SERVICE <http://x.example/> { ?s ?p ?o } }"
    for query in ("SELECT WHERE", "DELETE WHERE { ?s ?p ?o }", service):
        done = command("query", query, "--data", sample_data)
        assert (done.returncode, done.stdout) == (2, "")
        assert done.stderr and "Traceback" not in done.stderr


def test_validate_tells_violations(command: Run, sample_data: Path, tmp_path: Path) -> None:
    persons = sample_data / "persons.nq"
    assert command("validate", persons).returncode == 0
    document = next((sample_data / "documents").glob("*.nq"))
    assert command("validate", document).returncode == 3, "its persons are told of in another file"
    assert command("validate", document, "--with", persons).returncode == 0
    bad = tmp_path / "bad.ttl"
    bad.write_text("<https://kommungraf.example/id/x> a <https://w3id.org/kommungraf/ns#Meeting> .")
    done = command("validate", bad)
    assert done.returncode == 3
    assert "[fel/violation]" in done.stdout
    told = re.findall(r"^(\d+)\. \[", done.stdout, re.MULTILINE)
    assert len(told) > 1 and told == [str(number) for number in range(1, len(told) + 1)]


def test_evaluate_prints_a_table_and_the_misses(command: Run, tmp_path: Path) -> None:
    (tmp_path / "utdrag.txt").write_bytes(EXTRACT.read_bytes())
    item: dict[str, object] = {"number": "9999", "title": "Saknas", "dnr": [], "decision_points": [], "outcome": None}
    gold = {
        "kind": "minutes_extract",
        "municipality": "Almvik",
        "body": "Socialnämnden",
        "meeting_date": "2024-09-17",
        "protocol_number": "6/2024",
        "items": [item],
    }
    (tmp_path / "utdrag.gold.json").write_text(json.dumps(gold))
    done = command("evaluate", tmp_path, tmp_path)
    assert done.returncode == 0
    assert "missing   utdrag § 9999 items: Saknas" in done.stdout
    totals = json.loads(command("evaluate", tmp_path, tmp_path, "--json").stdout)["totals"]
    assert next(t for t in totals if t["kind"] == "document")["f1"] == 1


@pytest.mark.parametrize(
    ("gold", "message"),
    [
        ('{"kind": "minutes", ', "cannot be read as JSON"),
        ("[]", "a value is of the wrong kind"),
        ('{"kind": "minutes", "municipality": null, "body": null, "meeting_date": null}', "'items' is missing"),
    ],
)
def test_a_broken_gold_file_is_told_in_one_sentence(command: Run, tmp_path: Path, gold: str, message: str) -> None:
    (tmp_path / "utdrag.gold.json").write_text(gold)
    done = command("evaluate", EXTRACT, tmp_path / "utdrag.gold.json")
    assert (done.returncode, done.stdout) == (2, "")
    assert message in done.stderr and "utdrag.gold.json" in done.stderr and "Traceback" not in done.stderr
    assert len(done.stderr.splitlines()) == 2, "one sentence in Swedish, one in English"


def test_what_is_quarantined_is_missing_from_an_evaluation(command: Run, tmp_path: Path) -> None:
    item: dict[str, object] = {"number": "58", "title": "Saknas", "dnr": [], "decision_points": [], "outcome": None}
    gold = {
        "kind": "minutes_extract",
        "municipality": "Almvik",
        "body": "Socialnämnden",
        "meeting_date": "2024-09-17",
        "items": [item],
    }
    (tmp_path / "gold.json").write_text(json.dumps(gold))
    read = json.loads(command("evaluate", EXTRACT, tmp_path / "gold.json", "--json").stdout)
    assert read["totals"][-1]["tp"] > 0
    done = command("evaluate", bad_minutes(tmp_path), tmp_path / "gold.json", "--json")
    result = json.loads(done.stdout)
    assert done.returncode == 0
    assert (result["totals"][-1]["tp"], result["totals"][-1]["fp"]) == (0, 0) and result["totals"][-1]["fn"] > 3
    first, *others = result["misses"]
    assert (first["what"], first["document"]) == ("quarantined", "felskriven") and "2033" in first["text"]
    assert {miss["what"] for miss in others} == {"missing"}


def test_names_of_files_do_not_matter_but_contents_do(command: Run, tmp_path: Path) -> None:
    archive = tmp_path / "minutes.pdf"
    with zipfile.ZipFile(archive, "w") as made:
        made.writestr("a.txt", "no document")
    assert command("map", archive).returncode == 2
    (tmp_path / "noname").write_bytes(MINUTES.read_bytes())
    assert command("map", tmp_path / "noname").stdout == command("map", MINUTES).stdout


def test_serve_at_an_address_that_is_none(command: Run, tmp_path: Path) -> None:
    data = tmp_path / "data"
    assert command("ingest", EXTRACT, "--data", data).returncode == 0
    done = command("serve", "--data", data, "--host", "nosuch.invalid")
    assert (done.returncode, done.stdout) == (4, "")
    assert "nosuch.invalid" in done.stderr

"""A value is corrected by decision: what that changes, what stays, what is refused, and what a killed command leaves."""

import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pyoxigraph as ox
import pytest

from server.corrections.correction import CORRECTING, Correction, corrected, corrections, in_effect
from server.data_folder import folder
from server.data_folder.ledger import reading
from server.storage import snapshot, store
from tests.conftest import ROOT, SAMPLES, Done

Run = Callable[..., Done]
BASE = "https://kommungraf.example"
MINUTES = "2024-02-26-kommunfullmaktige-protokoll.txt"
OTHER = "2016-11-15-socialnamnden-protokoll.txt"
MEETING = f"{BASE}/id/meeting/almvik/kommunfullmaktige/2024-02-26"
DECISION = f"{BASE}/id/treatment/almvik/kommunfullmaktige/2024-02-26/2/decision"
KG = "https://w3id.org/kommungraf/ns#"
FORMER, VALUE = "Folkets hus, Storgatan 11", "Rådhuset, Torget 1"
WHO = ("--decided-by", "Kommunsekreteraren", "--ground", "Felskriven plats", "--date", "2024-03-11", "--jobs", "1")


@pytest.fixture(scope="module")
def made(command: Run, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder of two documents; to be copied."""
    root = tmp_path_factory.mktemp("corrections")
    (root / "in").mkdir()
    for name in (MINUTES, OTHER):
        shutil.copy(SAMPLES / name, root / "in")
    assert command("ingest", root / "in", "--data", root / "data", "--jobs", "1").returncode == 0
    return root


@pytest.fixture
def data(made: Path, tmp_path: Path) -> Path:
    shutil.copytree(made / "data", tmp_path / "data")
    return tmp_path / "data"


def values(data: Path, subject: str, predicate: str) -> set[str]:
    opened = snapshot.open_current(data)
    try:
        found = opened.store.quads_for_pattern(ox.NamedNode(subject), ox.NamedNode(predicate), None)
        return {quad.object.value for quad in found}  # type: ignore[union-attr]
    finally:
        opened.close()


def quads(data: Path) -> set[ox.Quad]:
    opened = snapshot.open_current(data)
    try:
        return set(opened.store)
    finally:
        opened.close()


def files(data: Path) -> dict[str, bytes]:
    """What the data folder holds, but for locks, the store's own, and the feed, which tells of every change."""
    return {
        str(path.relative_to(data)): path.read_bytes()
        for path in data.rglob("*")
        if path.is_file()
        and path.relative_to(data).parts[0] not in ("store", "lock", "ledger.sqlite", "feed", "search")
    }


def test_a_corrected_value_holds_and_says_what_it_was(command: Run, made: Path, data: Path) -> None:
    before, text = quads(data), {path.name: path.read_bytes() for path in (data / "texts").iterdir()}
    done = command("correct", MEETING, "kg:location", "--value", VALUE, "--data", data, *WHO)
    assert (done.returncode, done.stdout) == (0, "1: corrected · rättat\n"), done.stderr
    assert values(data, MEETING, f"{KG}location") == {VALUE}
    node = f"{BASE}/id/correction/1"
    told = {
        "corrects": MEETING, "correctedProperty": f"{KG}location", "formerValue": FORMER, "newValue": VALUE,
        "decisionMaker": "Kommunsekreteraren", "ground": "Felskriven plats", "date": "2024-03-11",
    }  # fmt: skip
    assert {name: values(data, node, KG + name) for name in told} == {name: {said} for name, said in told.items()}
    entry = next(e for e in folder.entries(data) if e.file_name == MINUTES)
    assert FORMER in (data / "uncorrected" / f"{entry.id}.nq").read_text("utf-8")
    assert FORMER not in (data / "documents" / f"{entry.id}.nq").read_text("utf-8").replace("oa#exact", "")
    assert {path.name: path.read_bytes() for path in (data / "texts").iterdir()} == text
    after = quads(data)
    gone = {quad for quad in before - after if quad.predicate.value == f"{KG}location"}
    assert before - after == gone and {quad.object.value for quad in gone} == {FORMER}  # type: ignore[union-attr]
    assert command("validate", *sorted((data / "documents").glob("*.nq")), data / "corrections.nq", "--with",
                   data / "persons.nq").returncode == 0  # fmt: skip

    (data / "texts" / f"{entry.id}.txt").unlink()
    assert command("ingest", made / "in", "--data", data, "--jobs", "1").returncode == 0  # read from its bytes again
    assert {q for q in quads(data) if "endedAtTime" not in q.predicate.value} == {
        q for q in after if "endedAtTime" not in q.predicate.value
    }
    assert command("rebuild", "--data", data).returncode == 0
    assert values(data, MEETING, f"{KG}location") == {VALUE}
    assert command("verify", "--data", data).returncode == 0


def test_a_correction_is_published_as_a_change_and_as_a_whole_alike(command: Run, data: Path) -> None:
    assert command("correct", MEETING, "kg:location", "--value", VALUE, "--data", data, *WHO).returncode == 0
    changed = quads(data)
    assert store.build(data, BASE, anew=True).quads == len(changed)
    assert quads(data) == changed


def test_a_backup_holds_the_corrections(command: Run, data: Path, tmp_path: Path) -> None:
    assert command("correct", MEETING, "kg:location", "--value", VALUE, "--data", data, *WHO).returncode == 0
    copy, again = tmp_path / "copy", tmp_path / "again"
    assert command("backup", "--data", data, "--to", copy).returncode == 0
    assert command("restore", "--data", again, "--from", copy).returncode == 0
    kept = [
        {name: held for name, held in files(each).items() if not name.startswith("feed/")} for each in (again, data)
    ]  # a restored folder begins a feed of its own
    assert quads(again) == quads(data) and kept[0] == kept[1]
    done = command("corrections", "--data", again, "--withdraw", "1", "--ground", "Rätt från början", "--jobs", "1")
    assert done.returncode == 0 and values(again, MEETING, f"{KG}location") == {FORMER}


def test_nothing_is_decided_while_nothing_can_be_published(command: Run, data: Path, tmp_path: Path) -> None:
    correct = ("correct", MEETING, "kg:location", "--value", VALUE, "--data", data, *WHO)
    withdraw = ("corrections", "--data", data, "--withdraw", "1", "--ground", "Rätt från början", "--jobs", "1")
    unreadable = "no line of two paths\n", "renamed.tsv, line 1: write the old path"
    still_there = f"\n{MEETING.partition('/id/')[2]}\tmeeting/almvik/kf/1\n", "renamed.tsv, line 2: meeting/almvik"
    for order, after in ((correct, VALUE), (withdraw, FORMER)):
        with reading(data) as ledger:
            before = corrections(ledger), files(data)
        for declared, message in (unreadable, still_there):
            (data / "renamed.tsv").write_text(declared, "utf-8")
            backup = ("backup", "--data", data, "--to", tmp_path / "copy") if declared == unreadable[0] else order
            for refused in (order, backup):
                done = command(*refused)
                assert done.returncode == 5 and message in done.stderr and "Traceback" not in done.stderr
            (data / "renamed.tsv").unlink()
            with reading(data) as ledger:
                assert (corrections(ledger), files(data)) == before and not ledger.note(CORRECTING)
            assert not (tmp_path / "copy").exists()
        done = command(*order)
        assert done.returncode == 0 and values(data, MEETING, f"{KG}location") == {after}, done.stderr


def test_corrections_are_listed_and_withdrawn_the_last_first(command: Run, data: Path) -> None:
    assert command("corrections", "--data", data).stdout == "no corrections · inga rättelser\n"
    before = files(data)
    second = ("correct", MEETING, "kg:location", "--value", "Biblioteket", "--data", data, *WHO)
    assert command("correct", MEETING, "kg:location", "--value", VALUE, "--data", data, *WHO).returncode == 0
    assert command(*second).stdout == "2: corrected · rättat\n"
    assert command(*second).stdout == "2: corrected · rättat\n"  # asked again, it is the same correction
    found = json.loads(command("corrections", "--data", data, "--json").stdout)
    assert [(each["number"], each["graphs"]) for each in found] == [(1, 1), (2, 1)]
    done = command("corrections", "--data", data, "--withdraw", "1", "--ground", "Rätt från början")
    assert done.returncode == 2 and "Correction 2 corrects the value" in done.stderr
    for number in ("2", "1"):
        done = command("corrections", "--data", data, "--withdraw", number, "--ground", "Rätt från början")
        assert (done.returncode, done.stdout) == (0, f"{number}: withdrawn · återtagen\n"), done.stderr
    assert values(data, MEETING, f"{KG}location") == {FORMER}
    assert values(data, f"{BASE}/id/correction/1", f"{KG}withdrawalGround") == {"Rätt från början"}
    after = files(data)
    assert {name: after[name] for name in before} == before and set(after) - set(before) == {"corrections.nq"}
    assert "withdrawn/återtagen" in command("corrections", "--data", data).stdout
    done = command("corrections", "--data", data, "--withdraw", "1", "--ground", "x")
    assert done.returncode == 2 and "withdrawn already" in done.stderr


def test_a_person_is_corrected_in_the_graph_of_all_persons(command: Run, data: Path) -> None:
    person = f"{BASE}/id/person/almvik/mirja-stalbrand-s"
    done = command("correct", person, "foaf:name", "--value", "Mirja Stålbrandt", "--data", data, *WHO)
    assert done.returncode == 0, done.stderr
    assert values(data, person, "http://xmlns.com/foaf/0.1/name") == {"Mirja Stålbrandt"}
    assert values(data, f"{BASE}/id/correction/1", f"{KG}formerValue") == {"Mirja Stålbrand"}
    assert "graphs/grafer: 1" in command("corrections", "--data", data).stdout


def test_a_concept_may_be_written_short(command: Run, data: Path) -> None:
    [was] = values(data, DECISION, f"{KG}decisionOutcome")
    short = ("--value", "kgc:outcome/rejected", "--was", was)
    done = command("correct", DECISION, "kg:decisionOutcome", *short, "--data", data, *WHO)
    assert done.returncode == 0, done.stderr
    rejected = "https://w3id.org/kommungraf/concept/outcome/rejected"
    assert values(data, DECISION, f"{KG}decisionOutcome") == {rejected}


MISTAKES: list[tuple[tuple[str, ...], int, str]] = [
    ((f"{MEETING}0", "kg:location", "--value", "x"), 8, "No published document says anything of"),
    ((MEETING, "kg:locaton", "--value", "x"), 2, "did you mean kg:location?"),
    ((MEETING, "http://example.com/p", "--value", "x"), 2, "is no property of the ontology"),
    ((MEETING, "rdf:type", "--value", "x"), 2, "is not corrected"),
    ((MEETING, "kg:yesCount", "--value", "3"), 2, "has no kg:yesCount"),
    ((MEETING, "kg:date", "--value", "2024-02-30"), 2, "no valid value of the type xsd:date"),
    ((DECISION, "kg:date", "--value", "2024-02-27"), 3, "is not the date of the meeting"),
    ((MEETING, "kg:location", "--value", FORMER), 2, "already"),
    ((MEETING, "kg:location", "--value", "x", "--was", "y"), 2, f"it is: ”{FORMER}”"),
    ((MEETING, "kg:hasAttendance", "--value", "x"), 2, "has several values"),
    ((MEETING, "kg:heldBy", "--value", f"{BASE}/id/body/almvik/ingen"), 8, "neither in the data folder nor in"),
    ((MEETING, "kg:heldBy", "--value", "två ord"), 2, "is no valid IRI"),
    ((MEETING, "kg:location", "--value", "hos 19121212-1212"), 2, "holds a personal number or an erased name"),
    ((MEETING, "kg:location", "--value", ""), 2, "--value is missing"),
    ((MEETING, "kg:location", "--value", "x", "--ground", " "), 2, "--ground is missing"),
    ((MEETING, "kg:location", "--value", "x", "--decided-by", ""), 2, "--decided-by is missing"),
    ((MEETING, "kg:location", "--value", "x", "--date", "i går"), 2, "is no date"),
]


def test_what_cannot_be_corrected_is_told_and_nothing_is_written(command: Run, made: Path) -> None:
    data = made / "data"
    before, entries = files(data), folder.entries(data)
    for arguments, code, message in MISTAKES:
        done = command("correct", "--data", data, *WHO, *arguments)
        assert (done.returncode, done.stdout) == (code, ""), (arguments, done.stderr)
        assert message in done.stderr and "Traceback" not in done.stderr, (arguments, done.stderr)
    done = command("corrections", "--data", data, "--withdraw", "7", "--ground", "x")
    assert done.returncode == 8 and "There is no correction 7" in done.stderr
    assert (files(data), folder.entries(data)) == (before, entries)
    with reading(data) as ledger:
        assert corrections(ledger) == []


def test_a_correction_that_nothing_says_any_longer_goes_with_what_was_forgotten(command: Run, data: Path) -> None:
    assert command("correct", MEETING, "kg:location", "--value", VALUE, "--data", data, *WHO).returncode == 0
    done = command("forget", MINUTES, "--data", data, "--ground", "Sekretess", "--jobs", "1")
    assert done.returncode == 0 and "no longer concern anything" in done.stderr
    assert not any(FORMER in content.decode("utf-8", "replace") for content in files(data).values())
    assert FORMER.encode() not in (data / "ledger.sqlite").read_bytes()
    assert not any(FORMER in str(quad) for quad in quads(data))


def test_lines_are_replaced_and_nothing_else() -> None:
    def correction(number: int, former: str, value: str) -> Correction:
        return Correction(number, "a:s", "a:p", former, value, "", "", "")

    lines = '<a:o> <a:p> "x" <a:g> .\n<a:s> <a:p> "x" <a:g> .\n<a:s> <a:p> "x"@sv <a:g> .\n<a:s> <a:p> "x\u2028" <a:g> .\n'
    first, then, back = correction(1, '"x"', '"y"'), correction(2, '"y"', '"x"@sv'), correction(3, '"z"', '"x"')
    assert set(corrected(lines, [first]).split("\n")) - set(lines.split("\n")) == {'<a:s> <a:p> "y" <a:g> .'}
    assert corrected(lines, [first]).count('"y"') == 1 and corrected(lines, [first]).count("\n") == 4
    assert corrected(lines, [first, then]).count("\n") == 3  # two lines became one
    assert corrected(lines, [back]) is lines
    assert in_effect([lines, lines], [first, then, back]) == {1: 2, 2: 2, 3: 0}


KILLED = "import kommungraf; kommungraf.main()"


@pytest.mark.parametrize("name", ["correct", "forget"])
def test_a_command_killed_at_any_moment_leaves_the_old_or_the_new(
    command: Run, made: Path, tmp_path: Path, name: str
) -> None:
    asked = {
        "correct": ("correct", MEETING, "kg:location", "--value", VALUE, *WHO),
        "forget": ("forget", "--person", "Mirja Stålbrand", "--ground", "Artikel 17", "--jobs", "1"),
    }[name]
    data, chance = tmp_path / "data", random.Random(5)
    shutil.copytree(made / "data", data)
    before = quads(data)
    began = time.monotonic()
    assert command(*asked, "--data", data).returncode == 0
    took, after = time.monotonic() - began, quads(data)
    assert after != before
    for _ in range(5):
        shutil.rmtree(data)
        shutil.copytree(made / "data", data)
        arguments = [sys.executable, "-c", KILLED, *asked, "--data", str(data)]
        with subprocess.Popen(
            arguments, cwd=ROOT, start_new_session=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        ) as process:
            time.sleep(chance.uniform(0.3, 1.0) * took)
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)
        found = timeless(quads(data))
        assert found in (timeless(before), timeless(after))
        assert command("rebuild", "--data", data).returncode == 0
        assert timeless(quads(data)) in (timeless(before), timeless(after))
        assert command(*asked, "--data", data).returncode == 0
        assert timeless(quads(data)) == timeless(after)
        assert command("verify", "--data", data).returncode == 0


def timeless(found: set[ox.Quad]) -> set[str]:
    """Quads without the times of reading and withdrawal."""
    return {str(quad) for quad in found if "AtTime" not in quad.predicate.value}

"""When a dataset of the catalogue changed: with its documents, and with what is corrected, erased and removed there."""

import time
from pathlib import Path

import pytest
import rdflib
from rdflib import DCTERMS, URIRef

from server.data_folder.folder import entries
from server.storage import store
from tests.conftest import ROOT, SAMPLES, kommungraf

BASE = "https://kommungraf.example"
VERSION = URIRef("http://www.w3.org/ns/dcat#version")
OPARL = Path(__file__).parent / "imports" / "data" / "oparl"
COUNCIL, BOARD = "2024-02-26-kommunfullmaktige-protokoll.txt", "2024-09-17-socialnamnden-protokollsutdrag.txt"
OTHER = "2016-11-15-socialnamnden-protokoll.txt"
MEETING = f"{BASE}/id/meeting/2283/kommunfullmaktige/2024-02-26"
ALL, FIRST, SECOND = "all", "2283", "2161"  # Sollefteå and Ljusdal
DECIDED = ("--value", "Rådhuset", "--decided-by", "Sekreteraren", "--ground", "Skrivfel")
Dates = dict[str, tuple[str, str]]


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A data folder with two documents of one municipality and one of another."""
    (tmp_path / "in").mkdir()
    for name, place in ((COUNCIL, "Sollefteå"), (OTHER, "Sollefteå"), (BOARD, "Ljusdal")):
        text = (SAMPLES / name).read_text("utf-8").replace("Almvik", place)
        (tmp_path / "in" / name).write_text(text, "utf-8")
    folder = tmp_path / "data"
    done = kommungraf("ingest", tmp_path / "in", "--data", folder, "--jobs", "1")
    assert "3 accepted" in done.stdout, done.stdout + done.stderr
    return folder


def dates(data: Path) -> Dates:
    """(dcterms:modified, dcat:version) of each dataset, by the end of its IRI."""
    done = kommungraf(
        "catalogue", "--data", data, "--config", ROOT / "docs" / "kommungraf.toml", "--format", "turtle"
    )
    assert done.returncode == 0, done.stderr
    found = rdflib.Graph().parse(data=done.stdout, format="turtle")
    return {
        name: (str(found.value(iri, DCTERMS.modified)), str(found.value(iri, VERSION)))
        for name in (ALL, FIRST, SECOND)
        if (iri := URIRef(f"{BASE}/datasets/{name}"))
    }


def moved(before: Dates, after: Dates) -> set[str]:
    """The datasets that changed; of each both its date and its version, or neither, changed."""
    found = set()
    for name, (date, version) in after.items():
        assert (date > before[name][0]) == (version != before[name][1]), name
        assert date >= before[name][0], name
        found |= {name} if date > before[name][0] else set()
    return found


def test_each_dataset_changes_with_what_is_published_of_it(data: Path) -> None:
    minutes = next(entry.id for entry in entries(data) if entry.file_name == COUNCIL)
    steps: list[tuple[tuple[str | Path, ...], set[str]]] = [
        (("correct", MEETING, "kg:location", *DECIDED, "--jobs", "1"), {ALL, FIRST}),
        (("forget", "--person", "Viktor Enbacke", "--ground", "Artikel 17", "--jobs", "1"), {ALL, FIRST}),
        (("import", OPARL, "--as", "oparl"), {ALL}),
        (("rebuild",), set()),
        (("ingest", data.parent / "in", "--jobs", "1"), set()),
        (("remove", minutes, "--reason", "Gallring", "--jobs", "1"), {ALL, FIRST}),
        (("corrections",), set()),
    ]
    before = dates(data)
    for command, expected in steps:
        time.sleep(1.1)  # a date has seconds
        done = kommungraf(*command, "--data", data)
        assert done.returncode == 0, (command, done.stdout + done.stderr)
        after = dates(data)
        assert moved(before, after) == expected, command
        before = after


def test_a_change_and_a_whole_build_tell_the_same(data: Path) -> None:
    first = store.about(data)["changed"]
    assert kommungraf("ingest", SAMPLES / BOARD, "--data", data, "--jobs", "1").returncode == 0
    changed = store.about(data)["changed"]
    assert changed.keys() - first.keys() == set() and changed["*"]["documents"] != first["*"]["documents"]
    store.build(data, BASE, anew=True)
    assert store.about(data)["changed"] == changed

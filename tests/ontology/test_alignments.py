"""The SSSOM files: by the rules we set ourselves, and by the validator of SSSOM, which `make test` installs."""

import csv
import shutil
import subprocess
from pathlib import Path

import pyoxigraph as ox
import pytest

import ontology
from ontology import KG
from ontology.alignments import predicates, read
from server.storage import authority
from tests.ontology.names import ALIGNED

MARK = {"closeMatch": "~", "broadMatch": "<", "exactMatch": "="}
SETS = ontology.alignment_sets()
BASE = "https://data.example"
ROOT = Path(__file__).parents[2]
VALIDATOR = shutil.which("sssom", path=str(ROOT / ".venv-sssom/bin")) or shutil.which("sssom")
validated_too = pytest.mark.skipif(not VALIDATOR, reason="sssom is not installed: run `make test`")


def test_each_vocabulary_has_its_set() -> None:
    wanted = {"besluit", "mandaat", "oparl", "popolo", "eli", "schema-org", "w3c-org", "cpov"}
    assert {found.name for found in SETS} == wanted
    assert {found.iri for found in SETS} == {f"https://w3id.org/kommungraf/alignments/{name}" for name in wanted}


@pytest.mark.parametrize("found", SETS, ids=lambda found: found.name)
def test_a_set_is_in_order(found: ontology.AlignmentSet) -> None:
    lines = found.path.read_text("utf-8").splitlines()
    header = [line for line in lines if line.startswith("#")]
    assert '#license: "https://creativecommons.org/publicdomain/zero/1.0/"' in header
    for slot in ("mapping_set_version", "mapping_set_description", "mapping_date", "creator_label", "subject_source"):
        assert any(line.startswith(f"#{slot}:") for line in header), slot
    rows = list(csv.DictReader(lines[len(header) :], delimiter="\t"))
    assert lines[len(header) + 1 :] == sorted(set(lines[len(header) + 1 :]))
    known = {*ontology.classes(), *ontology.properties()}
    assert len(rows) == len(found.alignments) > 0
    for row, each in zip(rows, found.alignments, strict=True):
        assert each.subject in known and each.predicate in predicates() and each.comment.endswith("."), row
        assert not each.object.startswith(ontology.PREFIXES["kg"]), row
        assert row["subject_label"] == ontology.label(each.subject, "en"), row
        assert row["mapping_justification"] == "semapv:ManualMappingCuration", row
        assert row["subject_type"].startswith("owl class") == (each.subject in ontology.classes()), row


def test_make_test_installs_the_validator() -> None:
    plan = ["make", "--dry-run", "--what-if=tests/ontology/sssom.lock", "test"]
    told = subprocess.run(plan, cwd=ROOT, check=True, capture_output=True, text=True, timeout=60).stdout
    assert told.index("--requirement tests/ontology/sssom.lock") < told.index("pytest")
    assert "\nsssom==" in (ROOT / "tests/ontology/sssom.lock").read_text("utf-8")


def validated(path: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run([str(VALIDATOR), "validate", str(path)], capture_output=True, text=True, timeout=120)


@validated_too
@pytest.mark.parametrize("found", SETS, ids=lambda found: found.name)
def test_the_validator_of_sssom_finds_no_fault(found: ontology.AlignmentSet) -> None:
    told = validated(found.path)
    assert told.returncode == 0, told.stderr[-2000:]


@validated_too
@pytest.mark.parametrize("found", SETS[:1], ids=lambda found: found.name)
def test_the_validator_of_sssom_sees_a_fault(found: ontology.AlignmentSet, tmp_path: Path) -> None:
    broken = tmp_path / found.path.name
    broken.write_text(found.path.read_text("utf-8").replace("semapv:Manual", "semapv:Clairvoyant"), "utf-8")
    assert validated(broken).returncode != 0


@pytest.mark.parametrize(("name", "shown"), ALIGNED.items())
def test_aligned(name: str, shown: str) -> None:
    found = ontology.aligned(KG[name])
    assert [MARK[each.predicate.rpartition("#")[2]] + each.shown for each in found] == shown.split()


def test_no_pair_is_stated_twice() -> None:
    pairs = [(each.subject, each.object) for found in SETS for each in found.alignments]
    assert len(pairs) == len(set(pairs))


def test_they_are_a_graph_of_their_own() -> None:
    published = ox.parse(authority.nquads(BASE), format=ox.RdfFormat.N_QUADS)
    by_graph: dict[str, set[tuple[str, str, str]]] = {}
    matching = set(predicates())
    for quad in published:
        if quad.predicate.value in matching and str(quad.subject.value).startswith(ontology.PREFIXES["kg"]):
            triple = (quad.subject.value, quad.predicate.value, quad.object.value)
            by_graph.setdefault(quad.graph_name.value, set()).add(triple)
    stated = {(each.subject, each.predicate, each.object) for found in SETS for each in found.alignments}
    assert by_graph == {f"{BASE}/id/graph/alignments": stated}


@pytest.mark.parametrize(
    ("changed", "to", "named"),
    [
        ("kg:Person", "zz:Person", "rad 1[0-9]: 'zz'"),
        ("mapping_set_title", "mapping_set_name", "mapping_set_title saknas"),
        ("comment", "note", "'comment'"),
    ],
)
def test_a_fault_is_named_by_file_and_line(tmp_path: Path, changed: str, to: str, named: str) -> None:
    (source,) = (found.path for found in SETS if found.name == "popolo")
    path = tmp_path / "popolo.sssom.tsv"
    path.write_text(source.read_text("utf-8").replace(changed, to), "utf-8")
    with pytest.raises(ontology.BadAlignment, match=named):
        read(path)

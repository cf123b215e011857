"""Personal numbers at random places of the samples: none is anywhere in what the program writes or says."""

import random
import re
import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path

import pyoxigraph as ox
import pytest

from mapping.canonical import canonical_text
from mapping.text import Text
from server.data_folder import folder
from tests.conftest import SAMPLES, Done
from tests.numbers import twelve_digits, writings
from tests.samples.build import BUILT
from tests.samples.build import TEXTS as TEXTS_OF_BUILT

Run = Callable[..., Done]
TEXTS = sorted(SAMPLES.glob("*.txt"))
NEWSLETTER = SAMPLES.parent / "refused" / "veckobrev-forskolan-talludden.txt"
IN_NAME = "191212121212"


@pytest.fixture(scope="module", params=["mask", "quarantine"])
def ingested(
    request: pytest.FixtureRequest, command: Run, tmp_path_factory: pytest.TempPathFactory
) -> tuple[str, Path, list[str], str]:
    """(policy, data folder, the numbers as printed, all that was said) of samples with numbers put into them."""
    root = tmp_path_factory.mktemp(request.param)
    (root / "in").mkdir()
    chance = random.Random(7)
    numbers = [IN_NAME]
    for path in (*TEXTS, NEWSLETTER):
        text = path.read_text("utf-8")
        for _ in range(12):
            number = chance.choice(writings(twelve_digits(chance)))
            places = [m.start() for m in re.finditer(r"(?<!\d)(?=[ \n])", text)]
            at = chance.choice(places)
            text = f"{text[:at]} {number}{text[at:]}"
            numbers.append(number)
        (root / "in" / f"{path.stem} {IN_NAME}.txt").write_text(text, "utf-8")
    page = "<html><body><h1>Almviks kommun</h1><p>Socialnämnden</p><p>Protokoll 2024-03-12</p><p>§ 1</p><p>Ansökan från <b>121212</b>-1212</p><p>Beslut</p><p>Socialnämnden avslår ansökan.</p></body></html>"
    (root / "in" / f"{IN_NAME}.html").write_text(page, "utf-8")
    numbers.append("121212-1212")
    with zipfile.ZipFile(root / "in" / f"{IN_NAME}.docx", "w") as archive:
        archive.writestr("word/document.xml", f"<broken {IN_NAME}")
    said = ""
    data = root / "data"
    policy = ("--personal-numbers", request.param)
    files = sorted((root / "in").iterdir())
    for arguments in (
        ("ingest", root / "in", "--data", data, *policy),
        ("status", "--data", data),
        ("status", "--data", data, "--json"),
        ("map", *files),
        ("map", "--report", *files),
        *(("text", file) for file in files),
        ("evaluate", root / "in", root / "in"),
        ("map", f"protokoll {IN_NAME}.pdf"),
        ("map", files[0], "--municipality", IN_NAME),
        ("query", f"SELECT {IN_NAME}", "--data", data),
    ):
        done = command(*arguments)
        said += done.stdout + done.stderr
        assert "Traceback" not in done.stderr
    return request.param, data, numbers, said


def forms(number: str) -> set[str]:
    """The number as printed, without its line breaks, and its characters alone."""
    return {number, " ".join(number.split()), number.replace("\n", ""), re.sub(r"\W", "", number)}


def test_nothing_written_holds_a_number(ingested: tuple[str, Path, list[str], str]) -> None:
    _, data, numbers, _ = ingested
    written = {path: path.read_bytes() for path in data.rglob("*") if path.is_file()}
    current = (data / "store" / "current").read_text().strip()
    store = ox.Store.read_only(str(data / "store" / current / "quads"))
    written[Path("store")] = "\n".join(str(quad) for quad in store).encode()
    assert len(written) > 20 and len(store) > 500
    wanted = {form.encode() for number in numbers for form in forms(number)}
    found = {(str(path), form) for path, content in written.items() for form in wanted if form in content}
    assert not found
    assert not [path for path in written if IN_NAME in path.name]


def test_nothing_said_holds_a_number(ingested: tuple[str, Path, list[str], str]) -> None:
    _, _, numbers, said = ingested
    assert len(said) > 10_000
    assert not {form for number in numbers for form in forms(number) if form in said}


def test_documents_are_published_masked_or_held_back(ingested: tuple[str, Path, list[str], str]) -> None:
    policy, data, _, _ = ingested
    read = [entry for entry in folder.entries(data) if entry.status != "refused"]
    assert len(read) >= len(TEXTS)
    assert {entry.personal_numbers for entry in read} == {policy}
    assert all("••••••••••••" in entry.file_name for entry in folder.entries(data))
    for entry in read:
        told = (data / "reports" / f"{entry.id}.txt").read_text("utf-8")
        assert "personnummer, samordningsnummer eller liknande" in told and "rad/line" in told and "•" in told
        if policy == "quarantine":
            assert entry.status == "quarantined" and "--personal-numbers mask" in told
    if policy == "mask":
        assert [entry.file_name for entry in read if entry.status == "accepted"] != []


def test_what_was_held_back_is_published_when_masking_is_chosen(command: Run, tmp_path: Path) -> None:
    path = tmp_path / "utdrag.txt"
    text = (SAMPLES / "2024-09-17-socialnamnden-protokollsutdrag.txt").read_text("utf-8")
    path.write_text(text + "\nKopia till 121212-1212\n", "utf-8")
    data = tmp_path / "data"
    states = []
    for policy in (None, "quarantine", None, "mask", None, "quarantine"):
        chosen = ("--personal-numbers", policy) if policy else ()
        assert command("ingest", path, "--data", data, *chosen).returncode == 0
        (entry,) = folder.entries(data)
        states.append((entry.status, entry.reason, entry.warnings))
        assert (data / "documents" / f"{entry.id}.nq").exists() == (entry.status == "accepted")
    masked, held = ("accepted", "", 1), ("quarantined", "personal-numbers", 0)
    assert states == [masked, held, held, masked, masked, held], "what was chosen last is kept"


@pytest.mark.parametrize("name", BUILT)
def test_numbers_in_other_formats_are_masked(name: str) -> None:
    make, _ = BUILT[name]
    text = (TEXTS_OF_BUILT / f"{name}.txt").read_text("utf-8")
    chance = random.Random(name)
    numbers = [" ".join(chance.choice(writings(twelve_digits(chance))).split()) for _ in range(8)]
    lines = text.splitlines()
    for number in numbers:
        at = chance.randrange(8, len(lines))
        lines[at:at] = ["", f"Kontakt {number}", ""]
    found = canonical_text(make("\n".join(lines)))
    assert isinstance(found, Text)
    assert found.canonical.count("Kontakt ••") == len(numbers)
    assert not {form for number in numbers for form in forms(number) if form in found.canonical}


def test_a_decision_on_persons_with_a_number_is_refused(command: Run, tmp_path: Path) -> None:
    decided = tmp_path / "beslut.toml"
    decided.write_text(
        '[[same]]\nmunicipality = "Almvik"\nnames = ["Anna Berg", "Anna Bergh"]\n'
        'reason = "Samma person, 121212-1212."\n',
        "utf-8",
    )
    shutil.copy(TEXTS[0], tmp_path)
    for arguments in (("map", TEXTS[0]), ("ingest", TEXTS[0], "--data", tmp_path / "data")):
        done = command(*arguments, "--decisions", decided)
        assert (done.returncode, done.stdout) == (2, "")
        assert "line 4" in done.stderr and "1212" not in done.stderr
    assert not (tmp_path / "data" / "decisions.toml").exists()

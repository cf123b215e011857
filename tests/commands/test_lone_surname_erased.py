"""The surname alone of somebody who was erased: gone where it can mean nobody else, else told, document by document."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from server.data_folder import folder
from server.storage import snapshot
from tests.conftest import ROOT, SAMPLES, Done

OPARL = ROOT / "tests" / "imports" / "data" / "oparl"
Run = Callable[..., Done]
WHOLE = "2024-02-26-kommunfullmaktige-protokoll.txt"
ALONE = "2016-11-15-socialnamnden-protokoll.txt"
NAME = "Gunhild Kvaster"
FORMS = ("Kvaster", "kvaster", "KVASTER")
ACTOR = "Ledamoten Karin Lindmark (V) lämnar"


def with_alone(more: str = "", surname: str = "Kvaster") -> str:
    """Minutes with a surname alone, in a line that is read and in one that is not understood."""
    text = (SAMPLES / ALONE).read_text("utf-8").replace(ACTOR, f"Ledamoten {surname} (V) lämnar")
    assert f"Ledamoten {surname} (V)" in text
    return text.replace("2016-11-15", "2018-11-13") + more


@pytest.fixture
def documents(tmp_path: Path) -> Path:
    """Two documents: one has the whole name of somebody, the other the surname alone; and files that are refused."""
    (tmp_path / "in").mkdir()
    text = (SAMPLES / WHOLE).read_text("utf-8").replace("Mirja Stålbrand", NAME)
    (tmp_path / "in" / "helt.txt").write_text(text, "utf-8")
    (tmp_path / "in" / "ensamt.txt").write_text(with_alone(), "utf-8")
    (tmp_path / "in" / "svar-kvaster.xyz").write_text("en")
    (tmp_path / "in" / "Kvaster_Gunhild.xyz").write_text("två")
    return tmp_path / "in"


def holding(data: Path, *needles: str) -> list[str]:
    forms = [needle.encode(encoding) for needle in needles for encoding in ("utf-8", "utf-16-le")]
    return [
        str(path.relative_to(data))
        for path in data.rglob("*")
        if path.is_file() and any(form in path.read_bytes() for form in forms)
    ]


def forgotten(command: Run, data: Path, *more: object, name: str = NAME) -> str:
    done = command("forget", "--person", name, "--data", data, "--ground", "Artikel 17", "--jobs", "1", *more)
    assert done.returncode == 0, done.stderr
    return done.stderr


def ingested(command: Run, documents: Path) -> Path:
    data = documents.parent / "data"
    done = command("ingest", documents, "--data", data, "--jobs", "1")
    assert done.returncode == 0, done.stderr
    return data


def test_a_surname_alone_that_can_mean_nobody_else_is_nowhere_and_does_not_come_back(
    command: Run, documents: Path
) -> None:
    data = ingested(command, documents)
    held = {name.partition("/")[0] for name in holding(data, *FORMS)}
    assert held >= {"documents", "texts", "ledger.sqlite", "ledger.nq", "persons.nq", "store", "feed"}
    told = forgotten(command, data)
    assert "3 documents and 1 persons" in told or "4 documents and 1 persons" in told
    assert "left alone" not in told
    assert holding(data, *FORMS) == []
    opened = snapshot.open_current(data)
    try:
        quads = [str(quad) for quad in opened.store]
    finally:
        opened.close()
    names = {quad.split('"')[1] for quad in quads if "#fileName" in quad and "•" in quad}
    assert names == {"svar-•••••••.xyz", "•••••••_•••••••.xyz"}
    assert not [quad for quad in quads if any(form in quad for form in FORMS)]
    text = (data / "texts" / f"{folder.digest(documents / 'ensamt.txt')[:16]}.txt").read_text("utf-8")
    assert "Ledamoten ••••••• (V) lämnar" in text

    for path in (data / "texts").iterdir():
        path.unlink()  # so that every document is read from its bytes
    (documents / "senare kvaster.txt").write_text(with_alone("\nSvara till kvaster@almvik.example.\n"), "utf-8")
    (documents / "kvasters.xyz").write_text("tre")
    assert command("ingest", documents, "--data", data, "--jobs", "1").returncode == 0
    assert len(folder.entries(data)) == 6
    assert holding(data, *FORMS) == []
    assert command("verify", "--data", data).returncode == 0


@pytest.mark.parametrize(
    "more",
    [
        "\nLedamoten Ragnhild Kvaster (M) yrkar bifall.\n",
        "\nEn park vid Kvasters väg anläggs.\n",
        "\nAvtalet med Kvaster Bygg AB förlängs.\n",
        "\nStäderskan tog sina kvaster och gick.\n",
    ],
)
def test_a_surname_that_may_mean_something_else_is_left_and_told(command: Run, documents: Path, more: str) -> None:
    (documents / "annat.txt").write_text(with_alone(more, surname="Karin Lindmark"), "utf-8")
    data = ingested(command, documents)
    told = forgotten(command, data)
    assert "ensamt.txt: an erased surname is left alone (text" in told
    assert "ensamt.txt: ett raderat efternamn står kvar för sig (texten" in told
    assert "svar-kvaster.xyz: an erased surname is left alone (file name)" in told
    assert "helt.txt" not in told
    text = (data / "texts" / f"{folder.digest(documents / 'ensamt.txt')[:16]}.txt").read_text("utf-8")
    assert "Ledamoten Kvaster (V) lämnar" in text
    in_annat = "annat.txt: an erased surname is left alone (text" in told
    as_word = "In 1 further documents the surname stands in small letters alone" in told
    is_whole_name_of_another = "Ragnhild" in more
    assert (in_annat, as_word) == (not is_whole_name_of_another and "sina" not in more, "sina" in more)


@pytest.mark.parametrize("surname", ["Berg", "Lund", "Sund", "Almvik", "Sorundanet"])
def test_a_surname_that_is_a_word_a_place_or_a_party_is_left_and_told(
    command: Run, tmp_path: Path, surname: str
) -> None:
    (tmp_path / "in").mkdir()
    text = (SAMPLES / WHOLE).read_text("utf-8").replace("Mirja Stålbrand", f"Gunhild {surname}")
    (tmp_path / "in" / "helt.txt").write_text(text, "utf-8")
    (tmp_path / "in" / "ensamt.txt").write_text(with_alone(surname=surname), "utf-8")
    data = ingested(command, tmp_path / "in")
    told = forgotten(command, data, name=f"Gunhild {surname}")
    assert "ensamt.txt: an erased surname is left alone (text" in told
    assert holding(data / "texts", f"Ledamoten {surname} (V)") and holding(data, f"Gunhild {surname}") == []


def test_a_surname_that_nobody_of_the_graph_bears_is_told_alone(command: Run, documents: Path) -> None:
    data = ingested(command, documents)
    told = forgotten(command, data, name="Ragnhild Kvaster")
    assert "0 documents and 0 persons" in told and "ensamt.txt: an erased surname is left alone (text" in told
    assert holding(data / "texts", "Ledamoten Kvaster (V)")


def test_a_report_where_it_is_left_is_told(command: Run, documents: Path) -> None:
    more = "\nKvasters väg\n\n§ 11 Kvaster åter\n\nKvaster\n"
    (documents / "rapport.txt").write_text(with_alone(more, surname="Karin Lindmark"), "utf-8")
    data = ingested(command, documents)
    report = data / "reports" / f"{folder.digest(documents / 'rapport.txt')[:16]}.txt"
    assert "Kvaster" in report.read_text("utf-8")
    assert "rapport.txt: an erased surname is left alone (text, report)" in forgotten(command, data)


def test_it_goes_from_what_was_imported_too_where_it_can_mean_nobody_else(command: Run, documents: Path) -> None:
    source = shutil.copytree(OPARL, documents.parent / "oparl")
    for file in source.rglob("*.json"):
        text = file.read_text("utf-8").replace('"Abends geöffnete', '"Yttrande av Kvaster: Abends geöffnete')
        file.write_text(text, "utf-8")
    data = ingested(command, documents)
    assert command("import", source, "--as", "oparl", "--data", data).returncode == 0
    assert holding(data / "documents", "Yttrande av Kvaster: ")
    assert "left alone" not in forgotten(command, data)
    assert holding(data, *FORMS) == []

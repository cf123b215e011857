"""What is removed is gone from every file of the data folder, also while a server reads it."""

import itertools
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pyoxigraph as ox
import pytest

from mapping.erased import erased, hide_erased, mask_erased, named_in
from mapping.erased_surnames import erased_surnames, mask_surnames, shortened
from mapping.parties import without_party
from server.data_folder import folder
from server.gone import forgotten
from server.storage import snapshot, store
from tests.conftest import ROOT, SAMPLES, Done
from tests.server.conftest import free_port, start
from tests.server.data import Server

OPARL = ROOT / "tests" / "imports" / "data" / "oparl"
Run = Callable[..., Done]
WITHOUT, WITH = "2016-11-15-socialnamnden-protokoll.txt", "2024-02-26-kommunfullmaktige-protokoll.txt"
SECRET = "Gunhild Fredagskvist"
FORMS = (SECRET, "Fredagskvist", "fredagskvist", "FREDAGSKVIST")


def holding(data: Path, *needles: str) -> list[str]:
    """The files, by name or content, that hold one of some strings in UTF-8 or UTF-16."""
    forms = [needle.encode(encoding) for needle in needles for encoding in ("utf-8", "utf-16-le")]
    return [
        str(path)
        for path in data.rglob("*")
        if any(needle in path.name for needle in needles)
        or (path.is_file() and any(form in path.read_bytes() for form in forms))
    ]


def objects(data: Path, document: str) -> set[str]:
    opened = snapshot.open_current(data)
    try:
        subject = ox.NamedNode(f"https://kommungraf.example/id/document/{document}")
        return {quad.object.value for quad in opened.store.quads_for_pattern(subject, None, None)}  # type: ignore[union-attr]
    finally:
        opened.close()


@pytest.fixture
def secretive(command: Run, tmp_path: Path) -> tuple[Path, Path]:
    """(data folder, file) where the file names somebody that no other document names."""
    shutil.copytree(SAMPLES, tmp_path / "in", ignore=lambda _, names: [n for n in names if n not in (WITHOUT, WITH)])
    secret = (tmp_path / "in" / WITH).rename(tmp_path / "in" / f"hemligt {SECRET}.txt")
    secret.write_text(secret.read_text("utf-8").replace("\nMirja Stålbrand (S)\n", f"\n{SECRET} (S)\n"), "utf-8")
    data = tmp_path / "data"
    assert command("ingest", tmp_path / "in", "--data", data, "--jobs", "1").returncode == 0
    held = {Path(path).relative_to(data).parts[0] for path in holding(data, SECRET, "Fredagskvist")}
    assert held == {"documents", "texts", "ledger.sqlite", "ledger.nq", "persons.nq", "store", "feed", "search"}
    return data, secret


def test_a_removed_document_is_nowhere(command: Run, secretive: tuple[Path, Path]) -> None:
    data, secret = secretive
    sha256 = folder.digest(secret)
    done = command("remove", secret.name, "--data", data, "--reason", "Skyddad uppgift", "--jobs", "1")
    assert (done.returncode, done.stdout) == (0, f"{sha256[:16]}: removed · borttagen\n"), done.stderr
    assert holding(data, SECRET, "Fredagskvist", "fredagskvist") == []
    assert sha256 not in {entry.sha256 for entry in folder.entries(data)}
    told = objects(data, sha256[:16])
    assert {"https://w3id.org/kommungraf/concept/processing-status/removed", "Skyddad uppgift", sha256} <= told
    assert command("verify", "--data", data).returncode == 0


def test_what_was_removed_is_read_again_only_when_asked_to(command: Run, secretive: tuple[Path, Path]) -> None:
    data, secret = secretive
    assert command("remove", folder.digest(secret), "--data", data, "--jobs", "1").returncode == 0
    done = command("ingest", secret.parent, "--data", data, "--jobs", "1")
    assert done.returncode == 0 and "--again" in done.stderr and "was removed" in done.stderr
    assert holding(data, SECRET) == []
    assert command("ingest", secret, "--data", data, "--again", "--jobs", "1").returncode == 0
    assert holding(data, SECRET)
    assert folder.digest(secret) in {entry.sha256 for entry in folder.entries(data)}
    assert "https://w3id.org/kommungraf/concept/processing-status/removed" not in objects(
        data, folder.digest(secret)[:16]
    )


READ = """
import sys, time
from pathlib import Path
from server.storage import snapshot
data = Path(sys.argv[1])
opened = snapshot.open_current(data)
print("open", flush=True)
while snapshot.current_version(data) == opened.version:
    time.sleep(0.05)
time.sleep(2)
opened.close()
del opened
"""


def test_readers_are_waited_for(command: Run, secretive: tuple[Path, Path]) -> None:
    data, secret = secretive
    with subprocess.Popen([sys.executable, "-c", READ, data], cwd=ROOT, stdout=subprocess.PIPE, text=True) as reader:
        assert reader.stdout is not None and reader.stdout.readline() == "open\n"
        assert command("remove", secret.name, "--data", data, "--jobs", "1").returncode == 0
        assert holding(data, SECRET) == []
        assert len([path for path in (data / "store").iterdir() if path.is_dir()]) == 2
        reader.wait()


def test_a_killed_removal_is_completed_by_the_next_ingest(
    command: Run, secretive: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    data, secret = secretive
    die = "import os, sys, kommungraf, server.storage.store\nserver.storage.store.rebuild = lambda *_: os._exit(9)\nkommungraf.main()"
    arguments = ["remove", secret.name, "--data", str(data), "--jobs", "1"]
    assert subprocess.run([sys.executable, "-c", die, *arguments], cwd=ROOT, check=False).returncode == 9
    assert holding(data, SECRET)
    assert command("ingest", SAMPLES / WITHOUT, "--data", data, "--jobs", "1").returncode == 0
    assert holding(data, SECRET) == []


@pytest.mark.parametrize("where", ["commands.ingest.settle", "server.storage.store.rebuild"])
@pytest.mark.parametrize("name", ["remove", "erase"])
def test_what_was_broken_off_is_not_served_and_rebuild_completes_it(
    command: Run, secretive: tuple[Path, Path], name: str, where: str
) -> None:
    data, secret = secretive
    die = f"import os, kommungraf, commands.ingest, server.storage.store\n{where} = lambda *_: os._exit(9)\nkommungraf.main()"
    more = {"remove": [secret.name], "erase": ["--name", SECRET, "--ground", "Artikel 17"]}[name]
    arguments = [sys.executable, "-c", die, name, *more, "--data", str(data), "--jobs", "1"]
    assert subprocess.run(arguments, cwd=ROOT, check=False).returncode == 9
    done = command("serve", "--data", data, "--port", str(free_port()))
    assert done.returncode == 5 and f"kommungraf rebuild --data {data}" in done.stderr, done.stderr
    done = command("load", "--data", data, "--store", f"http://127.0.0.1:{free_port()}/sparql")
    assert done.returncode == 5 and "An erasure in" in done.stderr
    assert "An erasure in" in command("verify", "--data", data).stderr
    assert holding(data, SECRET)
    assert command("rebuild", "--data", data).returncode == 0
    assert holding(data, *FORMS) == []
    assert command("verify", "--data", data).returncode == 0
    process = start(data, port := free_port())
    try:
        assert SECRET not in Server(port).ask("SELECT * { ?s ?p ?o }", "text/csv").text
    finally:
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=30)


STUCK = """
import errno, pathlib, shutil, sys, kommungraf
really = shutil.rmtree
stuck = sys.argv.pop(1)

def rmtree(path, ignore_errors=False, **more):
    path = pathlib.Path(path)
    if path.parent.name != "store" or path.name.startswith(".") or (path.name == "sources") != (stuck == "sources"):
        really(path, ignore_errors, **more)
    elif not ignore_errors:
        raise OSError(errno.EPERM, "Operation not permitted", str(path))

shutil.rmtree = rmtree
kommungraf.main()
"""


@pytest.mark.parametrize("stuck", ["sources", "version"])
@pytest.mark.parametrize("name", ["remove", "rebuild"])
def test_what_cannot_be_deleted_is_told_and_tried_again(
    command: Run, secretive: tuple[Path, Path], stuck: str, name: str
) -> None:
    data, secret = secretive
    more = [secret.name, "--jobs", "1"] if name == "remove" else []
    arguments = [sys.executable, "-c", STUCK, stuck, name, *more, "--data", str(data)]
    done = subprocess.run(arguments, cwd=ROOT, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (5, ""), done.stderr
    assert "could not be deleted" in done.stderr and "Traceback" not in done.stderr
    if name == "remove":
        assert holding(data, SECRET)
        assert command("rebuild", "--data", data).returncode == 0
        assert holding(data, SECRET) == []


def test_what_is_no_document_is_told_and_nothing_removed(command: Run, secretive: tuple[Path, Path]) -> None:
    data, secret = secretive
    before = folder.entries(data)
    done = command("remove", secret.name, "finns-inte.pdf", "--data", data)
    assert (done.returncode, done.stdout) == (2, "") and "finns-inte.pdf is no document" in done.stderr
    assert folder.entries(data) == before


def test_an_old_literal_leaves_the_disk_when_the_store_is_rebuilt(tmp_path: Path) -> None:
    path = tmp_path / "documents" / "a.nq"
    path.parent.mkdir()
    for text in (SECRET, "nobody"):
        path.unlink(missing_ok=True)
        path.write_text(f'<a:s> <a:p> "{text}, and long enough for the table of strings" <a:g> .\n')
        published = store.build(tmp_path, "https://data.example")
    assert published.changed == 2 and holding(tmp_path, SECRET)
    assert store.rebuild(tmp_path, "https://data.example").version == published.version
    assert holding(tmp_path, SECRET) == []


def test_a_server_tells_that_a_removed_document_is_gone(command: Run, secretive: tuple[Path, Path]) -> None:
    data, secret = secretive
    document = folder.digest(secret)[:16]
    port = free_port()
    process = start(data, port)
    try:
        server = Server(port)
        assert SECRET in server.ask("SELECT * { ?s ?p ?o }", "text/csv").text
        for kind in ("document", "text", "graph"):
            assert server.get(f"/id/{kind}/{document}", "text/html").status == 303
            assert server.get(f"/doc/{kind}/{document}", "text/html").status == 200
        assert command("remove", secret.name, "--data", data, "--jobs", "1", "--reason", "Sekretess").returncode == 0
        for kind in ("document", "text", "graph"):
            for accept, place in itertools.product(("text/html", "text/turtle"), ("id", "doc")):
                gone = server.get(f"/{place}/{kind}/{document}", accept)
                assert gone.status == 410 and "Sekretess" in gone.text and SECRET not in gone.text
        everything = server.ask("SELECT * { ?s ?p ?o }", "text/csv")
        assert everything.status == 200 and SECRET not in everything.text
    finally:
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=30)


def test_an_erased_name_is_nowhere_and_does_not_come_back(command: Run, secretive: tuple[Path, Path]) -> None:
    data, secret = secretive
    before = {entry.sha256 for entry in folder.entries(data)}
    length = len((data / "texts" / f"{folder.digest(secret)[:16]}.txt").read_text("utf-8"))
    done = command("erase", "--name", SECRET, "--data", data, "--ground", "Artikel 17", "--jobs", "1")
    assert done.returncode == 0, done.stderr
    assert holding(data, *FORMS) == []
    assert {entry.sha256 for entry in folder.entries(data)} == before
    assert all(entry.status == "accepted" for entry in folder.entries(data))
    text = (data / "texts" / f"{folder.digest(secret)[:16]}.txt").read_text("utf-8")
    assert len(text) == length and "••••••• •••••••••••• (S)" in text
    assert command("verify", "--data", data).returncode == 0
    later = secret.with_name("senare.txt")
    later.write_text(secret.read_text("utf-8").replace(SECRET, "Fredagskvist,\nGunhild") + f"\n{SECRET.upper()}s\n")
    (data / "texts" / f"{folder.digest(secret)[:16]}.txt").unlink()  # so that the document is read from its bytes
    done = command("ingest", secret.parent, "--data", data, "--jobs", "1")
    assert done.returncode == 0 and len(folder.entries(data)) == len(before) + 1
    assert holding(data, *FORMS) == []
    assert "Mirja Stålbrand" in (data / "persons.nq").read_text("utf-8")


def test_grounds_do_not_keep_an_erased_name(command: Run, secretive: tuple[Path, Path]) -> None:
    data, secret = secretive
    first, second = folder.digest(secret), folder.digest(SAMPLES / WITHOUT)
    last = ("--data", data, "--jobs", "1")
    assert command("remove", first, "--reason", f"Begärt av {SECRET}", *last).returncode == 0
    assert command("erase", "--name", SECRET, "--ground", f"På {SECRET}s begäran", *last).returncode == 0
    assert command("remove", second, "--reason", f"Även detta av {SECRET}", *last).returncode == 0
    assert holding(data, *FORMS) == []
    assert "Begärt av •••" in objects(data, first[:16])
    assert "Även detta av •••" in objects(data, second[:16])


def test_a_killed_erasure_is_completed_by_the_next_ingest(command: Run, secretive: tuple[Path, Path]) -> None:
    data, _ = secretive
    die = "import os, sys, kommungraf, commands.ingest\ncommands.ingest.settle = lambda *_: os._exit(9)\nkommungraf.main()"
    arguments = ["erase", "--name", SECRET, "--data", str(data), "--ground", "Artikel 17", "--jobs", "1"]
    assert subprocess.run([sys.executable, "-c", die, *arguments], cwd=ROOT, check=False).returncode == 9
    assert holding(data, SECRET)
    assert command("ingest", SAMPLES / WITHOUT, "--data", data, "--jobs", "1").returncode == 0
    assert holding(data, *FORMS) == []


def test_a_single_name_is_not_erased(command: Run, tmp_path: Path) -> None:
    done = command("erase", "--name", "Gunhild", "--data", tmp_path / "none", "--ground", "x")
    assert done.returncode == 2 and "both first name and surname" in done.stderr


ALONE = "Fredagskvist talade. Fredagskvists svar, FREDAGSKVIST. fredagskvist@almvik.example, Fredagskvist-Ek"


@pytest.mark.parametrize(
    ("text", "others", "left"),
    [
        (ALONE, ("Anna Ek",), "•••••••••••• talade. •••••••••••••"),
        (ALONE, ("Karin Fredagskvist",), "Fredagskvist talade. Fredagskvists"),  # somebody else bears it here
        (ALONE, ("Fredagskvist",), "•••••••••••• talade."),  # whoever is meant by the surname alone
        (f"{ALONE}. En fredagskvist är en kvist.", (), "Fredagskvist talade."),  # it is a word
        ("Fredags-\nkvist talade", (), "•••••••-\n••••• talade"),
        ("Fredagskvistens", (), "Fredagskvistens"),
    ],
)
def test_a_surname_alone_is_masked_where_it_is_safe(text: str, others: tuple[str, ...], left: str) -> None:
    rules = erased([SECRET])
    rules += erased_surnames([SECRET], rules[0].salt)
    text = f"{SECRET} var där. {text}"
    masked = mask_surnames(mask_erased(text, rules), named_in(text, rules), others)
    assert len(masked) == len(text) and masked.startswith(f"••••••• •••••••••••• var där. {left}")
    assert "Fredagskvist-Ek" in masked or "Fredagskvist-Ek" not in text


BERG = (
    "Berg (S) återkom. Ledamoten Berg yrkar. Bergs svar. I Berg, BERG [S]. Berg yrkar. Lindqvist Berg, Berg-Lindqvist"
)


@pytest.mark.parametrize(
    ("first", "others", "left"),
    [
        # the name of a municipality, and then one that is none
        ("Berg", (), "•••• (S) återkom. Ledamoten •••• yrkar. Bergs svar. I Berg, •••• [S]. •••• yrkar. "),
        ("Barr", ("Karl Ek",), "•••• (S) återkom. Ledamoten •••• yrkar. ••••• svar. I ••••, •••• [S]. •••• yrkar. "),
        ("Barr", ("Barr Lindqvist",), "•••• (S) återkom. Ledamoten •••• yrkar. ••••• svar."),  # it is herself
        ("Barr", ("Karl Barr",), "Barr (S) återkom. Ledamoten Barr yrkar. Barrs svar. I Barr, BARR [S]. Barr yrkar."),
    ],
)
def test_the_first_of_two_surnames_is_masked_where_it_is_safe(first: str, others: tuple[str, ...], left: str) -> None:
    name = f"Anna {first} Lindqvist"
    short = shortened(f"{name} (S)")
    assert short == (f"Anna {first}", f"Anna {first}-Lindqvist")
    rules = erased([name, short[0]])
    rules += erased_surnames([name, *short], rules[0].salt)
    text = f"{name} var där. {BERG.replace('Berg', first).replace('BERG', first.upper())}"
    masked = mask_surnames(mask_erased(text, rules), named_in(text, rules), others)
    assert masked.startswith(f"•••• •••• ••••••••• var där. {left}")
    assert masked.endswith("••••••••• Barr, ••••-•••••••••" if "Karl Barr" in others else ", ••••-•••••••••")


@pytest.mark.parametrize(
    "name", ["Anna Karin Lindqvist", "Anna Ann-Britt Ek", "Anna B. Ek", "Anna von Ek", "Anna Ek-Lind"]
)
def test_what_is_no_first_surname_is_not_taken_for_one(name: str) -> None:
    assert shortened(name) is None


def test_a_surname_alone_is_left_where_its_bearer_is_not_named() -> None:
    rules = erased([SECRET])
    rules += erased_surnames([SECRET], rules[0].salt)
    assert named_in(ALONE, rules) == [] and mask_erased(ALONE, rules) == ALONE
    kept = erased_surnames(["Bo Ek", "Eva Alm-Berg", "Dal, Per"], "00")
    assert sorted(rule.letters for rule in kept) == [len("dal"), len("almberg")]


def test_a_person_is_forgotten_by_iri_and_the_old_address_tells_the_ground(
    command: Run, secretive: tuple[Path, Path]
) -> None:
    data, _ = secretive
    person = "https://kommungraf.example/id/person/almvik/gunhild-fredagskvist-s"
    asked = ("forget", "--person", person, "--data", data, "--jobs", "1")
    assert command("forget", "--person", f"{person}x", "--data", data, "--ground", "x").returncode == 8
    assert "--ground is missing" in command(*asked).stderr
    assert command("forget", "--data", data, "--ground", "x").returncode == 2
    assert command("forget", "finns-inte.pdf", "--data", data, "--ground", "x").returncode == 8
    assert holding(data, SECRET)
    done = command(*asked, "--ground", "Artikel 17")
    assert (done.returncode, done.stdout) == (0, "forgotten · raderat\n"), done.stderr
    assert holding(data, *FORMS) == []
    gone = forgotten.problem(data, "/id/person/almvik/gunhild-fredagskvist-s")
    assert gone is not None and gone.status == 410 and "Artikel 17" in gone.en
    assert forgotten.problem(data, "/id/membership/almvik/gunhild-fredagskvist-s/s/member") is not None
    assert forgotten.problem(data, "/id/person/almvik/mirja-stalbrand-s") is None
    assert forgotten.problem(data, "/id/person/storvik/gunhild-fredagskvist-s") is None


def test_what_is_left_of_a_surname_is_told(command: Run, secretive: tuple[Path, Path]) -> None:
    data, secret = secretive
    text = secret.read_text("utf-8").replace("\nUlrika Hedmarker (M)\n", "\nUlrika Fredagskvist (M)\n")
    secret.with_name("två.txt").write_text(f"{text}\nFredagskvist talade.\n", "utf-8")
    assert command("ingest", secret.parent, "--data", data, "--jobs", "1").returncode == 0
    done = command("forget", "--person", SECRET, "--data", data, "--ground", "Artikel 17", "--jobs", "1")
    assert done.returncode == 0 and "två.txt: an erased surname is left alone" in done.stderr
    assert "hemligt" not in done.stderr
    assert "Ulrika Fredagskvist" in (data / "persons.nq").read_text("utf-8")


def test_dumps_go_with_what_was_forgotten(command: Run, secretive: tuple[Path, Path]) -> None:
    data, secret = secretive
    (data / "dumps" / "0123").mkdir(parents=True)
    (data / "dumps" / "0123" / "all.csv").write_text(SECRET)
    assert command("forget", secret.name, "--data", data, "--ground", "Sekretess", "--jobs", "1").returncode == 0
    assert holding(data, *FORMS) == [] and list((data / "dumps").iterdir()) == []


def test_how_many_bore_the_name_is_told(command: Run, secretive: tuple[Path, Path]) -> None:
    data, _ = secretive
    imported = command("import", OPARL, "--as", "oparl", "--data", data)
    assert imported.returncode == 0, imported.stderr
    ground = ("--ground", "Artikel 17", "--data", data, "--jobs", "1")
    done = command("forget", "--person", "Nobody Atall", *ground)
    assert done.returncode == 0 and "0 documents and 0 persons" in done.stderr, done.stderr
    assert "check the spelling" in done.stderr
    done = command("forget", "--person", SECRET, *ground)
    assert done.returncode == 0 and "1 documents and 1 persons" in done.stderr, done.stderr
    assert "check the spelling" not in done.stderr
    done = command("forget", "--person", "Horst Beispielmann", *ground)
    assert done.returncode == 0 and "1 documents and " in done.stderr, done.stderr


@pytest.mark.parametrize("printed", [f"{SECRET} (SD)", "Fredagskvist, Gunhild (SD)", f"{SECRET}, SD", f"{SECRET} SD"])
def test_a_party_behind_the_name_is_no_part_of_it(printed: str) -> None:
    rules = erased([printed])
    rules += erased_surnames([printed], rules[0].salt)
    assert mask_erased(f"{SECRET} och {SECRET} (SD)", rules) == "••••••• •••••••••••• och ••••••• •••••••••••• (SD)"
    assert sorted(rule.letters for rule in rules if rule.alone) == [len("fredagskvist")]
    assert without_party("Anna Ek") == "Anna Ek" and without_party("Ek, Anna") == "Ek, Anna"


def test_a_person_is_forgotten_by_the_name_that_pages_print(command: Run, secretive: tuple[Path, Path]) -> None:
    data, secret = secretive
    text = secret.read_text("utf-8").replace(f"\n{SECRET} (S)\n", f"\n{SECRET} (SD)\n")
    secret.write_text(f"{text}\n{SECRET} talade.\n", "utf-8")
    fresh = data.with_name("fresh")
    assert command("ingest", secret, "--data", fresh, "--jobs", "1").returncode == 0
    ground = ("--data", fresh, "--ground", "Artikel 17", "--jobs", "1")
    assert command("forget", "--person", "Gunhild (SD)", *ground).returncode == 2
    done = command("forget", "--person", f"{SECRET} (SD)", *ground)
    assert done.returncode == 0 and "1 documents and 1 persons.\n" in done.stderr, done.stderr
    assert holding(fresh, *FORMS) == []
    assert forgotten.problem(fresh, "/doc/person/almvik/gunhild-fredagskvist-sd") is not None


@pytest.mark.parametrize(
    "spaced",
    [
        "G u n h i l d  F r e d a g s k v i s t",
        "G u n h i l d F r e d a g s k v i s t s",
        "Gunhild F R E D A G S K V I S T",
    ],
)
def test_a_name_with_its_letters_spaced_out_is_masked(spaced: str) -> None:
    rules = erased([SECRET])
    masked = mask_erased(f"I a k t {SECRET}: {spaced}, A B C {SECRET}", rules)
    hidden = re.sub(r"\w", "•", spaced)
    assert masked == f"I a k t ••••••• ••••••••••••: {hidden}, A B C ••••••• ••••••••••••"
    assert hide_erased(f"Av {spaced}, ej {SECRET}s mor", rules) == "Av •••, ej ••• mor"

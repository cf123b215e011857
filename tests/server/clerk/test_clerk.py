"""The clerk's pages over documents that were read with the command line: good ones, a misprint, no minutes at all."""

import csv
import html
import io
import re
import shutil
import signal
import sqlite3
import tomllib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote_plus

import pytest

from server.clerk.gaps import Gap, Meeting, counted, gaps
from server.clerk.identities import Person, decision
from server.clerk.lines import Unread, place_of, stretches, unread_lines
from server.data_folder import folder
from server.query_page.examples import examples
from server.views.posts import Post
from tests.conftest import ROOT, SAMPLES, Done
from tests.server.conftest import free_port, start
from tests.server.data import Server

Run = Callable[..., Done]
EXTRACT = SAMPLES / "2024-09-17-socialnamnden-protokollsutdrag.txt"
REFUSED = SAMPLES.parent / "refused" / "veckobrev-forskolan-talludden.txt"
MINUTES = SAMPLES / "2025-03-18-socialnamnden-protokoll.pdf"
SUMMONS = ROOT / "tests" / "layouts" / "kallelse-kungalv-ks.txt"
HOSTILE = "<script>alert(1)</script> FÖREDRAGNINGSLISTA"
NUMBER = "19121212-1212"


@dataclass(frozen=True)
class Office:
    """What a clerk has: the files, the data folder, and the site over it."""

    files: Path
    data: Path
    site: Server

    def id(self, name: str) -> str:
        return next(each.id for each in folder.entries(self.data) if each.file_name == name)

    def page(self, path: str, language: str = "sv") -> str:
        joint = "&" if "?" in path else "?"
        got = self.site.get(f"/quality{path}{joint}lang={language}", "text/html")
        assert got.status == 200, got.text
        return got.text


def said(page: str) -> str:
    """What a reader reads on a page, in one line."""
    main = page.partition("<main")[2].partition("</main>")[0]
    return " ".join(html.unescape(re.sub(r"<[^>]*>", " ", main)).split())


@pytest.fixture(scope="module")
def office(command: Run, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    root = tmp_path_factory.mktemp("clerk")
    files, data = root / "in", root / "data"
    files.mkdir()
    for path in (EXTRACT, REFUSED, MINUTES):
        shutil.copy(path, files)
    extract = EXTRACT.read_text("utf-8")
    (files / "felskriven.txt").write_text(extract.replace("SN 2023/140", "SN 2033/140"), "utf-8")
    later = extract.replace("2024-09-17", "2024-10-15").replace("§ 4", "§ 9").replace("nr 6", "nr 7")
    later = later.replace("Ronny Skogvall (SD)", "Ronny Skogvall (KD)").replace("två gånger", f"två gånger {NUMBER}")
    (files / "oktober.txt").write_text(later, "utf-8")
    summons = SUMMONS.read_text("utf-8")
    assert "FÖREDRAGNINGSLISTA" in summons
    (files / "kallelse <b>.txt").write_text(summons.replace("FÖREDRAGNINGSLISTA", HOSTILE), "utf-8")
    (files / "kallelse fel.txt").write_text(summons.replace("KS2015/38", "KS2035/38"), "utf-8")
    done = command("ingest", files, "--data", data)
    assert done.returncode == 0 and "4 accepted, 2 quarantined, 1 refused" in done.stdout, done.stdout + done.stderr
    port = free_port()
    process = start(data, port)
    assert process.poll() is None, process.communicate()[0]
    yield Office(files, data, Server(port))
    process.send_signal(signal.SIGTERM)
    process.wait(20)


def test_the_overview_counts_everything(office: Office) -> None:
    page = office.page("")
    told = said(page)
    for words in ("Publicerade: 4", "I karantän: 2", "Avvisade: 1", "2 fel", "2 varningar", "1 öppen identitet"):
        assert words in told, words
    unread = sum(each.unread_lines for each in folder.entries(office.data))
    assert unread > 10 and f"{unread} olästa rader" in told
    assert "/datasets/quality?lang=sv" in page and "example=24-quarantine" in page
    assert re.search(r"Paragrafer som finns \d+,?\d* %", told), told
    english = said(office.page("", "en"))
    assert "Published: 4" in english and "In quarantine: 2" in english and "1 open identity" in english


def test_the_start_page_tells_what_was_not_published_and_not_read(office: Office) -> None:
    page = office.site.get("/?lang=sv", "text/html").text
    told = said(page)
    assert "Publicerade handlingar 4 Handlingar i karantän 2 Avvisade handlingar 1" in told, told
    unread = sum(each.unread_lines for each in folder.entries(office.data) if each.status == "accepted")
    assert f"Olästa rader {unread}" in told
    assert re.search(r"\d+(,\d)? % lästa och \d+(,\d)? % utelämnade enligt regel", told), told
    assert "/quality/documents?status=refused&amp;lang=sv" in page


def test_documents_are_found_by_status_name_municipality_and_problems(office: Office) -> None:
    def names(query: str) -> list[str]:
        rows = re.findall(r'<th[^>]*><a href="[^"]*">(.*?)</a>', office.page(f"/documents{query}"))
        return [html.unescape(each) for each in rows]

    every = names("")
    assert every == sorted((each.name for each in office.files.iterdir()), key=str.casefold)
    assert names("?status=quarantined") == ["felskriven.txt", "kallelse fel.txt"]
    assert names("?status=refused") == [REFUSED.name]
    assert "avvisad Detta" in said(office.page("/documents")) and "newsletter" in office.page("/documents", "en")
    assert names("?name=KALLELSE") == ["kallelse <b>.txt", "kallelse fel.txt"]
    assert names("?municipality=1482") == ["kallelse <b>.txt"]
    assert names("?municipality=almvik") == [EXTRACT.name, MINUTES.name, "oktober.txt"]
    assert names("?problems=violation") == ["felskriven.txt", "kallelse fel.txt"]
    assert names("?problems=any") == [MINUTES.name, "felskriven.txt", "kallelse fel.txt", "oktober.txt"]
    assert names("?name=finns-inte") == [] and "Inget stämmer" in office.page("/documents?name=finns-inte")
    assert names("?page=99") == []
    assert "Sida" not in said(office.page("/documents"))
    assert "<b>.txt" not in office.page("/documents")


def test_a_quarantined_document_tells_its_problem_with_place_quote_and_what_to_do(office: Office) -> None:
    page = office.page(f"/document/{office.id('felskriven.txt')}")
    told = said(page)
    assert "i karantän" in told and "SN 2033/140 har ett senare år än sammanträdet" in told
    assert "Fel rad 11" in told and "Gör så här: Slå upp stället i handlingen." in told
    assert '<blockquote lang="sv">4</blockquote>' in page
    assert "/doc/document/" not in page, "its text is not published"
    assert "apoteksgården" not in page
    english = said(office.page(f"/document/{office.id('felskriven.txt')}", "en"))
    assert "has a later year than the meeting" in english and "What to do: Look the place up" in english


def test_a_refused_document_tells_why(office: Office) -> None:
    told = said(office.page(f"/document/{office.id(REFUSED.name)}"))
    assert "avvisad" in told and "Det är ett nyhetsbrev" in told and "Olästa rader" not in told.partition("Varför")[2]
    assert "It is a newsletter" in said(office.page(f"/document/{office.id(REFUSED.name)}", "en"))


def test_a_personal_number_is_masked_and_its_place_is_told(office: Office) -> None:
    name = office.id("oktober.txt")
    page = office.page(f"/document/{name}")
    assert NUMBER not in page and NUMBER[2:] not in page
    line = next(
        n for n, each in enumerate((office.files / "oktober.txt").read_text("utf-8").split("\n"), 1) if NUMBER in each
    )
    assert f"Varning rad {line}" in said(page) and "Numret är maskerat här" in said(page)
    at = re.search(rf"/doc/document/{name}\?at=(\d+)-(\d+)&amp;lang=sv#marked", page)
    text = (office.data / "texts" / f"{name}.txt").read_text("utf-8")
    assert at and set(text[int(at[1]) : int(at[2])]) == {"•", "-"}
    assert f"två gånger <mark>{text[int(at[1]) : int(at[2])]}</mark> och sänkt" in page, "its whole line is there"


def test_unread_lines_stand_marked_among_the_others_and_nothing_becomes_markup(office: Office) -> None:
    name = office.id("kallelse <b>.txt")
    page = office.page(f"/document/{name}")
    marked = [html.unescape(each) for each in re.findall(r"<mark>(.*?)</mark>", page)]
    entry = next(each for each in folder.entries(office.data) if each.id == name)
    assert len(marked) == entry.unread_lines > 10
    assert any(each.strip() == HOSTILE for each in marked) and "<script>alert" not in page
    assert re.search(r'<span class="number">8</span> Tid +Onsdagen', page), "the lines around are there, not marked"
    assert "<h1>kallelse &lt;b&gt;.txt</h1>" in page
    at = re.search(rf"/doc/document/{name}\?at=(\d+)-\d+&amp;lang=sv#marked", page)
    text = (office.data / "texts" / f"{name}.txt").read_text("utf-8")
    assert at and text[int(at[1]) :].lstrip().startswith(marked[0].strip())
    listed = office.page("/unread")
    assert f"{entry.unread_lines} olästa av" in said(listed) and f"/quality/document/{name}?lang=sv#unread" in listed
    assert "<mark>" in listed and "<script>alert" not in listed


def test_the_unread_lines_of_a_document_in_quarantine_are_told_without_their_text(office: Office) -> None:
    name = office.id("kallelse fel.txt")
    page = office.page(f"/document/{name}")
    lines = [each.number for each in unread_lines(office.data, name)]
    assert len(lines) > 10 and f"sida 1, rad {', '.join(map(str, lines[:3]))}" in said(page)
    assert "raderna visas inte här" in said(page)
    assert "Gruppmöten" in SUMMONS.read_text("utf-8") and "Gruppmöten" not in page
    listed = office.page("/unread").partition("<h3>kallelse fel.txt</h3>")[2].partition("</li>")[0]
    assert name in listed and "<mark>" not in listed and "Gruppmöten" not in listed


def test_a_line_that_the_published_text_does_not_have_is_not_shown() -> None:
    text = "ett\ntvå\ntre\nfyra\nfem\nsex\nsju\nåtta\nnio\n"
    found = stretches(text, [Unread(2, 1, "två"), Unread(9, None, " nio"), Unread(3, 1, "annat"), Unread(99, 1, "x")])
    assert [(each.first, each.page, each.at) for each in found] == [(2, 1, "4-7"), (9, None, "34-37")]
    assert [[line.text for line in each.lines] for each in found] == [
        ["ett", "två", "tre", "fyra"],
        ["sju", "åtta", "nio", ""],
    ]
    assert len(stretches(text, [Unread(2, 1, "två"), Unread(9, None, "nio")], 1)) == 1
    together = stretches(text, [Unread(2, 1, "två"), Unread(7, 1, "sju")])
    assert [[line.number for line in each.lines if line.unread] for each in together] == [[2, 7]]


def test_the_place_of_a_quotation_is_told_only_where_it_is_certain() -> None:
    text = "§ 4\nbifall\nbifall\nslut\n"
    assert place_of(text, "slut", None) == (4, 18, 22)
    assert place_of(text, "bifall", 3) == (3, 11, 17)
    assert (
        place_of(text, "bifall", None) is None and place_of(text, "slut", 2) is None and place_of(text, "", 1) is None
    )


def test_without_a_ledger_there_are_no_unread_lines(tmp_path: Path) -> None:
    assert unread_lines(tmp_path, "0" * 16) == []


def test_while_the_ledger_is_written_the_reader_is_asked_to_come_back(office: Office) -> None:
    connection = sqlite3.connect(office.data / "ledger.sqlite")
    connection.execute("BEGIN EXCLUSIVE")
    try:
        busy = office.site.get("/quality/unread?x=1", "text/html")
        assert busy.status == 503 and busy.headers["Retry-After"] == "10"
    finally:
        connection.rollback()
        connection.close()
    assert office.site.get("/quality/unread?x=1", "text/html").status == 200


def test_holes_are_those_of_the_query_and_say_of_what_kind_they_are(office: Office) -> None:
    query = next(each for each in examples() if each.name == "02-missing-paragraphs").text
    asked = office.site.ask(query, "text/csv")
    kinds = {
        (row["date"], int(row["firstMissing"]), int(row["lastMissing"])): row["kind"]
        for row in csv.DictReader(io.StringIO(asked.text))
    }
    expected = set(kinds)
    page = office.page("/paragraphs?municipality=almvik")
    rows = re.findall(r'<time datetime="([\d-]+)">.*?§ (\d+)(?:–(\d+))?</td>\s*<td[^>]*>(.*?)</td>', page, re.DOTALL)
    assert {(day, int(first), int(last or first)) for day, first, last, _ in rows} == expected
    assert ("2024-10-15", 5, 8) in expected and ("2024-09-17", 1, 3) in expected and len(expected) > 2
    advice = {(day, first): told for day, first, _, told in rows}
    assert "däremellan saknas" in advice["2024-10-15", "5"] and "inget fel" in advice["2024-09-17", "1"]
    assert "Sekretess" in next(told for (day, _), told in advice.items() if day == "2025-03-18")
    first, _, folded = page.partition("<details")
    assert "2024-10-15" in first and "2024-09-17" not in first, "what is no error stands folded, below"
    assert "2024-09-17" in folded and "(inget fel)" in said(page)
    listed = re.findall(r'<time datetime="([\d-]+)">.*?§ (\d+)', folded, re.DOTALL)
    assert {(day, first) for (day, first, _), kind in kinds.items() if kind == "before"} == {
        (day, int(first)) for day, first in listed
    }
    assert kinds["2024-10-15", 5, 8] == "between" and "inside" in kinds.values()
    only = office.page("/paragraphs?municipality=almvik&year=2024&kind=between")
    assert "1 lucka att se över (4 paragrafnummer)" in said(only) and "<details" not in only and "§ 5–8" in only
    assert "example=02-missing-paragraphs" in only and "/id/meeting/almvik/socialnamnden/2024-10-15" in only


def test_holes_by_the_rule() -> None:
    def meeting(day: str, *numbers: int) -> Meeting:
        return Meeting(f"m/{day}", "b", day, frozenset(numbers))

    found = gaps(
        [
            meeting("2025-02-01", 12, 15),
            meeting("2025-01-01", 3, 4),
            meeting("2026-01-01", 1),
            meeting("2025-02-01b", 2),
        ]
    )
    told = [(each.date, each.first, each.last, each.kind) for each in found]
    assert told == [
        ("2025-01-01", 1, 2, "before"),
        ("2025-02-01", 5, 11, "between"),
        ("2025-02-01", 13, 14, "inside"),
        ("2025-02-01b", 1, 1, "before"),
    ]
    assert gaps([meeting("2025-01-01", 1, 2), meeting("2025-01-02", 1, 2), meeting("2025-01-03", 3)]) == []
    assert counted([Gap("b", "m", "2025-01-01", 1, 3, "inside")], "year") == {"2025": (1, 3)}


def test_an_open_identity_stands_side_by_side_and_its_decision_settles_it(
    office: Office, command: Run, tmp_path: Path
) -> None:
    page = office.page("/identities")
    told = said(page)
    assert "Är Ronny Skogvall och Ronny Skogvall samma person?" in told
    assert "Ronny Skogvall (KD)" in told and "Ronny Skogvall (SD)" in told and "Kristdemokraterna" in told
    assert "15 oktober 2024" in told and "olika parti" in told
    assert "/id/person/almvik/ronny-skogvall-kd?lang=sv" in page and "/id/person/almvik/ronny-skogvall-sd" in page
    english = said(office.page("/identities", "en"))
    assert "another party or none stated" in english
    assert "till exempel beslut.toml: en" in told and "ingest … --decisions beslut.toml" in told
    assert "decisions.toml say: one" in english and "ingest … --decisions decisions.toml" in english
    entry = html.unescape(re.findall(r"<details open>.*?<code>(.*?)</code>", page, re.DOTALL)[0])
    assert tomllib.loads(entry)["same"][0] == {
        "municipality": "Almvik",
        "names": ["Ronny Skogvall"],
        "parties": ["KD", "SD"],
        "reason": "",
    }
    (tmp_path / "beslut.toml").write_text(entry.replace('reason = ""', 'reason = "Bytte parti."'), "utf-8")
    data = shutil.copytree(office.data, tmp_path / "data")
    done = command("ingest", office.files, "--data", data, "--decisions", tmp_path / "beslut.toml")
    assert done.returncode == 0, done.stderr
    before, after = ((each / "persons.nq").read_text("utf-8") for each in (office.data, data))
    assert "identity-status/open" in before and "identity-status/open" not in after


def test_a_decision_says_who_has_no_party_and_is_left_out_where_nothing_differs() -> None:
    def person(name: str, *parties: str) -> Person:
        return Person("p", name, (), [Post("m", f"x/id/party/{each}", None, "", "", None) for each in parties])

    def told(*persons: Person) -> str:
        return decision('Öst "V"', persons, lambda party: party.rpartition("/")[2])

    entry = tomllib.loads(told(person("Per\x7f Holm", "S"), person("Pär Holm")))["same"][0]
    assert entry == {
        "municipality": 'Öst "V"',
        "names": ["Per\x7f Holm", "Pär Holm"],
        "parties": ["S", "-"],
        "reason": "",
    }
    assert told(person("Per Holm", "S"), person("Per Holm", "S")) == ""


def test_all_problems_are_a_table(office: Office) -> None:
    address = html.unescape(re.findall(r'<a href="(/sparql\?[^"]*)">Alla problem', office.page("/documents"))[0])
    assert "format=csv" in address and "kg:line" in unquote_plus(address)
    rows = list(csv.DictReader(io.StringIO(office.site.get(address).text)))
    assert [row["fileName"] for row in rows] == [MINUTES.name, "felskriven.txt", "kallelse fel.txt", "oktober.txt"]
    wrong = next(row for row in rows if row["fileName"] == "felskriven.txt")
    assert wrong["line"] == "11" and wrong["severity"].endswith("#Violation") and wrong["quote"] == "4"
    assert "senare år" in wrong["problem"] and "later year" in wrong["problemInEnglish"]
    page = office.page(f"/document/{office.id('felskriven.txt')}")
    one = html.unescape(re.findall(r'<a href="(/sparql\?[^"]*)">Problemen', page)[0])
    assert len(list(csv.DictReader(io.StringIO(office.site.get(one).text)))) == 1


@pytest.mark.parametrize("name", ["0" * 16, "felskriven.txt", "%3Cscript%3E", "0" * 15])
def test_a_document_nobody_handed_in_is_missing(office: Office, name: str) -> None:
    assert office.site.get(f"/quality/document/{name}", "text/html").status == 404


@pytest.mark.parametrize(
    "query",
    [
        "?page=-1",
        "?page=%C2%B2",
        "?page=999999999999",
        "?body=%22%3E%3Cscript%3E",
        "?municipality=%00",
        "?year=x&kind=y",
    ],
)
def test_strange_choices_give_a_page(office: Office, query: str) -> None:
    for path in ("documents", "paragraphs", "identities", "unread"):
        got = office.site.get(f"/quality/{path}{query}", "text/html")
        assert got.status == 200 and "><script>" not in got.text

"""The search page: what is found, in which order, and what anything at all that is typed gets."""

import json
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote, urlencode

import pyoxigraph as ox
import pytest

from server.search import query as search_query
from server.search.index import current
from server.search.query import Asked
from server.search.schema import paragraphs
from server.storage import store
from tests.conftest import COMMAND
from tests.engines.serving import served
from tests.server.conftest import free_port, start
from tests.server.data import BASE, Got, Server

TRIG = Path(__file__).with_name("search.trig")
MEETING = "treatment/9999/parknamnden/2024-03-12/7"


def placed(folder: Path) -> list[Path]:
    """Write the N-Quads files of the invented graph; those of documents."""
    (folder / "documents").mkdir(parents=True)
    by_graph: dict[str, list[ox.Quad]] = {}
    for quad in ox.parse(path=str(TRIG), format=ox.RdfFormat.TRIG):
        by_graph.setdefault(str(quad.graph_name)[1:-1].rpartition("/")[2], []).append(quad)
    for name, quads in by_graph.items():
        path = folder / "persons.nq" if name == "persons" else folder / "documents" / f"{name}.nq"
        lines = (ox.serialize(quads, format=ox.RdfFormat.N_QUADS) or b"").splitlines(keepends=True)
        path.write_bytes(b"".join(sorted(lines)))
    return sorted((folder / "documents").iterdir())


@pytest.fixture(scope="module")
def searched(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, Server]]:
    """A data folder to search, and a server over it."""
    data = tmp_path_factory.mktemp("searched") / "data"
    store.publish(data, placed(data), BASE)
    port = free_port()
    process = start(data, port)
    assert process.poll() is None, process.communicate()[0]
    yield data, Server(port)
    process.send_signal(signal.SIGTERM)
    process.wait(20)


def page(searched: tuple[Path, Server], text: str | None = None, **more: object) -> Got:
    given = {**({} if text is None else {"q": text}), **{name: str(value) for name, value in more.items()}}
    return searched[1].get("/search?" + urlencode(given), "text/html")


def answer(searched: tuple[Path, Server], text: str, **more: object) -> dict[str, object]:
    got = page(searched, text, format="json", **more)
    assert got.status == 200 and got.type == "application/json"
    told = json.loads(got.text)
    assert isinstance(told, dict)
    return told


def listed(searched: tuple[Path, Server], text: str, **more: object) -> list[dict[str, object]]:
    found = answer(searched, text, **more)["hits"]
    assert isinstance(found, list)
    return found


def hits(searched: tuple[Path, Server], text: str, **more: object) -> list[str]:
    found = answer(searched, text, **more)["hits"]
    assert isinstance(found, list)
    return [each["iri"].removeprefix(f"{BASE}/id/") for each in found]


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("gunghästen", MEETING),  # a proposal's point, in another inflection
        ("stjärnlj", f"{MEETING}/reservation/1"),  # the last word may go on
        ("grindar", f"{MEETING}/decision"),
        ("inrättar anslaget", f"{MEETING}/decision"),
        ("Orangeriet", "meeting/9999/parknamnden/2024-03-12"),
        ("belysning damm", MEETING),
        ("motion lekplats", "matter/9999/PN-2024-31/motion"),
        ("PN 2024/31", "case/9999/PN-2024-31"),
        ("pn 2024-31", "case/9999/PN-2024-31"),
        ("2024/31", "case/9999/PN-2024-31"),
        ("dnr PN2024/0031", "case/9999/PN-2024-31"),
        ("PN202431", "case/9999/PN-2024-31"),
        ("pn2024/31", "case/9999/PN-2024-31"),
        ("Åsa Ström", "person/9999/asa-strom-v"),
        ("asa strom", "person/9999/asa-strom-v"),
        ("STRÖM, ÅSA", "person/9999/asa-strom-v"),
        ("parknämnden", "body/9999/parknamnden"),
        ('"nattöppna lekplatser"', "matter/9999/PN-2024-31/motion"),
    ],
)
def test_what_comes_first(searched: tuple[Path, Server], text: str, first: str) -> None:
    found = hits(searched, text)
    assert found and (found[0] == first or text in ("parknämnden", "gunghästen"))
    assert first in found[:2]


def test_a_word_alone_may_not_stand_in_a_phrase(searched: tuple[Path, Server]) -> None:
    assert hits(searched, '"lekplatser nattöppna"') == []
    assert MEETING in hits(searched, "lekplatser nattöppna")


def test_a_name_finds_what_the_person_has_said(searched: tuple[Path, Server]) -> None:
    found = set(hits(searched, "Ström"))
    assert found == {
        *("person/9999/asa-strom-v", "matter/9999/PN-2024-31/motion"),
        *(f"{MEETING}/reservation/1", MEETING),
    }
    assert hits(searched, "Ström stjärnljus") == [f"{MEETING}/reservation/1"]


@pytest.mark.parametrize("typed", ["Anderson", "nils andersen", "Anderssonn", "Nils Andresson"])
def test_a_misspelt_name_is_said_as_did_you_mean(searched: tuple[Path, Server], typed: str) -> None:
    told = answer(searched, typed)
    assert told["didYouMean"] == [{"iri": f"{BASE}/id/person/9999/nils-andersson-c", "name": "Nils Andersson"}]
    text = page(searched, typed).text
    assert "Menade du" in text and 'href="/id/person/9999/nils-andersson-c"' in text
    assert "Did you mean" in page(searched, typed, lang="en").text


@pytest.mark.parametrize("typed", ["parknämd", "parknämden", "parrknämnden", "Parknänmd"])
def test_a_misspelt_body_is_said_as_did_you_mean(searched: tuple[Path, Server], typed: str) -> None:
    told = answer(searched, typed)
    assert told["didYouMean"] == [{"iri": f"{BASE}/id/body/9999/parknamnden", "name": "Parknämnden"}]
    assert "Parknämnden" in page(searched, typed, lang="en").text


def test_surnames_are_meant_before_first_names(searched: tuple[Path, Server]) -> None:
    told = answer(searched, "Yusufy")["didYouMean"]
    assert isinstance(told, list) and [each["name"] for each in told] == ["Ahmed Yusufi", "Yusuf Berg"]


def test_nothing_else_is_meant_where_a_choice_leaves_little(searched: tuple[Path, Server]) -> None:
    """Much is found with this word, but nothing in that year: no other word was meant."""
    assert answer(searched, "lekplaser", year=1999)["didYouMean"]
    told = answer(searched, "lekplatser", year=1999)
    assert told["total"] == 0 and told["didYouMean"] == []


def test_nothing_else_is_meant_where_much_is_found(
    searched: tuple[Path, Server], monkeypatch: pytest.MonkeyPatch
) -> None:
    data, _ = searched
    index = current(data)
    assert index
    asked = Asked("Anderson")
    assert search_query.search(index.searcher(), asked).meant
    monkeypatch.setattr(search_query, "FEW", -1)
    assert not search_query.search(index.searcher(), asked).meant


def test_a_hit_within_a_paragraph_leads_to_its_part_of_the_page(searched: tuple[Path, Server]) -> None:
    [decision] = listed(searched, "grindar", kind="decision")
    [reservation] = listed(searched, "stjärnljus", kind="statement")
    assert decision["page"] == f"/id/{MEETING}#decision"
    assert reservation["page"] == f"/id/{MEETING}#reservations"
    for hit in listed(searched, "lekplatser", kind="treatment"):
        assert "#" not in str(hit["page"])
    assert f'href="/id/{MEETING}?lang=en#decision"' in page(searched, "grindar", lang="en").text


def test_the_number_of_a_paragraph_is_told_with_its_suffix(searched: tuple[Path, Server]) -> None:
    assert [each["mark"] for each in listed(searched, "skötsel", kind="treatment")] == ["§ 2 a"]


SECOND = "treatment/9999/parknamnden/2023-05-02/2"


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("§ 7", [MEETING, f"{MEETING}/decision", f"{MEETING}/reservation/1"]),
        ("§7 parknämnden", [MEETING, f"{MEETING}/decision", f"{MEETING}/reservation/1"]),
        ("7 §", [MEETING, f"{MEETING}/decision", f"{MEETING}/reservation/1"]),
        ("paragraf 7 grindar", [f"{MEETING}/decision"]),
        ("§ 2 a", [SECOND]),
        ("lekplatser § 2a", [SECOND]),
        ("§ 31", []),
        ("§ 2", []),
        ("5 kap. 7 §", []),
    ],
)
def test_the_number_of_a_paragraph_finds_that_paragraph(
    searched: tuple[Path, Server], typed: str, found: list[str]
) -> None:
    assert hits(searched, typed)[:1] == found[:1] and sorted(hits(searched, typed)) == sorted(found)


@pytest.mark.parametrize(
    ("typed", "marks", "rest"),
    [
        ("§ 7 båtar", [["§ 7"]], "båtar"),
        ("Paragrafen 12 b i nämnden", [["§ 12 b", "§ 12"]], "i nämnden"),
        ("motioner §7 C", [["§ 7"]], "motioner C"),
        ("§ 52/2019 och § 3", [["§ 52/2019", "§ 52"], ["§ 3"]], "och"),
        ("5 kap. 35 § kommunallagen", [], "5 kap. 35 § kommunallagen"),
        ("§ 123456", [], "§ 123456"),
    ],
)
def test_paragraphs_that_are_named(typed: str, marks: list[list[str]], rest: str) -> None:
    assert paragraphs(typed) == (marks, rest)


def test_a_paragraph_that_has_not_the_words_is_found_in_part(searched: tuple[Path, Server]) -> None:
    told = answer(searched, "§ 7 rymdraket")
    assert told["partly"] is True and hits(searched, "§ 7 rymdraket")[0] == MEETING


def test_titles_of_matters_begin_as_on_their_pages(searched: tuple[Path, Server]) -> None:
    assert [each["title"] for each in listed(searched, "nattöppna", kind="motion")] == ["Nattöppna lekplatser"]
    assert "<mark>Nattöppna</mark> lekplatser" in page(searched, "nattöppna", kind="motion").text


def test_nothing_is_meant_where_the_name_is_right(searched: tuple[Path, Server]) -> None:
    for typed in ("Andersson", "nils anderss", "Åsa Ström", "lekplatser"):
        assert answer(searched, typed)["didYouMean"] == []


def test_kinds_years_and_bodies_are_counted_and_narrow_it(searched: tuple[Path, Server]) -> None:
    told = answer(searched, "lekplatser")
    assert told["kinds"] == {"case": 2, "treatment": 2, "decision": 1, "motion": 1, "statement": 1}
    assert told["years"] == {"2024": 5, "2023": 1}
    assert told["bodies"] == [
        {"iri": f"{BASE}/id/body/9999/parknamnden", "name": "Parknämnden", "municipality": None, "hits": 4}
    ]
    assert hits(searched, "lekplatser", kind="decision") == [f"{MEETING}/decision"]
    assert hits(searched, "lekplatser", year=2023) == ["treatment/9999/parknamnden/2023-05-02/2"]
    assert hits(searched, "lekplatser", body=f"{BASE}/id/body/9999/annan") == []
    text = page(searched, "lekplatser", kind="treatment").text
    assert re.search(r'href="/search\?q=lekplatser&amp;kind=decision">Beslut <span class="soft">\(1\)', text)
    assert re.search(r'kind=treatment" aria-current="true">Paragrafer <span class="soft">\(2\)', text)


def test_the_newest_first(searched: tuple[Path, Server]) -> None:
    by_date = hits(searched, "lekplatser", kind="treatment", sort="date")
    assert by_date == [MEETING, "treatment/9999/parknamnden/2023-05-02/2"]


def test_a_hit_shows_what_it_is_where_and_when(searched: tuple[Path, Server]) -> None:
    text = page(searched, "grindar").text
    hit = re.search(r"<ol.*?</ol>", text, re.DOTALL)
    assert hit
    shown = re.sub(r"\s+", " ", hit[0])
    assert 'Beslut <span lang="sv">§ 7</span> · <span lang="sv">Parknämnden</span>' in shown
    assert '<time datetime="2024-03-12" class="nowrap">12 mars 2024</time>' in shown
    assert f'<a href="/id/{MEETING}#decision" lang="sv">Svar på motion om nattöppna lekplatser</a>' in shown
    assert "<mark>grindarna</mark>." in shown
    assert '<a href="/id/case/9999/PN-2024-31">PN 2024/31</a>' in shown
    english = page(searched, "grindar", lang="en").text
    assert (
        "12 March 2024" in english
        and 'href="/id/treatment/9999/parknamnden/2024-03-12/7?lang=en#decision"' in english
    )


def test_text_of_documents_never_becomes_markup(searched: tuple[Path, Server]) -> None:
    text = page(searched, "grindarna gungor").text
    assert "<script>alert" not in text and "&lt;script&gt;alert(&#34;<mark>gungor</mark>&#34;)" in text


HOSTILE = [
    *("<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "' OR 1=1 --", "\x00\x07\x1b[31m", "\ud7ff￿"),
    *("SELECT * WHERE { ?s ?p ?o }", 'title:lek* AND (text:"', "[a TO z]", "~2 ^9 *", "a" * 10_000, "ab " * 3_000),
    *("%s %(x)s {0} {{7*7}}", "../../etc/passwd", "😀", '"' * 300, "\\", "/.*/", "åäö" * 60, "1/2/3/4/5/6/7/8/9"),
]


@pytest.mark.parametrize("typed", HOSTILE)
def test_anything_that_is_typed_gets_an_answer(searched: tuple[Path, Server], typed: str) -> None:
    begun = time.monotonic()
    for lang in ("sv", "en"):
        got = page(searched, typed, lang=lang)
        assert got.status == 200 and "<h1>" in got.text
        assert "<script>alert" not in got.text and "<img" not in got.text
        nothing, too_long = ("Ingenting hittades", "för lång") if lang == "sv" else ("Nothing was found", "too long")
        assert nothing in got.text or "<ol" in got.text or (not typed.isprintable() and "<ul>" in got.text)
        assert (too_long in got.text) == (len(" ".join(typed.split())) > 200)
    assert time.monotonic() - begun < 2


def test_bytes_that_are_no_text_get_an_answer(searched: tuple[Path, Server]) -> None:
    for asked in (
        "q=%ff%fe%00",
        "q=a&q=b&kind=x&year=-1&page=999999&sort=&body=javascript:1",
        "q[]=1",
        "page=0&q=lek",
    ):
        assert searched[1].get(f"/search?{asked}", "text/html").status == 200


def test_without_words_there_is_the_form_and_a_few_words(searched: tuple[Path, Server]) -> None:
    for got in (page(searched), page(searched, "   ")):
        assert got.status == 200 and "Sök bland paragrafer" in got.text and 'id="search-for"' in got.text
    assert "Search items, decisions" in page(searched, lang="en").text
    assert "Ingenting hittades" in page(searched, "??").text


def test_some_of_the_words_where_nothing_has_them_all(searched: tuple[Path, Server]) -> None:
    told = answer(searched, "gunghäst rymdraket")
    assert told["partly"] is True and told["total"] == 1
    assert "Ingenting har alla orden" in page(searched, "gunghäst rymdraket").text


def test_pages_of_results(tmp_path: Path) -> None:
    data = tmp_path / "data"
    documents = placed(data)
    graph = f"{BASE}/id/graph/3333333333333333"
    lines = []
    for number in range(45):
        case = f"<{BASE}/id/case/9999/X-{number}>"
        lines.append(
            f"{case} <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <https://w3id.org/kommungraf/ns#Case>"
        )
        lines.append(f'{case} <http://purl.org/dc/terms/identifier> "Gemensam {number}"')
    many = data / "documents" / "3333333333333333.nq"
    many.write_text("".join(sorted(f"{line} <{graph}> .\n" for line in lines)), "utf-8")
    store.publish(data, [*documents, many], BASE)
    port = free_port()
    process = start(data, port)
    try:
        served = (data, Server(port))
        seen = [hits(served, "gemensam", page=number) for number in (1, 2, 3, 4)]
        assert [len(each) for each in seen] == [20, 20, 5, 0]
        assert len({iri for each in seen for iri in each}) == 45
        text = page(served, "gemensam", page=2).text
        assert 'rel="prev" href="/search?q=gemensam"' in text
        assert 'rel="next" href="/search?q=gemensam&amp;page=3"' in text
        assert 'start="21"' in text and "45 träffar på ”gemensam”" in text and "Sida 2 av 3" in text
        assert "45 results for “gemensam”" in page(served, "gemensam", lang="en").text
        shutil.rmtree(data / "search")
        kept = page(served, "gemensam", page=3)
        assert kept.status == 200
        store.publish(data, documents, BASE)
        assert page(served, "gemensam").status == 200 and hits(served, "gemensam") == []
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(20)


def test_a_missing_index_is_made_and_meanwhile_it_is_said(tmp_path: Path) -> None:
    data = tmp_path / "data"
    store.publish(data, placed(data), BASE)
    shutil.rmtree(data / "search")
    port = free_port()
    process = start(data, port)
    try:
        server = Server(port)
        got = server.get("/search?q=" + quote("gunghäst"), "text/html")
        assert got.status == 503 and "görs i ordning" in got.text and got.headers["Retry-After"] == "10"
        assert got.headers["Cache-Control"] == "no-store"
        until = time.monotonic() + 60
        while got.status == 503 and time.monotonic() < until:
            time.sleep(0.2)
            got = server.get("/search?q=" + quote("gunghäst"), "text/html")
        assert got.status == 200 and MEETING in got.text
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(20)


def test_with_an_engine_elsewhere_the_search_is_that_of_the_data_folder(tmp_path: Path) -> None:
    data, port = tmp_path / "data", free_port()
    store.publish(data, placed(data), BASE)
    engine = subprocess.Popen(
        [Path(sys.executable).with_name("oxigraph"), "serve", "--bind", f"127.0.0.1:{port}"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        until = time.monotonic() + 30
        while (
            time.monotonic() < until
            and subprocess.run(
                [COMMAND, "load", "--data", data, "--store", f"http://127.0.0.1:{port}/query"], capture_output=True
            ).returncode
        ):
            assert engine.poll() is None
        with served(data, "--store", f"http://127.0.0.1:{port}/query") as site:
            got = site.server.get("/search?q=grindar", "text/html")
            assert got.status == 200 and MEETING in got.text and "Parknämnden" in got.text
    finally:
        engine.terminate()
        engine.wait(10)


@pytest.mark.parametrize(("language", "title"), [("sv", "Parknämnden 2 maj 2023"), ("en", "Parknämnden 2 May 2023")])
def test_a_hit_that_is_called_by_its_day_has_it_in_the_language(
    searched: tuple[Path, Server], language: str, title: str
) -> None:
    shown = page(searched, "Parknämnden", kind="meeting", lang=language).text
    titles = [re.sub("<[^>]+>", "", each) for each in re.findall(r"<h3><a .*?</h3>", shown)]
    assert title in titles
    assert "Parknämnden 2023-05-02" in [each["title"] for each in listed(searched, "Parknämnden", kind="meeting")]

"""Quality as data: every figure counted by hand on a small graph, as RDF in every format, and as a page."""

import json
import re
import signal
import subprocess
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest
from lxml import html

from mapping.evaluation import evaluate_file, pairs, together
from mapping.program import version
from server.data_folder.ledger import Entry
from server.data_folder.ledger_graph import ledger_quads
from server.quality.figures import BENCHMARK_FILE, benchmark, percent, share
from server.quality.graph import DQV, PATH
from server.quality.metrics import LDQD, METRICS
from server.storage import store
from server.wording import words
from tests.server.conftest import free_port, start
from tests.server.data import BASE, RDF_FORMATS, Server

LAYOUTS = Path(__file__).parents[2] / "layouts"
KG = "https://w3id.org/kommungraf/ns#"
# municipality, day, numbers of the items, those with a case, whether there are minutes
MEETINGS = (
    ("0114", "2024-03-12", (1, 2, 4), (2,), True),
    ("0114", "2024-04-09", (7,), (), False),
    ("0115", "2024-03-13", (3, 4), (3, 4), True),
)
PREFIXES = (
    f"@base <{BASE}/id/> . @prefix kg: <{KG}> . @prefix prov: <http://www.w3.org/ns/prov#> . "
    "@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .\n"
)


def turtle() -> Iterator[tuple[int, str]]:
    """What each document says; the last one names a body and no meeting, as an agenda without a date."""
    for number, (code, day, items, with_case, minutes) in enumerate(MEETINGS):
        yield number, "\n".join(meeting_lines(number, code, day, items, with_case, minutes))
    agenda = f"<document/{3:016x}> a kg:Agenda, kg:Document . <run/{3:016x}> prov:used <document/{3:016x}> ."
    yield 3, f"<body/0115/kf> a kg:Body ; kg:partOfAuthority <municipality/0115> . {agenda}"


def meeting_lines(
    number: int, code: str, day: str, items: tuple[int, ...], with_case: tuple[int, ...], minutes: bool
) -> Iterator[str]:
    meeting = f"<meeting/{code}/kf/{day}>"
    yield f"<body/{code}/kf> a kg:Body ; kg:partOfAuthority <municipality/{code}> ."
    yield f'{meeting} a kg:Meeting ; kg:heldBy <body/{code}/kf> ; kg:date "{day}"^^xsd:date .'
    for each in items:
        item = f"<treatment/{code}/kf/{day}/{each}>"
        yield f"{item} a kg:ItemTreatment ; kg:treatedAt {meeting} ; kg:paragraphNumber {each} ."
        if each in with_case:
            yield f"{item} kg:concernsCase <case/{code}/KS-2024-{each}>, <case/{code}/KS-2024-{each}b> ."
    kind = "Minutes" if minutes else "Agenda"
    yield f"<document/{number:016x}> a kg:{kind}, kg:Document ; kg:documents {meeting} ."
    yield f"<run/{number:016x}> prov:used <document/{number:016x}> ."


def entry(number: int, status: str, claimed: int, ignored: int, unread: int) -> Entry:
    return Entry(
        f"{number:016x}" + 48 * "0",
        f"{number}.txt",
        status,
        claimed=claimed,
        ignored=json.dumps({"prose": ignored}),
        unread=json.dumps([[1, "unread", "x", None]] * unread),
        ended_at="2026-01-02T03:04:05Z",
    )


ENTRIES = (
    entry(0, "accepted", 60, 20, 0),
    entry(1, "accepted", 10, 9, 1),
    entry(2, "accepted", 30, 0, 0),
    entry(3, "accepted", 66, 3, 1),
    entry(4, "quarantined", 500, 0, 500),
    entry(5, "refused", 0, 0, 0),
    entry(6, "refused", 0, 0, 0),
)


RESULTS = ((0, "Warning"), (0, "Warning"), (0, "Info"), (2, "Warning"), (4, "Warning"), (4, "Violation"))


def report_lines() -> Iterator[str]:
    """The reports, as they lie in graph/reports: each result of a document with its severity."""
    sh, graph = "http://www.w3.org/ns/shacl#", f"<{BASE}/id/graph/reports>"
    for number, (document, severity) in enumerate(RESULTS):
        report = f"{BASE}/id/report/{document:016x}"
        yield f"<{BASE}/id/document/{document:016x}> <{KG}hasReport> <{report}> {graph} .\n"
        yield f"<{report}> <{sh}result> <{report}/{number}> {graph} .\n"
        yield f"<{report}/{number}> <{sh}resultSeverity> <{sh}{severity}> {graph} .\n"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("quality")
    (made / "documents").mkdir()
    paths = [made / "ledger.nq", made / "reports.nq"]
    for number, told in turtle():
        graph = ox.NamedNode(f"{BASE}/id/graph/{number:016x}")
        said = ox.parse((PREFIXES + told).encode(), format=ox.RdfFormat.TURTLE)
        lines = {f"{ox.Quad(quad.subject, quad.predicate, quad.object, graph)} .\n" for quad in said}
        paths.append(made / "documents" / f"{number:016x}.nq")
        paths[-1].write_text("".join(sorted(lines)), "utf-8")
    (made / "ledger.nq").write_text(ledger_quads(ENTRIES, BASE), "utf-8")
    (made / "reports.nq").write_text("".join(sorted(set(report_lines()))), "utf-8")
    store.publish(made, paths, BASE)
    return made


@pytest.fixture(scope="module")
def service(folder: Path) -> Iterator[Server]:
    port = free_port()
    process: subprocess.Popen[str] = start(folder, port)
    assert process.poll() is None, process.communicate()[0]
    yield Server(port)
    process.send_signal(signal.SIGTERM)
    process.wait(20)


def said(
    service: Server, media_type: str = "text/turtle", form: ox.RdfFormat = ox.RdfFormat.TURTLE
) -> set[ox.Triple]:
    got = service.get(PATH, media_type)
    assert (got.status, got.type) == (200, media_type), got.text
    assert got.headers["Access-Control-Allow-Origin"] == "*" and got.headers["ETag"]
    return {quad.triple for quad in ox.parse(got.body, format=form)}


def figures(triples: set[ox.Triple], measured: str) -> dict[str, str]:
    """The values of what was measured of a resource, by metric."""
    node = ox.NamedNode(f"{BASE}/datasets/{measured}")
    of = {t.subject for t in triples if t.predicate.value == DQV + "computedOn" and t.object == node}
    assert of == {
        t.object for t in triples if t.predicate.value == DQV + "hasQualityMeasurement" and t.subject == node
    }
    metric = {
        t.subject: str(t.object)[1:-1].rpartition("/")[2]
        for t in triples
        if t.predicate.value == DQV + "isMeasurementOf"
    }
    values = {t.subject: t.object for t in triples if t.predicate.value == DQV + "value"}
    return {metric[each]: getattr(values[each], "value", "") for each in of}


def test_the_whole_is_counted(service: Server) -> None:
    assert figures(said(service), "all") == {
        "paragraph-completeness": "0.8571",  # 6 of 7 numbers
        "missing-paragraphs": "1",
        "items-with-registry-number": "0.5000",  # 3 of 6
        "meetings-with-minutes": "0.6667",
        "line-coverage": "0.9900",  # 198 of 200; what is in quarantine does not count
        "unread-lines": "2",
        "accepted-documents": "4",
        "warnings": "3",  # neither what is in quarantine nor an information
        "quarantined-documents": "1",
        "refused-documents": "2",
        "imported-datasets": "0",
    }


def test_each_municipality_is_counted(service: Server) -> None:
    triples = said(service)
    assert figures(triples, "0114") == {
        "paragraph-completeness": "0.8000",
        "missing-paragraphs": "1",
        "items-with-registry-number": "0.2500",
        "meetings-with-minutes": "0.5000",
        "line-coverage": "0.9900",  # 99 of 100 lines
        "unread-lines": "1",
        "accepted-documents": "2",
        "warnings": "2",
    }
    assert figures(triples, "0115") == {
        "paragraph-completeness": "1.0000",
        "missing-paragraphs": "0",
        "items-with-registry-number": "1.0000",
        "meetings-with-minutes": "1.0000",
        "line-coverage": "0.9900",  # also of the agenda that names no meeting
        "unread-lines": "1",
        "accepted-documents": "2",
        "warnings": "1",
    }
    assert figures(triples, "0180") == {}


def test_the_clerk_sees_the_same_documents_of_a_municipality(service: Server) -> None:
    for code, named in (("0114", {"0.txt", "1.txt"}), ("0115", {"2.txt", "3.txt"})):
        page = service.get(f"/quality/documents?municipality={code}&lang=sv", "text/html").text
        assert set(re.findall(r"\b\d\.txt\b", page)) == named


def test_what_is_measured_is_defined_and_has_no_blank_nodes(service: Server) -> None:
    triples = said(service)
    assert all(isinstance(node, ox.NamedNode) for t in triples for node in (t.subject, t.predicate))
    assert not any(isinstance(t.object, ox.BlankNode) for t in triples)
    metrics = {t.object for t in triples if t.predicate.value == DQV + "isMeasurementOf"}
    assert len(metrics) == len(METRICS)
    for metric in metrics:
        told = [t for t in triples if t.subject == metric]
        assert any(str(t.object).startswith(f"<{LDQD}") for t in told if t.predicate.value == DQV + "inDimension")
        for word in ("prefLabel", "definition"):
            texts = {t.object for t in told if t.predicate.value.endswith("#" + word)}
            assert {each.language for each in texts if isinstance(each, ox.Literal)} == {"sv", "en"}
    assert len({each.sv for each in METRICS}) == len({each.id for each in METRICS}) == len(METRICS)
    assert all("Exempel:" in each.meaning_sv and "Example:" in each.meaning_en for each in METRICS)


@pytest.mark.parametrize(("media_type", "form"), RDF_FORMATS)
def test_every_format_says_the_same(service: Server, media_type: str, form: ox.RdfFormat) -> None:
    assert said(service, media_type, form) == said(service)


def test_a_page_tells_it_in_plain_words(service: Server) -> None:
    swedish, english = (service.get(f"{PATH}?lang={each}", "text/html") for each in ("sv", "en"))
    for got, told in ((swedish, ("Upplands Väsby kommun", "85,7 %", "olästa")), (english, ("85.7 %", "unread"))):
        assert (got.status, got.type) == (200, "text/html")
        assert all(word in got.text for word in told)
    assert swedish.text != english.text
    got = service.get(PATH, "image/png")
    assert got.status == 406 and "text/turtle" in json.loads(got.body)["alternatives"]


def test_the_page_is_headed_by_its_subject_and_speaks_one_language(service: Server) -> None:
    kinds = benchmark().kinds
    for language, title, whole in (
        ("sv", "Kvaliteten i siffror", "alla slag"),
        ("en", "The quality in figures", "all kinds"),
    ):
        page: Any = html.document_fromstring(service.get(f"{PATH}?lang={language}", "text/html").text)
        assert [each.text_content() for each in page.xpath("//h1")] == [title]
        assert page.findtext(".//title").startswith(title)
        assert page.xpath("//nav[@class='crumbs']//a/@href") == [f"/quality?lang={language}"]
        rows = [each.text_content() for each in page.xpath("//section[@aria-labelledby='benchmark']//tbody//th")]
        known = words(language)
        assert rows == [known["quality_kind_" + each.replace(" ", "_")] for each in kinds] and rows[-1] == whole
        assert all(f"lang={language}" in each for each in page.xpath("//section[@aria-labelledby='places']//a/@href"))
        assert [each.text for each in page.xpath("//dl[contains(@class, 'measures')]//dd/strong")][1].isdecimal()


def test_what_has_an_address_leads_there(service: Server) -> None:
    subjects = {str(triple.subject)[1:-1].removeprefix(BASE) for triple in said(service)}
    ours = {path for path in subjects if path.startswith(PATH + "/")}
    assert len(ours) > 30
    for path in ours:
        got = service.get(path)
        assert (got.status, got.headers["Location"]) == (303, PATH), path
    assert service.get(f"{PATH}/metric/none").status == 404
    assert service.get(f"{PATH}/%3Cscript%3E").status == 404


def test_the_page_has_figures_to_the_right_and_its_part_of_the_site_is_marked(service: Server) -> None:
    page = service.get(f"{PATH}?lang=sv", "text/html").text
    assert re.search(r'<a href="/quality\?lang=sv" aria-current="page">', page)
    assert page.count('<td class="amount nowrap">') > 20 and not re.search(r"<td>[\d–]", page)
    assert "tre av fyra: 75 %" in page and "saknas inne i ett sammanträde" in page


def test_per_cent_is_never_all_where_something_is_missing() -> None:
    assert [percent(Decimal(each)) for each in ("0.9999", "0.3333", "1")] == [Decimal("99.9"), Decimal("33.3"), 100]


def test_a_share_is_not_whole_where_something_is_missing() -> None:
    assert share(1, 3) == Decimal("0.3333")
    assert share(99_999, 100_000) == Decimal("0.9999")
    assert share(3, 3) == 1


def test_the_accuracy_is_that_of_the_program() -> None:
    """The committed figures are those of `kommungraf evaluate tests/layouts tests/layouts`."""
    result = together(evaluate_file(*each) for each in pairs(LAYOUTS, LAYOUTS))
    kinds = {
        each.kind: {
            "right": each.tp,
            "extra": each.fp,
            "missing": each.fn,
            "precision": round(each.precision, 4),
            "recall": round(each.recall, 4),
            "f1": round(each.f1, 4),
        }
        for each in result.totals()
    }
    told = {
        "made": "kommungraf evaluate tests/layouts tests/layouts --json",
        "program": version(),
        "documents": len({each.document for each in result.scores}),
        "kinds": kinds,
    }
    written = json.loads(BENCHMARK_FILE.read_text("utf-8"))
    if written != told:
        BENCHMARK_FILE.write_text(json.dumps(told, ensure_ascii=False, indent=1) + "\n", "utf-8")
    assert written == told, f"{BENCHMARK_FILE.name} was written anew: read what changed, and commit it"

"""The pages of an annual report, of what it holds, of a municipality, and of the acts in a §."""

import re
import signal
from collections.abc import Iterator
from decimal import Decimal
from html import unescape
from pathlib import Path

import pytest

from server.storage import store
from server.views import gauge, goals
from tests.server.conftest import free_port, start
from tests.server.data import BASE, Got, Server, make
from tests.server.views_data import published, reading

GRAPH = Path(__file__).with_name("report.trig")
TEXTS = {
    "dddddddddddddddd": "1.2 <b>Fritid</b> & lek uppfylls delvis. Nöjda unga 61,50 % 75 %\n",
    "eeeeeeeeeeeeeeee": "Verksamhetsberättelse utan mål\n",
    "ffffffffffffffff": "Protokoll\n",
}
REPORT = "/doc/document/dddddddddddddddd"
GOAL = "/doc/goal/9999/s/2024/1-2"
PARAGRAPH = "/doc/treatment/9999/kommunfullmaktige/2024-05-20/4"

PLACE = """@base <https://data.example/id/> .
@prefix kg: <https://w3id.org/kommungraf/ns#> .
@prefix org: <http://www.w3.org/ns/org#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
<graph/8888888888888888> {
  <municipality/9999> a kg:Municipality, kg:LocalAuthority ; rdfs:label "Almvik"@sv .
  <body/9999/kf> a kg:Body ; rdfs:label "Kommunfullmäktige"@sv ; kg:partOfAuthority <municipality/9999> .
  <meeting/1> a kg:Meeting ; kg:heldBy <body/9999/kf> ; kg:date "2024-05-20"^^xsd:date .
  <membership/1> org:member <person/9999/1> ; org:organization <party/S> .
  <membership/2> org:member <person/9999/1> ; org:organization <body/9999/kf> .
  <membership/3> org:member <person/9999/2> ; org:organization <party/MP> .
  <membership/4> org:member <person/9999/3> ; org:organization <party/V> .
  <item/1> kg:treatedAt <meeting/1> .
"""
"""An invented council with one member; whoever is of MP does something in its §, and whoever is of V does not."""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("report")
    store.publish(folder, make(folder, GRAPH, TEXTS), BASE)
    port = free_port()
    process = start(folder, port)
    assert process.poll() is None, process.communicate()[0]
    yield Server(port)
    process.send_signal(signal.SIGTERM)
    process.wait(20)


def page(site: Server, path: str, language: str = "sv") -> str:
    got = site.get(path, "text/html", **{"Accept-Language": language})
    assert got.status == 200, got.text
    return got.text


def said(html: str) -> str:
    """What a page says, as one line; links to sources are left out."""
    plain = re.sub(r'<a class="source".*?</a>', "", html, flags=re.DOTALL)
    return unescape(" ".join(re.sub(r"<[^>]+>", " ", plain).split()))


def part(html: str, name: str) -> str:
    """The section of a page whose heading has this id."""
    return html.partition(f'<section aria-labelledby="{name}"')[2].partition("</section>")[0]


def test_a_report_is_summed_up_without_guessing_what_is_good(site: Server) -> None:
    html = page(site, REPORT)
    assert "<h1>Verksamhetsberättelse 2024, Socialnämnden</h1>" in html
    assert "Organ Socialnämnden År 2024 Diarienummer SN 2025/1 Ärenden som nämns SN 2024/31 Texten" in said(html)
    short = said(part(html, "short"))
    assert "Mål 1 uppfylls helt 1 uppfylls delvis 1 uppfylls inte 1 utan angiven måluppfyllelse" in short
    assert "1 utfall över årsmålet 1 utfall lika med årsmålet 1 utfall under årsmålet 1 går inte att jämföra" in short
    assert "Aktiviteter 2 sammanlagt 1 med avvikelse" in short
    assert "inte om målet är nått" in short
    english = said(part(page(site, REPORT, "en"), "short"))
    assert "Goals 1 fulfilled 1 fulfilled in part 1 not fulfilled 1 without a stated fulfilment" in english
    assert "1 outcome above the target" in english and "not whether the target is reached" in english


def test_goals_stand_in_their_tree(site: Server) -> None:
    tree = part(page(site, REPORT), "goals")
    order = [tree.index(f">{each} ") for each in ("1", "1.2", "1.10", "7")]
    assert order == sorted(order) and tree.count("<li>") == 4 + 2  # each goal once, although 1 and 7 make a ring
    assert tree.index("<ul>", order[0]) < order[1]  # 1.2 stands within 1
    assert 'class="badge partial" href="/concept/fulfilment/partial">uppfylls delvis</a>' in tree
    assert "&lt;b&gt;Fritid&lt;/b&gt; &amp; lek" in tree and "<b>" not in tree and "<i>" not in tree
    assert 'href="/doc/document/dddddddddddddddd?at=0-20#marked"' in tree
    activity = said(tree[tree.index("Pröva") :])
    assert (
        "Pröva längre öppettider 1 januari 2024 – 31 december 2024 avvikelse Analys i handlingen Försenat" in activity
    )
    assert "1 January 2024 – 31 December 2024 deviation" in said(page(site, REPORT, "en"))
    after = activity.partition("Öppna en lekplats")[2]
    assert "avvikelse" not in after.partition("1.10 1-10")[0]  # of which the report says nothing


def test_indicators_are_pictured_and_tabled_as_printed(site: Server) -> None:
    html = part(page(site, REPORT), "indicators")
    assert html.count('role="img"') == 4
    assert re.search(
        r"<title id=\"gauge-1-1-picture\">utfall 61,5.%, årsmål 75.%, kvinnor och flickor 70.%, "
        r"män och pojkar 53, föregående utfall 80, fullmäktiges årsmål 999.999</title>",
        html,
    )
    assert re.search(r"1\.2 Nöjda unga 61,50 % 70 % 53 80 75 % 999.999 under", said(html))
    assert re.search(r"1\.2 Utsläpp per resa 12.400,5 12.000 över", said(html))
    assert "Prognos -1 % +/-1 % går inte att jämföra" in said(html)
    assert "Sortering 100 100 lika" in said(html)
    assert "Indikatorer som inte står under något mål" in html
    english = said(part(page(site, REPORT, "en"), "indicators"))
    assert "Utsläpp per resa 12,400.5 12,000 above" in english
    source = 'href="/doc/document/dddddddddddddddd?at=31-60#marked"'
    assert source in html and "at=31-33" not in html  # the whole row, not one of its numbers


@pytest.mark.parametrize(("language", "number", "unit"), [("sv", "61,5", "Enhet: ton"), ("en", "61.5", "Unit: ton")])
def test_a_picture_is_named_in_the_language_of_the_page(site: Server, language: str, number: str, unit: str) -> None:
    """Its indicator, whose name is Swedish, is marked as such where it stands (WCAG 3.1.2); and no unit stands alone."""
    html = part(page(site, REPORT, language), "indicators")
    assert 'aria-labelledby="gauge-1-1-name gauge-1-1-picture"' in html
    assert re.search(r'<a id="gauge-1-1-name" href="[^"]*" lang="sv">Nöjda unga</a>', html)
    title = re.findall(r'<title id="gauge-1-1-picture">(.*?)</title>', html)[0]
    assert "Nöjda unga" not in title and number in title
    assert unit in said(html)


def test_a_budget_is_shown_as_printed(site: Server) -> None:
    html = part(page(site, REPORT), "budget")
    assert "Förskola 98 300 -1 500 tkr" in said(html)
    assert '<tr class="total">' in html and html.count('class="total"') == 1


def test_the_text_of_a_report_is_at_the_same_address(site: Server) -> None:
    assert f'href="{REPORT}?view=text"' in page(site, REPORT)
    html = page(site, f"{REPORT}?view=text")
    assert "<h1>Verksamhetsberättelse 2024, Socialnämnden</h1>" in html and '<p class="kind">Hela texten</p>' in html
    assert 'class="canonical"' in html and 'href="/id/document/dddddddddddddddd">Verksamhetsberättelse 2024' in html
    marked = page(site, f"{REPORT}?at=0-20")
    assert '<mark id="marked">' in marked and "&lt;b&gt;" in marked
    assert 'class="canonical"' in page(site, f"{REPORT}?part=1")
    empty = page(site, "/doc/document/eeeeeeeeeeeeeeee")
    assert 'class="canonical"' in empty and "I korthet" not in empty


def test_a_goal_has_what_stands_under_it(site: Server) -> None:
    html = page(site, GOAL)
    text = said(html)
    assert "<h1>1.2 &lt;b&gt;Fritid&lt;/b&gt; &amp; lek</h1>" in html and "<b>" not in html
    assert "Står i Verksamhetsberättelse 2024, Socialnämnden Under målet 1 En trygg uppväxt" in text
    assert "Nivå nämndmål Måluppfyllelse uppfylls delvis" in text
    crumbs = said(html.partition('class="crumbs"')[2].partition("</nav>")[0])
    assert crumbs.endswith(
        "Almviks kommun Socialnämnden Verksamhetsberättelse 2024, Socialnämnden 7 Runt i en ring 1 En trygg uppväxt"
    )
    assert "Pröva längre öppettider" in said(part(html, "activities"))
    assert part(html, "indicators").count('role="img"') == 3
    untold = page(site, "/doc/goal/9999/s/2024/1-10", "en")
    assert '<h1 lang="sv">1.10 1-10</h1>' in untold and "Fulfilment not stated" in said(untold)


def test_an_indicator_and_an_activity_have_pages(site: Server) -> None:
    html = page(site, f"{GOAL}/indicator/1")
    text = said(html)
    assert "<h1>Nöjda unga</h1>" in html and "Utfall 61,50 % Kvinnor och flickor 70 % Män och pojkar 53" in text
    assert "Mot årsmålet utfall under årsmålet" in text
    assert "?at=31-60#marked" in html and '"@type": "Observation"' in html
    activity = said(page(site, f"{GOAL}/activity/1", "en"))
    assert "From and to 1 January 2024 – 31 December 2024 Deviation from the plan deviation" in activity
    assert "Försenat <i>till</i> våren." in activity
    assert "From and to not stated Deviation from the plan not stated" in said(page(site, f"{GOAL}/activity/2", "en"))


def test_a_municipality_lists_its_bodies_and_parties(site: Server) -> None:
    html = page(site, "/doc/municipality/9999")
    text = said(html)
    assert (
        "<h1>Almviks kommun</h1>" in html and "Kommunkod (SCB) 9999" in text and "Också skrivet Almviks stad" in text
    )
    assert 'href="http://www.wikidata.org/entity/Q1"' in html
    assert "Kommunfullmäktige 1 20 maj 2024 20 maj 2024 Beslut Socialnämnden 0" in text
    assert "body=https%3A%2F%2Fdata.example%2Fid%2Fbody%2F9999%2Fkommunfullmaktige" in html
    assert "20 maj 2024 , Kommunfullmäktige" in said(part(html, "latest"))
    assert "Verksamhetsberättelse 2024, Socialnämnden Verksamhetsberättelse 2023" in said(part(html, "reports"))
    assert said(part(html, "parties")).endswith("Socialdemokraterna 1")
    english = page(site, "/doc/municipality/9999?lang=en", "sv")
    assert "<h1>Almvik</h1>" in english and "20 May 2024" in english
    assert "Inga handlingar från något organ här är lästa." in page(site, "/doc/municipality/9998")


@pytest.mark.parametrize(
    "how",
    ["hasProposal proposedBy", "hasStatement statedBy", "hasReservation reservedBy", "concernsMatter submittedBy"],
)
def test_who_acted_in_a_body_without_a_post_is_counted(tmp_path: Path, how: str) -> None:
    graph, (has, by) = tmp_path / "place.trig", how.split()
    graph.write_text(PLACE + f"<item/1> kg:{has} <act/1> . <act/1> kg:{by} <person/9999/2> . }}", "utf-8")
    with reading(tmp_path, published(tmp_path, graph)) as reader:
        assert reader.get("/doc/municipality/9999").all("//section[@aria-labelledby='parties']//tbody/tr") == [
            "Miljöpartiet de gröna 1",
            "Socialdemokraterna 1",
        ]


def test_an_act_leads_to_its_paragraph(site: Server) -> None:
    html = page(site, f"{PARAGRAPH}/proposal/1")
    assert "<h1>Förslag till beslut 2, § 4, Kommunfullmäktige 20 maj 2024</h1>" in html  # by kg:position
    assert 'href="/id/treatment/9999/kommunfullmaktige/2024-05-20/4#proposal-2"' in html
    assert "Föreslaget av Anna Alm Vill avslag" in said(html)
    other = page(site, f"{PARAGRAPH}/proposal/2?lang=en")
    assert "4?lang=en#proposal-1" in other and "Bo Bok and others" in said(other)
    assert "att köpa bänkar &lt;script&gt;" in other and "<u>" not in other
    assert "at=0-9&amp;lang=en#marked" in other
    decision = page(site, f"{PARAGRAPH}/decision")
    assert "4#decision" in decision and "Beslutat av Kommunfullmäktige Utfall bifall bifaller Antar" in said(decision)
    reservation = page(site, f"{PARAGRAPH}/reservation/1")
    assert "4#reservations" in reservation and "Reservation av Anna Alm Mot Beslut" in said(reservation)
    statement = page(site, f"{PARAGRAPH}/statement/1")
    assert "<h1>Särskilt uttalande, § 4" in statement and "Vi ville mer." in statement
    vote = said(page(site, f"{PARAGRAPH}/vote/1"))
    assert "Utfall 30 ja, 19 nej Ja betyder bifall till förslaget Nej betyder framgår inte av protokollet" in vote


def test_what_an_act_links_to_is_on_the_page(site: Server) -> None:
    paragraph = page(site, PARAGRAPH)
    for anchor in ("proposal-1", "proposal-2", "decision", "reservations", "statements", "vote-1"):
        assert f'id="{anchor}"' in paragraph


def test_an_act_without_a_paragraph_is_listed(site: Server) -> None:
    lost: Got = site.get("/doc/treatment/9999/kommunfullmaktige/2024-05-21/9/reservation/1", "text/html")
    assert lost.status == 200 and "Ur protokoll" not in lost.text and "Anna Alm" in lost.text


def test_a_gauge_begins_at_zero() -> None:
    drawn = gauge.picture({"outcome": Decimal(50), "previousOutcome": Decimal(-50), "target": Decimal(100)})
    assert drawn is not None and drawn.zero == 142.0 and drawn.target == 242.0
    assert [(each.name, each.x, each.width) for each in drawn.bars] == [
        ("outcome", 142.0, 50.0),
        ("previousOutcome", 92.0, 50.0),
    ]
    assert gauge.picture({"target": Decimal(5)}) is None
    assert gauge.picture({"outcome": Decimal(0)}) is None


def test_a_tree_holds_each_goal_once_however_deep_it_is() -> None:
    chain = [
        goals.Goal(f"g{each}", str(each), "", None, None, f"g{each - 1}" if each else None, None, None)
        for each in range(3000)
    ]
    branches, depth, seen = goals.tree(chain), 0, []
    while branches:
        depth += 1
        seen += [each.goal.iri for each in branches]
        branches = [lower for each in branches for lower in each.below]
    assert sorted(seen) == sorted(each.iri for each in chain) and depth == goals.DEEPEST

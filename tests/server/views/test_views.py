"""What holds for the page of every kind of thing: ways out when it takes long, what is gone, what is unknown."""

from urllib.parse import parse_qs, urlsplit

import pytest

from server import pages
from server.asking import QueryFailed
from server.naming import RDF_TYPE
from server.views import BY_CLASS
from tests.server.data import BASE
from tests.server.views_data import Reader

THINGS = (
    "meeting/9999/parknamnden/2024-03-12",
    "treatment/9999/parknamnden/2024-03-12/7",
    "treatment/9999/parknamnden/2024-03-12/9",
    "case/9999/PN-2024-31",
    "matter/9999/PN-2024-31/motion",
    "person/9999/asa-strom-v",
    "party/V",
    "body/9999/parknamnden",
    "document/2222222222222222",
)


OF_REPORTS = {"AnnualReport", "Goal", "GoalActivity", "IndicatorObservation"}  # test_views_report.py, as what follows
OF_ACTS = {"Decision", "Proposal", "Reservation", "Statement", "VoteEvent", "Recusal", "NonParticipation"}
OF_PLACES = {"LocalAuthority"}


def test_every_made_page_is_looked_at() -> None:
    here = {"Body", "Case", "Matter", "Meeting", "Party", "Person", "Document", "ItemTreatment"}
    assert {each.rpartition("#")[2] for each in BY_CLASS} == here | OF_REPORTS | OF_ACTS | OF_PLACES


@pytest.mark.parametrize("path", THINGS)
@pytest.mark.parametrize("language", ["sv", "en"])
def test_what_every_page_has(reader: Reader, path: str, language: str) -> None:
    page = reader.get(f"/doc/{path}", lang=language)
    assert page.status == 200 and len(page.tree.xpath("//article//h1")) == 1
    ids = page.tree.xpath("//@id")
    assert len(ids) == len(set(ids))
    for name in page.tree.xpath("//@aria-labelledby"):
        assert set(str(name).split()) <= set(ids)
    assert "None" not in page.one("//main") and "{}" not in page.one("//main")
    assert not page.tree.xpath("//@style | //script[not(@type='application/ld+json')]")
    levels = [int(str(each.tag)[1]) for each in page.tree.xpath("//*[self::h1 or self::h2 or self::h3 or self::h4]")]
    assert all(after - before <= 1 for before, after in zip(levels, levels[1:], strict=False))
    assert page.one("//link[@rel='canonical']/@href") == f"https://data.example/doc/{path}?lang={language}"
    others = dict(
        zip(page.tree.xpath("//link[@hreflang]/@hreflang"), page.tree.xpath("//link[@hreflang]/@href"), strict=True)
    )
    here = f"https://data.example/doc/{path}"
    assert others == {"sv": f"{here}?lang=sv", "en": f"{here}?lang=en", "x-default": here}
    facts = page.tree.xpath("//a[contains(@href, 'view=facts')]/@href")[0]
    assert f"lang={language}" in facts and reader.get(facts).status == 200


@pytest.mark.parametrize("path", THINGS)
def test_its_query_gives_rows(reader: Reader, path: str) -> None:
    page = reader.get(f"/doc/{path}")
    link = page.tree.xpath("//a[starts-with(@href, '/sparql?edit=')]/@href")[0]
    assert reader.pool.rows(parse_qs(urlsplit(link).query)["edit"][0]).rows


@pytest.mark.parametrize("path", THINGS)
@pytest.mark.parametrize("kind", sorted(pages.SLOW))
def test_a_page_that_takes_too_long_is_a_list_of_statements(reader: Reader, path: str, kind: str) -> None:
    reader.pool.fails, reader.pool.kind = "SELECT ?s ?p ?o", kind
    page = reader.get(f"/doc/{path}")
    assert page.status == 200 and not page.tree.xpath("//article")
    assert page.tree.xpath("//h2[text()='Uppgifter']")


def test_another_failure_is_told(reader: Reader) -> None:
    reader.pool.fails, reader.pool.kind = "SELECT ?s ?p ?o", "unavailable"
    page = reader.get("/doc/party/V")
    assert page.status == 503 and page.tree.xpath("//p[@role='alert']")
    with pytest.raises(QueryFailed):
        reader.pool.rows("SELECT ?s ?p ?o {}")


def test_what_is_unknown_and_what_is_gone(reader: Reader) -> None:
    assert reader.get("/doc/meeting/9999/parknamnden/1999-01-01").status == 404
    assert reader.get("/doc/person/9999/<script>").status == 404
    gone = reader.get("/doc/document/6666666666666666", lang="en")
    assert gone.one("//h1") == "This has been removed" and "lang=en" in gone.one("//main//a[1]/@href")
    assert gone.status == 410 and "This was removed on 3 February 2025. Ground: Artikel 17" in gone.one("//main")
    assert reader.get("/doc/text/6666666666666666").status == 410


@pytest.mark.parametrize("path", THINGS)
def test_a_page_asks_few_questions(reader: Reader, path: str) -> None:
    reader.pool.queries.clear()
    reader.get(f"/doc/{path}")
    assert len(reader.pool.queries) <= 11
    of_its_kind = [each for each in reader.pool.queries if f"<{BASE}/id/{path}> <{RDF_TYPE}> ?" in each]
    assert len(of_its_kind) == 1 and of_its_kind == reader.pool.queries[:1]  # with whether it is there at all

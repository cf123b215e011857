"""A page says in which municipality it is: at its head, in its title and in its description."""

import pytest

from server.naming import Names
from server.views.view import within
from tests.server.views_data import Reader

PAGES = {
    "/doc/case/9999/PN-2024-31": ["Exempelby", "Ärenden"],
    "/doc/matter/9999/PN-2024-31/motion": ["Exempelby", "Motioner, frågor och förslag"],
    "/doc/person/9999/asa-strom-v": ["Exempelby", "Personer"],
    "/doc/document/2222222222222222": ["Exempelby", "Parknämnden"],
}


@pytest.mark.parametrize("path", PAGES)
def test_the_municipality_is_named(reader: Reader, path: str) -> None:
    page = reader.get(path)
    assert page.all("//main//nav[@class='crumbs']//li") == PAGES[path]
    assert page.tree.xpath("//nav[@class='crumbs']//a/@href")[0] == "/id/municipality/9999"
    assert page.one("//head/title").count("Exempelby") == 1
    assert "Exempelby" in page.one("//meta[@name='description']/@content")


def test_a_municipality_that_has_no_name_is_not_named(reader: Reader) -> None:
    case = f"{reader.site.base}/id/case/9999/PN-2024-31"
    with reader.client.application.test_request_context():
        assert within(reader.site, case, Names(reader.site, "sv", {})) == []

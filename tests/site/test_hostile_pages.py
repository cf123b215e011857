"""What a document says stays text, however it is written."""

import pytest

from tests.server.data import Server
from tests.site import pages
from tests.site.conftest import Open
from tests.site.pages import Kind
from tests.site.visit import HARM

BODY = "treatment/almvik/trafiknamnden/2023-05-16"
TITLE = "<script>alert(3)</script><img src=x onerror=alert(4)> javascript:alert(5)"
DECISION = 'godkänna <a href="javascript:alert(7)">avtalet</a> {{ 7*7 }} ${7*7} </textarea></script>'
DOCUMENT = Kind(
    "",
    query="SELECT ?it WHERE { ?it kg:documents ?m . ?t kg:treatedAt ?m FILTER(CONTAINS(STR(?m), 'trafiknamnden')) } LIMIT 1",
)


@pytest.mark.parametrize("scripts", (True, False), ids=("scripts", "no scripts"))
@pytest.mark.parametrize(
    ("address", "text"),
    [
        (f"/doc/{BODY}/1", TITLE),
        (f"/doc/{BODY}/1", DECISION),
        (f"/doc/{BODY}/2", '"><b onmouseover=alert(8)>Cykelväg</b>'),
        (f"/doc/{BODY}/1?view=facts", TITLE),
        ("/doc/meeting/almvik/trafiknamnden/2023-05-16", TITLE),
        ("/doc/case/almvik/TN-2023-12", TITLE),
        ("/search?q=%3Cscript%3Ealert(3)%3C/script%3E", "<script>alert(3)</script>"),
        (pages.asking("SELECT ?t { ?t <http://purl.org/dc/terms/title> ?title FILTER(CONTAINS(?title, '<script>')) }"), "<script>alert(3)</script>"),
        (pages.asking("SELECT ?title { ?t <http://purl.org/dc/terms/title> ?title FILTER(CONTAINS(?title, '<script>')) }"), TITLE),
        ("/sparql?edit=%3C/textarea%3E%3Cscript%3Ealert(9)%3C/script%3E", "</textarea><script>alert(9)</script>"),
    ],
)  # fmt: skip
def test_markup_is_shown_as_it_was_written(visit: Open, address: str, text: str, scripts: bool) -> None:
    with visit(address, scripts=scripts) as seen:
        assert seen.status == 200
        main = seen.page.locator("main")
        fields = " ".join(each.input_value() for each in seen.page.locator("main textarea, input[type=search]").all())
        assert squeezed(text) in squeezed(f"{main.text_content()} {fields}")
        assert seen.told(HARM) == []
        assert seen.dialogs == [] and seen.elsewhere == []
        assert not scripts or (seen.blocked() == [] and seen.complaints == [])


def test_the_text_of_a_hostile_document_stays_text(visit: Open, invented: Server) -> None:
    [address] = pages.found_of(invented, DOCUMENT)
    with visit(address) as seen:
        assert "<iframe src" in (seen.page.locator("main").text_content() or "")
        assert seen.told(HARM) == [] and seen.dialogs == [] and seen.blocked() == []


def squeezed(text: str) -> str:
    return " ".join(text.split())

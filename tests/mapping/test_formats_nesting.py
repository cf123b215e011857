"""Web pages that are nested without end are refused before the parser spends its time on them."""

import pytest

from mapping.formats import read_text
from mapping.formats.nesting import DEEPEST
from mapping.records import Refused
from mapping.text import Text
from tests.growth import LINEAR, growth


def read(body: str) -> Text | Refused:
    return read_text(("<!doctype html>" + body).encode())


def test_pages_as_deep_as_allowed_are_read() -> None:
    for piece in ("<div>", "<ul><li>", "<blockquote><p>"):
        text = read(piece * DEEPEST + "djup")
        assert isinstance(text, Text) and text.canonical.endswith("djup")
    assert isinstance(read("<div>" * (DEEPEST + 1) + "djup"), Refused)


TOO_DEEP = [
    "<div>",
    "<DIV class='a>b'>",
    "<div/>",
    "<div title='</div>'>",
    "<ul><li>",
    "<span>",
    "<b><p>",
    "<section></p></b><!-- </section> -->",
    "<div><script>'</div>'</script>",
    "<svg></svg><div/>",
]


@pytest.mark.parametrize("piece", TOO_DEEP)
def test_pages_nested_too_deep_are_refused_however_deep(piece: str) -> None:
    def refuse(times: int) -> None:
        refused = read(piece * times + "djup")
        assert isinstance(refused, Refused) and refused.reason == "too-deep"
        assert str(DEEPEST) in refused.sv and str(DEEPEST) in refused.en

    assert growth(refuse, 50_000) < LINEAR


FLAT = [
    "<div>a</div>",
    "<p>a",
    "<table><tr><td>a<td>b<tr><td>c</table>",
    "<ul><li>a<li>b</ul>",
    "<br><img src=x><hr/><input>",
    "<a name=x>a",
    "<div><span>a</div>",
    "<svg><path d='M 1 > 2'/><g><path/></g></svg>",
    "<script>'<div>'</script>",
    "<!-- <div> -->",
    '<div title="<div>">a</div>',
    "<div title='it\"s'></div>",
    "<p title=it's>a < b</p>",
    "<DIV>a</div>",
]


@pytest.mark.parametrize("piece", FLAT)
def test_long_pages_are_not_taken_for_deep_ones(piece: str) -> None:
    def accept(times: int) -> None:
        text = read("<p>början" + piece * times + "<p>slut")
        assert isinstance(text, Text) and text.canonical.endswith("slut")

    assert growth(accept, DEEPEST + 500) < LINEAR


@pytest.mark.parametrize(
    "piece", ["<", "<a ", "<a ='", '<a ="', "<a =", "<!--", "<!-- -", "<script", "<script>", "</a "]
)
def test_tags_that_never_end_take_no_longer(piece: str) -> None:
    assert growth(lambda times: read("<p>text</p>" + piece * times), 10_000) < LINEAR

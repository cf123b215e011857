"""Web pages: what a browser shows, line by line."""

import pytest

from mapping.formats import read_text
from mapping.text import Text
from tests.growth import LINEAR, growth


def read(source: str, encoding: str = "utf-8") -> str:
    text = read_text(("<!doctype html>" + source).encode(encoding))
    assert isinstance(text, Text), text
    assert text.format == "html"
    return text.canonical


PIECES = [
    (
        "<h1>Nämnden</h1><p>Ett\n   stycke <b>med</b> fet<i>stil</i>.</p><p>Två</p>",
        "Nämnden\n\nEtt stycke med fetstil.\n\nTvå",
    ),
    ("<div>a<div>b</div>c</div>", "a\nb\nc"),
    ("<p>rad 1<br>rad 2<br/>rad 3</p>", "rad 1\nrad 2\nrad 3"),
    ("<p>&sect; 5 &aring;&auml;&ouml; &amp; &lt;b&gt; &#167;</p>", "§ 5 åäö & <b> §"),
    ("<ul><li>ett</li><li>två</li></ul><p>efter", "- ett\n- två\n\nefter"),
    ("<ol><li>ett<li>två<li value=7>sju<li>åtta</ol>", "1. ett\n2. två\n7. sju\n8. åtta"),
    ("<ol start=3 type=a><li>c</li><li>d</li></ol>", "c. c\nd. d"),
    ("<ol type=I><li>a</li><li>b</li><li>c<li>d</ol>", "I. a\nII. b\nIII. c\nIV. d"),
    ("<ol><li>ett<ul><li>under</li></ul></li><li>två</li></ol>", "1. ett\n  - under\n2. två"),
    ("<ol><li></li></ol><p>fri</p>", "fri"),
    ("<p>a</p><script>var x = '<p>b</p>';</script><style>p{}</style><noscript>c</noscript><!-- d -->", "a"),
    ("<head><title>Titel</title></head><nav>Meny</nav><main>Text</main><footer>Fot</footer>", "Text\nFot"),
    ("<p hidden>a</p><p style='color:red; display : none'>b</p><p aria-hidden=true>c</p><p>d</p>", "d"),
    ("<div role=navigation>meny</div><template><p>mall</p></template><button>Skriv ut</button>kvar", "kvar"),
    ("<pre>a  b\n  c</pre>", "a  b\n  c"),
    ("<p>hårt&nbsp;blank</p>", "hårt\xa0blank"),
    ("<p>Bjo&#776;rk</p>", "Björk"),
    (
        "<table><tr><th>Ledamot<th>Parti</tr><tr><td>Anna-Karin Ek<td>(S)</tr><tr><td>Bo<td>(M)</table>",
        "Ledamot         Parti\nAnna-Karin Ek   (S)\nBo              (M)",
    ),
    ("<table><tr><td><p>ett</p><p>två</p></td></tr></table>", "ett\n\ntvå"),
    (
        "<table><tr><td>a<td>b1<br>b2</tr><tr><td colspan=2>bred över båda</tr><tr><td><td>c</table>",
        "a   b1\n    b2\nbred över båda\n    c",
    ),
    ("<table><tr><td>a<table><tr><td>x<td>y</table></td><td>b</td></tr></table>", "a       b\n\nx   y"),
    ("<p>text</td></p></tr></table></ul></ol></li>slut", "text\n\nslut"),
]


@pytest.mark.parametrize(("source", "expected"), PIECES)
def test_pieces(source: str, expected: str) -> None:
    assert read(source) == expected


@pytest.mark.parametrize(
    ("head", "encoding"),
    [
        ("<meta charset=utf-8>", "utf-8"),
        ("", "utf-8"),
        ("<meta charset='iso-8859-1'>", "latin-1"),
        ("<meta http-equiv=Content-Type content='text/html; charset=windows-1252'>", "cp1252"),
        ("<meta charset=nonsense>", "cp1252"),
        ("", "cp1252"),
        ("<meta charset=utf-8>", "cp1252"),
    ],
)
def test_encodings(head: str, encoding: str) -> None:
    assert read(f"<html>{head}<p>Återremiss på §§ 3–4</p>".replace("–", "-"), encoding) == "Återremiss på §§ 3-4"


def test_deep_and_wide_pages_are_read_whole() -> None:
    assert "djup" in read("<div>" * 1900 + "djup")
    assert "djup" in read("<table><tr><td>" * 300 + "djup")
    assert read("<ul><li>" * 900 + "djup").endswith("- djup")
    assert read("<p>stycke</p>" * 20_000).count("stycke") == 20_000


@pytest.mark.parametrize("part", ["<div>djup</div>", "<p>stycke</p>", "<tr><td>cell</td></tr>"])
def test_time_grows_with_the_page_only(part: str) -> None:
    assert growth(lambda size: read(part * size), 2500) < LINEAR

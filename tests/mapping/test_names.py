"""Names: normalised, compared, near or not."""

import pytest

from mapping.names import is_good, key, near, normalise, tokens


@pytest.mark.parametrize(
    ("printed", "wanted"),
    [
        ("Karin  Lindmark\nÖhr", "Karin Lindmark Öhr"),
        ("Maj\u2010Britt Persson,", "Maj-Britt Persson"),
        ("Maj- Britt Persson", "Maj-Britt Persson"),
        ("Andre\u0301 Sandelin", "André Sandelin"),
        ("Lind\u00admark", "Lindmark"),
    ],
)
def test_normalised(printed: str, wanted: str) -> None:
    assert normalise(printed) == wanted


@pytest.mark.parametrize(
    ("name", "wanted"),
    [("André ÖHR", "andre öhr"), ("Åsa Ærlig", "åsa ärlig"), ("Zoë Müller", "zoe muller")],
)
def test_key_drops_accents_but_keeps_swedish_letters(name: str, wanted: str) -> None:
    assert key(name) == wanted


def test_tokens_leave_particles_out_but_not_as_first_name() -> None:
    assert tokens("Carl von Essen-Bjelke") == ("carl", "essen", "bjelke")
    assert tokens("Dos Santos") == ("dos", "santos")


@pytest.mark.parametrize(
    ("a", "b", "reason"),
    [
        ("Petra Lindqvist", "Petra Lindqvist Sandberg", "surname"),
        ("Petra Lindqvist", "Petra Lindkvist Sandberg", "letter+surname"),
        ("Petra Lindkvist Sandberg", "Petra Lindqvist Sandberg", "letter"),
        ("Cornelia Brodin", "Cornélia Brodin", "diacritics"),
        ("Greta Norén", "Greta Nohrén", "letter"),
        ("Thomas Lindqvist", "Tomas Lindqvist", "letter"),
        ("Carl von Essen", "Carl Essen", "particle"),
        ("Anna Lahtinen-Wester", "Anna Lahtinen Wester", "hyphen"),
        ("Karl Johan Bergqvist", "Karl Bergqvist", "surname"),
        ("ANNA BERG", "Anna Berg", "case"),
        ("Per Andersson", "Pär Andersson", "short"),
        ("Anna Hansson", "Anna Jansson", "initial"),
        ("Cornelia Brodin", "Cornelis Brodin", "first-name"),
        ("Ruben Ståhl", "Valter Ståhl", None),
        ("Anna Larsson", "Anna Karlsson", None),
        ("Anna Berg Holm", "Anna Berg Lind", None),
        ("Anna Lindkvist Holmm", "Anna Lindqvist Holm", None),
        ("Brodin", "Brodén", None),
        ("Anna Berg", "Anna Berg", None),
    ],
)
def test_near(a: str, b: str, reason: str | None) -> None:
    assert near(a, b) == reason
    assert near(b, a) == reason


def test_reasons_that_make_one_person_likely() -> None:
    assert is_good("letter+surname") and is_good("diacritics")
    assert not is_good("short") and not is_good("first-name+surname")

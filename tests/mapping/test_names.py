"""Names: normalised, compared, near or not."""

import pytest

from mapping.names import is_good, key, near, normalise, tokens


@pytest.mark.parametrize(
    ("printed", "wanted"),
    [
        ("Karin  Lindmark\nÖhr", "Karin Lindmark Öhr"),
        ("Inga\u2010Lill Persson,", "Inga-Lill Persson"),
        ("Inga- Lill Persson", "Inga-Lill Persson"),
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
        ("Alexandra Mattsson", "Alexandra Mattsson Åkerström", "surname"),
        ("Alexandra Mattsson", "Alexandra Mattson Åkerström", "letter+surname"),
        ("Alexandra Mattson Åkerström", "Alexandra Mattsson Åkerström", "letter"),
        ("Andrea Hedin", "Andréa Hedin", "diacritics"),
        ("Eva Elfén", "Eva Elfvén", "letter"),
        ("Thomas Lindqvist", "Tomas Lindqvist", "letter"),
        ("Carl von Essen", "Carl Essen", "particle"),
        ("Anna Rantala-Bonnier", "Anna Rantala Bonnier", "hyphen"),
        ("Karl Johan Bergqvist", "Karl Bergqvist", "surname"),
        ("ANNA BERG", "Anna Berg", "case"),
        ("Per Andersson", "Pär Andersson", "short"),
        ("Anna Hansson", "Anna Jansson", "initial"),
        ("Andrea Hedin", "Andreas Hedin", "first-name"),
        ("Gabriel Kroon", "Julian Kroon", None),
        ("Anna Larsson", "Anna Karlsson", None),
        ("Anna Berg Holm", "Anna Berg Lind", None),
        ("Anna Mattson Holmm", "Anna Mattsson Holm", None),
        ("Hedin", "Hedén", None),
        ("Anna Berg", "Anna Berg", None),
    ],
)
def test_near(a: str, b: str, reason: str | None) -> None:
    assert near(a, b) == reason
    assert near(b, a) == reason


def test_reasons_that_make_one_person_likely() -> None:
    assert is_good("letter+surname") and is_good("diacritics")
    assert not is_good("short") and not is_good("first-name+surname")

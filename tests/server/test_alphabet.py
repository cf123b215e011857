"""The Swedish alphabet's order."""

from server.alphabet import swedish


def test_the_letters_after_z() -> None:
    wanted = ["Ek", "Zetterlund", "Åberg", "Ærlig", "Äsping", "Öberg", "Ørsted"]
    assert sorted(["Öberg", "Ørsted", "Åberg", "Äsping", "Ærlig", "Zetterlund", "Ek"], key=swedish) == wanted


def test_inside_words_too() -> None:
    wanted = ["Brodin", "Bråthe", "Brännström", "Bröms"]
    assert sorted(["Brännström", "Bröms", "Bråthe", "Brodin"], key=swedish) == wanted


def test_capitals_accents_and_ways_of_writing_make_no_difference() -> None:
    assert swedish("ANDRÉ") == swedish("andre") == swedish("Andre\u0301")
    assert swedish("A\u030aberg") == swedish("åberg") > swedish("zon")
    assert swedish("Müller") == swedish("Myller")

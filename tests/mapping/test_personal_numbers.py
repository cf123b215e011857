"""Personal numbers must be found in any writing; only the tax agency's official test numbers stand here."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mapping.personal_numbers import find, mask, mask_name, masked
from tests.growth import LINEAR, growth
from tests.numbers import number_in_some_writing

NUMBERS = [
    "191212121212", "19121212-1212", "19121212+1212", "121212-1212", "121212+1212", "1212121212",
    "121212 1212", "19121212 1212",
    "121212 - 1212", "19 121212-1212", "12 12 12-1212", "1912 12 12 1212", "121212–1212", "121212‑1212",
    "121212-\n1212", "1912-12-12-1212",
    "189001019802", "18900101-9802", "900101-9802", "701063-2391", "19701063-2391", "7010632391",
    "197010632391", "121212\xa01212", "121212\xad1212", "121212—1212", "121212\n-1212", "1912.12.12-1212",
    "121212\u200b1212", "1 91212 12-1212", "12121 2 - 12 12", "7 0 1 0 6 3-2 3 9 1",
    # interim numbers: Ladok's and those of health care, with and without a check digit
    # other separators, and signs that a machine took for others
    "811228.9874", "811228/9874", "811228_9874", "811228:9874", "811228--9874", "811228 / 9874", "811228     9874",
    "19811228/9874", "1981-12-28 9874", "1981-12-28/9874", "8l1228-9874", "8I1228-9874",
    "8l1228/9874", "9OO1O1-98O2", "9001o1.9802", "l9811228-9874", "20OO0101-9801",
    # over the end of a line or a page, digit by digit, with signs that do not show
    "811228\n9874", "19811228\n\n9874", "811228-\f9874", "8 1 1 2 2 8 9 8 7 4", "811228\u200e-9874", "81/12/28-9874",
    "000101-T220", "20000101-R220", "000101T220", "19121212-P123", "121212-t123",
]  # fmt: skip


@pytest.mark.parametrize("number", NUMBERS)
def test_found_and_masked(number: str) -> None:
    surroundings = (("", ""), ("Klaganden, ", ", överklagar"), ("(", ")"), ("personnummer:", "."), ("Pnr", "\n"))
    for before, after in surroundings:
        text = before + number + after
        assert find(text) == [(len(before), len(before) + len(number))]
        hidden = mask(text)
        assert len(hidden) == len(text)
        assert hidden == before + "".join("•" if sign.isalnum() else sign for sign in number) + after
        assert masked(text) == [] and masked(hidden) == find(text)


@pytest.mark.parametrize(
    "text",
    [
        "212000-0845", "org.nr 212000-0142", "16212000-0845", "162120000845", "556036-0793", "191212121213",
        "121212-1213",
        "121312-1212", "2023-01-01 2023", "2023-01-01\n2023",
        "701093-2391", "SOF 2024/791-1.1", "2020-08-25", "1912-12-12", "08-121212",
        "811228\n9875", "240101\n2024", "20240101\n\n2025", "1 2 3 4 5 6 7 8 9 1",
        "12121212121212", "1.3.1-585/2016", "",
        "000101-T22", "000101-T2205", "000101T221", "SBN 200115-A12", "151012-2", "KS 2020-T123", "16 212000-0142",
        "811228.9875", "811228/9875", "811228--9875", "8l1228-9875", "1981-12-28 9875", "212000.0142", "556036/0793",
        "2023-01-01 2023", "230101/2023", "2023-01-01/2023", "2024-03-12 1334", "2024-03-12 4500", "240312 | 4500",
        "dnr 811228/9874", "tel 811228/9874", "2024-03-12. 9874", "OollIO-loIl", "811 228,98", "811228,98", "KS 2024/811228",
        "1 21212-1213", "12 12-1212", "tel. 070-101 98 02", "802001-1234", "969600-1234", "769600-1237",
    ],
)  # fmt: skip
def test_not_personal_numbers(text: str) -> None:
    assert find(text) == []
    assert mask(text) == text


SURROUNDING = st.text(alphabet=st.sampled_from("0123456789 -+.,:/§\n\txåPn•()"), max_size=12)


@settings(max_examples=400, deadline=None)
@given(before=SURROUNDING, number=number_in_some_writing(), after=SURROUNDING)
def test_no_surroundings_hide_a_number(before: str, number: str, after: str) -> None:
    text = f"{re.sub('[0-9]$', 'x', before)}{number}{re.sub('^[^ ,.)§]', ' ', after)}"
    hidden = mask(text)
    assert len(hidden) == len(text) and mask(hidden) == hidden
    assert not re.search(r"[0-9A-Za-z]", hidden[len(before) : len(before) + len(number)]), text


def test_several_in_one_text() -> None:
    text = "191212121212, 701063-2391 och 18900101-9802 (org.nr 212000-0845)"
    assert mask(text) == "••••••••••••, ••••••-•••• och ••••••••-•••• (org.nr 212000-0845)"
    assert mask(mask(text)) == mask(text)


@pytest.mark.parametrize(
    "stuff",
    [
        "1",
        "12 ",
        "121212-",
        "121212/",
        "8l1228",
        "O",
        "1981-12-28 ",
        "811228--",
        "19121212 \n",
        "12-12-",
        "pnr ",
        "pnr 121212-1213 och ",
    ],
)
def test_time_grows_with_the_length_only(stuff: str) -> None:
    assert growth(lambda size: mask(stuff * (size // len(stuff))), 30_000) < LINEAR


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("personnummer 19121212-1213", "personnummer ••••••••-••••"),
        ("Personnummer: 19121212 1213.", "Personnummer: •••••••• ••••."),
        ("pers.nr 121212-1213, bosatt", "pers.nr ••••••-••••, bosatt"),
        ("Pnr121212+1213", "Pnr••••••+••••"),
        ("p.nr 1212121213", "p.nr ••••••••••"),
        ("persnr 19121212-121 3", "persnr ••••••••-••• •"),
        ("personnummer\n121212-1213", "personnummer\n••••••-••••"),
        ("personnummer 811228-987O", "personnummer ••••••-••••"),
        ("pnr 811228/9875", "pnr ••••••/••••"),
        ("för 19 81 12 28 98 74 och 81 12 28-98 74", "för •• •• •• •• •• •• och •• •• ••-•• ••"),
        ("född 1981/12/28 9874", "född ••••/••/•• ••••"),
        ("811228- -9874, 811228.-9874", "••••••- -••••, ••••••.-••••"),
        ("”811228”-”9874”", "”••••••”-”••••”"),
        ("811228-TF12, 19811228-U45X", "••••••-••••, ••••••••-••••"),
        ("１９８１１２２８－９８７４, 1981 1228 9874", "••••••••－••••, •••• •••• ••••"),
        ("tel 08 12 28 98 74", "tel 08 12 28 98 74"),
        ("pnr 121212-1213 och 121212-1214", "pnr ••••••-•••• och ••••••-••••"),
    ],
)
def test_behind_a_label_the_check_digit_does_not_matter(text: str, masked: str) -> None:
    assert mask(text) == masked
    assert mask(masked) == masked


@pytest.mark.parametrize(
    "text",
    ["dnr 121212-1213", "upp.nr 121212-1213", "pnr 2023-01-01 2023", "pnr SOF 2024/791-1.1", "pnr 12345", "org.nr 212000-0142"],
)  # fmt: skip
def test_numbers_of_other_labels_stay(text: str) -> None:
    assert mask(text) == text


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("811228%2D9874.txt", "••••••-••••.txt"),
        ("811228-9874 protokoll.txt", "••••••-•••• protokoll.txt"),
        ("protokoll%202024.txt", "protokoll%202024.txt"),
    ],
)
def test_the_name_of_a_file(name: str, shown: str) -> None:
    assert mask_name(name) == shown

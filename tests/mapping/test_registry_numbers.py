"""Registry numbers: every format with its examples, their parts, and what only looks like one."""

import json
import re
import tomllib
from pathlib import Path

import pytest

from mapping.registry_numbers import RegistryNumber, find, normalise, parse, references, split_document_id
from tests.growth import LINEAR, growth

ROOT = Path(__file__).parents[2]
LEXICON = tomllib.loads((ROOT / "mapping/lexicon/registry_numbers.toml").read_text(encoding="utf-8"))
FORMATS = LEXICON["format"]
EXAMPLES = [(row["id"], example, row.get("label_required", False)) for row in FORMATS for example in row["examples"]]
RESEARCH = ROOT.parent / "shared/research/registry-number-formats.json"


@pytest.mark.parametrize(("form", "example", "label_required"), EXAMPLES)
def test_every_example_is_read_whole(form: str, example: str, label_required: bool) -> None:
    number = parse(example)
    assert number is not None
    whole = "-".join(filter(None, (number.notation, number.document_suffix)))
    assert whole == re.sub(r" - ", "-", example)
    for text in (f"Dnr {example}", f"(dnr: {example})", f"Diarienummer\n{example}\n", f"om ärendet, Dnr. {example}."):
        matches = find(text)
        assert [match.verbatim for match in matches] == [example]
        assert text[matches[0].start : matches[0].end] == example
    assert [match.verbatim for match in find(f"se {example}, där")] == ([] if label_required else [example])


@pytest.mark.skipif(not RESEARCH.exists(), reason="the list of seen formats is not on this machine")
def test_every_number_seen_in_the_world_is_read() -> None:
    seen = [example for row in json.loads(RESEARCH.read_text(encoding="utf-8")) for example in row["examples"]]
    missed = [example for example in seen if parse(example) is None]
    assert len(seen) > 60 and missed == []


PARTS = [
    ("KS 2024/1023", RegistryNumber("KS", 2024, 1023, None, None, "KS 2024/1023")),
    ("SOF 2024/791-1.1", RegistryNumber("SOF", 2024, 791, None, "1.1", "SOF 2024/791")),
    ("SOF 2025/2-31", RegistryNumber("SOF", 2025, 2, None, "31", "SOF 2025/2")),
    ("SOF 2024/2-131", RegistryNumber("SOF", 2024, 2, None, "131", "SOF 2024/2")),
    ("KFKS 2015/15-002", RegistryNumber("KFKS", 2015, 15, "002", None, "KFKS 2015/15-002")),
    ("KFKS 2019/15-815", RegistryNumber("KFKS", 2019, 15, "815", None, "KFKS 2019/15-815")),
    ("KS 2008/85-88", RegistryNumber("KS", 2008, 85, "88", None, "KS 2008/85-88")),
    ("KS/2018:298 - 001", RegistryNumber("KS", 2018, 298, "001", None, "KS/2018:298-001")),
    ("KS/2018:298 – 001", RegistryNumber("KS", 2018, 298, "001", None, "KS/2018:298-001")),
    ("KSF-2023-024-539", RegistryNumber("KSF", 2023, 24, "539", None, "KSF-2023-024-539")),
    ("KS-2015/1634.109", RegistryNumber("KS", 2015, 1634, "109", None, "KS-2015/1634.109")),
    ("KS2014/154-8", RegistryNumber("KS", 2014, 154, None, "8", "KS2014/154")),
    ("KS2007/011-10", RegistryNumber("KS", 2007, 11, "10", None, "KS2007/011-10")),
    ("KS2024-0123", RegistryNumber("KS", 2024, 123, None, None, "KS2024-0123")),
    ("KS 2024.123", RegistryNumber("KS", 2024, 123, None, None, "KS 2024.123")),
    ("2024.123", RegistryNumber(None, 2024, 123, None, None, "2024.123")),
    ("KU.2017.3", RegistryNumber("KU", 2017, 3, None, None, "KU.2017.3")),
    ("2013/BUN 0112 041", RegistryNumber("BUN", 2013, 112, "041", None, "2013/BUN 0112 041")),
    ("2009 KS141 0330", RegistryNumber("KS", 2009, 141, "0330", None, "2009 KS141 0330")),
    ("2019/0041 NTN-1", RegistryNumber("NTN", 2019, 41, None, "1", "2019/0041 NTN")),
    ("2016/0452.519 KS", RegistryNumber("KS", 2016, 452, "519", None, "2016/0452.519 KS")),
    ("2016/0031-042", RegistryNumber(None, 2016, 31, "042", None, "2016/0031-042")),
    ("2023/1204", RegistryNumber(None, 2023, 1204, None, None, "2023/1204")),
    ("Ks 1084/2023", RegistryNumber("Ks", 2023, 1084, None, None, "Ks 1084/2023")),
    ("00322/2026", RegistryNumber(None, 2026, 322, None, None, "00322/2026")),
    ("1379/22", RegistryNumber(None, 2022, 1379, None, None, "1379/22")),
    ("31/98", RegistryNumber(None, 1998, 31, None, None, "31/98")),
    ("1.3.1-585/2016", RegistryNumber(None, 2016, 585, "1.3.1", None, "1.3.1-585/2016")),
    ("1.5.3-219-2012", RegistryNumber(None, 2012, 219, "1.5.3", None, "1.5.3-219-2012")),
    ("2006-152-307", RegistryNumber(None, 2006, 152, "307", None, "2006-152-307")),
    ("171-988/2016", RegistryNumber(None, 2016, 988, "171", None, "171-988/2016")),
    ("T 2010-313-01743", RegistryNumber("T", 2010, 1743, "313", None, "T 2010-313-01743")),
    ("01.04/1188/2021", RegistryNumber(None, 2021, 1188, "01.04", None, "01.04/1188/2021")),
    ("KS 02-820 107", RegistryNumber("KS", 2002, 820, "107", None, "KS 02-820 107")),
    ("KS 13.611", RegistryNumber("KS", 2013, 611, None, None, "KS 13.611")),
    ("2022-000214", RegistryNumber(None, 2022, 214, None, None, "2022-000214")),
]


@pytest.mark.parametrize(("printed", "number"), PARTS)
def test_parts(printed: str, number: RegistryNumber) -> None:
    assert parse(printed) == number
    assert parse(number.notation) is not None


LOOK_ALIKES = [
    "prop. 2024/25:89", "Prop 1997/98:182", "(prop. 2024/25:\n89)", "SOU 2024:93", "Ds 2020:15", "SFS 2010:900",
    "LM 2020/123", "P 2019/12", "TRV 2020/12345", "Lst 2020-1234", "M 2020/1",
    "(1993:387)", "KFS 2024:16", "Motion (2016:44)", "Utlåtande 2017:19", "2023 nr 84", "Farsta 2:1", "Öxeryd 1:42",
    "§ 63/20", "§ 40/2019", "§§ 61/20–66/20", "§§ 12/20, 13/20 och 14/20", "§ 364/2014", "212000-0142",
    "organisationsnummer 212000-0845", "2020-08-25", "Datum 2020-08-25", "2025-05-\n15", "KS 2024-05-20",
    "den 12/3 2014", "tel. 08-508 25 000", "08-123 45 67", "TEL 08-820 107", "läsåret 2024/25", "HT 2024/25",
    "Läsår 2024/25", "LSS 9:9", "LSS 9 § 9", "Mem. 2005:12", "1.3.1.2", "Diariekod 031", "budget 2024-2026",
    "Plan 2024-2026", "KS 2024-2026", "KF 2024-05", "nr 3/2025", "Nr 9/2016", "kl 10.15", "KL 08:30",
    "klockan 13.00–15.30",
    "(EU) 2016/679", "EU 2016/679", "10 000 kr/år", "24/7", "1/3", "den 16/9", "Maj 2024/25", "2024-2025/26",
    "19121212-1212", "www.kommun.se/2024/123", "bilaga-2024/123/4", "Kvarnholmen 4:2", "SKOLFS 2018:50",
    "bet. 2019/20:SoU12",
]  # fmt: skip


@pytest.mark.parametrize("text", LOOK_ALIKES)
def test_look_alikes_are_not_registry_numbers(text: str) -> None:
    assert find(text) == []
    assert find(f"Ärendet gäller {text} enligt ovan.") == []


@pytest.mark.parametrize(
    "text", ["§ 63/20", "§§ 61/20–66/20", "prop. 2024/25:89", "2025-05-\n15", "12/3 2014", "KFS 2024:16"]
)
def test_a_label_before_the_stretch_does_not_make_these_registry_numbers(text: str) -> None:
    assert find(text, labelled=True) == []


IN_TEXT = [
    ("Svar på remiss, Dnr KS 2024/907 \nSOF\n2024/655", ["KS 2024/907", "SOF\n2024/655"]),
    ("Dnr KFN 2021/12, KS 2021/88", ["KFN 2021/12", "KS 2021/88"]),
    ("Dnr 31/16, 32/16 och 33/16; § 34/16", ["31/16", "32/16", "33/16"]),
    ("§ 62 Budgetuppföljning   Dnr 2023/1204 1.3.1.2", ["2023/1204"]),
    ("KS § 61                  KS/2018:77-401", ["KS/2018:77-401"]),
    ("§ 40/2019    Dnr 2019/0041 NTN-1    Diariekod: 031", ["2019/0041 NTN-1"]),
    (" SOF 2023/86-4.1 Bilaga 2", ["SOF 2023/86-4.1"]),
    (" SOF 2025/2-32 Protokoll 2025-05-15", ["SOF 2025/2-32"]),
    ("dnr SOF 2023/110, resultaten", ["SOF 2023/110"]),
    ("(dnr\nSOF 2023/478).", ["SOF 2023/478"]),
    ("SOF 2024/\n718", ["SOF 2024/\n718"]),
    ("SOF 2024/718-\n  2 Tjänsteutlåtande", ["SOF 2024/718-\n  2"]),
    ("00123/20212.6.", ["00123/2021"]),
    ("Dnr.KS 2024/10", ["KS 2024/10"]),
    ("Dnr 2024/123 003", ["2024/123"]),
    ("Dnr 2024.123 003", ["2024.123"]),
    ("dnr KS 2024/123 12 personer", ["KS 2024/123"]),
    ("Dnr 2024.05.12", []),
    ("Dnr:31/16", ["31/16"]),
    ("Dnr Socn 2014/12", ["Socn 2014/12"]),
    ("dnr 2023/48, prop. 2022/23:10", ["2023/48"]),
    ("BN 2014-000123\r\nKS 2024/5", ["BN 2014-000123", "KS 2024/5"]),
]


@pytest.mark.parametrize(("text", "expected"), IN_TEXT)
def test_in_text(text: str, expected: list[str]) -> None:
    matches = find(text)
    assert [match.verbatim for match in matches] == expected
    assert [text[match.start : match.end] for match in matches] == expected


def test_a_column_of_numbers_under_a_label() -> None:
    assert [match.verbatim for match in find("1379/22\n0811/23\n§ 9", labelled=True)] == ["1379/22", "0811/23"]


@pytest.mark.parametrize(
    ("printed", "expected"),
    [
        ("Dnr. KS 2024/1023", "KS 2024/1023"),
        ("dnr:  KS\n  2024/1023", "KS 2024/1023"),
        ("SOF 2024/\n718", "SOF 2024/718"),
        ("KS/2018:298 - 001", "KS/2018:298-001"),
        ("KS\xa02024/1023", "KS 2024/1023"),
        ("SOF 2024/718-2", "SOF 2024/718"),
        ("Diarienummer 2023/1204", "2023/1204"),
        ("ingen  siffra\n", "ingen siffra"),
    ],
)
def test_normalise(printed: str, expected: str) -> None:
    assert normalise(printed) == expected
    assert normalise(expected) == expected


@pytest.mark.parametrize(
    ("printed", "expected"),
    [
        ("SOF 2024/828-1.6", ("SOF 2024/828", "1.6")),
        ("SOF 2024/828-2", ("SOF 2024/828", "2")),
        ("SOF 2024/828", None),
        ("KFKS 2015/15-002", None),
        ("2025-05-15", None),
    ],
)
def test_split_document_id(printed: str, expected: tuple[str, str] | None) -> None:
    assert split_document_id(printed) == expected


CITATIONS = [tuple(example) for row in LEXICON["reference"] for example in row["examples"]]


@pytest.mark.parametrize(("printed", "expected"), CITATIONS)
def test_references(printed: str, expected: str) -> None:
    text = f"Enligt {printed}, som gäller."
    found = references(text)
    assert [reference.text for reference in found] == [expected]
    assert text[found[0].start : found[0].end] == found[0].verbatim == printed
    assert find(text) == []


def test_references_stand_in_order_and_leave_registry_numbers_alone() -> None:
    text = "SOU 2020:47, prop. 2024/25:\n89 (Dnr KS 2024/5), lag (2001:453) och KFS 2024:16. Motion (2016:44)"
    expected = ["SOU 2020:47", "prop. 2024/25:89", "SFS 2001:453", "KFS 2024:16", "Motion 2016:44"]
    assert [reference.text for reference in references(text)] == expected


@pytest.mark.parametrize(
    "stuff",
    [
        "1.",
        "2024/",
        "KS ",
        "2024-",
        "1-1.",
        "A\n",
        "2024 KS ",
        "Dnr ",
        "§ 1, ",
        "(2024:",
        " " * 50 + "12/",
        "Dnr 2024/1 12   ",
    ],
)
def test_time_grows_with_the_length_only(stuff: str) -> None:
    assert growth(lambda size: find(stuff * (size // len(stuff))), 30_000) < LINEAR
    assert growth(lambda size: references(stuff * (size // len(stuff))), 30_000) < LINEAR


@pytest.mark.parametrize(("printed", "case"), [("KS/2022:77-3", "KS/2022:77"), ("KS 2022-00077-3", "KS 2022-00077")])
def test_one_digit_behind_a_number_is_that_of_a_document(printed: str, case: str) -> None:
    [found] = find(printed)
    assert (found.number.notation, found.number.document_suffix, found.number.classification) == (case, "3", None)


@pytest.mark.parametrize(
    ("printed", "code"),
    [
        ("Dnr 2024/123 003", "003"),
        ("KS 2024/123 003\r\nTitel", "003"),
        ("KS/2024:123  041 ", "041"),
        ("(KS 2024/123 003)", "003"),
        ("Dnr 2024-000123 1.2.3", "1.2.3"),
        ("Dnr 2024.123 003", "003"),
        ("Dnr KS 2024/123 003 Revidering", "003"),
        ("KS 2024/123 003 Revidering", None),
        ("KS 2024/123 12 personer", None),
        ("Dnr KS 2024/123 12 personer", None),
        ("Dnr KS 2024/123 12 Personer", None),
        ("Dnr KS 2024/123 003 kronor", None),
        ("Dnr KS 2024/123 2024-05-12", None),
        ("Dnr 31/16 32/16", None),
    ],
)
def test_a_classification_behind_a_number_is_no_part_of_its_notation(printed: str, code: str | None) -> None:
    number = find(printed)[0].number
    assert number.classification == code
    assert "003" not in number.notation and number.document_suffix is None


def test_a_number_with_its_classification_is_parsed() -> None:
    assert parse("Dnr 2024/123 003") == RegistryNumber(None, 2024, 123, "003", None, "2024/123")
    assert parse("KS 2024/123 personer") is None

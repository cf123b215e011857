"""Where reading is weak: sums per municipality and layout, and refusals by reason."""

import json
from dataclasses import replace
from typing import Any

from server.data_folder.ledger import Entry
from server.data_folder.reading import account as told
from server.data_folder.status import as_json, details, summary
from server.data_folder.weakness import by_layout, by_municipality

GAP = {"first": 5, "last": 7, "after": "4", "before": "8", "page": 2, "line": 40, "quote": "§ 8", "candidates": [
    {"page": 2, "line": 31, "quote": "& 5 Plan"}]}  # fmt: skip
ITEM = {"number": "4", "title": "Plan för året", "page": 1, "line": 20, "quote": "§ 4"}


def entry(name: str, municipality: str | None, layout: str, claimed: int, unread: int, **more: Any) -> Entry:
    account: dict[str, Any] = {"kind": "minutes", "municipality": municipality, "body": "Socialnämnden", "date": "2024-03-12",
               "pages": 3, "layout": layout, "facts": {"items": 4, "decisions": 3}, "inferred": {}, "gaps": [],
               "withoutRegistryNumber": [], "personalNumbers": []}  # fmt: skip
    lines = [[n, "unread", f"Rad {n}.", 1] for n in range(unread)]
    return Entry(f"{name:a<64}", f"{name}.txt", "accepted", claimed=claimed, ignored='{"furniture": 10}',
                 unread=json.dumps(lines), account=json.dumps(account | more))  # fmt: skip


READ = [
    entry("good", "0180", "minutes, § n", 90, 0),
    entry("weak", "0180", "minutes, n §", 40, 50, inferred={"ballots": 2}, withoutRegistryNumber=[ITEM]),
    entry("same", "0180", "minutes, n §", 90, 0, gaps=[GAP]),
    entry("other", "Almvik", "minutes, § n", 89, 1),
]
REFUSED = [
    Entry(f"{n}" * 64, f"{n}.txt", "refused", reason, f"{reason} sv.", f"{reason} en.")
    for n, reason in enumerate(("empty", "not-a-meeting-document", "not-a-meeting-document", "crash"))
]


def test_layouts_are_summed_up_the_weakest_first() -> None:
    weakest, *others = by_layout(READ)
    assert (weakest.municipality, weakest.layout, weakest.documents) == ("Stockholm", "minutes, n §", 2)
    assert (weakest.claimed, weakest.ignored, weakest.unread, weakest.lines) == (130, 20, 50, 200)
    assert (weakest.missing, weakest.items, weakest.without_number, weakest.inferred) == (3, 8, 1, 2)
    assert [each.name for each in others] == ["Almvik: minutes, § n", "Stockholm: minutes, § n"]


def test_municipalities_are_summed_up_the_weakest_first() -> None:
    assert [(each.name, each.documents, each.unread) for each in by_municipality(READ)] == [
        ("Stockholm", 3, 50), ("Almvik", 1, 1)]  # fmt: skip
    assert by_municipality(REFUSED) == []


def test_of_equal_shares_the_one_with_gaps_is_weaker() -> None:
    whole, holed = entry("whole", "Almvik", "a", 90, 0), entry("holed", "Almvik", "b", 90, 0, gaps=[GAP])
    assert [each.layout for each in by_layout([whole, holed])] == ["b", "a"]


def test_status_is_told_as_tables() -> None:
    told_lines = details(READ + REFUSED).splitlines()
    (weak,) = [line.split(maxsplit=9) for line in told_lines if line.endswith("Stockholm: minutes, n §")]
    assert weak == ["2", "200", "25.0", "%", "3", "8", "1", "2", "0", "Stockholm: minutes, n §"]
    order = [line for line in told_lines if line.endswith((": minutes, n §", ": minutes, § n"))]
    assert order[0].endswith("Stockholm: minutes, n §") and order[-1].endswith("Stockholm: minutes, § n")
    assert "unread: weak.txt, page 1, line 7 (unread): Rad 7." in told_lines
    assert "missing §: same.txt: 5–7 (§ 4 – § 8), sida/page 2, rad/line 40" in told_lines
    assert "unread: weak.txt: 30 more (reports/weakaaaaaaaaaaaa.txt)" in told_lines


def test_status_as_json() -> None:
    content = json.loads(as_json(READ + REFUSED))
    weakest = content["layouts"][0]
    assert (weakest["layout"], weakest["unreadShare"], weakest["missingParagraphs"]) == ("minutes, n §", 0.25, 3)
    assert (weakest["itemsWithoutRegistryNumber"], weakest["inferredFacts"]) == (1, 2)
    assert weakest["facts"] == {"decisions": 6, "items": 8}
    assert [each["municipality"] for each in content["municipalities"]] == ["Stockholm", "Almvik"]
    assert content["refusals"] == {"crash": 1, "empty": 1, "not-a-meeting-document": 2}
    details = {each["fileName"]: each for each in content["details"]}
    assert details["same.txt"]["reading"]["gaps"] == [GAP]
    assert details["same.txt"]["reading"]["municipality"] == "Stockholm"
    assert details["weak.txt"]["unread"][7] == {"line": 7, "rule": "unread", "text": "Rad 7.", "page": 1}
    assert details["0.txt"]["reading"] is None


def test_refusals_are_told_by_reason_the_commonest_first() -> None:
    lines = summary(REFUSED).splitlines()
    assert [line for line in lines if line.startswith("refused:")] == [
        "refused: not-a-meeting-document: 2 documents · handlingar", "refused: crash: 1 documents · handlingar",
        "refused: empty: 1 documents · handlingar"]  # fmt: skip
    at = lines.index("  1.txt, 2.txt")
    assert lines[at + 1 : at + 3] == ["    not-a-meeting-document sv.", "    not-a-meeting-document en."]


def test_an_account_tells_what_is_missing_and_where() -> None:
    numbers = [{"page": 3, "line": 90, "quote": "••••••-••••"}]
    holed = entry("x", "0180", "minutes, § n", 90, 1, gaps=[GAP], withoutRegistryNumber=[ITEM],
                  personalNumbers=numbers, inferred={"decisions": 1, "municipality": 1})  # fmt: skip
    lines = told(holed).splitlines()
    for line in (
        "document · handling: minutes, Stockholm, Socialnämnden, 2024-03-12, 3 pages · sidor",
        "lines · rader: 90 claimed · lästa, 10 ignored · ignorerade, 1 unread · olästa (1.0 %)",
        "  decisions · beslut: 3, 1 inferred · slutna",
        "  municipality · kommun: inferred or given · slutet eller angivet, not stated · ej utskrivet",
        "missing § · § som saknas: 5–7 (§ 4 – § 8), sida/page 2, rad/line 40",
        "  looks like a head · liknar en rubrik, sida/page 2, rad/line 31: & 5 Plan",
        "  § 4 Plan för året (sida/page 1, rad/line 20)",
        "personal numbers, masked · personnummer, maskerade: 1 (sida/page 3, rad/line 90)",
    ):
        assert line in lines
    assert told(replace(holed, account="{}")) == ""

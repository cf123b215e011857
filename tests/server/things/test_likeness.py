"""Which paths and names are like one that was written wrong: a slip in any one part is allowed, and the work is bounded."""

import random
import time

import pytest

from server.things.likeness import LONGEST, SHOWN, Paths, nearest

KNOWN = Paths.of(
    (
        *(f"person/9998/{name}" for name in ("anna-ek-s", "anna-ek-v", "bo-alm", "rolf-vinterlid-c")),
        *(f"party/{code}" for code in ("S", "SD", "M", "C", "KD", "9998/AP")),
        *(f"municipality/{code}" for code in ("0560", "0561", "9998")),
        *("case/0560/KS-2025-23", "case/9998/SN-2025-5"),
        *("body/9998/kommunfullmaktige", "meeting/9998/kommunfullmaktige/2024-11-20"),
        *("document/59f289adff3c193d", "document/c0ffee0123456789", "document/9998/SN-2025-5-1"),
    )
)
CASE, MEETING, DOCUMENT = (
    "case/0560/KS-2025-23",
    "meeting/9998/kommunfullmaktige/2024-11-20",
    "document/59f289adff3c193d",
)


@pytest.mark.parametrize(
    ("path", "found"),
    [
        ("person/9998/rolf-vinterlid", ["person/9998/rolf-vinterlid-c"]),
        ("person/9998/rolf-vinterlid-m", ["person/9998/rolf-vinterlid-c"]),
        ("person/9998/anna-ek", ["person/9998/anna-ek-s", "person/9998/anna-ek-v"]),
        ("persons/9998/bo-alm", ["person/9998/bo-alm"]),
        ("person/9997/rolf-vinterlid-c", ["person/9998/rolf-vinterlid-c"]),
        ("person/9998rolf-vinterlid-c", ["person/9998/rolf-vinterlid-c"]),
        ("person/9997/rolf-vinterlid", []),
        ("person/9998", []),
        ("person", []),
        ("person/9998/" + "a" * 10_000, []),
        ("document/59f289adff3c193e", [DOCUMENT]),
        ("document/59f289", [DOCUMENT]),
        ("document/69f289adff3c193d", [DOCUMENT]),
        ("document/59f289adff3c193d.pdf", [DOCUMENT]),
        ("document/59", []),
        ("party/SS", ["party/S", "party/SD"]),
        ("party/X", []),
        ("party/s", ["party/S"]),
        ("municipality/056", ["municipality/0560", "municipality/0561"]),
        ("case/560/KS-2025-23", [CASE]),
        ("case/0560/ks-2025-23", [CASE]),
        ("case/9998/SN-2025-55", ["case/9998/SN-2025-5"]),
        ("body/9998/kommunfullmäktige", ["body/9998/kommunfullmaktige"]),
        ("meeting/9998/kommunfullmktige/2024-11-20", [MEETING]),
        ("meeting/9998/kommunfullmaktige/2024-11-21", [MEETING]),
        ("meeting/998/kommunfullmaktige/2024-11-20", [MEETING]),
    ],
)
def test_paths_with_a_slip_in_one_part_are_alike(path: str, found: list[str]) -> None:
    assert KNOWN.like(path) == found


def test_names_are_alike_by_their_letters_or_by_whole_words() -> None:
    names = {each: each for each in ("outcome", "role", "document-type")}
    assert nearest("decision-outcome", names) == nearest("outcom", names) == ["outcome"]
    assert nearest("Type", names) == ["document-type"]
    assert nearest("xyzzy", names) == nearest("", names) == nearest("role" * LONGEST, names) == []


def test_among_many_the_right_one_is_found_whichever_letter_is_wrong_and_little_is_compared() -> None:
    chance = random.Random(5)
    documents = [f"document/{chance.randrange(16**16):016x}" for _ in range(100_000)]
    cases = [f"case/{town:04}/KS-2025-{number}" for town in range(1000, 1100) for number in range(1000)]
    many = Paths.of([*documents, *cases])
    begun = time.process_time()
    for right in (documents[7], cases[77_077]):
        for place in range(len(right)):
            if right[place] != "/":
                found = many.like(f"{right[:place]}x{right[place + 1 :]}")
                assert right in found or len(found) == SHOWN, (right, place)
    assert (time.process_time() - begun) / 45 < 0.05
    assert len(many.like("case/1050/KS-2025-50x")) == SHOWN

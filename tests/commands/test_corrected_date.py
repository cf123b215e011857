"""The date of a meeting is corrected by decision: with it goes what follows from it, and every identifier stays."""

from collections.abc import Callable
from pathlib import Path

import pyoxigraph as ox
import pytest

from tests.commands.test_correction import (
    BASE,
    DECISION,
    KG,
    MEETING,
    WHO,
    data,
    files,
    made,
    quads,
    timeless,
    values,
)
from tests.conftest import Done
from tests.server.conftest import free_port, start
from tests.server.data import Server

__all__ = ["data", "made"]  # fixtures

Run = Callable[..., Done]
PRINTED, DAY = "2024-02-26", "2024-02-27"
DATED = (f"{KG}date", f"{KG}observedFrom", f"{KG}observedUntil")


def dated(found: set[ox.Quad], day: str) -> set[tuple[str, str, str]]:
    """What is said to be, or to be seen, on a day, in which graph."""
    return {
        (str(quad.subject), quad.predicate.value, str(quad.graph_name))
        for quad in found
        if quad.predicate.value in DATED and quad.object.value == day  # type: ignore[union-attr]
    }


def test_what_follows_from_the_date_of_a_meeting_goes_with_it(command: Run, made: Path, data: Path) -> None:
    before, first = quads(data), files(data)
    done = command("correct", MEETING, "kg:date", "--value", DAY, "--data", data, *WHO)
    assert (done.returncode, done.stdout) == (0, "1: corrected · rättat\n"), done.stderr
    after = quads(data)
    said = dated(before, PRINTED)
    assert {subject for subject, *_ in said} >= {f"<{MEETING}>", f"<{DECISION}>"} and len(
        {s for s in said if "/membership/" in s[0]}
    ) > 20
    assert dated(after, DAY) == said and not dated(after, PRINTED)
    assert values(data, MEETING, f"{KG}dateVerbatim") == {PRINTED}  # the document's own word
    correction = {quad for quad in after if "/id/correction/" in str(quad.subject)}
    assert {quad for quad in after - correction if quad.predicate.value not in DATED} == {
        quad for quad in before if quad.predicate.value not in DATED
    }  # identifiers too
    assert values(data, f"{BASE}/id/correction/1", f"{KG}formerValue") == {PRINTED}
    for order in (("validate", *sorted((data / "documents").glob("*.nq")), "--with", data / "persons.nq"),
                  ("verify", "--data", data), ("rebuild", "--data", data)):  # fmt: skip
        assert command(*order).returncode == 0
    assert quads(data) == after
    for text in (data / "texts").glob("*.txt"):
        text.unlink()
    assert command("ingest", made / "in", "--data", data, "--jobs", "1").returncode == 0  # all read again
    assert timeless(quads(data)) == timeless(after)

    done = command("correct", MEETING, "kg:date", "--value", "2024-02-25", "--data", data, *WHO)
    assert done.returncode == 0 and dated(quads(data), "2024-02-25") == said, done.stderr
    for number in ("2", "1"):
        done = command("corrections", "--data", data, "--withdraw", number, "--ground", "Rätt från början")
        assert done.returncode == 0, done.stderr
    assert dated(quads(data), PRINTED) == said
    now = files(data)
    assert {n: now[n] for n in first if not n.startswith("ledger")} == {
        n: first[n] for n in first if n[:6] != "ledger"
    }


def test_a_date_that_does_not_agree_with_the_rest_is_refused(command: Run, data: Path) -> None:
    before = files(data)
    done = command("correct", MEETING, "kg:date", "--value", "2014-02-26", "--data", data, *WHO)
    assert done.returncode == 3 and "has a later year than the meeting" in done.stderr
    assert files(data) == before


@pytest.mark.parametrize("thing", [MEETING, DECISION])
def test_the_page_tells_of_the_date_that_was_corrected(command: Run, data: Path, thing: str) -> None:
    assert command("correct", MEETING, "kg:date", "--value", DAY, "--data", data, *WHO).returncode == 0
    port = free_port()
    process = start(data, port)
    try:
        page = Server(port).get(thing.removeprefix(BASE).replace("/id/", "/doc/"), "text/html")
    finally:
        process.terminate()
        process.wait(30)
    assert page.status == 200 and DAY in page.text and "Felskriven plats" in page.text
    assert page.text.count("Kommunsekreteraren") == 1

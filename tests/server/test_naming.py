"""Names of resources are asked for once for each version of the data."""

from dataclasses import replace

import pytest

from server import naming
from server.naming import KeptNames, look_up
from server.site import CONCEPT
from server.storage import snapshot
from tests.server.data import BASE
from tests.server.views_data import Reader

BODY = f"{BASE}/id/body/9999/parknamnden"
SECOND = f"{BASE}/id/body/9999/kommunstyrelsen"
UNKNOWN = f"{BASE}/id/body/9999/nobody"


@pytest.fixture(autouse=True)
def nothing_kept() -> None:
    naming._kept.forget()


def asked(reader: Reader) -> list[str]:
    """The queries since this was called last."""
    found = list(reader.pool.queries)
    reader.pool.queries.clear()
    return found


def test_what_was_asked_is_not_asked_again(reader: Reader) -> None:
    asked(reader)
    first = look_up(reader.site, "sv", [BODY, UNKNOWN])
    assert len(asked(reader)) == 1 and first.of(BODY) == "Parknämnden"
    again = look_up(reader.site, "en", [BODY, UNKNOWN, SECOND])
    (only,) = asked(reader)
    assert SECOND in only and BODY not in only and UNKNOWN not in only
    assert again.of(BODY) == "Parknämnden" and UNKNOWN not in again.known and again.of(UNKNOWN) == first.of(UNKNOWN)


def test_another_version_is_asked_anew(reader: Reader, monkeypatch: pytest.MonkeyPatch) -> None:
    look_up(reader.site, "sv", [BODY])
    asked(reader)
    with monkeypatch.context() as patched:
        patched.setattr(snapshot, "current_version", lambda data_dir: "f" * 16)
        look_up(reader.site, "sv", [BODY])
    assert BODY in asked(reader)[0]


def test_a_version_that_is_published_meanwhile_keeps_nothing(reader: Reader, monkeypatch: pytest.MonkeyPatch) -> None:
    """What was asked may have been told by either of them."""
    told = iter(["1" * 16, "2" * 16, "2" * 16, "2" * 16])
    with monkeypatch.context() as patched:
        patched.setattr(snapshot, "current_version", lambda data_dir: next(told, "2" * 16))
        look_up(reader.site, "sv", [BODY])
        asked(reader)
        look_up(reader.site, "sv", [BODY])
        assert BODY in asked(reader)[0]


def test_an_answer_that_is_cut_is_not_kept(reader: Reader, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(naming, "MOST", 1)
    look_up(reader.site, "sv", [BODY])
    asked(reader)
    look_up(reader.site, "sv", [BODY])
    assert asked(reader)


def test_those_that_nobody_wants_make_room(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(naming, "KEPT", 2)
    kept, names = KeptNames(), naming.OF_HINTS
    kept.keep({"a": {}, "b": {}}, names)
    assert set(kept.known(["a"], names)) == {"a"}
    kept.keep({"c": {}}, names)
    assert set(kept.known(["a", "b", "c"], names)) == {"a", "c"}
    assert kept.known(["a"], naming.ALL) == {}  # was asked for less


def test_a_word_of_the_vocabulary_has_its_name_in_both_languages(reader: Reader) -> None:
    rejected = CONCEPT + "outcome/rejected"
    named = look_up(reader.site, "sv", [rejected])
    assert (named.of(rejected), replace(named, language="en").of(rejected)) == ("avslag", "rejected")

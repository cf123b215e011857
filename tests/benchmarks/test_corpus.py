"""The synthetic corpus: read whole, conforming, the same each time, and laid out as ingest does."""

from collections import Counter
from itertools import islice
from pathlib import Path

import pyoxigraph as ox

from mapping.document import BASE, judge_alone, read
from mapping.records import Refused
from server.data_folder import folder
from server.query_page.examples import FOLDER
from server.storage import snapshot, store
from tests.benchmarks import corpus, questions, stories

KINDS = {"motion", "protokoll", "protokollsutdrag", "dagordning", "tjansteutlatande", "verksamhetsberattelse"}


def test_documents_of_every_kind_are_read_whole_and_conform() -> None:
    kinds: Counter[str] = Counter()
    for paper in islice(stories.documents(), 40):
        found = read(paper.data)
        assert not isinstance(found, Refused), paper
        assert not found.record.account.unread, paper
        assert judge_alone(found).accepted, paper
        kinds[paper.name.rpartition("-")[2].partition(".")[0]] += 1
    assert set(kinds) == KINDS


def test_a_smaller_corpus_is_the_beginning_of_a_larger_one() -> None:
    assert list(corpus.papers(500))[:300] == list(corpus.papers(300)) != list(corpus.papers(300, seed=2))
    assert len({paper.data for paper in corpus.papers(3000)}) == 3000


def test_few_municipalities_have_many_documents() -> None:
    told = Counter(paper.town for paper in corpus.papers(12_000))
    largest = [count for _, count in told.most_common()]
    assert len(told) > 150
    assert largest[0] > 5 * largest[len(largest) // 2]


def test_the_corpus_is_a_data_folder_that_can_be_published(tmp_path: Path) -> None:
    corpus.make(tmp_path / "data", 40)
    assert [entry.status for entry in folder.entries(tmp_path / "data")] == ["accepted"] * 40
    assert store.build(tmp_path / "data", BASE).graphs == 40 + 5
    opened = snapshot.open_current(tmp_path / "data")
    asked = {path.name[:2]: questions.ask(opened.store, path, 2) for path in sorted(FOLDER.glob("*.rq"))}
    opened.close()
    assert len(asked) == 27
    told = {name for name, each in asked.items() if each.rows or each.whole_rows}
    assert told >= {"01", "03", "04", "05", "06", "07", "12", "13", "15", "16", "20", "21", "22", "23", "25"}


def test_values_stand_at_the_top_of_a_question() -> None:
    text = 'SELECT * WHERE {\n  VALUES ?a { UNDEF }\n  VALUES (?b ?c) { ("x" 1) }\n VALUES ?d { 1 2 } }'
    filled = questions.with_values(text, ("a",), ('"y"@sv',))
    assert filled == text.replace("UNDEF", '"y"@sv')
    assert questions.with_values(text, ("b", "c"), ("<i>", "2")) == text.replace('("x" 1)', "(<i> 2)")
    assert ox.Store().query(filled)

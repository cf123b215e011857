"""A search: what was typed as a query of the index, and what it finds.

There is no query language: words, phrases in quotation marks, registry numbers, and numbers of §§. Every word must be
there, in some inflection, or as the beginning of a word; a person's, party's or body's name also finds what they have
said or done.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import tantivy
from rapidfuzz import fuzz
from rapidfuzz.distance import OSA
from tantivy import Occur, Query

from server.search.hits import Hit, shown
from server.search.schema import ACTORS, KINDS, folded, numbers, paragraphs, plain, schema, significant, swedish

LONGEST: Final = 200  # characters that are searched for
WORDS: Final = 16
ROWS: Final = 20
PAGES: Final = 50
PREFIX: Final = 3  # letters of a last word that is the beginning of others
STEM: Final = 5  # letters of the stem of any other such word
OTHERS: Final = 80  # words that begin alike
HOLDERS: Final = 400  # persons, parties and bodies of one name
NEAR: Final = 5  # names that may have been meant
LIKE: Final = 1000  # names with few other letters, of which the nearest are told
FEW: Final = 5  # hits with more than which nothing else was meant
UNENDED: Final = 6  # letters of a word from which the name of a body or party may go on: "socialnämd"


Clause = tuple[Occur, Query]


@dataclass(frozen=True, slots=True)
class Asked:
    """What to search for; `kind` is one of KINDS, `body` an IRI, `page` counts from 1."""

    text: str
    kind: str = ""
    year: int = 0
    body: str = ""
    by_date: bool = False
    page: int = 1


@dataclass(frozen=True, slots=True)
class Answer:
    """`kinds`, `years` and `bodies`: how many there are of each if that is chosen instead. `partly`: nothing has all
    the words, these have some of them. `meant`: (IRI, name) of those with nearly this name."""

    total: int
    hits: Sequence[Hit]
    kinds: Mapping[str, int]
    years: Mapping[int, int]
    bodies: Mapping[str, int]
    partly: bool = False
    meant: Sequence[tuple[str, str]] = ()

    @property
    def pages(self) -> int:
        return min(PAGES, -(-self.total // ROWS))


@dataclass(frozen=True, slots=True)
class Words:
    """What was typed: words as they stand, phrases, and §§ (server.search.schema.paragraphs), `rest` being the text
    without these; `open`: the last word may be the beginning of another."""

    words: Sequence[str]
    phrases: Sequence[Sequence[str]]
    paragraphs: Sequence[Sequence[str]]
    rest: str
    open: bool

    @property
    def number(self) -> int:
        """How many things are sought at once."""
        return len(self.words) + len(self.phrases) + len(self.paragraphs)


def read(text: str) -> Words:
    """What stands in a text."""
    marks, rest = paragraphs(text)
    words: list[str] = []
    phrases: list[Sequence[str]] = []
    for phrase, word in re.findall(r'["”“]([^"”“]*)["”“]?|([^\s"”“]+)', rest):
        found = plain().analyze(phrase or word)
        if phrase and len(found) > 1:
            phrases.append(found[:WORDS])
        else:
            words += found
    return Words(words[:WORDS], phrases[:WORDS], marks[:WORDS], rest, bool(re.search(r"\w\Z", text)))


def search(searcher: tantivy.Searcher, asked: Asked) -> Answer:
    """What is found."""
    said = read(asked.text)
    if not said.number:
        return Answer(0, (), {}, {}, {})
    marked: dict[str, set[str]] = {"title": set(), "text": set()}
    wanted = _wanted(searcher, said, marked, Occur.Must)
    answer = _answer(searcher, asked, wanted, marked, False)
    finds_few = _few(answer.kinds) and _few(_counted(searcher, wanted, "kind", len(KINDS)))  # in all years and bodies
    meant = _meant(searcher, said) if finds_few else []
    if not answer.kinds and said.number > 1:
        wanted = _wanted(searcher, said, marked, Occur.Should)
        answer = _answer(searcher, asked, wanted, marked, True)
    return replace(answer, meant=meant)


def _few(kinds: Mapping[str, int]) -> bool:
    return sum(kinds.values()) <= FEW


def _answer(
    searcher: tantivy.Searcher, asked: Asked, wanted: Query, marked: Mapping[str, Iterable[str]], partly: bool
) -> Answer:
    kinds = _counted(searcher, _filtered(wanted, asked.year, asked.body, ""), "kind", len(KINDS))
    years = _counted(searcher, _filtered(wanted, 0, asked.body, asked.kind), "year", 60)
    bodies = _counted(searcher, _filtered(wanted, asked.year, "", asked.kind), "body", 12)
    total = kinds.get(asked.kind, 0) if asked.kind else sum(kinds.values())
    chosen = _filtered(wanted, asked.year, asked.body, asked.kind)
    skipped = (asked.page - 1) * ROWS
    order = {"order_by_field": "day"} if asked.by_date else {}
    found = searcher.search(chosen, ROWS, count=False, offset=skipped, **order).hits if skipped < total else ()  # type: ignore[arg-type]
    hits = shown(searcher, [address for _, address in found], marked)
    known = sorted(((int(each), number) for each, number in years.items() if int(each)), reverse=True)
    in_order = {kind: kinds[kind] for kind in KINDS if kind in kinds}
    return Answer(total, hits, in_order, dict(known), bodies, partly)


def _wanted(searcher: tantivy.Searcher, said: Words, marked: dict[str, set[str]], needed: Occur) -> Query:
    """All that was typed, or some of it, or what has this registry number, which comes first."""
    telling = [each for each in said.words if significant().analyze(each)]
    clauses: list[Clause] = []
    for at, word in enumerate(said.words):
        is_last = said.open and at == len(said.words) - 1
        tells = word in telling or not telling
        clauses.append((needed if tells else Occur.Should, _word(searcher, word, is_last, marked if tells else {})))
    for phrase in said.phrases:
        clauses.append((needed, _phrase(phrase, marked)))
    clauses += [(needed, _paragraph(marks)) for marks in said.paragraphs]
    found = Query.boolean_query(clauses)
    exact = numbers(said.rest)
    if not exact:
        return found
    case = _any([(5.0, _term("number", exact[0])), (1.0, _term("about", exact[0]))])
    first = Query.boolean_query([(Occur.Must, case), (Occur.Should, _fixed(500.0, _term("kind", "case")))])
    return Query.boolean_query([(Occur.Should, found), (Occur.Should, Query.boost_query(first, 50.0))])


def _word(searcher: tantivy.Searcher, word: str, is_last: bool, marked: dict[str, set[str]]) -> Query:
    """A word in any inflection, as the beginning of another, or as the name of whoever is near."""
    stem, name = _first(swedish(), word), _first(folded(), word)
    parts: list[tuple[float, Query]] = []
    for field, weight in (("title", 3.0), ("text", 1.0)):
        parts.append((weight, _term(field, stem)))
        beginning = word if is_last and len(word) >= PREFIX else stem
        others = {stem}
        if len(beginning) >= (PREFIX if is_last else STEM):
            others |= {each for each, _ in searcher.terms_with_prefix(field, beginning, limit=OTHERS)}
            parts.append((weight, _fixed(0.5, Query.term_set_query(schema(), field, sorted(others - {stem})))))
        marked.setdefault(field, set()).update(others)
    named = [(4.0, _term("names", name))]
    if is_last and len(name) >= PREFIX:
        others = {each for each, _ in searcher.terms_with_prefix("names", name, limit=OTHERS)} - {name}
        named.append((1.0, _fixed(1.0, Query.term_set_query(schema(), "names", sorted(others)))))
    holders = Query.boolean_query([(Occur.Must, _any(named)), (Occur.Must, _actor())])
    found = searcher.search(holders, HOLDERS, count=False).hits
    iris = [str(searcher.doc(address).get_first("id")) for _, address in found]
    near = _fixed(1.5, Query.term_set_query(schema(), "near", iris))
    return _any([*parts, *named, (1.0, near)])


def _paragraph(marks: Sequence[str]) -> Query:
    """What stands in a § of this number, the § itself first."""
    named = _any([(2.0 if mark == marks[0] else 1.0, _fixed(5.0, _term("mark", mark))) for mark in marks])
    return Query.boolean_query([(Occur.Must, named), (Occur.Should, _fixed(20.0, _term("kind", "treatment")))])


def _first(analyzer: tantivy.TextAnalyzer, word: str) -> str:
    """What a word is in the index; some letters are none of which it makes words."""
    return next(iter(analyzer.analyze(word)), word)


def _phrase(words: Sequence[str], marked: dict[str, set[str]]) -> Query:
    stems = [_first(swedish(), word) for word in words]
    parts: list[tuple[float, Query]] = []
    for field, weight in (("title", 4.0), ("text", 2.0)):
        marked[field] |= set(stems)
        parts.append((weight, Query.phrase_query(schema(), field, list(stems))))
    names = [_first(folded(), word) for word in words]
    parts.append((5.0, Query.phrase_query(schema(), "names", list(names))))
    return _any(parts)


def _meant(searcher: tantivy.Searcher, said: Words) -> list[tuple[str, str]]:
    """Those who have nearly the name that was typed, the nearest first, where nobody has the name itself."""
    words = [_first(folded(), word) for word in said.words]
    if said.phrases or not 0 < len(words) <= 4 or not all(word.isalpha() for word in words):
        return []
    if not any(len(word) > 3 for word in words):
        return []

    def named(each: Query) -> Clause:
        return Occur.Must, each

    exact = [named(_term("names", word)) for word in words]
    if said.open:
        begun = [each for each, _ in searcher.terms_with_prefix("names", words[-1], limit=OTHERS)]
        exact[-1] = named(Query.term_set_query(schema(), "names", begun))
    if searcher.search(Query.boolean_query([*exact, named(_actor())]), 1, count=False).hits:
        return []
    found: list[tuple[bool, str, str]] = []
    for distance in (1, 2):
        whole = [*(named(_nearly(word, distance)) for word in words), named(_actor())]
        begun_so = [*(named(_nearly(word, distance, True)) for word in words), named(_named_by_a_noun())]
        near = _any([(1.0, Query.boolean_query(whole)), (1.0, Query.boolean_query(begun_so))])
        docs = [searcher.doc(address) for _, address in searcher.search(near, LIKE, count=False).hits]
        found = [_judged(doc, words, distance) for doc in docs]
        if found:
            break
    ranked = sorted(found, key=lambda each: (each[0], -_likeness(words, folded().analyze(each[2])), each[2], each[1]))
    return [(iri, name) for _, iri, name in ranked[:NEAR]]


def _judged(doc: tantivy.Document, words: Sequence[str], distance: int) -> tuple[bool, str, str]:
    """Whether it is a person of whom only the first name is near to what was typed, its IRI and its name."""
    name = str(doc.get_first("title"))
    last = [each for each in folded().analyze(name)[-1:] if str(doc.get_first("kind")) == "person"]
    only_first = all(OSA.distance(word, each) > min(distance, _slips(word)) for word in words for each in last)
    return bool(last) and only_first, str(doc.get_first("id")), name


def _likeness(words: Sequence[str], name: Sequence[str]) -> float:
    """How like a name is to what was typed: for each word the likest of the name (the share of common letters)."""
    return sum(max((fuzz.ratio(word, each) for each in name), default=0.0) for word in words)


def _nearly(word: str, distance: int, may_go_on: bool = False) -> Query:
    """A name that is another in so many letters; in short ones fewer. `may_go_on`: or begins so, "socialnämnden"."""
    most = _slips(word)
    if not most:
        return _term("names", word)
    goes_on = may_go_on and len(word) >= UNENDED
    return Query.fuzzy_term_query(schema(), "names", word, min(distance, most), prefix=goes_on)


def _slips(word: str) -> int:
    """How many letters of a name may be wrong."""
    return 0 if len(word) < 4 else 1 if len(word) < 6 else 2


def _actor() -> Query:
    return Query.term_set_query(schema(), "kind", list(ACTORS))


def _named_by_a_noun() -> Query:
    return Query.term_set_query(schema(), "kind", ["party", "body"])


def _term(field: str, value: str | int) -> Query:
    return Query.term_query(schema(), field, value)


def _fixed(score: float, query: Query) -> Query:
    return Query.const_score_query(query, score)


def _any(parts: Iterable[tuple[float, Query]]) -> Query:
    """The best of several, each with its weight."""
    return Query.disjunction_max_query([Query.boost_query(query, weight) for weight, query in parts], 0.1)


def _filtered(wanted: Query, year: int, body: str, kind: str) -> Query:
    chosen = (("year", year), ("body", body), ("kind", kind))
    clauses = [(Occur.Must, _fixed(0.0, _term(field, value))) for field, value in chosen if value]
    return Query.boolean_query([(Occur.Must, wanted), *clauses])


def _counted(searcher: tantivy.Searcher, query: Query, field: str, most: int) -> dict[Any, int]:
    found = searcher.aggregate(query, {"n": {"terms": {"field": field, "size": most}}})
    return {each["key"]: each["doc_count"] for each in found["n"]["buckets"]}

"""What the search index holds of each thing that can be found, and how words become terms (Tantivy).

Titles and texts are reduced to the stems of Swedish (Snowball); names have no marks on their letters, so that "Strom"
finds "Ström". Nobody asks the index for what the graph says: it is a cache of the published version, named in it.
"""

import hashlib
import re
from functools import cache
from pathlib import Path
from typing import Final

import tantivy

from server.reconciliation.names import number

LAYOUT: Final = "3"  # change it when what is indexed changes
KINDS: Final = (
    *("case", "treatment", "decision", "motion", "matter", "statement", "person", "party", "body", "meeting"),
    *("agenda", "document", "goal"),
)
"""What can be found, in the order told; "matter" is what was put and is no motion (questions, referrals), "statement"
also a reservation, "body" also an administration or a municipality, "goal" anything of an annual report."""
ACTORS: Final = ("person", "party", "body")
PARAGRAPH: Final = re.compile(
    r"(?:§+|\bparagraf(?:en)?\b)\s*(?P<after>[0-9]{1,4})(?:/(?P<year>[0-9]{2,4}))?(?:\s?(?P<letter>(?-i:[a-h])))?(?!\w)"
    r"|(?<!kap)(?<!kap\.)(?<!kap )(?<!kap\. )(?<!\w)(?P<before>[0-9]{1,4})\s*§",
    re.IGNORECASE,
)
"""The number of a § as people type it; "5 kap. 35 §" is one of a law."""
TOGETHER: Final = re.compile(r"(?<!\w)([^\W\d_]{1,8})((?:19|20)\d\d)(\d{1,6})(?!\w)")
"""A registry number without blank and stroke."""
HEAP: Final = 48 * 2**20  # bytes that a writer gathers before it writes a segment
UPDATING: Final = 15 * 2**20  # the same where little is changed; the library wants no less


@cache
def schema() -> tantivy.Schema:
    """The fields. `sort` is the class that tells most of the thing, `mark` is "§ 7", `page` the IRI of the
    page that shows it, `day` YYYYMMDD with 0 for what is not known, `near` who said it and where, `number` its own
    registry number and `about` that of its case, `refs` digests of all subjects that this was made of, `version` that
    of the data: one document has it, and nothing else.
    """
    built = tantivy.SchemaBuilder()
    for name in ("id", "kind", "sort", "mark", "page", "body", "near", "cases", "version"):
        fast = name in ("kind", "body")
        built.add_text_field(name, stored=True, fast=fast, tokenizer_name="raw", index_option="basic")
    for name in ("title", "text"):
        built.add_text_field(name, stored=True, tokenizer_name="swedish")
    built.add_text_field("names", tokenizer_name="folded")
    for name in ("number", "about"):
        built.add_text_field(name, tokenizer_name="raw", index_option="basic")
    for name in ("day", "year"):
        built.add_unsigned_field(name, stored=True, indexed=True, fast=True)
    built.add_unsigned_field("refs", indexed=True)
    return built.build()


@cache
def plain() -> tantivy.TextAnalyzer:
    """Words as they stand, in small letters."""
    return _words().build()


@cache
def swedish() -> tantivy.TextAnalyzer:
    """The stems of words."""
    return _words().filter(tantivy.Filter.stemmer("swedish")).build()


@cache
def folded() -> tantivy.TextAnalyzer:
    """Words without marks on their letters."""
    return _words().filter(tantivy.Filter.ascii_fold()).build()


@cache
def significant() -> tantivy.TextAnalyzer:
    """Words but for those that say nothing alone, "och" and "om"."""
    return _words().filter(tantivy.Filter.stopword("swedish")).build()


def _words() -> tantivy.TextAnalyzerBuilder:
    words = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.simple())
    return words.filter(tantivy.Filter.remove_long(80)).filter(tantivy.Filter.lowercase())


def opened(folder: Path, anew: bool = False) -> tantivy.Index:
    """The index in a folder; `anew`: an empty one. Raises ValueError where there is none of this layout."""
    index = tantivy.Index(schema(), str(folder), reuse=not anew)
    index.register_tokenizer("swedish", swedish())
    index.register_tokenizer("folded", folded())
    return index


def digest(iri: str) -> int:
    """What `refs` has for a subject."""
    return int.from_bytes(hashlib.blake2b(iri.encode(), digest_size=8).digest())


def paragraphs(text: str) -> tuple[list[list[str]], str]:
    """The §§ that a text names, each as `mark` may have it, the likeliest first, and the rest of the text: of
    "§ 7 a gungor" ("§ 7 a", "§ 7") and "gungor"."""
    found = []
    for each in PARAGRAPH.finditer(text):
        whole = f"§ {int(each['after'] or each['before'])}"
        suffix = f"/{each['year']}" if each["year"] else f" {each['letter']}" if each["letter"] else ""
        found.append(list(dict.fromkeys((whole + suffix, whole))))
    return found, " ".join(PARAGRAPH.sub(" ", text).split())


def numbers(text: str) -> list[str]:
    """A registry number as it is looked up, whole and without its authority: "sof 2024 718" and "2024 718"; also of
    "SOF2024718"."""
    pieces = number(TOGETHER.sub(r"\1 \2 \3", text))
    return list(dict.fromkeys(" ".join(each) for each in (pieces, pieces[-2:]) if each))

"""How our terms stand to those of other vocabularies, read from alignments/*.sssom.tsv.

The format is SSSOM/TSV (https://w3id.org/sssom/spec): comment lines with the metadata of the set, of which the
prefixes are read here, then a table. These files are the only source of the alignments.
"""

import csv
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from ontology.graph import FOLDER, PREFIXES

ALIGNMENTS = FOLDER / "alignments"
SUFFIX = ".sssom.tsv"
PREFIX = re.compile(r'#  ([A-Za-z][\w-]*): "([^"]+)"')
SLOT = re.compile(r'#(\w+): "([^"]*)"')


@dataclass(frozen=True, slots=True)
class Alignment:
    """A mapping. `subject`, `predicate`, `object`: full IRIs; `shown`: the object as prefix:name; `comment`: why."""

    subject: str
    predicate: str
    object: str
    shown: str
    comment: str


@dataclass(frozen=True, slots=True)
class AlignmentSet:
    """The mappings to one vocabulary. `name`: as in its address ("besluit"); `title`: in English."""

    name: str
    iri: str
    title: str
    path: Path
    alignments: tuple[Alignment, ...]


class BadAlignment(ValueError):
    """A file of alignments is not as it must be: the message names file, line and what to correct."""


@cache
def alignment_sets() -> tuple[AlignmentSet, ...]:
    """Every set, in order of name. Raises BadAlignment."""
    return tuple(read(path) for path in sorted(ALIGNMENTS.glob("*" + SUFFIX)))


def read(path: Path) -> AlignmentSet:
    """One SSSOM/TSV file. Raises BadAlignment where a column is missing or a prefix is not in its curie_map."""
    lines = path.read_text("utf-8").splitlines()
    header = [line for line in lines if line.startswith("#")]
    prefixes = {match[1]: match[2] for line in header if (match := PREFIX.fullmatch(line))}
    slots = {match[1]: match[2] for line in header if (match := SLOT.fullmatch(line))}
    table = csv.DictReader(lines[len(header) :], delimiter="\t", quoting=csv.QUOTE_NONE)
    found = []
    for number, row in enumerate(table, len(header) + 2):
        try:
            iris = [_iri(row[name], prefixes) for name in ("subject_id", "predicate_id", "object_id")]
            found.append(Alignment(iris[0], iris[1], iris[2], row["object_id"], row["comment"] or ""))
        except KeyError as error:
            raise BadAlignment(
                f"{path.name}, rad {number}: {error} saknas bland kolumnerna eller i curie_map; lägg till det. / "
                f"{path.name}, line {number}: {error} is missing among the columns or in the curie_map; add it."
            ) from error
    missing = [name for name in ("mapping_set_id", "mapping_set_title") if name not in slots]
    if missing:
        raise BadAlignment(
            f"{path.name}: {', '.join(missing)} saknas i huvudet; skriv in det. / "
            f"{path.name}: {', '.join(missing)} is missing in the header; state it."
        )
    name = path.name.removesuffix(SUFFIX)
    return AlignmentSet(name, slots["mapping_set_id"], slots["mapping_set_title"], path, tuple(found))


def _iri(curie: str, prefixes: dict[str, str]) -> str:
    prefix, _, local = curie.partition(":")
    return prefixes[prefix] + local


def aligned(iri: str) -> tuple[Alignment, ...]:
    """What one of our terms is aligned with, in order of set."""
    return tuple(each for found in alignment_sets() for each in found.alignments if each.subject == iri)


def predicates() -> tuple[str, ...]:
    """The predicates that an alignment may have."""
    return tuple(PREFIXES["skos"] + name for name in ("exactMatch", "closeMatch", "broadMatch"))

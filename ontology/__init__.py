"""What may be said: classes, properties, concepts and authority data, read from the Turtle of this folder.

This package is the only reader of ontology/*.ttl and of ontology/alignments. A term that no file declares raises
`UnknownTerm`.
"""

from ontology.alignments import (
    Alignment,
    AlignmentSet,
    BadAlignment,
    aligned,
    alignment_sets,
)
from ontology.graph import PREFIXES, files
from ontology.jsonld_context import context, context_file
from ontology.party_codes import Party, parties, party, party_code
from ontology.places import Municipality, counties, municipalities, municipality, municipality_code
from ontology.terms import (
    KG,
    KGC,
    Namespace,
    UnknownTerm,
    classes,
    concept,
    concepts,
    definition,
    label,
    properties,
    schemes,
    standard_class,
    std,
    superclasses,
    term,
)

__all__ = [
    "KG",
    "KGC",
    "PREFIXES",
    "Alignment",
    "AlignmentSet",
    "BadAlignment",
    "Municipality",
    "Namespace",
    "Party",
    "UnknownTerm",
    "aligned",
    "alignment_sets",
    "classes",
    "concept",
    "concepts",
    "context",
    "context_file",
    "counties",
    "definition",
    "files",
    "label",
    "municipalities",
    "municipality",
    "municipality_code",
    "parties",
    "party",
    "party_code",
    "properties",
    "schemes",
    "standard_class",
    "std",
    "superclasses",
    "term",
]

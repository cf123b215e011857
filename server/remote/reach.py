"""Whether a query could make an engine elsewhere ask another service, by any reading that an engine has of its text.

Here a query process without a network is what holds; there the text is all there is. What is in doubt is refused.
"""

import re
from collections.abc import Iterable
from itertools import pairwise
from typing import Final

from server.remote.dialect import unescaped
from server.sparql import query_text
from server.sparql.query_text import Token

WORD: Final = "SERVICE"
LONG: Final = frozenset(["'''", '"""'])
END: Final = Token("end", "", 0, 0)
_TWO_READINGS: Final = re.compile(r"<(?![A-Za-z][A-Za-z0-9+.-]*://).*['#]")
"""`1<?x#>`: one IRI by the longest match, a comparison and a comment where an engine first tries something else."""


def beyond(query: str) -> bool:
    """Whether it could. Some engines read escapes (SPARQL 1.1, 19.2) before the grammar, others within it."""
    texts = dict.fromkeys((query, unescaped(query)))
    return any(query_text.holds(text, WORD) and _calls(text, query_text.tokens(text)) for text in texts)


def _calls(text: str, tokens: Iterable[Token]) -> bool:
    for token, after in pairwise((*tokens, END)):
        capitals = token.text.upper()
        if token.kind == "word" and capitals == WORD:
            return True
        if token.kind == "name" and WORD in capitals.partition(":")[0] and after.text == "{":
            return True  # `service:x {` and `SERVICEa:b {` can be a SERVICE of `:x` and of `a:b`
        if token.kind == "iri" and _TWO_READINGS.match(token.text):
            return True
        if token.kind == "string" and token.text[:3] in LONG and token.end == len(text) and WORD in capitals:
            return True  # nobody closes it: some read an empty string and the beginning of another
    return False

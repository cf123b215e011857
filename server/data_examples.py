"""Programs that ask the SPARQL endpoint, as the data page prints them: they run as they stand."""

import shlex
from dataclasses import dataclass
from typing import Final

from server.site import NS

QUERY: Final = f"""PREFIX kg: <{NS}>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
SELECT ?date ?body ?municipality WHERE {{
  ?meeting kg:date ?date ; kg:heldBy ?held .
  ?held rdfs:label ?body FILTER (LANG(?body) = "sv")
  OPTIONAL {{
    ?held kg:partOfAuthority/rdfs:label ?municipality
    FILTER (LANG(?municipality) = "sv")
  }}
}}
ORDER BY DESC(?date) ?body LIMIT 5"""
"""The latest meetings. Without an apostrophe, so that it may stand in quotes in each language."""

PYTHON: Final = '''import csv, io, urllib.parse, urllib.request

query = """
{query}
"""
address = "{address}?" + urllib.parse.urlencode({{"query": query}})
request = urllib.request.Request(address, headers={{"Accept": "text/csv"}})
with urllib.request.urlopen(request) as answer:
    for row in csv.DictReader(io.TextIOWrapper(answer, "utf-8")):
        print(row["date"], row["body"], row["municipality"])
'''
R: Final = """query <- '
{query}
'
address <- paste0("{address}?format=csv&query=", URLencode(query, reserved = TRUE))
meetings <- read.csv(address, encoding = "UTF-8")
print(meetings)
"""
CURL: Final = """curl --get {address} \\
  --header 'Accept: text/csv' \\
  --data-urlencode 'query={query}'
"""


@dataclass(frozen=True, slots=True)
class Example:
    """A program in a language: `name` of the language, `key` for ids, and its `text`."""

    key: str
    name: str
    text: str


def examples(web: str) -> tuple[Example, ...]:
    """The same query in three languages, sent to the endpoint of a service at `web` (server.catalogue.publisher: an
    address without quotation mark and backslash)."""
    address = f"{web}/sparql"
    return (
        Example("curl", "curl", CURL.format(address=shlex.quote(address), query=QUERY)),
        Example("python", "Python", PYTHON.format(address=address, query=QUERY)),
        Example("r", "R", R.format(address=address, query=QUERY)),
    )

"""What programs may ask of the service, as OpenAPI 3.1: what dcat:endpointDescription leads to."""

from collections.abc import Collection, Mapping
from typing import Any, Final

from server.messages import MEDIA_TYPE
from server.sparql import graph_store
from server.web.negotiation import GRAPHS, RESULTS

PATH: Final = "/openapi.json"
VERSION: Final = "1.0.0"  # of what is described here; not of the program

_Paths = Mapping[str, Mapping[str, Any]]


def document(web: str, prefixes: Collection[str]) -> dict[str, Any]:
    """The description of the service at a web address; `prefixes` are the paths that it serves pages below."""
    served = {path: said for path, said in _PATHS.items() if path in _LIGHT or path.partition("{")[0] in prefixes}
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Kommungraf",
            "version": VERSION,
            "description": "Municipal decisions as linked open data: SPARQL 1.1, and a document for every thing. "
            "Kommunala beslut som länkade öppna data: SPARQL 1.1, och ett dokument för varje sak.",
        },
        "servers": [{"url": web}],
        "paths": served,
        "components": {"responses": {"Problem": _PROBLEM}},
    }


def _parameter(name: str, where: str, told: str, **schema: Any) -> dict[str, Any]:
    required = {"required": True} if where == "path" else {}
    return {"name": name, "in": where, "description": told, "schema": {"type": "string", **schema}, **required}


def _get(told: str, media_types: Collection[str], *parameters: Mapping[str, Any]) -> dict[str, Any]:
    return {"get": {"summary": told, "parameters": list(parameters), "responses": _responses(told, media_types)}}


def _responses(told: str, media_types: Collection[str]) -> dict[str, Any]:
    return {
        "200": {"description": told, "content": {each: {} for each in media_types}},
        "default": {"$ref": "#/components/responses/Problem"},
    }


_TEXT: Final = {"type": "string"}
_PROBLEM: Final = {
    "description": "What is wrong, in Swedish and English (RFC 9457).",
    "content": {
        MEDIA_TYPE: {
            "schema": {
                "type": "object",
                "required": ["status", "title", "sv", "en"],
                "properties": {"status": {"type": "integer"}, "title": _TEXT, "sv": _TEXT, "en": _TEXT},
            }
        }
    },
}
_RDF: Final = tuple(each.media_type for each in GRAPHS.values())
_ROWS: Final = tuple(each.media_type for each in RESULTS.values())
_FORMAT: Final = _parameter("format", "query", "A format by its name, instead of the header Accept.")
_THING: Final = _parameter("path", "path", "The rest of the address.")
_QUERY: Final = (
    _parameter("query", "query", "A query in SPARQL 1.1; without it the answer describes the service."),
    _parameter("timeout", "query", "Seconds after which the query is stopped.", pattern=r"^\d{1,6}(\.\d{0,9})?$"),
    _parameter("default-graph-uri", "query", "IRI of a graph to ask; may be repeated."),
    _parameter("named-graph-uri", "query", "IRI of a named graph to ask; may be repeated."),
    _FORMAT,
)
_ANSWER: Final = "The result, or the description of the service."
_SPARQL: Final = {
    "summary": "SPARQL 1.1 Protocol",
    **_get("Ask a query.", (*_ROWS, *_RDF), *_QUERY),
    "post": {
        "summary": "Ask a query that is too long for an address.",
        "requestBody": {
            "required": True,
            "content": {
                "application/sparql-query": {"schema": _TEXT},
                "application/x-www-form-urlencoded": {
                    "schema": {"type": "object", "required": ["query"], "properties": {"query": _TEXT}}
                },
            },
        },
        "responses": _responses(_ANSWER, (*_ROWS, *_RDF)),
    },
}
_LIGHT: Final = ("/sparql", graph_store.PATH)
_PATHS: Final[_Paths] = {
    "/sparql": _SPARQL,
    graph_store.PATH: _get(
        "A graph (SPARQL 1.1 Graph Store HTTP Protocol, reading).",
        _RDF,
        _parameter("graph", "query", "IRI of a named graph."),
        {**_parameter("default", "query", "The merge of all graphs."), "allowEmptyValue": True},
        _FORMAT,
    ),
    "/id/{path}": _get("What is said about a thing, or where that is (303).", ("text/html", *_RDF), _THING, _FORMAT),
    "/doc/{path}": _get("What is said about a thing.", ("text/html", *_RDF), _THING, _FORMAT),
    "/concept/{path}": _get("A concept of the vocabulary.", ("text/html", *_RDF), _THING, _FORMAT),
    "/ns": _get("The vocabulary.", ("text/html", *_RDF), _FORMAT),
    "/datasets/dcat": _get(
        "The catalogue (DCAT-AP-SE 3.0.1).",
        _RDF,
        _parameter("profile", "query", "Whose rules, where they conflict.", enum=["dcat-ap-se", "dcat-ap"]),
        _FORMAT,
    ),
    "/dumps/{path}": _get("A file with all data.", ("application/octet-stream",), _THING),
    "/feed": _get("The change feed (LDES).", ("application/trig",)),
    "/reconciliation": _get("Reconciliation Service API 0.2.", ("application/json",)),
    PATH: _get("This description.", ("application/json",)),
}

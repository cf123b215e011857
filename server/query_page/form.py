"""The query page: an editor, the example queries with their parameters, and a result as table, bars, text or picture.

Everything works without scripts: each way to see a result is an address. Scripts (server/assets) make the field an
editor, sort tables and draw the picture.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlencode

from flask import Response, make_response, redirect, request, url_for

from server import messages, pages
from server.asking import QueryFailed, Rows, Term
from server.messages import Problem
from server.query_page import example_choices, result
from server.query_page.example_values import meant, shown, values_in, with_values
from server.query_page.examples import Example, Parameter, examples, in_language, named
from server.site import Site
from server.sparql import protocol
from server.web import negotiation
from server.wording import words

START: Final = """SELECT ?meeting ?date ?label
WHERE {
  ?meeting a kg:Meeting ;
           kg:heldBy/rdfs:label ?label ;
           kg:date ?date .
}
ORDER BY DESC(?date)
LIMIT 20"""
BUILT: Final = Path(__file__).parents[1] / "static" / "built"
SCRIPT: Final = "built/query.js"
VIEWS: Final = ("table", "chart", "graph", "raw")
LONGEST: Final = 160  # characters of what the engine says
LISTED: Final = 60  # choices that are a list to open; more than these, or other values too, are suggested


@dataclass(frozen=True, slots=True)
class Field:
    """A parameter as it stands on the page: `value` as written, `wrong` where it is not a value of its kind."""

    parameter: Parameter
    value: str
    choices: tuple[str, ...]
    wrong: bool

    @property
    def listed(self) -> bool:
        """Whether the reader chooses from a list."""
        return 0 < len(self.choices) <= LISTED and (self.value in self.choices or not self.value)

    @property
    def type(self) -> str:
        """The type of its field in HTML."""
        several = "|" in self.value
        return {"integer": "number", "date": "date", "iri": "url"}.get("" if several else self.parameter.kind, "text")


def page(site: Site, asked: protocol.Asked) -> Response:
    """The form, and below it the result or the problem where a query was sent."""
    language = asked.language
    example = named(request.args.get("example"))
    text, fields = _editor(site, asked, example)
    if example and asked.query is None and "run" in request.args and not any(each.wrong for each in fields):
        return make_response(redirect(_run_address(site, text, example), 303))
    given = request.environ["asgi.scope"].get("found")  # server.front has asked the engine
    found = given if isinstance(given, Rows) else None
    problem: Problem | None = None
    if isinstance(given, QueryFailed):
        problem = messages.of_failure(given, asked.query or "", site.pool.prefixes)
    html = pages.rendered(
        "sparql.html",
        site=site,
        language=language,
        words=words(language),
        other=_other(asked, example),
        query=text,
        example=example,
        fields=fields,
        examples=examples(),
        formats=[*negotiation.RESULTS.values(), *negotiation.GRAPHS.values()],
        found=found,
        problem=problem.text(language) if problem else None,
        said=_said(problem) if problem else None,
        place=_place(problem, text) if problem else None,
        mended=_mended(site, problem, text) if problem else None,
        script=script(),
        share=_share(site, asked.query, example),
        **(_result(site, asked, found, example) if found else {}),
    )
    response = make_response(html, problem.status if problem else 200)
    response.headers.extend([("Vary", "Accept, Accept-Language"), *pages.named(protocol.CORS)])
    for name, value in problem.headers if problem else ():
        response.headers[name] = value
    return response


def first_query(site: Site) -> str:
    """The query that stands in an empty form."""
    wanted = [f"PREFIX {name}: <{site.pool.prefixes[name]}>" for name in ("kg", "rdfs") if name in site.pool.prefixes]
    return "\n".join([*wanted, START])


@cache
def script() -> str | None:
    """The address of the editor's script, with the time it was built; None where it is not built."""
    path = BUILT.parent / SCRIPT
    return url_for("static", filename=SCRIPT, v=int(path.stat().st_mtime)) if path.is_file() else None


def _editor(site: Site, asked: protocol.Asked, example: Example | None) -> tuple[str, list[Field]]:
    """The query that stands in the editor, and the parameters of the example with their values."""
    edited = request.args.get("edit")
    if asked.query is not None or edited is not None:
        text = edited if asked.query is None and edited is not None else asked.query or ""
        return text, _fields(site, asked.language, example, values_in(text, example.parameters)) if example else []
    if example is None:
        return first_query(site), []
    text = example_choices.started(site, example, asked.language)
    values = values_in(text, example.parameters)
    written = {each.name: request.args[each.name] for each in example.parameters if each.name in request.args}
    wrong: set[str] = set()
    for each in example.parameters:
        if each.name in written:
            value = meant(each, written[each.name], example_choices.choices(site, each, asked.language))
            if value is None:
                wrong.add(each.name)
            else:
                values[each.name] = value
    return with_values(text, values), _fields(site, asked.language, example, values, written, wrong)


def _fields(
    site: Site,
    language: str,
    example: Example,
    values: Mapping[str, tuple[Term, ...]],
    written: Mapping[str, str] | None = None,
    wrong: set[str] | None = None,
) -> list[Field]:
    return [
        Field(
            each,
            (written or {}).get(each.name, shown(values[each.name])),
            tuple(dict.fromkeys(one.value for one in example_choices.choices(site, each, language))),
            each.name in (wrong or ()),
        )
        for each in example.parameters
        if each.name in values
    ]


def _result(site: Site, asked: protocol.Asked, found: Rows, example: Example | None) -> dict[str, Any]:
    """What the page shows of a result, in the way that was asked for where the result can be shown so."""
    arguments = request.args
    drawn = result.chart(found, arguments.get("label"), arguments.get("number"))
    views = ["table"] if found.boolean is None else []
    views += ["chart"] if drawn and found.rows else []
    views += ["graph"] if result.is_graph(found) and found.rows else []
    views.append("raw")
    asked_view = arguments.get("view", "")
    view = asked_view if asked_view in views else ""
    values: dict[str, Any] = {"view": view or "table", "views": [(each, _again(site, view=each)) for each in views]}
    if view == "chart":
        values["chart"] = drawn
    elif view == "graph":
        values["picture"] = result.picture(site, found, asked.language)
    elif view == "raw":
        text, chosen = result.raw(found, arguments.get("raw"), site.pool.prefixes)
        values["raw"] = text
        values["raws"] = [
            (each, each == chosen, _again(site, view="raw", raw=each)) for each in result.formats(found)
        ]
    if view in {"", "table", "chart", "graph"}:
        values["named"] = result.named(site, found, asked.language)
    offers = negotiation.GRAPHS if found.form == "graph" else negotiation.RESULTS
    values["downloads"] = [(each, _again(site, format=each.name)) for each in offers.values()]
    if example and not found.rows and found.boolean is None:
        values["lacking"] = example_choices.lacking(site, example, asked.language)
        values["unknown"] = example_choices.unknown(site, example, asked.query or "", asked.language)
    return values


def _again(site: Site, **changed: str) -> str:
    """The address of the same query, seen in another way."""
    given = {name: request.values[name] for name in ("query", "example", "timeout") if name in request.values}
    kept = (
        {}
        if "format" in changed
        else {name: request.args[name] for name in ("label", "number") if name in request.args}
    )
    return site.address("/sparql", **given, **kept, **changed)


def _other(asked: protocol.Asked, example: Example | None) -> str:
    """The address of the page in the other language, where an example that was run asks for its texts too."""
    language = "sv" if asked.language == "en" else "en"
    arguments = [
        (name, in_language(value, language) if example and name == "query" else value)
        for name, value in request.args.items(multi=True)
        if name != "lang"
    ]
    return "?" + urlencode([*arguments, ("lang", language)])


def _run_address(site: Site, text: str, example: Example) -> str:
    view = request.args.get("view", "")
    return site.address("/sparql", query=text, example=example.name, view=view if view in VIEWS else "")


def _share(site: Site, query: str | None, example: Example | None) -> str | None:
    """The whole address at which others see the same: short where it is an example with values of its own."""
    if not query:
        return None
    arguments: dict[str, str] = {"query": query}
    if example:
        values = values_in(query, example.parameters)
        whole = values.keys() == {each.name for each in example.parameters}
        texts = {language: in_language(example.text, language) for language in ("sv", "en")}
        said = [each for each, text in texts.items() if with_values(text, values).split() == query.split()]
        if whole and said:
            arguments = {"example": example.name, "run": "1", **{name: shown(each) for name, each in values.items()}}
            arguments |= {"lang": said[0]} if len(said) == 1 else {}
    view = request.args.get("view", "")
    if view in VIEWS and view != "table":
        arguments["view"] = view
    return f"{site.web}/sparql?{urlencode(arguments)}"


def _place(problem: Problem, query: str) -> dict[str, Any] | None:
    """The line of a query that cannot be read: its number, the column, and the line itself."""
    line, column = problem.more.get("line"), problem.more.get("column")
    lines = query.replace("\r\n", "\n").split("\n")
    if not isinstance(line, int) or not 0 < line <= len(lines):
        return None
    return {"line": line, "column": column, "text": lines[line - 1][:400]}


def _said(problem: Problem) -> str | None:
    """The engine's words about a query that it cannot read, where they are all there is to tell."""
    of_engine = problem.more.get("kind") == "syntax" and "missing_prefixes" not in problem.more
    if not of_engine:
        return None
    words_of_engine = str(problem.more["message"])
    return words_of_engine if len(words_of_engine) <= LONGEST else words_of_engine[:LONGEST] + "…"


def _mended(site: Site, problem: Problem, query: str) -> str | None:
    """The address of the editor with the query and the prefixes that it lacked."""
    lacked = problem.more.get("missing_prefixes", ())
    declared = "".join(f"PREFIX {each}: <{site.pool.prefixes[each]}>\n" for each in lacked)
    return site.editor_link(declared + query) if declared else None

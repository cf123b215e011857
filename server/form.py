"""The query page: a form that works without scripts, example queries, and results as a table."""

from flask import Response, make_response, render_template, request

from server import messages, negotiation, pages, sparql
from server.asking import QueryFailed, Rows
from server.examples import examples
from server.messages import Problem
from server.site import Site
from server.wording import words

START = """SELECT ?meeting ?date ?label
WHERE {
  ?meeting a kg:Meeting ;
           kg:heldBy/rdfs:label ?label ;
           kg:date ?date .
}
ORDER BY DESC(?date)
LIMIT 20"""


def page(site: Site, asked: sparql.Asked) -> Response:
    """The form, and below it the result or the problem where a query was sent."""
    language = asked.language
    chosen = next((each for each in examples() if each.name == request.args.get("example")), None)
    text = asked.query or (chosen.text if chosen else first_query(site))
    given = request.environ["asgi.scope"].get("found")  # server.front has asked the engine
    found = given if isinstance(given, Rows) else None
    problem: Problem | None = None
    if isinstance(given, QueryFailed):
        problem = messages.of_failure(given, asked.query or "", site.pool.prefixes)
    html = render_template(
        "sparql.html",
        site=site,
        language=language,
        words=words(language),
        other=pages.other_language(language),
        query=text,
        example=chosen,
        examples=examples(),
        formats=[*negotiation.RESULTS.values(), *negotiation.GRAPHS.values()],
        found=found,
        problem=problem.text(language) if problem else None,
        limit=sparql.ROWS,
    )
    response = make_response(html, problem.status if problem else 200)
    response.headers.extend([("Vary", "Accept, Accept-Language"), *pages.named(sparql.CORS)])
    for name, value in problem.headers if problem else ():
        response.headers[name] = value
    return response


def first_query(site: Site) -> str:
    """The query that stands in an empty form."""
    wanted = [f"PREFIX {name}: <{site.pool.prefixes[name]}>" for name in ("kg", "rdfs") if name in site.pool.prefixes]
    return "\n".join([*wanted, START])

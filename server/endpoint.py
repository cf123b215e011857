"""The light path: queries, graphs and descriptions for programs, from a request to an answer, without Flask."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any, Final

from server import (
    content_coding,
    described,
    graph_store,
    journal,
    messages,
    negotiation,
    service_description,
    sparql,
    tombstones,
)
from server.admission import Admission
from server.asking import Answer, Engine, QueryFailed, Rows
from server.client_address import Client
from server.graph_store import GraphPlan
from server.kept_answers import Kept, KeptAnswers
from server.messages import Problem
from server.request import Heard
from server.sparql import CORS, Asked, Headers, Planned, Reply

PATHS: Final = ("/sparql", "/sparql/")


@dataclass(slots=True)
class Endpoint:
    """What answers programs. `version` gives that of the data published now, or None where nothing is."""

    admission: Admission
    base: str
    version: Callable[[], str | None]
    about: Callable[[], Any]
    kept: KeptAnswers = field(default_factory=lambda: KeptAnswers(64 * 2**20))

    @property
    def engine(self) -> Engine:
        return self.admission.engine

    async def sparql(self, heard: Heard, asked: Asked, client: Client, key: tuple[bytes, ...]) -> Reply:
        """The answer to a SPARQL 1.1 Protocol request that was understood."""
        if asked.query is None and heard.method in {"GET", "HEAD"}:
            return self._description(heard, asked)
        planned = sparql.plan(asked, heard.text(b"accept"), self._coding(heard), client.key)
        if isinstance(planned, Problem):
            return sparql.refusal(planned, asked.language)
        return await self.run(heard, planned, asked.language, client, key)

    async def graph(self, heard: Heard, client: Client, key: tuple[bytes, ...]) -> Reply:
        """The answer to a SPARQL 1.1 Graph Store HTTP Protocol request (4, 5.1, 5.2)."""
        language = negotiation.language(heard.text(b"accept-language"))
        planned = graph_store.plan(heard, self._coding(heard), client.key)
        if isinstance(planned, Problem):
            return sparql.refusal(planned, language)
        return await self._existing(heard, planned, graph_store.NO_GRAPH, language, client, key)

    def description_of(self, heard: Heard, client: Client) -> GraphPlan | None:
        """What to ask for the RDF of what the path of a request names; None where that is for a page, or nothing."""
        return described.plan(heard, self.base, self._coding(heard), client.key)

    async def described(self, heard: Heard, planned: GraphPlan, client: Client, key: tuple[bytes, ...]) -> Reply:
        """The RDF of something that has an IRI."""
        language = negotiation.language(heard.text(b"accept-language"))
        asked = tombstones.query(self.base, heard.path)
        try:
            gone = tombstones.problem(await self.engine.rows(asked)) if asked else None
        except QueryFailed as failure:
            return sparql.refusal(messages.of_failure(failure, "", {}), language)
        if gone:
            return sparql.refusal(gone, language)
        return await self._existing(heard, planned, described.NOTHING, language, client, key)

    async def _existing(
        self,
        heard: Heard,
        planned: GraphPlan,
        missing: Problem,
        language: str,
        client: Client,
        key: tuple[bytes, ...],
    ) -> Reply:
        if planned.exists:
            try:
                found = await self.engine.rows(planned.exists)
            except QueryFailed as failure:
                return sparql.refusal(messages.of_failure(failure, "", {}), language)
            if not found.boolean:
                return sparql.refusal(missing, language)
        return await self.run(heard, planned.planned, language, client, key)

    async def run(
        self, heard: Heard, planned: Planned, language: str, client: Client, key: tuple[bytes, ...]
    ) -> Reply:
        """The answer of the engine, with its entity tag; from then on it is kept, where it is whole and fixed."""
        version = self.version()
        key_part = hashlib.sha256(b"\0".join(key)).hexdigest()[:16]
        tag = entity_tag(version, key_part)
        if version and heard.method != "POST" and tag in heard.headers.get(b"if-none-match", b""):
            return Reply(304, _unchanged(version, tag))
        try:
            answer = await self.admission.run(planned.query, client)
            if answer.whole is None and heard.version == "1.0":  # without chunks, a cut result would look whole
                await answer.settled()
        except QueryFailed as failure:
            problem = sparql.problem_of(failure, planned.query.text, self.engine.prefixes)
            return replace(sparql.refusal(problem, language), told=True)
        if answer.version != version:  # another was published meanwhile
            tag = entity_tag(answer.version, key_part)
        headers = _headers(answer, planned.media_type(answer.form), tag)
        whole = answer.whole
        if whole is None and heard.version == "1.0":
            headers = (*headers, (b"content-length", str(answer.length).encode()))
        if whole is None:
            return Reply(200, headers, answer, told=True)
        headers = (*headers, (b"content-length", str(len(whole)).encode()))
        if answer.fixed:
            told = journal.Asked(planned.query.text, "cached", 200, 0.0, len(whole), None, answer.format, True)
            self.kept.keep(answer.version, key, Kept(headers, tag, whole, _unchanged(answer.version, tag), told))
        if answer.fixed and heard.method != "POST" and heard.headers.get(b"if-none-match") == b"*":
            return Reply(304, _unchanged(answer.version, tag), told=True)
        return Reply(200, headers, whole, told=True)

    def _description(self, heard: Heard, asked: Asked) -> Reply:
        """The service description (SPARQL 1.1 Service Description, 2)."""
        graphs = sparql.GRAPH_OFFERS
        accept = heard.text(b"accept")
        chosen = negotiation.by_name(asked.format, graphs) if asked.format else negotiation.choose(accept, graphs)
        if chosen is None:
            problem = sparql.plan(asked, accept)
            assert isinstance(problem, Problem)
            return sparql.refusal(problem, asked.language)
        body = service_description.serialised(self.about(), self.engine, chosen.format.name)
        coding = self._coding(heard) if len(body) > content_coding.LEAST else None
        body = content_coding.coded(coding, body) if coding else body
        version = str(self.about()["version"])
        tag = entity_tag(version, hashlib.sha256(body).hexdigest()[:16])
        if tag in heard.headers.get(b"if-none-match", b"") or heard.headers.get(b"if-none-match") == b"*":
            return Reply(304, _unchanged(version, tag))
        headers = (
            (b"content-type", negotiation.content_type(chosen.media_type).encode()),
            *([(b"content-encoding", coding.encode())] if coding else ()),
            *_unchanged(version, tag),
        )
        return Reply(200, headers, body)

    async def rows(self, asked: Asked, client: Client) -> Rows | QueryFailed:
        """The rows that the page of a query shows, or why there are none."""
        assert asked.query is not None
        try:
            return await self.admission.rows(
                asked.query, sparql.ROWS, asked.default, asked.named, client, asked.seconds
            )
        except QueryFailed as failure:
            return failure

    def _coding(self, heard: Heard) -> str | None:
        return content_coding.choose(heard.text(b"accept-encoding"))


def entity_tag(version: str | None, chosen: str) -> bytes:
    """A strong entity tag (RFC 9110, 8.8.3): the version of the data, and a digest of all that chose the answer."""
    return f'"{version}-{chosen}"'.encode()


def _headers(answer: Answer, media_type: str, tag: bytes) -> Headers:
    return (
        (b"content-type", negotiation.content_type(media_type).encode()),
        (b"vary", b"Accept, Accept-Encoding"),
        (b"x-data-version", answer.version.encode()),
        *CORS,
        *([(b"content-encoding", answer.coding.encode())] if answer.coding else ()),
        *(((b"etag", tag), (b"cache-control", b"no-cache")) if answer.fixed else ((b"cache-control", b"no-store"),)),
    )


def _unchanged(version: str, tag: bytes) -> Headers:
    """The headers of 304 (RFC 9110, 15.4.5)."""
    return (
        (b"etag", tag),
        (b"cache-control", b"no-cache"),
        (b"vary", b"Accept, Accept-Encoding"),
        (b"x-data-version", version.encode()),
        *CORS,
    )

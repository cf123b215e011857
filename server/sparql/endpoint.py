"""The light path: queries, graphs and descriptions for programs, from a request to an answer, without Flask."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any, Final

from server import messages
from server.asking import Answer, Engine, Query, QueryFailed, Rows
from server.messages import Problem
from server.sparql import graph_store, protocol, service_description
from server.sparql.graph_store import GraphPlan
from server.sparql.protocol import CORS, Asked, Headers, Planned, Reply
from server.storage.snapshot import Damaged, NothingPublished
from server.things import dereferencing, described
from server.web import content_coding, journal, negotiation, sending
from server.web.admission import Admission
from server.web.client_address import Client
from server.web.kept_answers import Kept, KeptAnswers
from server.web.request import Heard

PATHS: Final = ("/sparql", "/sparql/")
CUT: Final = 2000  # characters of a value that the page of a result shows; other formats have the whole value


@dataclass(slots=True)
class Endpoint:
    """What answers programs, at the address `web`. `version` gives that of the data published now, or None where
    nothing is; `erased` what to tell at the path of a person who was erased, or None."""

    admission: Admission
    base: str
    web: str
    version: Callable[[], str | None]
    about: Callable[[], Any]
    erased: Callable[[str], Problem | None]
    kept: KeptAnswers = field(default_factory=lambda: KeptAnswers(64 * 2**20))

    @property
    def engine(self) -> Engine:
        return self.admission.engine

    async def sparql(self, heard: Heard, asked: Asked, key: tuple[bytes, ...]) -> Reply:
        """The answer to a SPARQL 1.1 Protocol request that was understood."""
        if asked.query is None and heard.method in {"GET", "HEAD"}:
            try:
                return self._description(heard, asked)
            except (NothingPublished, Damaged):
                return protocol.refusal(messages.of_failure(QueryFailed("unavailable"), "", {}), heard.language)
        planned = protocol.plan(asked, heard.text(b"accept"), _coding(heard), heard.client.key)
        if isinstance(planned, Problem):
            return protocol.refusal(planned, asked.language)
        return await self._run(heard, planned, asked.language, key)

    async def graph(self, heard: Heard, key: tuple[bytes, ...]) -> Reply:
        """The answer to a SPARQL 1.1 Graph Store HTTP Protocol request (4, 5.1, 5.2)."""
        planned = graph_store.plan(heard, _coding(heard))
        if isinstance(planned, Problem):
            return protocol.refusal(planned, heard.language)
        return await self._existing(heard, planned, graph_store.NO_GRAPH, key)

    def description_of(self, heard: Heard) -> described.Plan | None:
        """What to ask for the RDF of what the path of a request names; None where that is for a page, or nothing."""
        return described.plan(heard, self.base, self.web, _coding(heard))

    async def described(self, heard: Heard, plan: described.Plan, key: tuple[bytes, ...]) -> Reply | None:
        """The RDF of something that has an IRI; None where a page tells why there is none."""
        try:
            standing = dereferencing.standing(await self.engine.rows(plan.standing))
        except QueryFailed as failure:
            return protocol.refusal(messages.of_failure(failure, "", {}), heard.language)
        if self.erased(heard.path) or not standing.answers:
            return None
        return await self._run(heard, plan.planned, heard.language, key, plan.links)

    async def thing(self, heard: Heard) -> Reply | None:
        """The answer at a thing's own identifier; None where a page tells why there is no description of it."""
        iri = dereferencing.iri_of(heard.path, self.base)
        if iri is None:
            return None
        try:
            standing = dereferencing.standing(await self.engine.rows(dereferencing.question(self.base, iri)))
        except QueryFailed as failure:
            return protocol.refusal(messages.of_failure(failure, "", {}), heard.language)
        query_string = heard.query_string.decode("latin-1")
        if self.erased(heard.path) or not standing.answers:
            return None
        return dereferencing.see_other(heard.path, query_string)

    async def rows(self, asked: Asked, client: Client) -> Rows | QueryFailed:
        """The rows that the page of a query shows, or why there are none."""
        assert asked.query is not None
        query = Query(
            asked.query,
            default=asked.default,
            named=asked.named,
            seconds=asked.seconds,
            rows=protocol.ROWS,
            cut=CUT,
            client=client.key,
        )
        try:
            return await self.admission.rows(query, client)
        except QueryFailed as failure:
            return failure

    async def _existing(self, heard: Heard, planned: GraphPlan, missing: Problem, key: tuple[bytes, ...]) -> Reply:
        if planned.exists:
            try:
                found = await self.engine.rows(Query(planned.exists, rows=1))
            except QueryFailed as failure:
                return protocol.refusal(messages.of_failure(failure, "", {}), heard.language)
            if not found.boolean:
                return protocol.refusal(missing, heard.language)
        return await self._run(heard, planned.planned, heard.language, key)

    async def _run(
        self, heard: Heard, planned: Planned, language: str, key: tuple[bytes, ...], links: Headers = ()
    ) -> Reply:
        """The answer of the engine, with its entity tag and the links it has; from then on it is kept, where it is
        whole and fixed."""
        chosen = hashlib.sha256(b"\0".join((*key, (planned.query.context or "").encode()))).hexdigest()[:16]
        known = heard.headers.get(b"if-none-match", b"*")
        if known != b"*" and (version := self.version()) and heard.has(tag := entity_tag(version, chosen)):
            return Reply(304, _unchanged(version, tag))
        try:
            answer = await self.admission.run(planned.query, heard.client)
            if answer.whole is None and heard.version == "1.0":  # without chunks, a cut result would look whole
                await answer.settled()
        except QueryFailed as failure:
            problem = protocol.problem_of(failure, planned.query.text, self.engine.prefixes)
            return replace(protocol.refusal(problem, language), told=True)
        tag = entity_tag(answer.version, chosen)
        headers = (*_headers(answer, planned.media_type(answer.form), tag), *links)
        whole = answer.whole
        if whole is None:
            if heard.version == "1.0":
                headers = (*headers, (b"content-length", str(answer.length).encode()))
            return Reply(200, headers, answer, told=True)
        if answer.fixed:
            if self.kept.lacks(answer.version, key):
                self.kept.keep(answer.version, key, _kept(planned.query.text, answer, whole, headers, tag))
            if heard.has(tag):
                return Reply(304, _unchanged(answer.version, tag), told=True)
        return Reply(200, headers, whole, told=True)

    def _description(self, heard: Heard, asked: Asked) -> Reply:
        """The service description (SPARQL 1.1 Service Description, 2)."""
        graphs = protocol.GRAPH_OFFERS
        accept = heard.text(b"accept")
        chosen = negotiation.by_name(asked.format, graphs) if asked.format else negotiation.choose(accept, graphs)
        if chosen is None:
            return protocol.refusal(protocol.undescribed(asked, accept), asked.language)
        body = service_description.serialised(self.about(), self.engine, chosen.format.name)
        coding = _coding(heard) if len(body) > content_coding.LEAST else None
        body = content_coding.coded(coding, body) if coding else body
        version = str(self.about()["version"])
        tag = entity_tag(version, hashlib.sha256(body).hexdigest()[:16])
        if heard.has(tag):
            return Reply(304, _unchanged(version, tag))
        headers = (
            (b"content-type", negotiation.content_type(chosen.media_type).encode()),
            *([(b"content-encoding", coding.encode())] if coding else ()),
            *_unchanged(version, tag),
        )
        return Reply(200, headers, body)


def entity_tag(version: str, chosen: str) -> bytes:
    """A strong entity tag (RFC 9110, 8.8.3): the version of the data, and a digest of all that chose the answer."""
    return f'"{version}-{chosen}"'.encode()


def _coding(heard: Heard) -> str | None:
    return content_coding.choose(heard.text(b"accept-encoding"))


def _kept(text: str, answer: Answer, whole: bytes, headers: Headers, tag: bytes) -> Kept:
    head = sending.lines((*headers, (b"content-length", b"%d" % len(whole))))
    told = journal.Asked(text, "cached", 200, 0.0, len(whole), None, answer.format, True)
    return Kept(head, tag, whole, sending.lines(_unchanged(answer.version, tag)), told)


def _headers(answer: Answer, media_type: str, tag: bytes) -> Headers:
    same = _same(media_type, answer.version, answer.coding, answer.fixed)
    return (*same, (b"etag", tag)) if answer.fixed else same


@lru_cache(maxsize=64)
def _same(media_type: str, version: str, coding: str | None, fixed: bool) -> Headers:
    """The headers that all answers of one kind have."""
    return (
        (b"content-type", negotiation.content_type(media_type).encode()),
        (b"vary", b"Accept, Accept-Encoding"),
        (b"x-data-version", version.encode()),
        *CORS,
        *([(b"content-encoding", coding.encode())] if coding else ()),
        (b"cache-control", b"no-cache" if fixed else b"no-store"),
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

"""Run the application under a production server until it is told to stop."""

import asyncio
import errno
import gc
import ipaddress
import logging
import math
import os
import resource
import signal
import socket
import sys
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from server.asking import Engine, Limits, QueryFailed
from server.blocking import Blocking
from server.catalogue.publisher import Publisher
from server.data_folder.files import DataFolderError
from server.export.dumps import Offered
from server.front import Front
from server.gone import forgotten
from server.processes import turns
from server.processes.pool import Pool
from server.site import Site
from server.sparql.endpoint import Endpoint
from server.storage import authority, snapshot, soundness
from server.storage.published import Published
from server.web import client_address, fair_use, metrics
from server.web.admission import Admission
from server.web.client_address import Proxies
from server.web.connections import Connection, Patience, sweep
from server.web.journal import Gathered, Journal, Lines
from server.web.kept_answers import KeptAnswers

if TYPE_CHECKING:
    from server.remote.engine import RemoteEngine

Version = Callable[[], str | None]
STOPPED: Final = 0
PORT_TAKEN: Final = 4
NO_DATA: Final = 5
SHARE: Final = fair_use.Limits(errors_per_minute=60, most_errors=240, parallel=200)  # of one client
DRAIN: Final = 5  # seconds that answers have to leave, beside the time of a query, when the server is told to stop
SWITCH: Final = 0.0005  # seconds that a page in the making keeps the interpreter while clients wait to be answered
PAGES: Final = 8  # pages that are made at a time
NOWHERE: Final = (".example", ".test", ".invalid")  # names that lead to no host (RFC 2606)


@dataclass(frozen=True, slots=True)
class Service:
    """How to serve. `queries` is the number of query processes (None: two for each core, eight at least), `cache` the
    bytes of answers that are kept; `base` that of the data's IRIs (None: the one they were published with). `store`
    is an engine elsewhere that answers the queries instead of query processes over the data folder; `publisher` is
    who publishes, without whom there is no catalogue."""

    host: str = "127.0.0.1"
    port: int = 8000
    base: str | None = None
    queries: int | None = None
    cache: int = 64 * 2**20
    limits: Limits = field(default_factory=Limits)
    patience: Patience = field(default_factory=Patience)
    share: fair_use.Limits = SHARE
    proxies: Proxies = field(default_factory=lambda: client_address.proxies(()))
    journal: Journal = field(default_factory=Journal)
    store: "RemoteEngine | None" = None
    publisher: Publisher | None = None


def serve(data_dir: Path, service: Service | None = None) -> int:
    """Serve a data folder until SIGTERM or SIGINT; the value is an exit code of this module."""
    service = service or Service()
    problem = _no_data(data_dir, service.base, service.store is None)
    if problem:
        print(problem, file=sys.stderr)
        return NO_DATA
    refusal = _refused_port(service.host, service.port)
    if refusal:
        print(refusal[1], file=sys.stderr)
        return refusal[0]
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    turns.take(turns.SHORT)  # and the query processes with it: an ingest beside them computes for long
    import uvloop

    return uvloop.run(_run(data_dir, service))


async def _run(data_dir: Path, service: Service) -> int:
    base = (service.base or str(snapshot.about(data_dir)["base"])).rstrip("/")
    size = service.queries or max(8, 2 * (os.cpu_count() or 1))
    prefixes, endpoint = authority.prefixes(base), f"{base}/sparql"
    pool: Engine = Pool(data_dir, size, service.limits, prefixes, endpoint, spare=size)
    version = None
    if service.store:
        pool = remote = replace(service.store, size=size, limits=service.limits, prefixes=prefixes, endpoint=endpoint)
        version = remote.version
    gathered = Gathered(service.journal.write)
    service = replace(service, journal=replace(service.journal, write=gathered))
    front = application(data_dir, base, pool, service, version, own_address(base, service))
    try:
        await asyncio.gather(pool.start(), asyncio.to_thread(front.prepare))
        await _serve(front, service)
    except QueryFailed as failure:
        if service.store:
            print(_not_loaded(data_dir, service.store.address.query, failure), file=sys.stderr)
            return NO_DATA
        print(
            f"Databasen i {data_dir} kan inte öppnas ({failure}): kör `kommungraf ingest` igen, den byggs då om.\n"
            f"The store in {data_dir} cannot be opened ({failure}): run `kommungraf ingest` again to rebuild it.",
            file=sys.stderr,
        )
        return NO_DATA
    finally:
        await pool.close()
        gathered.close()
    return STOPPED


async def _serve(front: Front, service: Service) -> None:
    import uvicorn

    config = uvicorn.Config(
        front,
        host=service.host,
        port=service.port,
        http=Connection,
        ws="none",
        lifespan="off",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,
        backlog=4096,
        timeout_keep_alive=int(service.patience.idle),
        timeout_graceful_shutdown=math.ceil(service.limits.most_seconds) + DRAIN,
    )
    handler = logging.StreamHandler()
    handler.setFormatter(Lines())
    logging.getLogger().addHandler(handler)
    logging.getLogger("uvicorn.error").addFilter(_worth_telling)
    server = uvicorn.Server(config)
    loop = asyncio.get_running_loop()
    sweeping = loop.create_task(sweep(server.server_state.connections, service.patience))
    keeping = loop.create_task(front.keeping())
    for sent in (signal.SIGTERM, signal.SIGINT):  # until uvicorn listens; and it sends itself again what made it stop
        signal.signal(sent, lambda *_: setattr(server, "should_exit", True))
    sys.setswitchinterval(SWITCH)
    gc.collect()
    gc.freeze()  # what is there now stays: collections need not look through it again
    print(f"Kommungraf: {_listening(service)}/  (Ctrl-C stoppar · stops)", flush=True)
    try:
        await server.serve()
    finally:
        sweeping.cancel()
        keeping.cancel()


def own_address(base: str, service: Service) -> str | None:
    """Where pages say that they are when the base leads nowhere and only this machine reaches the server; None
    otherwise, also behind a proxy, whose address we do not know."""
    try:
        here = service.host == "localhost" or ipaddress.ip_address(service.host).is_loopback
    except ValueError:
        here = False
    nowhere = (urlsplit(base).hostname or "").endswith(NOWHERE)
    return _listening(service) if here and nowhere and service.port and service.proxies == Proxies() else None


def _listening(service: Service) -> str:
    host = f"[{service.host}]" if ":" in service.host else service.host
    return f"http://{host}:{service.port}"


def _worth_telling(record: logging.LogRecord) -> bool:
    """A transfer that was broken off because its result was cut is told in the journal already."""
    return record.levelno >= logging.ERROR and "without" not in record.getMessage()


def application(
    data_dir: Path,
    base: str,
    engine: Engine,
    service: Service,
    version: Version | None = None,
    own_address: str | None = None,
) -> Front:
    """The ASGI application over a data folder and an engine, in the event loop that runs. `version` tells that of the
    engine's data, where it is not what is published in the data folder; `own_address` where it is reached, where
    neither the publisher nor the base tells it."""
    from a2wsgi import WSGIMiddleware

    from server.app import compile_templates, create_app

    published, kept = Published(data_dir), KeptAnswers(service.cache)
    elsewhere, version = version, version or published.version
    clients = fair_use.Clients(service.share)

    def quads() -> int:
        try:
            return int(published.about()["quads"])
        except (snapshot.NothingPublished, snapshot.Damaged):
            return 0  # nothing that could be read is published, which queries and /readyz tell

    def state() -> metrics.State:
        return metrics.State(
            workers_busy=engine.size - engine.idle,
            workers_idle=engine.idle,
            workers_standby=engine.standby,
            workers_replaced=engine.replaced,
            cache_entries=len(kept),
            cache_bytes=kept.bytes,
            cache_hits=kept.hits,
            cache_misses=kept.misses,
            clients=len(clients),
            data_version=version() or "",
            quads=quads(),
        )

    admission = Admission(engine, clients, metrics.Metrics(state), service.journal)
    site = Site(
        data_dir, base, Blocking(engine, asyncio.get_running_loop()), service.publisher, own_address, elsewhere
    )
    app = create_app(site)
    pages = WSGIMiddleware(app, workers=PAGES)  # type: ignore[arg-type]
    keeping = partial(app.extensions["kommungraf-reconciliation"].keep, site)
    erased = partial(forgotten.problem, data_dir)
    endpoint = Endpoint(admission, base, site.web_in_data, version, published.about, erased, kept)
    return Front(endpoint, pages, service.proxies, Offered(data_dir), partial(compile_templates, app), keeping)


def _not_loaded(data_dir: Path, store: str, failure: QueryFailed) -> str:
    if "message" not in failure.details:
        return (
            f"Ingen SPARQL-motor svarar på {store}: kontrollera adressen och att den är i gång.\n"
            f"No SPARQL engine answers at {store}: check the address, and that it runs."
        )
    said, command = failure.details["message"], f"kommungraf load --data {data_dir} --store {store}"
    return (
        f"Motorn på {store} kan inte frågas ({said}): kör `{command}`.\n"
        f"The engine at {store} cannot be asked ({said}): run `{command}`."
    )


def _no_data(data_dir: Path, base: str | None, own: bool) -> str | None:
    """Why a data folder cannot be served; its `own` store is counted first, and built anew where it is not whole."""
    try:
        if own:
            soundness.ensure(data_dir)
        else:
            soundness.refuse_unfinished(data_dir)
        published = snapshot.about(data_dir)
    except snapshot.NothingPublished:
        return (
            f"{data_dir} innehåller inget publicerat: kör först `kommungraf ingest DOKUMENT… --data {data_dir}`.\n"
            f"{data_dir} holds nothing published: first run `kommungraf ingest DOCUMENTS… --data {data_dir}`."
        )
    except (soundness.Unfinished, DataFolderError) as error:
        return str(error)
    except (soundness.Unsound, snapshot.Damaged) as error:
        return (
            f"Databasen i {data_dir} är inte hel och kan inte byggas om: {error}\n"
            f"The store in {data_dir} is not whole and cannot be built anew: {error}"
        )
    if base and base.rstrip("/") != published["base"]:
        return (
            f"Data är publicerade under {published['base']}, inte {base}: ange samma --base.\n"
            f"The data are published under {published['base']}, not {base}: give the same --base."
        )
    return None


def _refused_port(host: str, port: int) -> tuple[int, str] | None:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                return (
                    PORT_TAKEN,
                    f"Porten {port} på {host} är upptagen: välj en annan med --port, eller stoppa det som kör där.\n"
                    f"Port {port} on {host} is taken: choose another with --port, or stop what runs there.",
                )
            return (
                PORT_TAKEN,
                f"Det går inte att lyssna på {host}, port {port} ({error.strerror}): ange en annan adress.\n"
                f"Cannot listen on {host}, port {port} ({error.strerror}): give another address.",
            )
    return None

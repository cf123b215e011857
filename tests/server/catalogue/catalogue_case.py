"""A published data folder with a municipality, a dump and a publisher, and a real server over it."""

from pathlib import Path

from server.export.dumping import export
from server.storage import store
from tests.server.data import BASE, make

NS = "https://w3id.org/kommungraf/ns#"
XSD = "http://www.w3.org/2001/XMLSchema#"
RUN = "http://www.w3.org/ns/prov#endedAtTime"
BODY = f"{BASE}/id/body/0180/provnamnden"
GRAPH = f"<{BASE}/id/graph/dddddddddddddddd>"
LEDGER = f"<{BASE}/id/graph/ledger>"
DOCUMENT = "".join(
    f"<{s}> <{p}> {o} {GRAPH} .\n"
    for s, p, o in (
        (BODY, f"{NS}partOfMunicipality", f"<{BASE}/id/municipality/0180>"),
        (f"{BASE}/id/body/9999/socialnamnden", f"{NS}partOfAuthority", f"<{BASE}/id/municipality/9999>"),
        (f"{BASE}/id/municipality/9999", "http://www.w3.org/2000/01/rdf-schema#label", '"Exempelby"@sv'),
        *(
            (f"{BASE}/id/meeting/0180/provnamnden/{day}", predicate, value)
            for day in ("2024-01-31", "2025-11-20")
            for predicate, value in (
                ("http://www.w3.org/1999/02/22-rdf-syntax-ns#type", f"<{NS}Meeting>"),
                (f"{NS}heldBy", f"<{BODY}>"),
                (f"{NS}date", f'"{day}"^^<{XSD}date>'),
            )
        ),
    )
)
READ = "".join(
    f'<{BASE}/id/run/{name}> <{RUN}> "{at}"^^<{XSD}dateTime> {LEDGER} .\n'
    for name, at in (("a", "2025-12-01T08:00:00Z"), ("b", "2025-12-24T15:00:00Z"))
)


def publish_motions(folder: Path, told: str) -> None:
    """Publish a municipality of which there is one document, that is of no meeting: `told` is a predicate and a value
    of it, as "<…> …"."""
    lines = (
        f"<{BODY}> <{NS}partOfMunicipality> <{BASE}/id/municipality/0180>",
        f"<{BASE}/id/document/dddddddddddddddd> {told}",
    )
    path = folder / "documents" / "dddddddddddddddd.nq"
    path.parent.mkdir(parents=True)
    path.write_text("".join(f"{line} {GRAPH} .\n" for line in lines), "utf-8")
    store.publish(folder, [path], BASE)


def publish(folder: Path) -> None:
    """Publish the graph of the other tests, a municipality of its own, and the times of two readings."""
    documents = make(folder)
    (folder / "documents" / "dddddddddddddddd.nq").write_text(DOCUMENT, "utf-8")
    (folder / "ledger.nq").write_text(READ, "utf-8")
    store.publish(folder, [*documents, folder / "documents" / "dddddddddddddddd.nq"], BASE)


def dump(folder: Path) -> None:
    """The dump of the published version."""
    export(folder)

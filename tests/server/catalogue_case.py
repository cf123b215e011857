"""A published data folder with a municipality, a dump and a publisher, and a real server over it."""

import gzip
import hashlib
import json
from pathlib import Path

from server import snapshot, store
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
DUMPED = gzip.compress(DOCUMENT.encode(), mtime=0)
TABLE = b"id,date\nhttps://data.example/id/meeting/1,2024-01-31\n"


def publish(folder: Path) -> None:
    """Publish the graph of the other tests, a municipality of its own, and the times of two readings."""
    documents = make(folder)
    (folder / "documents" / "dddddddddddddddd.nq").write_text(DOCUMENT, "utf-8")
    (folder / "ledger.nq").write_text(READ, "utf-8")
    store.publish(folder, [*documents, folder / "documents" / "dddddddddddddddd.nq"], BASE)


def dump(folder: Path) -> None:
    """Dump files of the published version, as an export leaves them."""
    version = str(snapshot.about(folder)["version"])
    made = folder / "dumps" / version
    made.mkdir(parents=True)
    files = []
    for name, media_type, encoding, content, counted in (
        ("kommungraf.nq.gz", "application/n-quads", "gzip", DUMPED, {"triples": 7}),
        ("meetings.csv", "text/csv", None, TABLE, {"rows": 1}),
    ):
        (made / name).write_bytes(content)
        files.append(
            {
                "name": name,
                "media_type": media_type,
                "encoding": encoding,
                "bytes": len(content),
                "sha256": hashlib.sha256(content).hexdigest(),
                "describes": {"sv": f"Påhittat: {name}.", "en": f"Invented: {name}."},
                **counted,
            }
        )
    manifest = {"version": version, "made": "2025-12-24T16:00:00+00:00", "files": files}
    (made / "manifest.json").write_text(json.dumps(manifest), "utf-8")
    (folder / "dumps" / "current").write_text(version + "\n", "ascii")

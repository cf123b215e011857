"""The README's pictures: `python -m tests.site.pictures [FOLDER]` makes them of the sample documents.

All that is seen is invented: Almviks kommun and its people are those of tests/samples.
"""

import io
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from PIL import Image

from tests.conftest import ROOT, SAMPLES, kommungraf
from tests.engines.serving import served
from tests.site import chromium, pages
from tests.site.pages import Kind, most
from tests.site.visit import Contexts, Visit

FOLDER = ROOT / "docs" / "pictures"
WIDTH, HEIGHT = 1200, 900
COLOURS = 48
VOTED = "SELECT ?it WHERE { ?it kg:hasVote/kg:hasBallot ?b ; kg:treatedAt ?m FILTER(CONTAINS(STR(?m), 'socialnamnden')) } LIMIT 1"
ANSWERED = "SELECT ?it WHERE { ?it dcterms:identifier 'KS 2024/112' ; a kg:Case } LIMIT 1"
ASKED = """PREFIX kg: <https://w3id.org/kommungraf/ns#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
SELECT ?organ ?dag (COUNT(?paragraf) AS ?paragrafer) WHERE {
  ?paragraf kg:treatedAt ?möte .
  ?möte kg:heldBy/rdfs:label ?organ ; kg:date ?dag .
}
GROUP BY ?organ ?dag
ORDER BY DESC(?dag)"""
SHOWN = (
    Kind("start", "/"),
    Kind("meeting", query=most("?other kg:treatedAt ?it ; kg:hasVote ?vote")),
    Kind("treatment", query=VOTED),
    Kind("case", query=ANSWERED),
    Kind(
        "document",
        query=most("?it kg:canonicalText ?text ; kg:documents/^kg:treatedAt ?other . ?other kg:hasVote ?v"),
    ),
    Kind("query", pages.asking(ASKED, lang="sv")),
)


def make(folder: Path) -> Iterator[Path]:
    """A picture of each page, as it is seen on a wide screen."""
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as temporary:
        data = Path(temporary) / "data"
        done = kommungraf("ingest", SAMPLES, "--data", data)
        if done.returncode:
            raise RuntimeError(done.stderr)
        with served(data) as site, chromium.running() as browser:
            contexts = Contexts(browser)
            for kind, address in pages.addresses(site.server, SHOWN).items():
                with contexts.visit(
                    f"http://127.0.0.1:{site.server.port}", address, width=WIDTH, height=HEIGHT
                ) as seen:
                    yield _written(seen, folder / f"{kind}.png")


def _written(seen: Visit, path: Path) -> Path:
    picture = Image.open(io.BytesIO(seen.page.screenshot())).convert("RGB")
    picture.quantize(COLOURS, dither=Image.Dither.NONE).save(path, optimize=True)
    return path


def main() -> None:
    for path in make(Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER):
        print(f"{path} {path.stat().st_size // 1024} KiB")


if __name__ == "__main__":
    main()

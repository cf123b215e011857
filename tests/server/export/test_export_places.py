"""The files of single municipalities: each statement of its documents and persons with its graph, and no other's."""

import gzip
from pathlib import Path

import pyoxigraph as ox

from server.export import dumps
from server.export.places import Place, Quads, write_places
from server.export.rdf import written

BASE = "https://data.example"
NS = "https://w3id.org/kommungraf/ns#"
NAMES = {"0180": ("Stockholms kommun", "Stockholm Municipality"), "1480": ("Göteborgs kommun", "Gothenburg")}
PERSONS = f"{BASE}/id/graph/persons"


def node(path: str) -> str:
    return f"<{BASE}/id/{path}>"


def graph(name: str, code: str) -> str:
    """A document's graph: a body, and texts that look like ends of lines."""
    body, own = node(f"body/{code}/{name}"), node(f"graph/{name}")
    return "".join(
        f"{body} <{NS}{term}> {value} {own} .\n"
        for term, value in (
            ("partOfMunicipality", node(f"municipality/{code}")),
            ("text", '"Punkt .\\n<a> <b> .\\n"@sv'),
            ("date", '"2024-01-31"^^<http://www.w3.org/2001/XMLSchema#date>'),
        )
    )


def person(code: str) -> str:
    return f'{node(f"person/{code}/anna-ek-s")} <http://xmlns.com/foaf/0.1/name> "Anna Ek" <{PERSONS}> .\n'


OF = {
    "0180": graph("a", "0180") + graph("c", "0180") + person("0180"),
    "1480": graph("b", "1480") + person("1480"),
}
OTHERS = graph("d", "almvik") + person("almvik") + f'{node("x")} <{NS}text> "y" {node("graph/e")} .\n'
PLACES = "".join(
    f'{node(f"municipality/{code}")} <{NS}municipalityCode> "{code}" .\n'
    f'{node(f"municipality/{code}")} <http://www.w3.org/2000/01/rdf-schema#label> "{sv}"@sv, "{en}"@en .\n'
    for code, (sv, en) in NAMES.items()
)


def made(folder: Path) -> list[dumps.DumpFile]:
    store = ox.Store()
    store.load("".join((*OF.values(), OTHERS)), format=ox.RdfFormat.N_QUADS)
    store.load(PLACES, format=ox.RdfFormat.TURTLE)
    return list(write_places(folder, store, BASE))


def test_each_municipality_has_what_is_its_own(tmp_path: Path) -> None:
    files = made(tmp_path)
    assert [file.municipality for file in files] == list(OF) and len(list(tmp_path.iterdir())) == 2
    for file, wanted in zip(files, OF.values(), strict=True):
        content = (tmp_path / file.name).read_bytes()
        assert (file.name, file.bytes) == (f"kommungraf-{file.municipality}.nq.gz", len(content))
        lines = gzip.decompress(content).decode().splitlines(keepends=True)
        assert sorted(lines) == sorted(wanted.splitlines(keepends=True)) and file.triples == len(lines)
        sv, en = NAMES[file.municipality or ""]
        assert file.describes["sv"].startswith(f"{sv}: ") and file.describes["en"].startswith(f"{en}: ")


def test_the_same_content_gives_the_same_bytes(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    assert [file.sha256 for file in made(tmp_path / "a")] == [file.sha256 for file in made(tmp_path / "b")]


def test_lines_are_whole_wherever_the_engine_cuts_them(tmp_path: Path) -> None:
    triples = b'<https://a/id/person/0180/b> <https://p> "x . <y> ." .\n' * 3
    for size in range(1, len(triples) + 1):
        with written(tmp_path / str(size)) as out:
            place = Place("0180", {}, out)
            quads = Quads("https://g", {"0180": place})
            for start in range(0, len(triples), size):
                quads.write(triples[start : start + size])
        assert (tmp_path / str(size)).read_bytes() == triples.replace(b" .\n", b" <https://g> .\n"), size
        assert place.quads == 3

"""The rooms and their arrows: who may import whom, and how large a file may grow."""

import ast
import subprocess
import sys
import zipfile
from pathlib import Path

import pyoxigraph as ox
import pytest

from mapping.rdf_files import FORMATS

ROOT = Path(__file__).parent.parent
ARROWS: dict[str, set[str]] = {
    "ontology": set(),
    "shapes": {"ontology"},
    "mapping": {"ontology", "shapes"},
    "server": {"ontology", "shapes"},
    "commands": {"mapping", "ontology", "server", "shapes"},
}
OF_COMMANDS: dict[str, set[str]] = {
    "arguments": {"mapping", "ontology"},
    "confinement": {"mapping", "server"},
    "reading": {"mapping", "server"},
    "ingest": {"mapping", "server"},
    "erased_names": {"mapping", "ontology", "server"},
    "correcting": {"mapping", "server"},
    "correction_requests": {"mapping", "server", "shapes"},
    "correction_effects": {"mapping", "ontology", "server", "shapes"},
    "upkeep": {"server"},
}
ALONE: dict[str, set[str]] = {"arguments": set(), "confinement": {"arguments"}, "erased_names": set()}
"""The modules of commands/ that know of the others only these."""
ROOMS = {*ARROWS, "kommungraf", "tests"}


def imports(path: Path) -> set[str]:
    """The rooms that a Python file imports, at the top or inside a function."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            found.add(node.module.partition(".")[0])
        elif isinstance(node, ast.Call) and ast.unparse(node.func).endswith("import_module"):
            found |= {str(a.value).partition(".")[0] for a in node.args if isinstance(a, ast.Constant)}
    return found & ROOMS


@pytest.mark.parametrize("room", ARROWS)
def test_a_room_imports_only_the_rooms_its_arrows_allow(room: str) -> None:
    allowed = ARROWS[room] | {room}
    wrong = {
        str(path.relative_to(ROOT)): sorted(imports(path) - allowed)
        for path in sorted((ROOT / room).rglob("*.py"))
        if imports(path) - allowed
    }
    assert not wrong, f"imports against the arrows: {wrong}"


def test_the_front_door_knows_the_commands_and_these_know_every_room() -> None:
    assert imports(ROOT / "kommungraf.py") == {"commands"}
    for name, rooms in OF_COMMANDS.items():
        assert imports(ROOT / "commands" / f"{name}.py") - {"commands"} == rooms, name
    for name, others in ALONE.items():
        assert commands_imported(ROOT / "commands" / f"{name}.py") == others, name
    assert [path.name for path in ROOT.glob("*.py")] == ["kommungraf.py"]


def commands_imported(path: Path) -> set[str]:
    """The modules of commands/ that one of them imports."""
    nodes = [n for n in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(n, ast.Import | ast.ImportFrom)]
    assert not [node for node in nodes if isinstance(node, ast.ImportFrom) and node.level], f"{path.name}: relative"
    names = [f"{getattr(node, 'module', '')}.{alias.name}".lstrip(".") for node in nodes for alias in node.names]
    return {name.split(".")[1] for name in names if name.startswith("commands.")}


def test_what_is_installed_holds_the_rooms_and_the_front_door(tmp_path: Path) -> None:
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)]
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True, timeout=120)
    (wheel,) = tmp_path.glob("*.whl")
    held = set(zipfile.ZipFile(wheel).namelist())
    wanted = {"kommungraf.py"} | {
        str(path.relative_to(ROOT)) for room in ARROWS for path in (ROOT / room).rglob("*")
        if path.suffix in (".py", ".ttl", ".toml", ".rq", ".html")
    }  # fmt: skip
    assert wanted - held == set()
    assert not [name for name in held if name.startswith("tests/")]


def test_there_are_no_other_rooms() -> None:
    packages = {path.parent.name for path in ROOT.glob("*/__init__.py")}
    assert packages == {*ARROWS, "tests"}


PARSERS = {"parse", "load", "bulk_load"}  # of the engine: without a format, the name of the file decides
GUESSES = {"from_extension", "from_media_type"}
OTHERS = {"rdflib", "pyshacl", "xml"}  # libraries that would parse RDF/XML, expand entities or fetch what is named


def sources() -> list[Path]:
    return [*ROOT.glob("*.py"), *(path for room in ARROWS for path in sorted((ROOT / room).rglob("*.py")))]


def test_nothing_parses_rdf_xml() -> None:
    """Some hundred bytes of it take all memory of the engine's parser: the format is always said, and never that."""
    for path in sources():
        nodes = list(ast.walk(ast.parse(path.read_text("utf-8"))))
        called = [node for node in nodes if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)]
        parsing = [call for call in called if is_parsing(call)]
        for call in parsing:
            assert "format" in {keyword.arg for keyword in call.keywords}, f"{path.name}:{call.lineno} says no format"
        named = {node.attr for node in nodes if isinstance(node, ast.Attribute)}
        assert not named & GUESSES, f"{path.name} lets a name decide on a format"
        assert not (parsing and "RDF_XML" in named), f"{path.name} writes RDF/XML and parses"
        imported = {
            name.partition(".")[0]
            for node in nodes
            if isinstance(node, ast.Import | ast.ImportFrom)
            for name in [*(alias.name for alias in node.names), getattr(node, "module", None) or ""]
        }
        assert not imported & OTHERS, f"{path.name} imports another parser"
    assert ox.RdfFormat.RDF_XML not in FORMATS.values()


def is_parsing(call: ast.Call) -> bool:
    assert isinstance(call.func, ast.Attribute)
    of_engine = ast.unparse(call.func.value) == "ox" or {"path", "input"} & {keyword.arg for keyword in call.keywords}
    return call.func.attr in PARSERS and bool(of_engine)


def test_xml_is_parsed_without_entities_and_network() -> None:
    made = [
        {keyword.arg: ast.unparse(keyword.value) for keyword in node.keywords}
        for path in sources()
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Call) and ast.unparse(node.func).endswith("XMLParser")
    ]
    wanted = {"resolve_entities": "False", "no_network": "True", "load_dtd": "False"}
    assert made and all(wanted.items() <= options.items() for options in made)


def test_no_file_is_a_drawer_for_everything() -> None:
    names = {path.name for room in ARROWS for path in (ROOT / room).rglob("*.py")}
    assert not names & {"utils.py", "helpers.py", "common.py", "misc.py"}

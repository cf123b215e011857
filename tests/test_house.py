"""The rooms and their arrows: who may import whom, and how large a file may grow."""

import ast
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
ARROWS: dict[str, set[str]] = {
    "ontology": set(),
    "shapes": {"ontology"},
    "mapping": {"ontology", "shapes"},
    "server": {"ontology", "shapes"},
}
FRONT = {"kommungraf", "kommungraf_arguments", "kommungraf_erasure", "kommungraf_ingest", "kommungraf_upkeep"}
ROOMS = {*ARROWS, *FRONT, "tests"}


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


def test_the_front_door_knows_every_room() -> None:
    assert imports(ROOT / "kommungraf.py") >= {"mapping", "server", "shapes"}
    assert imports(ROOT / "kommungraf_arguments.py") == {"mapping", "ontology"}
    assert imports(ROOT / "kommungraf_ingest.py") == {"kommungraf_erasure", "mapping", "server"}
    assert imports(ROOT / "kommungraf_erasure.py") == {"mapping", "ontology", "server"}
    assert imports(ROOT / "kommungraf_upkeep.py") - FRONT == {"server"}
    assert {path.stem for path in ROOT.glob("*.py")} == FRONT


def test_what_is_installed_holds_the_rooms_and_the_front_door(tmp_path: Path) -> None:
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)]
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True, timeout=120)
    (wheel,) = tmp_path.glob("*.whl")
    held = set(zipfile.ZipFile(wheel).namelist())
    wanted = {f"{name}.py" for name in FRONT} | {
        str(path.relative_to(ROOT)) for room in ARROWS for path in (ROOT / room).rglob("*")
        if path.suffix in (".py", ".ttl", ".toml", ".rq", ".html")
    }  # fmt: skip
    assert wanted - held == set()
    assert not [name for name in held if name.startswith("tests/")]


def test_there_are_no_other_rooms() -> None:
    packages = {path.parent.name for path in ROOT.glob("*/__init__.py")}
    assert packages == {*ARROWS, "tests"}


def test_no_file_is_a_drawer_for_everything() -> None:
    names = {path.name for room in ARROWS for path in (ROOT / room).rglob("*.py")}
    assert not names & {"utils.py", "helpers.py", "common.py", "misc.py"}

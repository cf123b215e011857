"""The file that says who publishes: what it holds, and how a mistake in it is told."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from kommungraf import main
from server.catalogue import publisher, publisher_keys
from server.catalogue.publisher import BadPublisher
from server.catalogue.toml_lines import line_of
from server.storage import store
from tests.server.data import BASE

ROOT = Path(__file__).parents[3]
EXAMPLE = ROOT / "docs" / "kommungraf.toml"
BUNDLE = ROOT.parent / "shared/suites/dcat-ap-se/3.0.1/bundle.json"
LEAST = """\
web = "https://data.kommun.example/"
[publisher]
iri = "http://dataportal.se/organisation/SE2120009999"
name = { sv = "Exempelkommun", en = "Exempel Municipality" }
type = "http://purl.org/adms/publishertype/LocalAuthority"
[contact]
name.sv = "Öppna data"
name.en = "Open data"
email = "data@kommun.example"
[catalogue]
title = { sv = "Öppna data", en = "Open data" }
description = { sv = "Beslut.", en = "Decisions." }
"""


def written(folder: Path, text: str) -> Path:
    path = folder / "kommungraf.toml"
    path.write_text(text, "utf-8")
    return path


def refused(folder: Path, text: str) -> str:
    with pytest.raises(BadPublisher) as error:
        publisher.read(written(folder, text))
    return str(error.value)


def test_the_example_and_what_is_least(tmp_path: Path) -> None:
    shown = publisher.read(EXAMPLE)
    assert shown.contact.address and shown.contact.address.city == "Exempelstad" and shown.fees
    least = publisher.read(written(tmp_path, LEAST))
    assert (least.web, least.licence, least.themes) == ("https://data.kommun.example", publisher_keys.CC0, ("GOVE",))
    assert least.contact.name == {"sv": "Öppna data", "en": "Open data"} and least.contact.address is None


def test_what_is_optional_in_the_example_can_be_used(tmp_path: Path) -> None:
    """Without the marks of a comment before them, the optional keys are right."""
    lines = EXAMPLE.read_text("utf-8").splitlines()
    optional = [
        line.removeprefix("# ") for line in lines if line.startswith(("# ", "#[")) and ("=" in line or "[" in line)
    ]
    assert len(optional) >= 7
    text = "\n".join(line.removeprefix("# ") if line.removeprefix("# ") in optional else line for line in lines)
    shown = publisher.read(written(tmp_path, text))
    assert shown.spatial == {"9999": "https://sws.geonames.org/0000000/"}
    assert shown.keywords["sv"] == ("protokoll", "beslut")


WRONG = {
    'email = "data@kommun.example"': ('emial = "data@kommun.example"', 9, "contact.emial"),
    'web = "https://data.kommun.example/"': ('web = "data.kommun.example"', 1, "web"),
    'type = "http://purl.org/adms/publishertype/LocalAuthority"': ('type = "LocalAuthority"', 5, "publisher.type"),
    'name.en = "Open data"': ('name.en = 7', 8, "contact.name.en"),
    'title = { sv = "Öppna data", en = "Open data" }': ('title = { sv = "Öppna data" }', 11, "catalogue.title.en"),
    'description = { sv = "Beslut.", en = "Decisions." }': ('description = "Beslut."', 12, "catalogue.description"),
    'iri = "http://dataportal.se/organisation/SE2120009999"': ('iri = "en kommun"', 3, "publisher.iri"),
}  # fmt: skip


def test_an_address_with_a_password_is_not_published(tmp_path: Path) -> None:
    told = refused(tmp_path, LEAST.replace("https://data.kommun", "https://me:secret@data.kommun"))
    assert "web" in told and "secret" not in told


@pytest.mark.parametrize("right", WRONG)
def test_a_mistake_is_named_by_file_key_and_line(right: str, tmp_path: Path) -> None:
    wrong, line, key = WRONG[right]
    assert LEAST.count(right) == 1
    told = refused(tmp_path, LEAST.replace(right, wrong))
    path = tmp_path / "kommungraf.toml"
    assert f"{path}, rad {line}: {key} " in told and f"{path}, line {line}: {key} " in told


MORE = {
    'licence = "https://creativecommons.org/publicdomain/zero/1.0/"\n' + LEAST: "licence",
    LEAST + '[dataset]\nthemes = ["POLITICS"]\n': "dataset.themes",
    LEAST + "[dataset]\nfrequency = [1]\n": "dataset.frequency",
    LEAST + '[dataset.keywords]\nsv = ["beslut"]\n': "dataset.keywords.en",
    LEAST + '[spatial]\nStockholm = "https://sws.geonames.org/1/"\n': "spatial.Stockholm",
    LEAST + '[spatial]\n0180 = "Stockholm"\n': "spatial.0180",
    LEAST + "[extra]\n": "extra",
    LEAST.replace("[contact]", 'identifier = "801399-0000"\n[contact]'): "publisher.identifier",
    LEAST.replace("https://data.kommun.example/", "https://data.kommun.example/?x"): "web",
    LEAST.replace("https://data.kommun.example/", "https://[data"): "web",
    LEAST.replace("https://data.kommun.example/", "https://"): "web",
    LEAST.replace("https://data.kommun.example/", "https://data.kommun.example:99999"): "web",
    LEAST.replace("https://data.kommun.example/", "https://data.kommun.example:0"): "web",
    LEAST.replace("https://data.kommun.example/", "https://:8000"): "web",
    LEAST.replace('"Exempelkommun"', '"Exempel\\u0001kommun"'): "publisher.name.sv",
    LEAST.replace('"Beslut."', '"Beslut\\uFFFE"'): "catalogue.description.sv",
    LEAST + '[dataset.keywords]\nsv = ["a\\u0000"]\nen = ["a"]\n': "dataset.keywords.sv",
    LEAST + 'spatial = "0180"\n': "catalogue.spatial",
    'spatial = "0180"\n' + LEAST: "spatial",
    LEAST.replace("[catalogue]", 'city = "Exempelstad"\n[catalogue]'): "contact.street",
    LEAST.replace("[publisher]", "[publishers]"): "publisher.iri",
}


@pytest.mark.parametrize("text", MORE)
def test_what_is_unknown_missing_or_not_in_a_list(text: str, tmp_path: Path) -> None:
    told = refused(tmp_path, text)
    assert f": {MORE[text]} " in told and " line " in told


@pytest.mark.parametrize(
    ("text", "line", "key", "held"),
    [
        (
            LEAST.replace('{ sv = "Exempelkommun", en = "Exempel Municipality" }', '"Y"'),
            4,
            "publisher.name",
            "sv, en",
        ),
        (LEAST.replace('name.sv = "Öppna data"\nname.en', "name"), 7, "contact.name", "sv, en"),
        (LEAST + '[[dataset]]\nfrequency = "WEEKLY"\n', 13, "dataset", "title, description, keywords, themes"),
        ("catalogue = 1\n" + LEAST.partition("[catalogue]")[0], 1, "catalogue", "title, description"),
    ],
)
def test_a_value_where_a_table_belongs_is_told_once_as_that(
    text: str, line: int, key: str, held: str, tmp_path: Path
) -> None:
    sv, en = refused(tmp_path, text).splitlines()
    assert f"rad {line}: {key} ska vara en tabell, [{key}], med {held}" in sv
    assert f"line {line}: {key} must be one table, [{key}], with {held}" in en


def test_a_table_that_says_nothing_is_no_mistake(tmp_path: Path) -> None:
    assert publisher.read(written(tmp_path, LEAST + "[dataset]\n[spatial]\n")).frequency == "IRREG"


def test_texts_hold_what_xml_can(tmp_path: Path) -> None:
    told = publisher.read(written(tmp_path, LEAST.replace('"Beslut."', '"Beslut\\n\\toch \\U0001F600"')))
    assert told.description["sv"] == "Beslut\n\toch \U0001f600"


def test_a_byte_order_mark_is_passed_over(tmp_path: Path) -> None:
    path = tmp_path / "kommungraf.toml"
    path.write_bytes(b"\xef\xbb\xbf" + LEAST.encode())
    assert publisher.read(path).web == "https://data.kommun.example"
    path.write_bytes(b"\xef\xbb\xbfweb = 1\nname = '\xd6ppna'\n")
    with pytest.raises(BadPublisher, match="line 2"):
        publisher.read(path)


def test_no_publisher_has_an_iri_of_the_catalogue(tmp_path: Path) -> None:
    data = tmp_path / "data"
    (data / "documents").mkdir(parents=True)
    path = data / "documents" / "0.nq"
    path.write_text(f'<{BASE}/id/a> <{BASE}/id/b> "c" <{BASE}/id/graph/0> .\n', "utf-8")
    store.publish(data, [path], BASE)
    for name in ("all", "catalogue", "0180"):
        written(data, LEAST.replace("http://dataportal.se/organisation/SE2120009999", f"{BASE}/datasets/{name}"))
        with pytest.raises(BadPublisher, match=f"line 3: publisher.iri must not begin with {BASE}/datasets/"):
            publisher.of_folder(data)
    written(data, LEAST.replace("http://dataportal.se/organisation/SE2120009999", f"{BASE}/id/municipality/0180"))
    told = publisher.of_folder(data)
    assert told and told.iri == f"{BASE}/id/municipality/0180"


def test_every_mistake_is_told_at_once_in_the_order_of_the_file(tmp_path: Path) -> None:
    told = refused(tmp_path, LEAST.replace("data.kommun.example/", " ").replace("email", "post"))
    lines = [int(line.split("line ")[1].split(":")[0]) for line in told.splitlines() if ", line " in line]
    assert lines == [1, 6, 9]


def test_what_is_no_toml_is_told_with_its_line(tmp_path: Path) -> None:
    assert "line 3" in refused(tmp_path, "a = 1\nb = 2\nc = \n")
    assert "line 2" in refused(tmp_path, 'a = 1\nb = "x')
    path = tmp_path / "latin.toml"
    path.write_bytes("web = 1\nname = 'Öppna'\n".encode("latin-1"))
    with pytest.raises(BadPublisher, match="line 2"):
        publisher.read(path)
    with pytest.raises(BadPublisher, match="cannot be read"):
        publisher.read(tmp_path)


def test_a_key_is_found_where_it_stands() -> None:
    text = 'a = """\nweb = 1\n"""\n[t."x y"]\n"b".c = 1\n[[u]]\nd = { e = 1 }\n'
    assert [line_of(text, key) for key in (("t", "x y", "b", "c"), ("u", "d", "e"), ("web",), ("t", "no"))] == [
        5,
        7,
        1,
        1,
    ]


def test_the_commands_refuse_it_before_they_do_anything(tmp_path: Path) -> None:
    written(tmp_path, LEAST.replace("email", "emial"))
    for command in ("catalogue", "serve"):
        result = CliRunner().invoke(main, [command, "--data", str(tmp_path)])
        assert result.exit_code == 2 and "line 9: contact.emial" in result.output, command
    empty = tmp_path / "empty"
    empty.mkdir()
    result = CliRunner().invoke(main, ["catalogue", "--data", str(empty)])
    assert result.exit_code == 2 and "docs/catalogue.md" in result.output
    result = CliRunner().invoke(main, ["catalogue", "--data", str(empty), "--config", str(EXAMPLE)])
    assert result.exit_code == 5 and "kommungraf ingest" in result.output


@pytest.mark.skipif(not BUNDLE.exists(), reason="DIGG's rules are not on this machine")
def test_the_lists_are_those_of_the_rules() -> None:
    templates = {each["id"]: each for each in json.loads(BUNDLE.read_text("utf-8"))["templates"]}

    def values(template: str) -> set[str]:
        return {choice["value"] for choice in templates[template]["choices"]}

    assert values("dcat:dcterms:cc-license-choices") == set(publisher_keys.LICENCES)
    assert values("adms:publishertype") == {
        publisher_keys.PUBLISHER_TYPE + name for name in publisher_keys.PUBLISHER_TYPES
    }
    authority = "http://publications.europa.eu/resource/authority/"
    assert values("dcat:theme") == {f"{authority}data-theme/{name}" for name in publisher_keys.THEMES}
    frequencies = {f"{authority}frequency/{name}" for name in publisher_keys.FREQUENCIES}
    assert values("dcat:dcterms:accrualPeriodicity_da") == frequencies

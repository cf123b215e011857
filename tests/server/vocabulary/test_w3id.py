"""The rules for w3id.org: each IRI of the vocabulary is led to an address where the site answers."""

import re

import pytest

import ontology
from tests.server.conftest import ROOT
from tests.server.data import Server

RULES = ROOT / "docs/deploy/w3id/.htaccess"
SPACE, SITE = "https://w3id.org/kommungraf/", "https://kommungraf.example"
RULE = re.compile(r"RewriteRule (\S+) (\S+) \[R=303,L\]")


def led(iri: str) -> str | None:
    """Where the first rule that fits leads, as a path of the site (mod_rewrite: without what stands after #)."""
    path = iri.partition("#")[0].removeprefix(SPACE)
    for line in RULES.read_text("utf-8").splitlines():
        rule = RULE.fullmatch(line)
        assert rule or not line.startswith("RewriteRule"), line
        found = re.search(rule[1], path) if rule else None
        if rule and found:
            target = found.expand(re.sub(r"\$(\d)", r"\\g<\1>", rule[2]))
            assert target.startswith(SITE + "/")
            return target.removeprefix(SITE)
    return None


@pytest.mark.parametrize(
    ("iri", "path"),
    [
        (SPACE, "/ns"),
        (f"{SPACE}ns#Meeting", "/ns"),
        (f"{SPACE}organisation", "/ns"),
        (f"{SPACE}ns/0.2.0", "/ns/0.2.0"),
        (f"{SPACE}concept/outcome", "/concept/outcome"),
        (f"{SPACE}concept/outcome/approved", "/concept/outcome/approved"),
        (f"{SPACE}alignments", "/alignments"),
        (f"{SPACE}alignments/besluit", "/alignments/besluit.sssom.tsv"),
        (f"{SPACE}context.jsonld", "/context.jsonld"),
        (f"{SPACE}nsx", None),
    ],
)
def test_each_kind_of_iri_is_led_to_its_place(iri: str, path: str | None) -> None:
    assert led(iri) == path


def test_the_site_answers_where_the_rules_lead(server: Server) -> None:
    version = re.search(rf"<{SPACE}ns/([0-9.]+)>", (ROOT / "ontology/core.ttl").read_text("utf-8"))
    assert version
    iris = {f"{SPACE}ns", f"{SPACE}ns/{version[1]}", f"{SPACE}context.jsonld", f"{SPACE}alignments"}
    iris |= {f"{SPACE}alignments/{each.name}" for each in ontology.alignment_sets()}
    iris |= {f"{SPACE}concept/outcome", f"{SPACE}concept/outcome/approved"}
    for iri in iris:
        path = led(iri)
        assert path and server.get(path, "*/*").status in {200, 303}, iri

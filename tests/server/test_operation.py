"""The operator's page against the program, and the files to deploy it with against the tools that read them."""

import http.client
import json
import os
import re
import shlex
import shutil
import socket
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import get_args

import click
import pytest
from click.testing import CliRunner

import kommungraf
from server.web.journal import Asked, Journal
from server.web.metrics import Metrics, Outcome, Route, State
from tests.server.conftest import free_port

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs/operation.md").read_text("utf-8")
DEPLOY = ROOT / "docs/deploy"
SETTING = re.compile(r"^\| `(--[a-z-]+)` \| `(KOMMUNGRAF_SERVE_[A-Z_]+)` \| ([^|]+) \| [^|]+ \| [^|]+ \|$", re.M)
NGINX = os.environ.get("KOMMUNGRAF_NGINX") or shutil.which("nginx", path=f"{os.environ['PATH']}:/usr/sbin")


def options() -> dict[str, click.Option]:
    command = kommungraf.main.commands["serve"]
    return {option.opts[0]: option for option in command.params if isinstance(option, click.Option)}


def default(option: click.Option) -> str | None:
    """A default as the page writes it; None where it is worked out when the service starts."""
    if option.required:
        return "required"
    if option.is_flag:
        return "off"
    if isinstance(option.default, int | float):
        return f"{option.default:g}"
    return option.default if isinstance(option.default, str) else None


def test_the_page_has_every_option_of_serve_and_no_other() -> None:
    assert {row[0] for row in SETTING.findall(PAGE)} == set(options())


@pytest.mark.parametrize("row", SETTING.findall(PAGE), ids=[row[0] for row in SETTING.findall(PAGE)])
def test_a_setting_stands_there_with_its_default_and_its_variable(row: tuple[str, ...]) -> None:
    flag, variable, told = row
    assert flag in options(), f"`kommungraf serve` has no option {flag}"
    option = options()[flag]
    assert variable == f"KOMMUNGRAF_SERVE_{(option.name or '').upper()}"
    assert told == (default(option) or told) and told


def test_settings_are_read_from_the_environment() -> None:
    ran = CliRunner().invoke(kommungraf.main, ["serve", "--data", "."], env={"KOMMUNGRAF_SERVE_PORT": "no-port"})
    assert ran.exit_code == 2 and "no-port" in ran.output


def test_the_help_names_every_option_that_the_page_names() -> None:
    told = CliRunner().invoke(kommungraf.main, ["serve", "--help"]).output
    assert [row[0] for row in SETTING.findall(PAGE) if f"{row[0]} " not in told.replace("\n", " ")] == []


def test_the_commands_of_the_page_exist() -> None:
    named = set(re.findall(r"`kommungraf ([a-z]+)", PAGE))
    assert named - set(kommungraf.main.commands) == set()


def test_the_metrics_of_the_page_exist_and_all_of_them_are_there() -> None:
    exposed = Metrics(lambda: State(0, 0, 0, 0, 0, 0, 0, 0, 0, "v", 0)).exposition().decode("utf-8")
    kinds = dict(re.findall(r"^# TYPE (\S+) (\S+)$", exposed, re.M))
    kinds = {name: kind for name, kind in kinds.items() if not name.endswith("_created")}
    table = {name for row in re.findall(r"^\| (`[a-z].*?) \|", PAGE, re.M) for name in re.findall(r"`(\w+)`", row)}
    assert {name for name in kinds if name.startswith("kommungraf_")} == {
        n for n in table if n.startswith("kommungraf_")
    }
    used = set(re.findall(r"\b(?:kommungraf|process)_[a-z_]+", PAGE))
    assert {re.sub("_bucket$", "", name) for name in used} - set(kinds) == set()
    for metric, labels in (("requests", Route), ("queries", Outcome)):
        (row,) = re.findall(rf"^\| `kommungraf_{metric}_total` \| (.+) \|$", PAGE, re.M)
        assert [label for label in get_args(labels) if not re.search(rf"[ (]{label}\b", row)] == []


def test_the_fields_of_the_log_are_those_of_the_page() -> None:
    lines: list[bytes] = []
    journal = Journal(lines.append, 1.0, slow_text=True)
    journal.request("page", "GET", 200, 0.1, 10, "192.0.2.0/24")
    journal.query(Asked("ASK {}", "ok", 200, 2.0), "192.0.2.0/24")
    written = {(line["event"], field) for line in map(json.loads, lines) for field in line}
    section = PAGE.partition("## The log")[2].partition("\n## ")[0]
    told = set()
    for names, events in re.findall(r"^\| (`[^|]+`) \| ([^|]+) \|", section, re.M):
        where = ["request", "query", "slow-query"] if events == "all" else events.split(", ")
        told |= {(event, name) for event in where for name in re.findall(r"`(\w+)`", names)}
    assert told == written


def test_the_containerfile_copies_what_there_is_and_runs_as_nobody_in_particular() -> None:
    text = re.sub(r"\\\n\s*", "", (ROOT / "Containerfile").read_text("utf-8"))
    lines = [line.split(maxsplit=1) for line in text.splitlines() if line and not line.startswith("#")]
    assert {word for word, _ in lines} <= {
        "FROM", "WORKDIR", "RUN", "COPY", "ENV", "USER", "VOLUME", "EXPOSE", "STOPSIGNAL", "HEALTHCHECK", "ENTRYPOINT",
        "CMD",
    }  # fmt: skip
    copied = [shlex.split(rest)[:-1] for word, rest in lines if word == "COPY" and not rest.startswith("--from")]
    for source in (path for paths in copied for path in paths):
        assert list(ROOT.glob(source)), f"there is no {source}"
    whole = {path for paths in copied for path in paths}
    rooms = {path.parent.name for path in ROOT.glob("*/__init__.py")} - {"tests"}
    assert rooms <= whole and "requirements.lock" in whole
    assert "kommungraf.py" in whole
    assert [rest for word, rest in lines if word == "USER"] == ["10001"]
    for word, rest in lines:
        if word in {"ENTRYPOINT", "CMD"}:
            assert all(isinstance(part, str) for part in json.loads(rest)), rest
    entry = json.loads(next(rest for word, rest in lines if word == "ENTRYPOINT"))
    command = json.loads(next(rest for word, rest in lines if word == "CMD"))
    assert entry == ["kommungraf"] and command[0] in kommungraf.main.commands
    assert {part for part in command if part.startswith("--")} <= set(options())
    check = next(rest for word, rest in lines if word == "HEALTHCHECK")
    code = json.loads(check[check.index("[") :])[2]
    compile(code, "HEALTHCHECK", "exec")
    assert "/healthz" in code


def test_the_image_is_built() -> None:
    builder = shutil.which("podman") or shutil.which("docker")
    if not builder or subprocess.run([builder, "info"], capture_output=True, timeout=60).returncode:
        pytest.skip("neither podman nor docker runs here")
    build = [builder, "build", "-q", "-f", "Containerfile", "-t", "kommungraf-test", "."]
    subprocess.run(build, cwd=ROOT, check=True, timeout=900)
    ran = subprocess.run([builder, "run", "--rm", "kommungraf-test", "--version"], capture_output=True, timeout=60)
    assert ran.returncode == 0 and b"kommungraf" in ran.stdout


@pytest.mark.parametrize("unit", sorted(path.name for path in DEPLOY.glob("*.service")))
def test_systemd_reads_the_units(unit: str, tmp_path: Path) -> None:
    if not shutil.which("systemd-analyze"):
        pytest.skip("systemd-analyze is not installed here")
    program = tmp_path / "kommungraf"
    program.write_text("#!/bin/sh\n")
    program.chmod(0o755)
    copy = tmp_path / unit.replace("@", "@srv-handlingar")
    text = (DEPLOY / unit).read_text("utf-8")
    assert "/opt/kommungraf/bin/kommungraf" in text
    copy.write_text(text.replace("/opt/kommungraf/bin/kommungraf", str(program)))
    ran = subprocess.run(["systemd-analyze", "verify", str(copy)], capture_output=True, text=True, timeout=60)
    assert ran.returncode == 0 and unit.partition(".")[0] not in ran.stderr, ran.stderr


def test_the_units_start_commands_that_there_are() -> None:
    for path in DEPLOY.glob("*.service"):
        (start,) = re.findall(r"^ExecStart=/opt/kommungraf/bin/kommungraf (.+)$", path.read_text("utf-8"), re.M)
        name, *arguments = start.split()
        known = {flag for option in kommungraf.main.commands[name].params for flag in option.opts}
        assert {word for word in arguments if word.startswith("--")} <= known


# nginx: the example itself, with the places of a test, between a client and a server that breaks off.

WHOLE = b'{"head":{},"boolean":true}'
BROKEN = {
    "/length": b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n" + b"x" * 50_000,
    "/chunks": b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + b"c350\r\n" + b"x" * 50_000 + b"\r\n",
    "/piece": b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nc350\r\n" + b"x" * 10_000,
}


def upstream(listener: socket.socket, heads: list[str]) -> None:
    """Answer every request with what its path says, and close."""
    while True:
        try:
            connection, _ = listener.accept()
        except OSError:
            return
        with connection:
            data = b""
            while b"\r\n\r\n" not in data and (piece := connection.recv(65536)):
                data += piece
            head, _, body = data.partition(b"\r\n\r\n")
            length = re.search(rb"(?i)content-length: (\d+)", head)
            while length and len(body) < int(length[1]) and (piece := connection.recv(65536)):
                body += piece
            heads.append(head.decode("latin-1") + f"\nbody: {len(body)}")
            path = head.split()[1].decode() if head else ""
            answer = b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: %d\r\n\r\n" % len(WHOLE) + WHOLE
            connection.sendall(BROKEN.get(path, answer))


@contextmanager
def running(configuration: Path, port: int) -> Iterator[None]:
    assert NGINX
    process = subprocess.Popen([NGINX, "-c", str(configuration), "-p", str(configuration.parent)])
    try:
        until = time.monotonic() + 10
        while time.monotonic() < until and process.poll() is None:
            try:
                socket.create_connection(("127.0.0.1", port), 1).close()
                break
            except OSError:
                time.sleep(0.02)
        assert process.poll() is None
        yield
    finally:
        process.terminate()
        process.wait(10)


def configured(folder: Path, port: int, behind: int) -> Path:
    """nginx's whole configuration around the example: other ports, a certificate of the test's, no files outside."""
    certificate = ["-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-subj", "/CN=k"]
    keys = ["-keyout", str(folder / "privkey.pem"), "-out", str(folder / "fullchain.pem")]
    subprocess.run(["openssl", "req", *certificate, *keys], check=True, capture_output=True, timeout=60)
    text = (DEPLOY / "nginx.conf").read_text("utf-8")
    places = {
        "/etc/ssl/kommungraf": str(folder),
        "/var/log/nginx": str(folder),
        "server 127.0.0.1:8000;": f"server 127.0.0.1:{behind};",
        "    listen [::]:80;\n": "",
        "    listen [::]:443 ssl http2;\n": "",
        "listen 80;": f"listen 127.0.0.1:{free_port()};",
        "listen 443 ssl http2;": f"listen 127.0.0.1:{free_port()} ssl http2; listen 127.0.0.1:{port};",
    }
    for place, here in places.items():
        assert place in text, place
        text = text.replace(place, here)
    kinds = ("client_body", "proxy", "fastcgi", "scgi", "uwsgi")
    temporary = "".join(f"{kind}_temp_path {folder / kind};\n" for kind in kinds)
    main = folder / "main.conf"
    main.write_text(
        f"daemon off;\nmaster_process off;\nworker_processes 1;\npid {folder / 'nginx.pid'};\n"
        f"error_log {folder / 'error.log'};\nevents {{ worker_connections 256; }}\nhttp {{\naccess_log off;\n{temporary}{text}\n}}\n"
    )
    return main


@pytest.fixture(scope="module")
def nginx(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[int, list[str], Path]]:
    """The example at work: its port for plain HTTP, the heads that reached the server behind it, its folder."""
    if not NGINX or not shutil.which("openssl"):
        pytest.skip("nginx or openssl is not installed here (KOMMUNGRAF_NGINX=/path/to/nginx)")
    folder = tmp_path_factory.mktemp("nginx")
    heads: list[str] = []
    with socket.create_server(("127.0.0.1", 0)) as listener:
        threading.Thread(target=upstream, args=(listener, heads), daemon=True).start()
        port = free_port()
        with running(configured(folder, port, listener.getsockname()[1]), port):
            yield port, heads, folder
        listener.shutdown(socket.SHUT_RDWR)


def ask(
    port: int, method: str, path: str, body: object = None, headers: dict[str, str] | None = None
) -> tuple[int, bytes]:
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=20)) as client:
        client.request(method, path, body, headers or {})  # type: ignore[arg-type]
        answer = client.getresponse()
        return answer.status, answer.read()


def test_nginx_accepts_the_example(nginx: tuple[int, list[str], Path]) -> None:
    _, _, folder = nginx
    assert NGINX
    ran = subprocess.run(
        [NGINX, "-t", "-c", str(folder / "main.conf"), "-p", str(folder)], capture_output=True, text=True, timeout=20
    )
    assert ran.returncode == 0 and "[warn]" not in ran.stderr, ran.stderr


def test_who_the_client_is_comes_from_nginx_alone(nginx: tuple[int, list[str], Path]) -> None:
    port, heads, _ = nginx
    lies = {"X-Forwarded-For": "198.51.100.1", "Forwarded": "for=198.51.100.1", "Host": "kommungraf.example"}
    assert ask(port, "GET", "/sparql?query=ASK%7B%7D", headers=lies) == (200, WHOLE)
    head = heads[-1].lower()
    assert head.startswith("get /sparql?query=ask%7b%7d http/1.1") and "host: kommungraf.example" in head
    assert "x-forwarded-for: 127.0.0.1" in head and "198.51.100.1" not in head and "\nforwarded:" not in head


@pytest.mark.parametrize("path", BROKEN)
def test_a_transfer_that_breaks_reaches_the_reader_broken(nginx: tuple[int, list[str], Path], path: str) -> None:
    port, heads, _ = nginx
    with pytest.raises((http.client.IncompleteRead, ConnectionResetError)):
        ask(port, "GET", path)
    assert heads[-1].startswith(f"GET {path} ")


def test_bodies_reach_the_server_whole_with_their_length_or_not_at_all(nginx: tuple[int, list[str], Path]) -> None:
    port, heads, _ = nginx
    assert ask(port, "POST", "/sparql", iter([b"x" * 40_000] * 5))[0] == 200  # in chunks
    assert heads[-1].endswith("body: 200000") and "content-length: 200000" in heads[-1].lower()
    seen = len(heads)
    assert ask(port, "POST", "/sparql", b"x" * (2**20 + 1))[0] == 413
    assert ask(port, "GET", "/sparql?query=" + "x" * 40_000)[0] == 414
    assert len(heads) == seen


def test_metrics_are_closed_to_the_outside_and_the_log_holds_no_person(nginx: tuple[int, list[str], Path]) -> None:
    port, _, folder = nginx
    assert ask(port, "GET", "/metrics")[0] == 404
    assert ask(port, "GET", "/healthz")[0] == 200  # from this machine
    assert ask(port, "GET", "/sparql?query=Karin", headers={"User-Agent": "Lindmark"})[0] == 200
    for name in ("kommungraf.log", "kommungraf-error.log", "error.log"):
        log = (folder / name).read_text("utf-8")
        assert name != "kommungraf.log" or log and all(json.loads(line)["status"] for line in log.splitlines())
        assert not re.search(r"Karin|Lindmark|sparql|127\.0\.0\.1", log)

"""What answers while it is measured: programs faster than those that ask them."""

import contextlib
import os
import pathlib
import signal
import socket
import subprocess
import sys
import time
from typing import Callable, Iterator

from programs import fetched


def free_port(kind: socket.SocketKind = socket.SOCK_STREAM) -> int:
    with socket.socket(socket.AF_INET, kind) as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


@contextlib.contextmanager
def running(command: list[str], answers: Callable[[], bool], **options: object) -> Iterator[None]:
    """A server, from its first answer on. It ends with this process, whatever ends that."""
    process = subprocess.Popen(
        ["setpriv", "--pdeathsig", "TERM", *command], stderr=subprocess.DEVNULL, start_new_session=True, **options)
    try:
        for _ in range(200):
            if answers():
                break
            time.sleep(0.05)
        else:
            sys.exit(f"{command[0]} does not answer")
        yield
    finally:
        # It ends its own children first.
        process.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(5)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


@contextlib.contextmanager
def web(folder: pathlib.Path, *roots: str) -> Iterator[list[str]]:
    """nginx, which gives a file of the root for each path, as JSON with Consul's index, whoever asks: a URL a root."""
    ports = [free_port() for _ in roots]
    hosts = [f"server {{ listen 127.0.0.1:{port} backlog=1000; root {folder}/{root}; }}" for port, root in zip(ports, roots)]
    with nginx(folder, hosts, f"127.0.0.1:{ports[-1]}"):
        yield [f"http://127.0.0.1:{port}" for port in ports]


@contextlib.contextmanager
def nginx(folder: pathlib.Path, hosts: list[str], last: str) -> Iterator[None]:
    """nginx with these servers, once it takes connections at the last address."""
    program = f"{fetched('nginx')}/usr/sbin/nginx"
    temporary = [f"{of}_temp_path {folder}/temporary;" for of in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")]
    (folder / "nginx.conf").write_text("\n".join([
        "daemon off; master_process off; pid nginx.pid; error_log stderr; events { worker_connections 1000; }",
        "http { access_log off; default_type application/json; add_header X-Consul-Index 7; keepalive_requests 1000000;",
        "sendfile on; tcp_nopush on; open_file_cache max=10000;", *temporary, *hosts, "}"]))

    def answers() -> bool:
        host, _, port = last.partition(":")
        with contextlib.suppress(OSError), socket.create_connection((host, int(port))):
            return True
        return False

    with running([program, "-p", str(folder), "-c", "nginx.conf"], answers):
        yield


@contextlib.contextmanager
def nsd(folder: pathlib.Path, zone: str, text: str, *addresses: str) -> Iterator[int]:
    """nsd with one zone, on a port of its own and on further addresses: the port."""
    files, port = fetched("nsd"), free_port(socket.SOCK_DGRAM)
    own = "\n".join(f"  ip-address: {address}" for address in (f"127.0.0.1@{port}", *addresses))
    (folder / "zone").write_text(text)
    (folder / "nsd.conf").write_text(f"""
server:
{own}
  rrl-ratelimit: 0
  username: ""
  database: ""
  zonesdir: "{folder}"
  pidfile: "{folder}/nsd.pid"
  xfrdfile: "{folder}/xfrd"
  zonelistfile: "{folder}/zones"
  xfrdir: "{folder}"
remote-control:
  control-enable: no
zone:
  name: {zone}
  zonefile: zone
""")

    def answers() -> bool:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as question, contextlib.suppress(OSError):
            question.settimeout(0.1)
            question.connect(("127.0.0.1", port))
            question.send(bytes.fromhex("6763000000010000000000000000060001"))
            return bool(question.recv(512))
        return False

    libraries = ":".join(map(str, pathlib.Path(files, "usr/lib").glob("*-linux-gnu")))
    environment = {**os.environ, "LD_LIBRARY_PATH": libraries}
    with running([f"{files}/usr/sbin/nsd", "-d", "-c", str(folder / "nsd.conf")], answers, env=environment):
        yield port


@contextlib.contextmanager
def silent(kind: socket.SocketKind = socket.SOCK_STREAM) -> Iterator[int]:
    """A port where questions are taken and never answered."""
    with socket.socket(socket.AF_INET, kind) as listener:
        listener.bind(("127.0.0.1", 0))
        if kind == socket.SOCK_STREAM:
            listener.listen(4096)
        yield listener.getsockname()[1]

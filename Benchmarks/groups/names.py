"""Name servers: 1,000 names with an address each, asked for that alone, of nsd on loopback."""

import contextlib
import os
import pathlib
import socket
from typing import Iterator

from inputs import upstreams
from measuring import Goal, Group, Row
from servers import nsd, silent

NAMES = [f"n{number}.gate.example" for number in range(1000)]
# adnshost asks the port 53 of an address of its own, which only root may listen on.
ADNS = "127.53.53.53"
RESOLVE = ["gatecheck", "resolve", "--request-timeout", "2", "--referenced", "{work}/names.yaml", "--config"]
ROWS = [
    Row("look up 1,000 names", [*RESOLVE, "{work}/dns.yaml"]),
    Row("look up 1,000 names", ["dig", "@127.0.0.1", "-p", "{dns}", "+noedns", "+short", "-f", "{work}/names"]),
    Row("look up 1,000 names", ["adnshost", "+e", "--config", f"nameserver {ADNS}", "-t", "a", *NAMES]),
    Row("look up 1,000 names, a server silent", [*RESOLVE, "{work}/dns-silent.yaml"], rounds=2),
    Row("ask a silent name server",
        ["dig", "@127.0.0.1", "-p", "{silent-dns}", "+time=2", "+tries=1", NAMES[0]], status=9, rounds=2),
]
GOALS = [
    Goal("look up 1,000 names", "wall", 0.7, "dig"),
    Goal("look up 1,000 names, a server silent", "wall", 1.5, "ask a silent name server"),
]


@contextlib.contextmanager
def prepare(work: pathlib.Path) -> Iterator[dict[str, str]]:
    addresses = [f"{name}. IN A 10.1.{number // 250}.{number % 250}\n" for number, name in enumerate(NAMES)]
    head = "$ORIGIN gate.example.\n$TTL 60\n@ IN SOA ns hostmaster 1 60 60 60 60\n@ IN NS ns\nns IN A 127.0.0.1\n"
    own = [ADNS] if os.geteuid() == 0 else []
    (work / "names").write_text("".join(f"{name} A\n" for name in NAMES))
    (work / "names.yaml").write_text(upstreams("dns", [f"{name}:80" for name in NAMES]))
    with nsd(work, "gate.example", head + "".join(addresses), *own) as port, silent(socket.SOCK_DGRAM) as mute:
        for name, ports in {"dns": [port], "dns-silent": [mute, port]}.items():
            servers = [f"127.0.0.1:{port}" for port in ports]
            (work / f"{name}.yaml").write_text(f"discovery: {{dns: {{servers: {servers}, order: [A]}}}}\n")
        yield {"{dns}": str(port), "{silent-dns}": str(mute)}


GROUP = Group(ROWS, GOALS, prepare)

"""Logs of many megabytes, beside programs that do less with them."""

import pathlib
import subprocess

from inputs import written
from measuring import Goal, Group, Row

EXPLAIN = ["gatecheck", "logs", "explain", "-o", "json"]
ROWS = [
    Row("take the secrets out of a log of 64 MB", ["redact", "{work}/error.log"], cores=1),
    Row("count lines of a log of 64 MB", ["grep", "-c", "Unauthorized", "{work}/error.log"], cores=1),
    Row("explain a log of 1 GB", [*EXPLAIN, "{work}/big.log"], status=1, cores=1),
    Row("count one text in a log of 1 GB", ["grep", "-c", "no valid upstream node", "{work}/big.log"], cores=1),
    Row("count 40 texts in a log of 1 GB", ["rg", "-c", "-F", "-f", "{work}/texts", "{work}/big.log"], cores=1),
    Row("explain a log of 1 GB, packed", [*EXPLAIN, "{work}/big.log.gz"], status=1, cores=1),
    Row("unpack a log of 1 GB", ["gzip", "-dc", "{work}/big.log.gz"], cores=1),
]
GOALS = [
    Goal("take the secrets out of a log of 64 MB", "cpu", 10.0, "count lines of a log of 64 MB", program="redact"),
    Goal("explain a log of 1 GB", "cpu", 2.0, "count one text in a log of 1 GB"),
    Goal("explain a log of 1 GB", "cpu", 1.0, "count 40 texts in a log of 1 GB"),
    Goal("explain a log of 1 GB, packed", "cpu", 1.2, "unpack a log of 1 GB"),
]

# What lines of discovery's have in them, as one would look for it by hand.
TEXTS = """no valid upstream node|unexpected upstream service_name|list failed|watch failed|connect apiserver failed
discovery uninitialized|id not exist|no memory|nacos login fail|get_url:|connect consul:|consul service not found
failed to fetch registry|failed to query the DNS server|invalid nodes format|no host allowed|connect() failed
upstream timed out|invalid discovery|module 'apisix.discovery|failed to check item data|additional properties forbidden
missing valid end flag|ngx.re.match failed|endpoint_slice validation fail|not found environment variable
failed to read token from file|failed to open file|server need appoint|privileged agent process|init_worker_by_lua error
all upstream servers tried|prematurely closed|SSL_do_handshake|failed to resolve|failed to parse domain
failed to set server peer|discovery not ready|index upvalue|has no healthy nodes""".replace("\n", "|").split("|")


def write(work: pathlib.Path) -> None:
    write_short(work)
    write_long(work)


def write_short(work: pathlib.Path) -> None:
    """64 MB of one sentence, and now and then a token."""
    line = (
        "2026/01/05 10:{0:02}:{1:02} [error] 29#29: *{2} [lua] informer_factory.lua:361: list failed, kind: Endpoints, "
        "reason: Unauthorized, message: Unauthorized, client: 10.0.{0}.{1}, server: _, request: \"GET /a?n={2} HTTP/1.1\"\n"
    )
    with open(work / "error.log", "w") as log:
        for number in range(320_000):
            log.write(line.format(number // 60 % 60, number % 60, number))
            if number % 1000 == 0:
                log.write(f"Authorization: Bearer q9VwZt3Xk7Lm2Rb8Yc4N{number}\n")


def write_long(work: pathlib.Path) -> None:
    """A gigabyte of an error.log in a bad hour: what discovery says among what it does not, every number another one."""
    end = 'client: 10.0.{a}.{b}, server: _, request: "GET /s{c}/items/{n} HTTP/1.1", host: "shop.example.com"'
    messages = [
        f"[lua] init.lua:646: handle_upstream(): failed to set upstream: no valid upstream node: nil, {end}",
        f"[lua] plugin.lua:1234: run_plugin(): limit-count rejected {{n}}, {end}",
        f'connect() failed (111: Connection refused) while connecting to upstream, {end}, upstream: "http://10.1.{{a}}.{{b}}:80/"',
        "[lua] informer_factory.lua:316: list failed, kind: Endpoints, reason: Forbidden, message : endpoints is forbidden: "
        'User "system:serviceaccount:ns{c}:default" cannot list resource "endpoints" in API group "" at the cluster scope, '
        "context: ngx.timer",
        "[lua] informer_factory.lua:440: connect apiserver failed, apiserver.host: 10.0.{a}.{b}, apiserver.port: 6443, "
        "message : connection refused, context: ngx.timer",
        f"a client request body is buffered to a temporary file /usr/local/apisix/client_body_temp/{{n}}, {end}",
        f"[lua] init.lua:400: nodes(): get unexpected upstream service_name: svc{{c}}.default.svc.cluster.local, {end}",
    ]
    with open(work / "big.log", "w") as log:
        size = number = 0
        while size < 1_000_000_000:
            number += 1
            second = number // 3000
            message = messages[(number * 5 + number // 13) % len(messages)].format(
                a=number % 250, b=number % 199, c=number % 500, n=number)
            size += log.write(f"2026/01/{1 + second // 86400:02} {second // 3600 % 24:02}:{second // 60 % 60:02}:"
                              f"{second % 60:02} [error] {50 + number % 4}#50: *{number} {message}\n")
    with open(work / "big.log.gz", "wb") as packed:
        subprocess.run(["gzip", "-c1", work / "big.log"], stdout=packed, check=True)
    (work / "texts").write_text("".join(f"{text}\n" for text in TEXTS))


GROUP = Group(ROWS, GOALS, written(write))

"""A stub of an API server that misbehaves: one loopback port for each row of KINDS. It imitates no attack on anybody's
software; it only breaks what HTTP, JSON and the API of Kubernetes promise to gatecheck.

Usage: hostile-server.py
Prints one JSON line, [[name, port], ...], and runs until its standard input ends.
"""

import gzip
import json
import socket
import struct
import sys
import threading
import time
import zlib

ENDPOINTS = {"metadata": {"name": "a", "namespace": "default"},
             "subsets": [{"addresses": [{"ip": "10.0.0.1"}], "ports": [{"name": "b", "port": 80}]}]}
LIST = {"kind": "EndpointsList", "apiVersion": "v1", "metadata": {"resourceVersion": "5"}, "items": [ENDPOINTS]}
JSON = "Content-Type: application/json"
FOREVER = 10**9


def head(status="200 OK", *headers):
    return "\r\n".join([f"HTTP/1.1 {status}", *headers, "", ""]).encode("latin-1")


def whole(body, status="200 OK", *headers):
    body = body if isinstance(body, bytes) else json.dumps(body).encode()
    return head(status, JSON, *headers, f"Content-Length: {len(body)}") + body


def chunk(body):
    body = body if isinstance(body, bytes) else json.dumps(body).encode()
    return b"%x\r\n%s\r\n" % (len(body), body)


def chunked(*bodies, end=b"0\r\n\r\n"):
    return head("200 OK", JSON, "Transfer-Encoding: chunked") + b"".join(map(chunk, bodies)) + end


def drip(data, pause=0.2, size=1):
    for at in range(0, len(data), size):
        yield data[at:at + size]
        time.sleep(pause)


def forever(first, piece, pause=0.0):
    yield first
    while True:
        yield piece
        if pause:
            time.sleep(pause)


def hang(*parts):
    yield from parts
    time.sleep(60)


def page(**metadata):
    return whole(LIST | {"metadata": {"resourceVersion": "5"} | metadata})


def packed(body, name="gzip", data=None):
    data = gzip.compress(body) if data is None else data
    return head("200 OK", JSON, f"Content-Encoding: {name}", f"Content-Length: {len(data)}") + data


def events(*texts, after=b""):
    """A good list, then a watch of these lines."""
    def kind(target, number):
        if "watch=" not in target:
            return whole(LIST)
        return hang(head("200 OK", JSON, "Transfer-Encoding: chunked"),
                    *[chunk((t if isinstance(t, bytes) else json.dumps(t).encode()) + b"\n") for t in texts], after)
    return kind


def watching(answer):
    return lambda target, number: answer(number) if "watch=" in target else whole(LIST)


def event(kind="MODIFIED", version="6", **fields):
    return {"type": kind, "object": ENDPOINTS | {"kind": "Endpoints"}
            | {"metadata": ENDPOINTS["metadata"] | {"resourceVersion": version}} | fields}


def numbered(number):
    """A page of its own, with a token of its own."""
    item = {"metadata": {"name": f"a{number}", "namespace": "default"}, "subsets": []}
    return whole({"kind": "EndpointsList", "metadata": {"continue": f"t{number}"}, "items": [item]})


DEEP = b'{"a":' * 5000 + b"1" + b"}" * 5000
START = json.dumps(LIST).encode()[:-2]
BOMB = gzip.compress(START[:START.index(b'"items"')] + b'"items": ['
                     + b'{"metadata":{"name":"a","namespace":"default"}},' * 1_000_000 + b"{}]}")
TINY = chunk(b" ")

# Each: what it does with a request's target and number, as bytes or an iterator of bytes; b"" closes.
KINDS = {
    # Connections.
    "accepts and says nothing": lambda t, n: hang(),
    "closes at once": lambda t, n: b"",
    "resets": lambda t, n: None,
    "speaks no HTTP": lambda t, n: b"SSH-2.0-OpenSSH_9.6\r\n",
    "answers in bytes of zero": lambda t, n: b"\0" * 100_000,
    "answers in random bytes": lambda t, n: bytes((i * 167 + 13) % 251 for i in range(100_000)),
    "answers in HTTP/0.9": lambda t, n: json.dumps(LIST).encode(),
    "endless bytes without a status": lambda t, n: forever(b"", b"x" * 65536),
    # Status lines.
    "status 999": lambda t, n: whole(LIST, "999 X"),
    "status 000": lambda t, n: whole(LIST, "000 X"),
    "status that is a word": lambda t, n: whole(LIST, "OK"),
    "status of 20 digits": lambda t, n: whole(LIST, "20000000000000000000 X"),
    "endless 100 Continue": lambda t, n: forever(b"", head("100 Continue")),
    "103 and then nothing": lambda t, n: hang(head("103 Early Hints", "Link: <x>")),
    "101 Switching Protocols": lambda t, n: hang(head("101 Switching Protocols", "Upgrade: websocket")),
    "204 with a body": lambda t, n: whole(LIST, "204 No Content"),
    "206 of a part": lambda t, n: whole(LIST, "206 Partial Content", "Content-Range: bytes 0-9/999"),
    "304 unasked": lambda t, n: head("304 Not Modified"),
    "401 with control characters": lambda t, n: whole(b"\x1b]0;t\x07<html>\x1b[31m", "401 X"),
    "403 without a body": lambda t, n: whole(b"", "403 Forbidden"),
    "403 of ten megabytes": lambda t, n: whole(b"x" * 10_000_000, "403 Forbidden"),
    "403 whose body does not end": lambda t, n: forever(head("403 Forbidden", "Transfer-Encoding: chunked"), TINY, 0.05),
    "404 everywhere": lambda t, n: whole({"kind": "Status", "code": 404, "reason": "NotFound"}, "404 Not Found"),
    "407 unasked": lambda t, n: whole(b"", "407 Proxy Authentication Required"),
    "410 for ever": lambda t, n: whole({"kind": "Status", "code": 410, "reason": "Expired"}, "410 Gone"),
    "429, and come back in a year": lambda t, n: whole(b"", "429 Too Many Requests", "Retry-After: 31536000"),
    "500 with a page": lambda t, n: whole(b"<html>" + b"<p>" * 1000, "500 X"),
    "503, and come back in -1": lambda t, n: whole(b"", "503 X", "Retry-After: -1"),
    # Redirects.
    "redirects to itself": lambda t, n: whole(b"", "302 Found", f"Location: {t}"),
    "redirects to a file": lambda t, n: whole(b"", "302 Found", "Location: file:///etc/passwd"),
    "redirects to nowhere": lambda t, n: whole(b"", "307 Temporary Redirect", "Location:"),
    "redirects with a megabyte": lambda t, n: whole(b"", "302 Found", "Location: /" + "x" * 1_000_000),
    # Headers.
    "endless headers": lambda t, n: forever(b"HTTP/1.1 200 OK\r\n", b"X-Y: z\r\n" * 100),
    "endless header line": lambda t, n: forever(b"HTTP/1.1 200 OK\r\nX: ", b"x" * 65536),
    "drips its headers": lambda t, n: drip(head("200 OK", *[f"X-{i}: y" for i in range(200)])),
    "headers without end": lambda t, n: hang(b"HTTP/1.1 200 OK\r\n" + JSON.encode() + b"\r\n"),
    "header without a colon": lambda t, n: whole(LIST, "200 OK", "nonsense"),
    "header with a zero byte": lambda t, n: whole(LIST, "200 OK", "X: a\0b"),
    "folded header": lambda t, n: whole(LIST, "200 OK", "X: a\r\n b"),
    "bare line feeds": lambda t, n: whole(LIST).replace(b"\r\n", b"\n", 4),
    "a million cookies": lambda t, n: whole(LIST, "200 OK", *["Set-Cookie: a=b"] * 3000),
    "warnings without end": lambda t, n: whole(LIST, "200 OK", *[f'Warning: 299 - "w{i}"' for i in range(3000)]),
    "warning with control characters": lambda t, n: whole(LIST, "200 OK", 'Warning: 299 - "\x1b[31mred"'),
    "date of the year 9999": lambda t, n: whole(LIST, "200 OK", "Date: Fri, 31 Dec 9999 23:59:59 GMT"),
    "date that is none": lambda t, n: whole(LIST, "200 OK", "Date: " + "9" * 1000),
    # Lengths and chunks.
    "length too long": lambda t, n: head("200 OK", JSON, "Content-Length: 99999") + b"{}",
    "length too long, stays": lambda t, n: hang(head("200 OK", JSON, "Content-Length: 99999") + b"{}"),
    "length too short": lambda t, n: head("200 OK", JSON, "Content-Length: 5") + json.dumps(LIST).encode(),
    "negative length": lambda t, n: head("200 OK", JSON, "Content-Length: -1") + b"{}",
    "length of 30 digits": lambda t, n: hang(head("200 OK", JSON, "Content-Length: " + "9" * 30) + b"{}"),
    "two lengths": lambda t, n: head("200 OK", JSON, "Content-Length: 2", "Content-Length: 3") + b"{}x",
    "length and chunks": lambda t, n: head("200 OK", JSON, "Content-Length: 2", "Transfer-Encoding: chunked") + chunk(LIST) + b"0\r\n\r\n",
    "chunk size that is a word": lambda t, n: chunked(end=b"size\r\n{}\r\n"),
    "chunk size of 30 digits": lambda t, n: hang(chunked(end=b"f" * 30 + b"\r\n{}")),
    "negative chunk size": lambda t, n: chunked(end=b"-5\r\n{}\r\n"),
    "chunk cut short": lambda t, n: chunked(end=b"ff\r\n{"),
    "chunks without the last": lambda t, n: hang(chunked(LIST, end=b"")),
    "chunks of a byte, for ever": lambda t, n: forever(chunked(end=b""), TINY),
    "chunk extension without end": lambda t, n: forever(chunked(end=b"5;"), b"x" * 65536),
    "trailers without end": lambda t, n: forever(chunked(LIST, end=b"0\r\n"), b"X: y\r\n" * 100),
    "unknown transfer encoding": lambda t, n: head("200 OK", JSON, "Transfer-Encoding: gopher") + b"{}",
    # Compression.
    "gzip that is none": lambda t, n: packed(b"", data=b"no gzip"),
    "gzip cut short": lambda t, n: packed(b"", data=gzip.compress(json.dumps(LIST).encode())[:40]),
    "gzip without an end": lambda t, n: hang(packed(json.dumps(LIST).encode())[:-4]),
    "gzip of 48 megabytes": lambda t, n: packed(b"", data=BOMB),
    "gzip in gzip": lambda t, n: packed(gzip.compress(json.dumps(LIST).encode()), "gzip, gzip"),
    "deflate": lambda t, n: packed(b"", "deflate", zlib.compress(json.dumps(LIST).encode())),
    "an encoding that nobody knows": lambda t, n: packed(b"", "x-secret", b"abc"),
    "20 encodings": lambda t, n: packed(b"", ", ".join(["gzip"] * 20), b"abc"),
    # Bodies.
    "an empty body": lambda t, n: whole(b""),
    "HTML": lambda t, n: whole(b"<!doctype html><title>log in</title>"),
    "JSON cut short": lambda t, n: whole(json.dumps(LIST).encode()[:60]),
    "JSON 5,000 deep": lambda t, n: whole(DEEP),
    "items 5,000 deep": lambda t, n: whole(START[:-1] + b"," + DEEP + b"]}"),
    "a number of a megabyte": lambda t, n: whole(b'{"kind":' + b"9" * 1_000_000 + b"}"),
    "a name of a megabyte": lambda t, n: whole({"kind": "EndpointsList", "items": [{"metadata": {"name": "x" * 1_000_000}}]}),
    "a key of a megabyte": lambda t, n: whole({"x" * 1_000_000: 1}),
    "100,000 keys": lambda t, n: whole({f"k{i}": i for i in range(100_000)}),
    "the same key twice": lambda t, n: whole(b'{"kind":"EndpointsList","kind":"List","items":[],"items":[]}'),
    "bytes that are no UTF-8": lambda t, n: whole(b'{"kind":"\xff\xfe","items":[]}'),
    "half of a surrogate": lambda t, n: whole(b'{"kind":"\\ud800","items":[]}'),
    "null": lambda t, n: whole(b"null"),
    "a list that is an array": lambda t, n: whole([LIST]),
    "items that are a text": lambda t, n: whole(LIST | {"items": "many"}),
    "items that are numbers": lambda t, n: whole(LIST | {"items": [1, 2, 3]}),
    "the list of another kind": lambda t, n: whole(LIST | {"kind": "PodList"}),
    "a body that drips": lambda t, n: drip(whole(LIST)),
    "a body without end": lambda t, n: forever(head("200 OK", JSON), b" " * 65536),
    "an item without end": lambda t, n: forever(head("200 OK", JSON) + START + b',{"a":"', b"x" * 65536),
    "items without end": lambda t, n: forever(head("200 OK", JSON) + START, b"," + json.dumps(ENDPOINTS).encode()),
    "addresses that are none": lambda t, n: whole(LIST | {"items": [ENDPOINTS | {"subsets": [
        {"addresses": [{"ip": "1; \x1b[31m$(id)"}], "ports": [{"name": "b", "port": 99999999}]}]}]}),
    # Pages.
    "the same continue, for ever": lambda t, n: page(**{"continue": "same"}),
    "another continue each time, the same page": lambda t, n: page(**{"continue": f"t{n}"}),
    "empty pages, for ever": lambda t, n: whole(LIST | {"items": [], "metadata": {"continue": f"t{n}"}}),
    "pages in a circle": lambda t, n: numbered(n % 3),
    "new pages, for ever": lambda t, n: numbered(n),
    "a continue of a megabyte": lambda t, n: page(**{"continue": "x" * 1_000_000}),
    "a continue that is a number": lambda t, n: page(**{"continue": 5}),
    "a continue with a line break": lambda t, n: page(**{"continue": "a\r\nX: y"}),
    "410 behind the first page": lambda t, n: whole(b"{}", "410 Gone") if "continue=" in t else page(**{"continue": f"t{n}"}),
    # Watches.
    "a watch that says nothing": events(),
    "a watch that ends at once": watching(lambda n: chunked()),
    "a watch that is refused": watching(lambda n: whole(b"", "403 Forbidden")),
    "a watch of 410": watching(lambda n: whole(b"{}", "410 Gone")),
    "an ERROR event": events({"type": "ERROR", "object": {"kind": "Status", "code": 410}}),
    "an ERROR without an object": events({"type": "ERROR"}),
    "an event of no type": events({"object": ENDPOINTS}),
    "an event of another type": events(event("EXPLODED")),
    "an event that is no JSON": events(b"{nonsense"),
    "an event 5,000 deep": events(DEEP),
    "an event without end": watching(lambda n: forever(chunked(end=b""), chunk(b'{"a":"' + b"x" * 65536))),
    "bookmarks for ever": watching(lambda n: forever(chunked(end=b""), chunk(event("BOOKMARK")))),
    "the same event for ever": watching(lambda n: forever(chunked(end=b""), chunk(event()))),
    "events that drip": watching(lambda n: drip(chunked(event()))),
    "the version of an event is an object": events(event(version={"a": 1})),
    "an event of another object": events(event(metadata={"name": "z", "namespace": "other", "resourceVersion": "7"})),
    "subsets that are a text": events(event(subsets="none")),
}


def serve(name, listener):
    count = 0
    lock = threading.Lock()

    def handle(connection):
        nonlocal count
        try:
            while True:
                text = b""
                while b"\r\n\r\n" not in text:
                    more = connection.recv(65536)
                    if not more:
                        return
                    text += more
                first, _, rest = text.partition(b"\r\n\r\n")
                lines = first.decode("latin-1").split("\r\n")
                lengths = [int(line.split(":")[1]) for line in lines if line.lower().startswith("content-length:")]
                while len(rest) < (lengths or [0])[0]:
                    rest += connection.recv(65536)
                with lock:
                    count += 1
                    number = count
                answer = KINDS[name](lines[0].split(" ")[1], number)
                if answer is None:
                    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                    return
                for part in [answer] if isinstance(answer, bytes) else answer:
                    connection.sendall(part)
                if not isinstance(answer, bytes) or b"\r\nContent-Length: " not in answer:
                    return
        except OSError:
            pass
        finally:
            connection.close()

    while True:
        threading.Thread(target=handle, args=[listener.accept()[0]], daemon=True).start()


def main():
    ports = []
    for name in KINDS:
        listener = socket.create_server(("127.0.0.1", 0))
        threading.Thread(target=serve, args=[name, listener], daemon=True).start()
        ports.append([name, listener.getsockname()[1]])
    print(json.dumps(ports), flush=True)
    sys.stdin.read()


main()

"""A stub for faults: many loopback ports, each failing in its own way. It is no API server and imitates none.

Usage: fault-server.py DIRECTORY
Writes certificates (by the openssl command) into DIRECTORY, then prints one JSON line with the port of each
fault, and runs until its standard input ends. GET /NAME on the port "log" tells what the port NAME has received.
"""

import gzip
import json
import os
import socket
import ssl
import struct
import subprocess
import sys
import threading
import time
import warnings

DIRECTORY = sys.argv[1]
OK = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}"
REQUESTS = {}  # name -> heads of the requests received
PORTS = {}
warnings.simplefilter("ignore", DeprecationWarning)  # TLS 1.0 is wanted here
KEEP = []  # listeners and clients that must stay open


def answer(status, headers, body=b""):
    lines = [f"HTTP/1.1 {status}"] + headers + [f"Content-Length: {len(body)}", "", ""]
    return "\r\n".join(lines).encode() + body


# Certificates --------------------------------------------------------------------------------------------------


def openssl(*arguments):
    subprocess.run(["openssl", *arguments], cwd=DIRECTORY, check=True, capture_output=True)


def make_key(name):
    openssl("ecparam", "-name", "prime256v1", "-genkey", "-noout", "-out", f"{name}.key")


def make_certificates():
    with open(os.path.join(DIRECTORY, "ca.cnf"), "w") as file:
        file.write(
            "[ca]\ndefault_ca=d\n[d]\ndatabase=index.txt\nnew_certs_dir=.\nrand_serial=yes\ndefault_md=sha256\n"
            "policy=p\nunique_subject=no\ncopy_extensions=copy\nemail_in_dn=no\n[p]\ncommonName=supplied\n"
            "[req]\ndistinguished_name=n\n[n]\n[v3]\nbasicConstraints=critical,CA:TRUE\n"
        )
    open(os.path.join(DIRECTORY, "index.txt"), "w").close()
    for name in ["ca", "other-ca"]:
        make_key(name)
        openssl(*"req -x509 -config ca.cnf -extensions v3 -days 3650".split(), "-key", f"{name}.key",
                "-subj", f"/CN=fault server {name}", "-out", f"{name}.crt")
    make_key("self")
    openssl(*"req -x509 -config ca.cnf -days 3650 -key self.key -subj /CN=self -out self.crt".split(),
            "-addext", "subjectAltName=IP:127.0.0.1,DNS:localhost")
    local = "subjectAltName=IP:127.0.0.1,DNS:localhost"
    for name, names, start, end in [
        ("good", local, "20200101000000Z", "20400101000000Z"),
        ("expired", local, "20200101000000Z", "20210101000000Z"),
        ("future", local, "20400101000000Z", "20410101000000Z"),
        ("wrong-host", "subjectAltName=DNS:api.example.org", "20200101000000Z", "20400101000000Z"),
        ("client", "subjectAltName=DNS:client", "20200101000000Z", "20400101000000Z"),
    ]:
        make_key(name)
        openssl(*"req -new -config ca.cnf".split(), "-key", f"{name}.key", "-subj", f"/CN={name}",
                "-addext", names, "-out", f"{name}.csr")
        openssl(*"ca -batch -config ca.cnf -notext -cert ca.crt -keyfile ca.key".split(), "-startdate", start,
                "-enddate", end, "-in", f"{name}.csr", "-out", f"{name}.crt")
    make_key("foreign")
    openssl(*"req -x509 -config ca.cnf -days 3650 -key foreign.key -subj /CN=foreign -out foreign.crt".split())


def context(name, minimum=None, maximum=None, client_ca=None, named=False):
    result = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    if named:
        result.sni_callback = lambda _, name, __: None if name else ssl.ALERT_DESCRIPTION_UNRECOGNIZED_NAME
    result.load_cert_chain(f"{DIRECTORY}/{name}.crt", f"{DIRECTORY}/{name}.key")
    if maximum is not None and maximum < ssl.TLSVersion.TLSv1_2:
        result.set_ciphers("ALL:@SECLEVEL=0")
    if minimum is not None:
        result.minimum_version = minimum
    if maximum is not None:
        result.maximum_version = maximum
    if client_ca:
        result.verify_mode = ssl.CERT_REQUIRED
        result.load_verify_locations(f"{DIRECTORY}/{client_ca}.crt")
    return result


# Serving -------------------------------------------------------------------------------------------------------


def read_head(connection, name):
    head = b""
    while b"\r\n\r\n" not in head:
        chunk = connection.recv(65536)
        if not chunk:
            break
        head += chunk
        if head[:1] == b"\x16":  # a TLS handshake: there will be no head
            break
    if head:
        REQUESTS.setdefault(name, []).append(head.decode("latin-1"))
    return head


def stall(connection, name=None):
    KEEP.append(connection)
    while True:
        time.sleep(3600)


def reset(connection, name):
    read_head(connection, name)
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


def after_head(*parts, pause=0.0, then=None):
    """Reads a request, sends the parts, then ends or does something else."""

    def handle(connection, name):
        if not read_head(connection, name):
            return
        for part in parts:
            connection.sendall(part)
            time.sleep(pause)
        if then:
            then(connection, name)

    return handle


def keep_alive(connection, name):
    while read_head(connection, name):
        connection.sendall(OK)


def endless(start, part):
    def handle(connection, name):
        read_head(connection, name)
        connection.sendall(start)
        while True:
            connection.sendall(part)

    return handle


def slow(connection, name):
    read_head(connection, name)
    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")
    for _ in range(1000):
        connection.sendall(b" ")
        time.sleep(0.05)


def bomb(connection, name):
    read_head(connection, name)
    body = gzip.compress(bytes(32 << 20), 9)
    body += body  # gzip members may follow one another
    connection.sendall(answer("200 OK", ["Content-Encoding: gzip"], body))


def tell(connection, name):
    head = read_head(connection, name)
    wanted = head.split(b" ")[1].decode()[1:] if head else ""
    connection.sendall(answer("200 OK", ["Connection: close"], json.dumps(REQUESTS.get(wanted, [])).encode()))


def tunnel(connection, name):
    """An honest proxy for CONNECT to a loopback port and for GET of an absolute URL."""
    head = read_head(connection, name)
    verb, target = head.split(b" ")[:2]
    if verb != b"CONNECT":
        connection.sendall(OK)
        return
    far = socket.create_connection(("127.0.0.1", int(target.rsplit(b":", 1)[1])))
    connection.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")

    def pump(source, sink):
        try:
            while data := source.recv(65536):
                sink.sendall(data)
            sink.shutdown(socket.SHUT_WR)
        except OSError:
            pass

    other = threading.Thread(target=pump, args=(far, connection), daemon=True)
    other.start()
    pump(connection, far)
    other.join()


def serve(name, handle, tls=None):
    listener = socket.create_server(("127.0.0.1", 0), backlog=64)
    PORTS[name] = listener.getsockname()[1]

    def one(connection):
        try:
            if tls:
                connection = tls.wrap_socket(connection, server_side=True)
            handle(connection, name)
        except (OSError, ValueError):
            pass
        finally:
            connection.close()

    def loop():
        while True:
            connection, _ = listener.accept()
            threading.Thread(target=one, args=(connection,), daemon=True).start()

    threading.Thread(target=loop, daemon=True).start()


def resolve(name, family=socket.AF_INET, host="127.0.0.1", answers=True):
    """A name server that knows kube.example alone, or that never answers. It logs each question."""
    listener = socket.socket(family, socket.SOCK_DGRAM)
    listener.bind((host, 0))
    PORTS[name] = listener.getsockname()[1]

    def loop():
        while True:
            query, client = listener.recvfrom(4096)
            REQUESTS.setdefault(name, []).append("question")
            if not answers:
                continue
            known = query[12:].startswith(b"\x04kube\x07example\x00")
            found = known and query[26:28] == b"\x00\x01"
            head = query[:2] + struct.pack(">HHHHH", 0x8180 | (0 if known else 3), 1, found, 0, 0)
            record = b"\xc0\x0c" + struct.pack(">HHIH", 1, 1, 5, 4) + bytes([127, 0, 0, 1])
            listener.sendto(head + query[12:] + (record if found else b""), client)

    threading.Thread(target=loop, daemon=True).start()


def refuse(name):
    taken = socket.socket()
    taken.bind(("127.0.0.1", 0))  # bound, not listening: nobody else gets the port
    KEEP.append(taken)
    PORTS[name] = taken.getsockname()[1]


def full(name):
    """A listener whose backlog is full: the kernel drops further SYNs, so a connect gets no answer."""
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    listener.listen(0)
    PORTS[name] = listener.getsockname()[1]
    KEEP.append(listener)
    for _ in range(4):
        client = socket.socket()
        client.setblocking(False)
        client.connect_ex(listener.getsockname())
        KEEP.append(client)


def leave_with_parent():
    """The end of standard input is not enough: a child of some test may hold the other end of it."""
    parent = os.getppid()
    while os.getppid() == parent:
        time.sleep(0.5)
    os._exit(0)


def main():
    make_certificates()
    v1, v12 = ssl.TLSVersion.TLSv1, ssl.TLSVersion.TLSv1_2
    good = context("good")
    head = b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n"
    chunked = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
    repeated = ["X-One: 1", "Warning: 299 - \"a\"", "warning: 299 - \"b\"", "X-Blank:   padded  "]

    serve("log", tell)
    serve("ok", keep_alive)
    serve("headers", after_head(answer("200 OK", repeated, b"{}")))
    serve("reset", reset)
    serve("close", after_head())
    serve("silent", stall)
    serve("no-answer", after_head(then=stall))
    serve("mid-headers", after_head(b"HTTP/1.1 200 OK\r\nX-A: ", then=stall))
    serve("mid-body", after_head(head + b"0123456789", then=stall))
    serve("endless", endless(chunked, b"4000\r\n" + b" " * 0x4000 + b"\r\n"))
    serve("endless-headers", endless(b"HTTP/1.1 200 OK\r\n", b"X-A: " + b"a" * 1000 + b"\r\n"))
    serve("endless-line", endless(b"HTTP/1.1 200 OK\r\nX-A: ", b"a" * 4096))
    serve("slow", slow)
    serve("truncated", after_head(head + b"0123456789"))
    serve("truncated-chunk", after_head(chunked + b"64\r\n0123456789"))
    serve("bad-chunk", after_head(chunked + b"zz\r\n0123456789\r\n"))
    serve("bad-length", after_head(b"HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\n{}"))
    serve("long-length", after_head(b"HTTP/1.1 200 OK\r\nContent-Length: 99999999999999999999\r\n\r\n{}"))
    serve("bomb", bomb)
    serve("gzip", after_head(answer("200 OK", ["Content-Encoding: gzip", "Connection: close"], gzip.compress(b"{}"))))
    serve("bad-gzip", after_head(answer("200 OK", ["Content-Encoding: gzip"], b"not gzip at all")))
    serve("object", after_head(answer("200 OK", [], b" " * ((64 << 20) + 1))))
    serve("html", after_head(answer("200 OK", ["Content-Type: text/html"], b"<html>Log in</html>")))
    serve("not-http", after_head(b"SSH-2.0-OpenSSH_9.2\r\n"))
    serve("tls-alert", after_head(b"\x15\x03\x01\x00\x02\x02\x46"))
    serve("go-tls", after_head(b"HTTP/1.0 400 Bad Request\r\n\r\nClient sent an HTTP request to an HTTPS server.\n"))
    serve("redirect", after_head(answer("302 Found", [f"Location: http://127.0.0.1:{PORTS['ok']}/elsewhere"])))
    serve("unauthorized", after_head(answer("401 Unauthorized", [], b"{}")))
    serve("busy", after_head(answer("429 Too Many Requests", ["Retry-After: 7"], b"{}")))
    serve("broken", after_head(answer("500 Internal Server Error", [], b"{}")))
    serve("unavailable", after_head(answer("503 Service Unavailable", [], b"{}")))
    event = b"{\"type\":\"ERROR\"}\n"
    first = b"%x\r\n" % len(event) + event + b"\r\n"
    serve("watch", after_head(chunked + first, then=stall))

    serve("tls", keep_alive, good)
    serve("tls-silent", stall, good)
    serve("tls-close", after_head(), good)
    serve("tls-redirect", after_head(answer("302 Found", [f"Location: https://127.0.0.1:{PORTS['tls']}/x"])), good)
    serve("tls-1.2", keep_alive, context("good", maximum=v12))
    serve("tls-1.0", keep_alive, context("good", minimum=v1, maximum=v1))
    serve("expired", keep_alive, context("expired"))
    serve("future", keep_alive, context("future"))
    serve("wrong-host", keep_alive, context("wrong-host"))
    serve("self-signed", keep_alive, context("self"))
    serve("client-wanted", keep_alive, context("good", client_ca="ca"))
    serve("client-wanted-1.2", keep_alive, context("good", maximum=v12, client_ca="ca"))

    serve("sni", keep_alive, context("good", named=True))
    resolve("dns")
    resolve("dns6", socket.AF_INET6, "::1")
    resolve("dns-silent", answers=False)

    serve("proxy", tunnel)
    serve("proxy-allowed", tunnel)
    serve("proxy-407", after_head(answer("407 Proxy Authentication Required", ["Proxy-Authenticate: Basic"])))
    serve("proxy-403", after_head(answer("403 Forbidden", [])))
    refuse("refused")
    full("full")
    threading.Thread(target=leave_with_parent, daemon=True).start()
    print(json.dumps(PORTS), flush=True)
    sys.stdin.read()


main()

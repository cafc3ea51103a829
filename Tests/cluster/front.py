"""A TLS server before an API server, with one fault. Usage: front.py MODE CLUSTER-FOLDER, whose ca.key signs for it.

MODE: through (no fault), sni (refuses whoever names no server), other (a certificate for other.example), stale (one that
has expired), mutual (asks for a client's), hang, cut (the watch gets no answer, or is cut off), stripped (without the
Authorization header), plain (a port without
TLS), mute, drops (no answer, or the connection ends), page, moved, forbidden, down (an answer of its
own). Prints its port, and runs until its standard input ends.
"""

import os
import re
import select
import socket
import ssl
import subprocess
import sys
import tempfile
import threading

mode, folder = sys.argv[1:]
target = re.search(r":(\d+)", open(f"{folder}/server").read().split("//")[1]).group(1)
home = tempfile.mkdtemp()
name = "DNS:other.example" if mode == "other" else "DNS:localhost,IP:127.0.0.1"

page = "<!DOCTYPE html><html><title>Sign in</title><form action=login><input type=password></form></html>"
answers = {
    "page": ("200 OK", page),
    "moved": ("302 Found\r\nLocation: https://login.example/", ""),
    "forbidden": ("403 Forbidden\r\nServer: nginx", "<html><h1>403 Forbidden</h1><hr>nginx</html>"),
    "down": ("502 Bad Gateway\r\nServer: nginx", "<html><h1>502 Bad Gateway</h1><hr>nginx</html>"),
}


def openssl(*arguments):
    subprocess.run(["openssl", *arguments], cwd=home, check=True, capture_output=True)


openssl(*"req -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -keyout key -subj /CN=front -out csr".split())
open(f"{home}/ext", "w").write("subjectAltName=" + name)
openssl(*f"x509 -req -in csr -days {-1 if mode == 'stale' else 30} -extfile ext -out crt -set_serial 7".split(),
        "-CA", f"{folder}/ca.crt", "-CAkey", f"{folder}/ca.key")
server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
server.load_cert_chain(f"{home}/crt", f"{home}/key")
if mode == "sni":
    server.sni_callback = lambda _, name, __: None if name else ssl.ALERT_DESCRIPTION_UNRECOGNIZED_NAME
if mode == "mutual":
    server.load_verify_locations(f"{folder}/ca.crt")
    server.verify_mode = ssl.CERT_REQUIRED
client = ssl.create_default_context(cafile=f"{folder}/ca.crt")
# Of 1.3 a ticket may come when nothing else does, and who reads then waits.
client.maximum_version = ssl.TLSVersion.TLSv1_2


def serve(connection):
    """One thread for both ways: TLS connections are not made for two."""
    try:
        if mode == "plain":
            connection.recv(65536)
            connection.sendall(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
            connection.close()
            return
        near = server.wrap_socket(connection, server_side=True)
        far = client.wrap_socket(socket.create_connection(("127.0.0.1", int(target))), server_hostname="localhost")
        while True:
            for source in select.select([near, far], [], [])[0]:
                data = source.recv(65536)
                while source.pending():
                    data += source.recv(65536)
                watches = b"watch=true" in data
                if source is near and (mode == "mute" or mode == "hang" and watches):
                    threading.Event().wait()
                if source is near and data and mode in answers:
                    status, body = answers[mode]
                    near.sendall(f"HTTP/1.1 {status}\r\nContent-Type: text/html\r\n"
                                 f"Content-Length: {len(body)}\r\n\r\n{body}".encode())
                    continue
                if mode == "stripped":
                    data = re.sub(rb"(?i)\r\nauthorization:[^\r]*", b"", data)
                if not data or source is near and (mode == "drops" or mode == "cut" and watches):
                    near.close()
                    far.close()
                    return
                (far if source is near else near).sendall(data)
    except OSError:
        return


def accept():
    while True:
        threading.Thread(target=serve, args=(listener.accept()[0],), daemon=True).start()


listener = socket.create_server(("127.0.0.1", 0))
threading.Thread(target=accept, daemon=True).start()
print(listener.getsockname()[1], flush=True)
sys.stdin.read()
os._exit(0)

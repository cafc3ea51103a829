"""A TLS server before an API server, with one fault. Usage: front.py MODE CLUSTER-FOLDER, whose ca.key signs for it.

MODE: through (no fault), sni (refuses whoever names no server), other (a certificate for other.example), hang, cut (the
watch gets no answer, or is cut off). Prints its port, and runs until its standard input ends.
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


def openssl(*arguments):
    subprocess.run(["openssl", *arguments], cwd=home, check=True, capture_output=True)


openssl(*"req -newkey rsa:2048 -nodes -keyout key -subj /CN=front -out csr".split())
open(f"{home}/ext", "w").write("subjectAltName=" + name)
openssl(*"x509 -req -in csr -days 30 -extfile ext -out crt -set_serial 7".split(),
        "-CA", f"{folder}/ca.crt", "-CAkey", f"{folder}/ca.key")
server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
server.load_cert_chain(f"{home}/crt", f"{home}/key")
if mode == "sni":
    server.sni_callback = lambda _, name, __: None if name else ssl.ALERT_DESCRIPTION_UNRECOGNIZED_NAME
client = ssl.create_default_context(cafile=f"{folder}/ca.crt")


def serve(connection):
    """One thread for both ways: TLS connections are not made for two."""
    try:
        near = server.wrap_socket(connection, server_side=True)
        far = client.wrap_socket(socket.create_connection(("127.0.0.1", int(target))), server_hostname="localhost")
        while True:
            for source in select.select([near, far], [], [])[0]:
                data = source.recv(65536)
                while source.pending():
                    data += source.recv(65536)
                if source is near and b"watch=true" in data and mode == "hang":
                    threading.Event().wait()
                if not data or source is near and b"watch=true" in data and mode == "cut":
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

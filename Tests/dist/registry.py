#!/usr/bin/env python3
"""registry.py FOLDER: a registry of npm with the packages in a folder, on 127.0.0.1. Prints its address and answers until its
standard input ends."""
import base64
import hashlib
import http.server
import json
import pathlib
import sys
import tarfile
import threading
import urllib.parse

packages = {}
for path in pathlib.Path(sys.argv[1]).glob("*.tgz"):
    with tarfile.open(path) as archive:
        package = json.load(archive.extractfile("package/package.json"))
    packages[package["name"]] = package, path


class Registry(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        name = urllib.parse.unquote(self.path.lstrip("/").removesuffix(".tgz"))
        if name not in packages:
            return self.send_error(404)
        package, path = packages[name]
        data = path.read_bytes()
        if not self.path.endswith(".tgz"):
            integrity = "sha512-" + base64.b64encode(hashlib.sha512(data).digest()).decode()
            tarball = f"http://{self.headers['Host']}/{name}.tgz"
            versions = {package["version"]: package | {"dist": {"tarball": tarball, "integrity": integrity}}}
            data = json.dumps({"name": name, "dist-tags": {"latest": package["version"]}, "versions": versions}).encode()
        self.send_response(200)
        self.send_header("Content-Length", len(data))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *_):
        pass


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Registry)
threading.Thread(target=server.serve_forever, daemon=True).start()
print(f"http://127.0.0.1:{server.server_port}", flush=True)
sys.stdin.read()

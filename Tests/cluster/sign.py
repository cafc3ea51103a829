"""The token on standard input with other claims, signed anew. Usage: sign.py KEY KEY-ID CLAIMS-AS-JSON.

KEY-ID is that of its header where it is empty; a claim that is null is left out.
"""

import base64
import json
import subprocess
import sys

key, key_id, claims = sys.argv[1:]


def part(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=")


def read(text):
    return json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))


head, body = [read(text) for text in sys.stdin.read().split(".")[:2]]
head["kid"] = key_id or head["kid"]
body = {name: value for name, value in (body | json.loads(claims)).items() if value is not None}
text = b".".join(part(json.dumps(o).encode()) for o in (head, body))
made = subprocess.run(["openssl", "dgst", "-sha256", "-sign", key], input=text, capture_output=True, check=True)
sys.stdout.write((text + b"." + part(made.stdout)).decode())

"""doctor on a fleet of 200 clusters, five of which are silent: nginx gives the answers of an API server. And on one
healthy installation of a real one, beside the slowest of its requests, and what a person would type for the same facts."""

import contextlib
import json
import pathlib
import subprocess
from typing import Iterator

from groups.cluster import api_server
from inputs import apart
from measuring import Goal, Group, Row
from programs import find
from servers import free_port, nginx, silent

FLEET = [f"cluster{number}" for number in range(200)]
SILENT = FLEET[::40]
_WORK = "doctor on 200 clusters, 5 of them silent"
_CONTEXTS = [word for name in FLEET for word in ("--context", name)]
ROWS = [
    Row(_WORK, ["gatecheck", "doctor", "--kubeconfig", "{work}/fleet", *_CONTEXTS, "--timeout", "3"], status=3, rounds=3),
    Row("the silent ones of doctor on 200 clusters", ["curl", "-sSf", "{silent}", "--max-time", "3"], status=28, rounds=3),
]
GOALS = [Goal(_WORK, "wall", 1.2, "the silent ones of doctor on 200 clusters"), Goal(_WORK, "memory", 60)]

_ONE = "doctor on 500 services"
_LIST = "the slowest request of doctor on 500 services"
ONE_ROWS = [
    Row(_ONE, ["gatecheck", "doctor", "--kubeconfig", "{run}/admin.kubeconfig"]),
    Row(_ONE, ["bash", "Benchmarks/by-hand.sh", "{kubectl}", "{run}", "{server}"]),
    Row(_LIST, ["curl", "-sSf", "--cacert", "{run}/ca.crt", "--cert", "{run}/admin.crt", "--key", "{run}/admin.key",
                "{server}/api/v1/endpoints?limit=500"]),
]
ONE_GOALS = [Goal(_ONE, "wall", 1.5, _LIST, free=50), Goal(_ONE, "wall", 1 / 3, "bash")]

CONFIG = "deployment: {role: data_plane, role_data_plane: {config_provider: yaml}}\ndiscovery: {kubernetes: {}}\n"
APISIX = {
    "metadata": {"name": "apisix", "namespace": "apisix"},
    "spec": {"template": {"spec": {
        "serviceAccountName": "apisix", "volumes": [{"name": "conf", "configMap": {"name": "apisix"}}],
        "containers": [{"name": "apisix", "image": "apache/apisix:3.13.0-debian", "volumeMounts": [
            {"name": "conf", "mountPath": "/usr/local/apisix/conf/config.yaml", "subPath": "config.yaml"}]}]}}}}


def answers() -> dict[str, object]:
    """Of a healthy cluster, by the path that is asked for."""
    def listed(kind: str, version: str, items: list) -> dict:
        return {"kind": kind, "apiVersion": version, "metadata": {"resourceVersion": "7"}, "items": items}

    access = {"resourceRules": [{"verbs": ["list", "watch"], "apiGroups": [""], "resources": ["endpoints"]}],
              "nonResourceRules": [], "incomplete": False}
    web = {"metadata": {"name": "web", "namespace": "shop"},
           "subsets": [{"addresses": [{"ip": "10.0.0.1"}], "ports": [{"name": "http", "port": 80}]}]}
    return {
        "/apis/apps/v1/deployments": listed("DeploymentList", "apps/v1", [APISIX]),
        "/apis/apps/v1/daemonsets": listed("DaemonSetList", "apps/v1", []),
        "/apis/apps/v1/statefulsets": listed("StatefulSetList", "apps/v1", []),
        "/api/v1/namespaces/apisix/configmaps/apisix": {"kind": "ConfigMap", "data": {"config.yaml": CONFIG}},
        "/api/v1/endpoints": listed("EndpointsList", "v1", [web]),
        "/version": {"gitVersion": "v1.30.0"},
        "/apis/authentication.k8s.io/v1/selfsubjectreviews": {"kind": "SelfSubjectReview", "status": {"userInfo": {
            "username": "system:serviceaccount:apisix:apisix", "groups": ["system:serviceaccounts"]}}},
        "/apis/authorization.k8s.io/v1/selfsubjectrulesreviews": {"kind": "SelfSubjectRulesReview", "status": access},
        "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews": {
            "kind": "SelfSubjectAccessReview", "status": {"allowed": True}},
    }


def conf(addresses: list[str]) -> str:
    """A server of nginx that answers so on all addresses, to POST with 201."""
    lines = [f"listen {address} backlog=1000;" for address in addresses]
    for path, answer in answers().items():
        status = 201 if "/selfsubject" in path else 200
        lines.append(f"location = {path} {{ return {status} '{json.dumps(answer).replace(chr(92), 2 * chr(92))}'; }}")
    refusal = json.dumps({"kind": "Status", "apiVersion": "v1", "status": "Failure", "reason": "Forbidden", "code": 403})
    return "server { " + "\n".join(lines) + f"\nlocation / {{ return 403 '{refusal}'; }} }}"


def write(work: pathlib.Path, port: int, mute: str) -> None:
    def cluster(number: int, name: str) -> dict:
        server = mute if name in SILENT else f"http://127.1.0.{number + 1}:{port}"
        return {"name": name, "cluster": {"server": server}}

    (work / "fleet").write_text(json.dumps({
        "apiVersion": "v1", "kind": "Config", "users": [{"name": "u", "user": {"token": "abc"}}],
        "clusters": [cluster(*pair) for pair in enumerate(FLEET)],
        "contexts": [{"name": name, "context": {"cluster": name, "user": "u"}} for name in FLEET]}))


@contextlib.contextmanager
def prepare(work: pathlib.Path) -> Iterator[dict[str, str]]:
    port = free_port()
    addresses = [f"127.1.0.{number + 1}:{port}" for number, name in enumerate(FLEET) if name not in SILENT]
    with nginx(work, [conf(addresses)], addresses[-1]), silent() as mute:
        url = f"http://127.0.0.1:{mute}"
        apart(write, work, port, url)
        yield {"{silent}": url}


@contextlib.contextmanager
def on_a_server(work: pathlib.Path) -> Iterator[dict[str, str]]:
    kubectl = find("kubectl").path
    with api_server(500) as names:
        account = subprocess.run(
            [find("gatecheck").path, "rbac", "generate", "--name", "apisix", "--namespace", "apisix", "-o", "json"],
            check=True, stdout=subprocess.PIPE).stdout
        deployment = {"apiVersion": "apps/v1", "kind": "Deployment", **json.loads(json.dumps(APISIX))}
        deployment["spec"]["selector"] = {"matchLabels": {"app": "apisix"}}
        deployment["spec"]["template"]["metadata"] = {"labels": {"app": "apisix"}}
        settings = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": APISIX["metadata"], "data": {"config.yaml": CONFIG}}
        space = {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "apisix"}}
        objects = [space, settings, deployment, *json.loads(account)["items"]]
        (work / "objects").write_text(json.dumps({"apiVersion": "v1", "kind": "List", "items": objects}))
        admin = f"{names['{run}']}/admin.kubeconfig"
        subprocess.run([kubectl, "--kubeconfig", admin, "apply", "-f", work / "objects"], check=True, stdout=subprocess.DEVNULL)
        yield {**names, "{kubectl}": kubectl}


GROUP = Group(ROWS, GOALS, prepare)
CLUSTER = Group(ONE_ROWS, ONE_GOALS, on_a_server)

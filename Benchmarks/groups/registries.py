"""Consul, Nacos and Eureka: nginx gives what was recorded of them; curl asks for the same answers.

A silent server among those of a registry may cost one timeout, of two seconds, as it costs curl.
"""

import contextlib
import json
import pathlib
from typing import Iterator, NamedTuple

from inputs import apart, upstreams
from measuring import Goal, Group, Row
from servers import silent, web


class Registry(NamedTuple):
    section: str  # of discovery
    service: str
    path: str
    query: str
    answer: object


def consul(service: str, number: int = 1) -> list:
    address = f"10.0.{number // 250}.{number % 250}"
    return [{"Node": {"Node": "n", "Address": address}, "Checks": [{"Status": "passing"}],
             "Service": {"ID": service, "Service": service, "Address": address, "Port": 80, "Weights": {"Passing": 1}}}]


def eureka(applications: dict[str, list[str]]) -> dict:
    """Of each the addresses of its instances, with all that a client of Spring Cloud registers."""
    return {"applications": {"versions__delta": "1", "apps__hashcode": "UP_1_", "application": [
        {"name": name, "instance": [instance(name, address) for address in addresses]}
        for name, addresses in applications.items()]}}


def instance(application: str, address: str) -> dict:
    name, pages = application.lower(), f"http://{address}:8080"
    return {
        "instanceId": f"{address}:{name}:8080", "hostName": address, "app": application, "ipAddr": address,
        "status": "UP", "overriddenStatus": "UNKNOWN", "port": {"$": 8080, "@enabled": "true"},
        "securePort": {"$": 443, "@enabled": "false"}, "countryId": 1,
        "dataCenterInfo": {"@class": "com.netflix.appinfo.InstanceInfo$DefaultDataCenterInfo", "name": "MyOwn"},
        "leaseInfo": {"renewalIntervalInSecs": 30, "durationInSecs": 90, "registrationTimestamp": 4102444800000,
                      "lastRenewalTimestamp": 4102444800000, "evictionTimestamp": 0, "serviceUpTimestamp": 4102444800000},
        "metadata": {"management.port": "8081", "jmx.port": "9010", "zone": "a", "version": "2.7.18", "team": "orders"},
        "homePageUrl": f"{pages}/", "statusPageUrl": f"{pages}/actuator/info",
        "healthCheckUrl": f"{pages}/actuator/health", "vipAddress": name, "secureVipAddress": name,
        "isCoordinatingDiscoveryServer": "false", "lastUpdatedTimestamp": "4102444800000",
        "lastDirtyTimestamp": "4102444800000", "actionType": "ADDED",
    }


REGISTRIES = {
    "Consul": Registry("consul: {servers", "web", "/v1/health/service/web", "?passing", consul("web")),
    "Nacos": Registry(
        "nacos: {host", "web", "/nacos/v1/ns/instance/list",
        "?healthyOnly=true&serviceName=web&namespaceId=public&groupName=DEFAULT_GROUP",
        {"hosts": [{"ip": "10.0.0.1", "port": 80, "weight": 1.0, "healthy": True, "enabled": True}]}),
    "Eureka": Registry(
        "eureka: {prefix: /eureka/, host", "WEB", "/eureka/apps", "", eureka({"WEB": ["10.0.0.1"]})),
}
SERVICES = [f"svc{number}" for number in range(5000)]
APPLICATIONS = [f"APP{number}" for number in range(1000)]  # of 20 instances


def resolve(servers: str, *arguments: str) -> list[str]:
    limits = ["--request-timeout", "2", "--timeout", "60"]
    return ["gatecheck", "resolve", *arguments, *limits, "--config", f"{{work}}/{servers}.yaml"]


def curl(url: str, *flags: str) -> list[str]:
    return ["curl", "-sSf", *flags, "-H", "Accept: application/json", url]


ROWS, GOALS = [], []
for _name, _registry in REGISTRIES.items():
    _work = f"ask {_name} for one name"
    ROWS += [Row(_work, resolve(f"{_name}-one", _registry.service)),
             Row(_work, curl("{one}" + _registry.path + _registry.query))]
    GOALS += [Goal(_work, "wall", 1.3, "curl")]
ROWS += [
    Row("ask Consul for 5,000 services", resolve("Consul-many", "--all")),
    Row("ask Consul for 5,000 services", curl("{many}/v1/health/service/svc[0-4999]?passing", "--parallel")),
    Row("ask Eureka for one of 20,000 instances", resolve("Eureka-many", "APP7")),
    Row("ask Eureka for one of 20,000 instances", curl("{many}/eureka/apps")),
    Row("ask Eureka for all 20,000 instances", resolve("Eureka-many", "--all")),
]
GOALS += [Goal("ask Consul for 5,000 services", "wall", 1.5, "curl"), Goal("ask Consul for 5,000 services", "memory", 40)]
for _work in ("ask Eureka for one of 20,000 instances", "ask Eureka for all 20,000 instances"):
    GOALS += [Goal(_work, "cpu", 250), Goal(_work, "memory", 40)]
SILENT = {
    "ask Consul for 5,000 services, a server silent": resolve("Consul-silent", "--all"),
    **{f"ask {_name} for 1,000 upstreams, a server silent":
       resolve(f"{_name}-silent", "--referenced", f"{{work}}/{_name}-upstreams.yaml") for _name in REGISTRIES},
}
ROWS += [Row(_work, _command, rounds=2) for _work, _command in SILENT.items()]
ROWS += [Row("ask a silent server", curl("{silent}", "--max-time", "2"), status=28, rounds=2)]
GOALS += [Goal(_work, "wall", 1.5, "ask a silent server") for _work in SILENT]


def write(work: pathlib.Path) -> None:
    def answer(root: str, path: str, value: object) -> None:
        file = work / root / path[1:]
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(json.dumps(value, separators=(",", ":")))

    for registry in REGISTRIES.values():
        answer("one", registry.path, registry.answer)
        answer("many", registry.path, registry.answer)
    for root, services in {"one": ["web"], "many": SERVICES}.items():
        answer(root, "/v1/catalog/services", {service: [] for service in ["consul", *services]})
        answer(root, "/v1/health/state/any", [])
    for number, service in enumerate(SERVICES):
        answer("many", f"/v1/health/service/{service}", consul(service, number))
    addresses = [[f"10.1.{number // 10}.{number % 10 * 20 + k}" for k in range(20)] for number in range(1000)]
    answer("many", "/eureka/apps", eureka(dict(zip(APPLICATIONS, addresses))))
    for name, services in {"Consul": SERVICES, "Nacos": SERVICES, "Eureka": APPLICATIONS}.items():
        (work / f"{name}-upstreams.yaml").write_text(upstreams(name.lower(), services[:1000]))


@contextlib.contextmanager
def prepare(work: pathlib.Path) -> Iterator[dict[str, str]]:
    apart(write, work)
    with web(work, "one", "many") as (one, many), silent() as port:
        mute = f"http://127.0.0.1:{port}"
        for name, registry in REGISTRIES.items():
            for servers, urls in {"one": [one], "many": [many], "silent": [mute, many]}.items():
                text = f"discovery: {{{registry.section}: {json.dumps(urls)}}}}}\n"
                (work / f"{name}-{servers}.yaml").write_text(text)
        yield {"{one}": one, "{many}": many, "{silent}": mute}


GROUP = Group(ROWS, GOALS, prepare)

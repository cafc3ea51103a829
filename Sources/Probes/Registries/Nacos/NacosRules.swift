import Findings

/// What only Nacos has.
enum NacosRules {
  static let all = [
    unknownUser, authOff, token, identity, namespace, group, groupInName, disabled, protectionThreshold, weight,
    weightZero, gRPCPort, address, prefix, apiOff, apiRemoved, port, starting, blank, notReferenced,
  ]

  static let unknownUser: Rule = """
    registry/nacos-unknown-user (error): Nacos has no such user
    Checks: Whether Nacos says of a login that the user is not there. Older servers say of both, a user that is not \
    there and a wrong password, the same (`unknown user!`, `user not found!`): that is registry/unauthorized.
    Why: The login fails, so APISIX asks for no instance.
    Example: 500 caused: User apisix not found
    Fix: Make the user in Nacos, or write another into discovery.nacos.host.
    """

  static let authOff: Rule = """
    registry/nacos-auth-off (error): Nacos refuses a login that it does not need
    Checks: After a refused login, whether the instances may be read without one.
    Why: With a user in discovery.nacos.host APISIX logs in first, and asks for nothing where that fails, though \
    Nacos has its authentication switched off.
    Example: nacos: {host: ["http://nacos:old-password@nacos:8848"]}
    Fix: nacos: {host: ["http://nacos:8848"]}
    """

  static let token: Rule = """
    registry/nacos-token (error): Nacos does not accept the token that it gave
    Checks: Whether a login is answered with a token, and the question after it refused for the token or as without one.
    Why: The servers of a cluster sign with different `token.secret.key`s, their clocks differ, or a proxy between \
    takes `accessToken` out of the query.
    Example: 403 token invalid!
    Fix: Give all servers the same nacos.core.auth.plugin.nacos.token.secret.key.
    """

  static let identity: Rule = """
    registry/nacos-identity (error): Nacos lacks its own server identity and refuses everybody
    Checks: Whether the refusal says `Invalid server identity key or value`.
    Why: With authentication on, Nacos 2.x answers nobody as long as the identity of its servers is not set.
    Example: 403 Invalid server identity key or value, Please make sure set …
    Fix: In Nacos' application.properties:
    nacos.core.auth.server.identity.key=NAME
    nacos.core.auth.server.identity.value=SECRET
    """

  static let namespace: Rule = """
    registry/nacos-namespace (error): The service is looked for in another namespace than it is in
    Checks: Where nothing is found, whether `discovery_args.namespace_id` is the ID of a namespace, and whether \
    another one has the service; as far as Nacos lists them.
    Why: Nacos answers with an empty list for a namespace that is not there. It wants the ID, which is not the name \
    that its console shows.
    Example: discovery_args: {namespace_id: dev}
    Fix: discovery_args: {namespace_id: 7f1c3c1e-6d1b-4a7e-9a0c-2f4d5e6a7b8c}
    """

  static let group: Rule = """
    registry/nacos-group (error): The service is in another group
    Checks: Where nothing is found, whether the namespace has the service in another group; as far as Nacos lists them.
    Why: Without `discovery_args.group_name` APISIX asks for DEFAULT_GROUP, and Nacos answers with an empty list.
    Example: a service of the group PROD, and no group_name
    Fix: discovery_args: {group_name: PROD}
    """

  static let groupInName: Rule = """
    registry/nacos-group-in-name (warning): The group stands in the service name
    Checks: Whether the service name is `GROUP@@NAME`.
    Why: Nacos then takes this group, and leaves `discovery_args.group_name` out of account. With access_key and \
    secret_key the signature is of a name that has the group twice.
    Example: service_name: PROD@@orders
    Fix: service_name: orders
    discovery_args: {group_name: PROD}
    """

  static let disabled: Rule = """
    registry/nacos-disabled (error): All instances of the service are disabled
    Checks: Where nothing is found, whether Nacos counts instances that it hands out to nobody, or says that the \
    service is disabled.
    Why: Somebody took the instances offline in the console, or they are registered with enabled=false. APISIX gets \
    an empty list.
    Example: "enabled": false
    Fix: Set them online in the console, or with PUT /nacos/v1/ns/instance and enabled=true.
    """

  static let protectionThreshold: Rule = """
    registry/nacos-protection-threshold (warning): Nacos hands out instances that are not healthy
    Checks: Whether the answer says that the protection threshold is reached; of a Nacos 1.x, which does not say so, \
    whether it counts fewer healthy instances than it hands out.
    Why: Where no more of the instances are healthy than the service's threshold wants, Nacos hands out all and calls \
    them healthy, so that the last ones are not overrun. APISIX sends requests to dead ones. In 1.4 this also happens \
    with the threshold 0, when no instance is healthy.
    Example: "reachProtectionThreshold": true
    Fix: Mend the instances that are not healthy, or set the service's protection threshold to 0.
    """

  static let weight: Rule = """
    registry/nacos-weight (error): An instance's weight is no whole number
    Checks: Whether the weight of an instance is a fraction.
    Why: Nacos takes any number; every APISIX release takes whole ones alone, and refuses all nodes of the service for \
    one of them: 503 `invalid nodes format`.
    Example: "weight": 0.5
    Fix: Register with whole weights: 1 and 2 instead of 0.5 and 1.
    """

  static let weightZero: Rule = """
    registry/nacos-weight-zero (warning): An instance has the weight 0
    Checks: Whether the weight of an instance is 0.
    Why: APISIX takes the node and sends it nothing.
    Example: "weight": 0.0
    Fix: Give it the weight 1, or take the instance away.
    """

  static let gRPCPort: Rule = """
    registry/nacos-grpc-port (note): An instance has another port for gRPC
    Checks: Whether an instance has `gRPC_port` in its metadata.
    Why: For upstreams of scheme grpc or grpcs APISIX takes it in place of the port. Clients mostly write metadata as \
    text, and a port that is a text makes APISIX refuse all nodes: 503 `invalid nodes format`. Other schemes take the \
    port.
    Example: "metadata": {"gRPC_port": "9090"}
    Fix: Register the gRPC port as a service of its own, and use that one with scheme: grpc.
    """

  static let address: Rule = """
    registry/nacos-address (error): An instance's address is no IP address
    Checks: Whether `ip` of an instance is an IP address.
    Why: APISIX takes what stands there, and looks no name of Nacos up: requests that go to this node get 502, \
    `no host allowed while connecting to upstream`.
    Example: "ip": "orders.example.org"
    Fix: Register with the IP address (spring.cloud.nacos.discovery.ip).
    """

  static let prefix: Rule = """
    registry/nacos-prefix (error): Nacos has its API under another path
    Checks: After a 404, whether Nacos answers under `/nacos/v1/`, `/v1/`, or without what is doubled.
    Why: APISIX asks under discovery.nacos.prefix alone.
    Example: prefix: /v1/
    Fix: prefix: /nacos/v1/
    """

  static let apiOff: Rule = """
    registry/nacos-api-off (error): Nacos has switched off the API that APISIX uses
    Checks: An answer of 410.
    Why: APISIX up to 3.18 speaks version 1 of Nacos' API alone. Nacos 3.0 and 3.1 have it behind a switch.
    Example: 410 Current API will be deprecated
    Fix: In Nacos' application.properties: nacos.core.api.compatibility.client.enabled=true
    """

  static let apiRemoved: Rule = """
    registry/nacos-api-removed (error): This Nacos has no longer the API that APISIX uses
    Checks: After a 404, whether the server says that it is Nacos 3.2 or later, or has version 3 of the API alone.
    Why: Nacos 3.2 came without versions 1 and 2 of its API; APISIX up to 3.18 speaks version 1 alone. The login still \
    works.
    Example: 404 for /nacos/v1/ns/instance/list, and a token for /nacos/v1/auth/login
    Fix: Put nacos-api-legacy-adapter (github.com/nacos-group) into plugins/ of Nacos and restart it, or run Nacos 2.x.
    """

  static let port: Rule = """
    registry/nacos-port (error): The port is that of Nacos' console or of gRPC
    Checks: Where the answer is none, whether the server is Nacos' console, or Nacos' API is 1000 ports below.
    Why: The API is on 8848. Since 3.0 the console has 8080; clients that speak gRPC use 9848 and 9849.
    Example: nacos: {host: ["http://nacos:9848"]}
    Fix: nacos: {host: ["http://nacos:8848"]}
    """

  static let starting: Rule = """
    registry/nacos-starting (error): Nacos is starting, or out of order
    Checks: An answer of 503.
    Why: Nacos answers so until it has read its data; later, where its cluster lost its leader. APISIX keeps what it \
    had from 3.15 on.
    Example: 503 server is STARTING now, please try again later!
    Fix: Wait; then look at naming-raft.log and protocol-raft.log of Nacos.
    """

  static let blank: Rule = """
    registry/nacos-blank (error): A blank in the service name keeps APISIX from asking
    Checks: Whether the request that APISIX would send has a blank or a control character.
    Why: APISIX puts the service name into the URL as it stands, and its HTTP client refuses to send it: `invalid \
    characters found in query`.
    Example: service_name: "orders "
    Fix: service_name: orders
    """

  static let notReferenced: Rule = """
    registry/nacos-not-referenced (note): APISIX asks Nacos only for services that an upstream names
    Checks: Said beside nodes that Nacos has.
    Why: Other than with Consul or Eureka, nothing is fetched for a name that no route, service, upstream or stream \
    route of this gateway has, with the same namespace and group; those inside a plugin's settings do not count.
    Example: an upstream in the traffic-split plugin alone
    Fix: Make an upstream with this service_name, and use it by upstream_id.
    """
}

public import Findings

/// What only Consul has; consul_kv has most of it as well.
public enum ConsulRules {
  public static let all = [
    tokenUnknown, noToken, weakToken, noLeader, port, noAddress, noService, noIndex, skipped, otherDatacenter,
    otherNamespace, eventTooLarge,
  ]

  static let tokenUnknown: Rule = """
    registry/consul-token-unknown (error, since 3.7.0): Consul does not know the token
    Checks: An answer of `403 ACL not found`.
    Why: The token of config.yaml was deleted, has expired, or is of another Consul. Consul refuses every question \
    with it, and APISIX gets no node.
    Example: consul: {token: "…"}, whose token somebody deleted
    Fix: Make a token with the policy, and write its SecretID into `token`:
    consul acl policy create -name=apisix-consul -rules='service_prefix "" { policy = "read" } node_prefix "" \
    { policy = "read" }'
    consul acl token create -policy-name=apisix-consul
    """

  static let noToken: Rule = """
    registry/consul-no-token (error, since 2.13.0): Consul asks for a token, and APISIX sends none
    Checks: Whether Consul has ACLs, and shows nothing without a token: an empty list, and of consul_kv a 404. \
    Nothing in the answer says so.
    Why: `default_policy = "deny"` hides everything from who has no token. Before 3.7 APISIX knows none.
    Example: discovery: {consul: {servers: ["http://127.0.0.1:8500"]}}
    Fix: Make a token with the policy, and write its SecretID into `token`:
    consul acl policy create -name=apisix-consul -rules='service_prefix "" { policy = "read" } node_prefix "" \
    { policy = "read" }'
    consul acl token create -policy-name=apisix-consul
    """

  static let weakToken: Rule = """
    registry/consul-weak-token (error, since 3.7.0): Consul knows the token, and hides from it what APISIX asks for
    Checks: What Consul says of the token's rights (`/v1/internal/acl/authorize`, `/v1/acl/token/self`), or the header \
    X-Consul-Results-Filtered-By-ACLs, where an answer lacks something.
    Why: consul needs service:read and node:read: without service:read the list of services is empty, without \
    node:read each service is. consul_kv needs key:read below its prefix: without it Consul answers 404. None of \
    these answers is an error.
    Example: service_prefix "" { policy = "read" }, without node_prefix
    Fix: The policy of consul is
    service_prefix "" { policy = "read" } node_prefix "" { policy = "read" }
    that of consul_kv
    key_prefix "upstreams" { policy = "read" }
    """

  static let noLeader: Rule = """
    registry/consul-no-leader (error): Consul's servers have no leader
    Checks: An answer of `500 No cluster leader`.
    Why: Too few servers are there to choose one: fewer than `bootstrap_expect` after the first start, or no majority \
    of them later. Nothing can be read meanwhile. APISIX keeps what it had; a gateway that starts now has nothing.
    Example: an agent with bootstrap_expect = 3 that is alone
    Fix: Start the missing servers, or join them: `consul members` lists those that are known.
    """

  static let port: Rule = """
    registry/consul-port (error): This port of Consul speaks no HTTP
    Checks: Whether the port closes the connection without an answer, or answers with something else than HTTP.
    Why: Consul listens on several: 8500 is its HTTP API, 8501 the same over TLS, which APISIX does not speak to \
    Consul; 8600 is DNS, 8300 for servers, 8301 and 8302 gossip, 8502 gRPC.
    Example: consul: {servers: ["http://127.0.0.1:8600"]}
    Fix: consul: {servers: ["http://127.0.0.1:8500"]}
    """

  static let noAddress: Rule = """
    registry/consul-no-address (error, since 3.2.0): An instance is registered without an address
    Checks: Instances whose own address is empty.
    Why: For Consul that means the address of the node. APISIX takes it as it is: a node without a host, for which \
    nginx logs `no host`, and who asks gets 502.
    Example: service { name = "web" port = 8080 }
    Fix: service { name = "web" port = 8080 address = "10.0.0.7" }
    """

  static let noService: Rule = """
    registry/consul-no-service (error, since 3.4.0): An entry of Consul's answer has no Service
    Checks: Whether each instance in the answer has `Service`, as far as APISIX reads it.
    Why: Up to 3.17 APISIX stops at such an entry without a word: those before it are the nodes, those behind it are \
    not. Where it is the first, the service is unknown: 503. From 3.18 on it passes over it, with a warning in its log.
    Example: [{"Node": {"Node": "n1"}, "Checks": []}, {"Node": {"Node": "n2"}, "Service": {"Address": "10.0.0.1"}}]
    Fix: Consul itself gives each entry its Service: let what stands before it leave the answers as they are, or ask \
    an agent itself.
    """

  static let noIndex: Rule = """
    registry/consul-no-index (error): Consul's answer has no X-Consul-Index
    Checks: The header X-Consul-Index of an answer of status 200.
    Why: Each answer of Consul has it. Something between takes it out, or is no Consul. In consul from 3.4 on the \
    first answer without it ends APISIX's loop with a Lua error; consul_kv, and consul before, keep the first answer \
    for ever. Nothing says so again, and only `apisix reload` helps.
    Example: a cache or a proxy before Consul that passes on known headers alone
    Fix: Ask the agent itself, or let the proxy pass X-Consul-Index on; then `apisix reload`.
    """

  static let skipped: Rule = """
    registry/consul-skipped (error): The configuration has APISIX leave the service out
    Checks: `skip_services` of consul, and `skip_keys` of consul_kv. `consul`, which is Consul itself, is always left \
    out.
    Why: APISIX does not look at it, whatever Consul has.
    Example: consul: {skip_services: [web]}
    Fix: Take the name out of the list.
    """

  static let otherDatacenter: Rule = """
    registry/consul-other-datacenter (error, since 3.2.0): The service is in another datacenter of Consul
    Checks: Whether a datacenter that Consul knows beside its own has the name.
    Why: APISIX asks for the services of the datacenter of the agent that it asks, and of no other.
    Example: consul: {servers: ["http://consul.dc1.example.org:8500"]}, and web is in dc2
    Fix: consul: {servers: ["http://consul.dc2.example.org:8500"]}
    """

  static let otherNamespace: Rule = """
    registry/consul-other-namespace (error, since 3.7.0): The service is in another namespace of Consul
    Checks: Whether a namespace of Consul Enterprise has the name.
    Why: APISIX names no namespace: Consul takes that of the token, else `default`.
    Example: web is in the namespace shop, and the token is of default
    Fix: A token that was made in the namespace: consul acl token create -namespace=shop -policy-name=apisix-consul
    """

  static let eventTooLarge: Rule = """
    registry/consul-event-too-large (error, since 3.8.0): There are more nodes than APISIX hands from worker to worker
    Checks: The size of all services' nodes together, by Consul's checks, from 3.8 to 3.15.
    Why: One worker fetches, and sends everything to the others in one event of at most 65,536 bytes. A larger one is \
    not sent (`payload exceeds the limitation (65536)`): the other workers keep what they had, and after a start that \
    is nothing: they answer 503.
    Example: 2,000 instances in Consul
    Fix: APISIX 3.16 or newer, or `skip_services` for what the gateway does not need.
    """
}

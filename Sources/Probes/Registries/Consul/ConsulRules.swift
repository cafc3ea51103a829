public import Findings

/// What only Consul has; consul_kv has most of it as well.
public enum ConsulRules {
  public static let all = [
    tokenUnknown, noToken, weakToken, noLeader, port, noAddress, noService, noIndex, skipped, otherDatacenter,
    otherNamespace, eventTooLarge,
  ]

  /// What makes a token that suffices for consul.
  private static let commands = """
      consul acl policy create -name=apisix-consul -rules='service_prefix "" { policy = "read" } node_prefix "" \
    { policy = "read" }'
      consul acl token create -policy-name=apisix-consul
    """

  static let tokenUnknown: Rule = """
    registry/consul-token-unknown (error, since 3.7.0): Consul does not know the token
    Checks: An answer of `403 ACL not found`.
    Why: The token of config.yaml was deleted, has expired, or is of another Consul. Consul refuses every question \
    with it, and APISIX gets no node.
    Example: consul: {token: "…"}, whose token somebody deleted
    Fix: Make a token with the policy, and write its SecretID into `token`:
    \(commands)
    zh: Consul 不认识这个 token
    Checks: 是否返回 `403 ACL not found`。
    Why: config.yaml 里的 token 已被删除、已过期，或者属于另一套 Consul。带着它的查询都会被 Consul 拒绝，APISIX 得不到\
    节点。
    Example: consul: {token: "…"}，而这个 token 已被删除
    Fix: 用这个策略创建 token，再把它的 SecretID 写入 `token`：
    \(commands)
    """

  static let noToken: Rule = """
    registry/consul-no-token (error, since 2.13.0): Consul asks for a token, and APISIX sends none
    Checks: Whether Consul has ACLs, and shows nothing without a token: an empty list, and of consul_kv a 404. \
    Nothing in the answer says so.
    Why: `default_policy = "deny"` hides everything from who has no token. Before 3.7 APISIX knows none.
    Example: discovery: {consul: {servers: ["http://127.0.0.1:8500"]}}
    Fix: Make a token with the policy, and write its SecretID into `token`:
    \(commands)
    zh: Consul 要求 token，而 APISIX 没有发送
    Checks: Consul 是否开启了 ACL，并且没有 token 就什么也看不到：列表为空，consul_kv 则得到 404。响应里不会说明原因。
    Why: 设置 `default_policy = "deny"` 后，没有 token 就看不到任何内容。3.7 以前的 APISIX 不支持 token。
    Fix: 用这个策略创建 token，再把它的 SecretID 写入 `token`：
    \(commands)
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
    zh: Consul 认识这个 token，但隐藏了 APISIX 要查的内容
    Checks: 响应里缺少内容时，向 Consul 查询这个 token 的权限（`/v1/internal/acl/authorize`、`/v1/acl/token/self`），或\
    者看响应头 X-Consul-Results-Filtered-By-ACLs。
    Why: consul 需要 service:read 和 node:read：缺少 service:read，服务列表为空；缺少 node:read，每个服务都为空。\
    consul_kv 需要其前缀下的 key:read：缺少时 Consul 返回 404。这几种情况都不会报错。
    Example: service_prefix "" { policy = "read" }，没有 node_prefix
    Fix: consul 的策略：
      service_prefix "" { policy = "read" } node_prefix "" { policy = "read" }
    consul_kv 的策略：
      key_prefix "upstreams" { policy = "read" }
    """

  static let noLeader: Rule = """
    registry/consul-no-leader (error): Consul's servers have no leader
    Checks: An answer of `500 No cluster leader`.
    Why: Too few servers are there to choose one: fewer than `bootstrap_expect` after the first start, or no majority \
    of them later. Nothing can be read meanwhile. APISIX keeps what it had; a gateway that starts now has nothing.
    Example: an agent with bootstrap_expect = 3 that is alone
    Fix: Start the missing servers, or join them: `consul members` lists those that are known.
    zh: Consul 的服务器没有 leader
    Checks: 是否返回 `500 No cluster leader`。
    Why: 在线的服务器太少，选不出 leader：首次启动时少于 `bootstrap_expect`，或者之后在线的不超过半数。这期间什么都读不到。\
    APISIX 保留之前的节点；这时才启动的网关没有节点。
    Example: 只有一个 agent，却配置了 bootstrap_expect = 3
    Fix: 启动缺少的服务器，或者让它们加入集群：`consul members` 列出已知的服务器。
    """

  static let port: Rule = """
    registry/consul-port (error): This port of Consul speaks no HTTP
    Checks: Whether the port closes the connection without an answer, or answers with something else than HTTP.
    Why: Consul listens on several: 8500 is its HTTP API, 8501 the same over TLS, which APISIX does not speak to \
    Consul; 8600 is DNS, 8300 for servers, 8301 and 8302 gossip, 8502 gRPC.
    Example: consul: {servers: ["http://127.0.0.1:8600"]}
    Fix: consul: {servers: ["http://127.0.0.1:8500"]}
    zh: Consul 的这个端口不提供 HTTP
    Checks: 这个端口是否不作响应就关闭连接，或者返回的不是 HTTP。
    Why: Consul 监听多个端口：8500 是 HTTP API；8501 是加了 TLS 的 HTTP API，而 APISIX 访问 Consul 时不用 TLS；8600 是 \
    DNS，8300 供服务器使用，8301 和 8302 是 gossip，8502 是 gRPC。
    """

  static let noAddress: Rule = """
    registry/consul-no-address (error, since 3.2.0): An instance is registered without an address
    Checks: Instances whose own address is empty.
    Why: For Consul that means the address of the node. APISIX takes it as it is: a node without a host, for which \
    nginx logs `no host`, and who asks gets 502.
    Example: service { name = "web" port = 8080 }
    Fix: service { name = "web" port = 8080 address = "10.0.0.7" }
    zh: 有实例注册时没有写地址
    Checks: 是否有实例自己的地址为空。
    Why: 对 Consul 来说，这表示使用 node 的地址。APISIX 却原样使用：节点没有主机，nginx 记录 `no host`，请求得到 502。
    """

  static let noService: Rule = """
    registry/consul-no-service (error, since 3.4.0): An entry of Consul's answer has no Service
    Checks: Whether each instance in the answer has `Service`, as far as APISIX reads it.
    Why: Up to 3.17 APISIX stops at such an entry without a word: those before it are the nodes, those behind it are \
    not. Where it is the first, the service is unknown: 503. From 3.18 on it passes over it, with a warning in its log.
    Example: [{"Node": {"Node": "n1"}, "Checks": []}, {"Node": {"Node": "n2"}, "Service": {"Address": "10.0.0.1"}}]
    Fix: Consul itself gives each entry its Service: let what stands before it leave the answers as they are, or ask \
    an agent itself.
    zh: Consul 的响应里有一个条目没有 Service
    Checks: 响应里的每个实例是否都有 `Service`，按 APISIX 读取的顺序检查。
    Why: 3.17 及更早的版本读到这样的条目就停下，也不写日志：它前面的实例成为节点，后面的都不算。它排在第一个时，APISIX 不认识这个\
    服务：503。3.18 起会跳过它，并在日志里写一条警告。
    Fix: Consul 自己给出的每个条目都有 Service：让 Consul 前面的代理原样返回响应，或者直接查询 agent。
    """

  static let noIndex: Rule = """
    registry/consul-no-index (error): Consul's answer has no X-Consul-Index
    Checks: The header X-Consul-Index of an answer of status 200.
    Why: Each answer of Consul has it. Something between takes it out, or is no Consul. In consul from 3.4 on the \
    first answer without it ends APISIX's loop with a Lua error; consul_kv, and consul before, keep the first answer \
    for ever. Nothing says so again, and only `apisix reload` helps.
    Example: a cache or a proxy before Consul that passes on known headers alone
    Fix: Ask the agent itself, or let the proxy pass X-Consul-Index on; then `apisix reload`.
    zh: Consul 的响应里没有 X-Consul-Index
    Checks: 状态码为 200 的响应是否带有响应头 X-Consul-Index。
    Why: Consul 的每个响应都带有它。没有它，说明中间的某个环节把它去掉了，或者对方不是 Consul。consul 从 3.4 起，遇到第一个\
    没有它的响应，APISIX 的循环就会因 Lua 错误而退出；consul_kv 和 3.4 以前的 consul 则一直停留在第一次的响应。之后不再\
    有任何提示，只有 `apisix reload` 能恢复。
    Example: Consul 前面有缓存或代理，只放行它认识的响应头
    Fix: 直接访问 agent，或者让代理放行 X-Consul-Index；然后执行 `apisix reload`。
    """

  static let skipped: Rule = """
    registry/consul-skipped (error): The configuration has APISIX leave the service out
    Checks: `skip_services` of consul, and `skip_keys` of consul_kv. `consul`, which is Consul itself, is always left \
    out.
    Why: APISIX does not look at it, whatever Consul has.
    Example: consul: {skip_services: [web]}
    Fix: Take the name out of the list.
    zh: 配置让 APISIX 跳过了这个服务
    Checks: consul 的 `skip_services` 和 consul_kv 的 `skip_keys`。`consul` 就是 Consul 自身，总是会被跳过。
    Why: 不管 Consul 里有什么，APISIX 都不会去看。
    Fix: 从列表中去掉这个名称。
    """

  static let otherDatacenter: Rule = """
    registry/consul-other-datacenter (error, since 3.2.0): The service is in another datacenter of Consul
    Checks: Whether a datacenter that Consul knows beside its own has the name.
    Why: APISIX asks for the services of the datacenter of the agent that it asks, and of no other.
    Example: consul: {servers: ["http://consul.dc1.example.org:8500"]}, and web is in dc2
    Fix: consul: {servers: ["http://consul.dc2.example.org:8500"]}
    zh: 服务在 Consul 的另一个数据中心
    Checks: 在 Consul 已知的其他数据中心里，是否有这个名称。
    Why: APISIX 只查询所连 agent 的数据中心里的服务，不查询其他数据中心。
    Example: consul: {servers: ["http://consul.dc1.example.org:8500"]}，而 web 在 dc2
    """

  static let otherNamespace: Rule = """
    registry/consul-other-namespace (error, since 3.7.0): The service is in another namespace of Consul
    Checks: Whether a namespace of Consul Enterprise has the name.
    Why: APISIX names no namespace: Consul takes that of the token, else `default`.
    Example: web is in the namespace shop, and the token is of default
    Fix: A token that was made in the namespace: consul acl token create -namespace=shop -policy-name=apisix-consul
    zh: 服务在 Consul 的另一个命名空间
    Checks: 在 Consul Enterprise 的其他命名空间里，是否有这个名称。
    Why: APISIX 不指定命名空间：Consul 使用 token 所属的命名空间，否则使用 `default`。
    Example: web 在命名空间 shop，而 token 属于 default
    Fix: 改用在该命名空间里创建的 token：`consul acl token create -namespace=shop -policy-name=apisix-consul`
    """

  static let eventTooLarge: Rule = """
    registry/consul-event-too-large (error, since 3.8.0): There are more nodes than APISIX hands from worker to worker
    Checks: The size of all services' nodes together, by Consul's checks, from 3.8 to 3.15.
    Why: One worker fetches, and sends everything to the others in one event of at most 65,536 bytes. A larger one is \
    not sent (`payload exceeds the limitation (65536)`): the other workers keep what they had, and after a start that \
    is nothing: they answer 503.
    Example: 2,000 instances in Consul
    Fix: APISIX 3.16 or newer, or `skip_services` for what the gateway does not need.
    zh: 节点太多，APISIX 无法在 worker 之间传递
    Checks: 3.8 到 3.15：所有服务的节点加起来有多大（根据 Consul 的健康检查）。
    Why: 由一个 worker 拉取，再用一个事件把全部内容发给其他 worker，事件最大 65,536 字节。超过就不发送\
    （`payload exceeds the limitation (65536)`）：其他 worker 停留在之前的节点；如果刚刚启动，就什么都没有，返回 503。
    Example: Consul 中有 2,000 个实例
    Fix: 使用 APISIX 3.16 或更新的版本，或者用 `skip_services` 跳过网关不需要的服务。
    """
}

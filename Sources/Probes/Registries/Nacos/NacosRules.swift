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
    zh: Nacos 中没有这个用户
    Checks: 登录时，Nacos 是否回答用户不存在。旧版本对“没有这个用户”和“密码错误”的回答一样（`unknown user!`、\
    `user not found!`）：那种情况报告为 registry/unauthorized。
    Why: 登录失败，APISIX 就不会查询任何实例。
    Fix: 在 Nacos 中创建该用户，或者在 discovery.nacos.host 里换一个用户。
    """

  static let authOff: Rule = """
    registry/nacos-auth-off (error): Nacos refuses a login that it does not need
    Checks: After a refused login, whether the instances may be read without one.
    Why: With a user in discovery.nacos.host APISIX logs in first, and asks for nothing where that fails, though \
    Nacos has its authentication switched off.
    Example: nacos: {host: ["http://nacos:old-password@nacos:8848"]}
    Fix: nacos: {host: ["http://nacos:8848"]}
    zh: Nacos 没有开启鉴权，却拒绝了登录
    Checks: 登录被拒绝之后，不登录能否读取实例。
    Why: discovery.nacos.host 里写了用户时，APISIX 会先登录；登录失败就不再查询，即使 Nacos 根本没有开启鉴权。
    """

  static let token: Rule = """
    registry/nacos-token (error): Nacos does not accept the token that it gave
    Checks: Whether a login is answered with a token, and the question after it refused for the token or as without one.
    Why: The servers of a cluster sign with different `token.secret.key`s, their clocks differ, or a proxy between \
    takes `accessToken` out of the query.
    Example: 403 token invalid!
    Fix: Give all servers the same nacos.core.auth.plugin.nacos.token.secret.key.
    zh: Nacos 不接受它自己签发的 token
    Checks: 登录拿到了 token，随后的查询却被拒绝：理由是 token 无效，或者没有 token。
    Why: 集群中各台服务器的 `token.secret.key` 不一致、时钟不同步，或者中间的代理去掉了查询参数 `accessToken`。
    Fix: 让所有服务器使用相同的 nacos.core.auth.plugin.nacos.token.secret.key。
    """

  static let identity: Rule = """
    registry/nacos-identity (error): Nacos lacks its own server identity and refuses everybody
    Checks: Whether the refusal says `Invalid server identity key or value`.
    Why: With authentication on, Nacos 2.x answers nobody as long as the identity of its servers is not set.
    Example: 403 Invalid server identity key or value, Please make sure set …
    Fix: In Nacos' application.properties:
      nacos.core.auth.server.identity.key=NAME
      nacos.core.auth.server.identity.value=SECRET
    zh: Nacos 没有配置服务端身份标识，拒绝所有请求
    Checks: 被拒绝时，返回的是否是 `Invalid server identity key or value`。
    Why: 开启鉴权之后，只要没有配置服务端身份标识，Nacos 2.x 就会拒绝所有请求。
    Fix: 在 Nacos 的 application.properties 中配置：
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
    zh: 查错了命名空间，服务在另一个命名空间
    Checks: 查不到时，`discovery_args.namespace_id` 是否是某个命名空间的 ID，其他命名空间里是否有这个服务；以 Nacos 允\
    许列出的为限。
    Why: 命名空间不存在时，Nacos 返回空列表。这里要写 ID，不是控制台里显示的名称。
    """

  static let group: Rule = """
    registry/nacos-group (error): The service is in another group
    Checks: Where nothing is found, whether the namespace has the service in another group; as far as Nacos lists them.
    Why: Without `discovery_args.group_name` APISIX asks for DEFAULT_GROUP, and Nacos answers with an empty list.
    Example: a service of the group PROD, and no group_name
    Fix: discovery_args: {group_name: PROD}
    zh: 服务在另一个分组
    Checks: 查不到时，该命名空间的其他分组里是否有这个服务；以 Nacos 允许列出的为限。
    Why: 没有写 `discovery_args.group_name` 时，APISIX 查询的是 DEFAULT_GROUP，Nacos 返回空列表。
    Example: 服务在分组 PROD，而没有写 group_name
    """

  static let groupInName: Rule = """
    registry/nacos-group-in-name (warning): The group stands in the service name
    Checks: Whether the service name is `GROUP@@NAME`.
    Why: Nacos then takes this group, and leaves `discovery_args.group_name` out of account. With access_key and \
    secret_key the signature is of a name that has the group twice.
    Example: service_name: PROD@@orders
    Fix: service_name: orders
    discovery_args: {group_name: PROD}
    zh: 服务名里带了分组
    Checks: 服务名是否写成了 `GROUP@@NAME`。
    Why: 这时 Nacos 以名称里的分组为准，不看 `discovery_args.group_name`。配置了 access_key 和 secret_key 时，签名用的\
    名称里会有两个分组。
    """

  static let disabled: Rule = """
    registry/nacos-disabled (error): All instances of the service are disabled
    Checks: Where nothing is found, whether Nacos counts instances that it hands out to nobody, or says that the \
    service is disabled.
    Why: Somebody took the instances offline in the console, or they are registered with enabled=false. APISIX gets \
    an empty list.
    Example: "enabled": false
    Fix: Set them online in the console, or with PUT /nacos/v1/ns/instance and enabled=true.
    zh: 服务的所有实例都已下线
    Checks: 查不到时，Nacos 是否统计到了实例却一个也不返回，或者回答该服务已停用。
    Why: 有人在控制台里把实例下线了，或者注册时带了 enabled=false。APISIX 得到的是空列表。
    Fix: 在控制台里重新上线，或者调用 PUT /nacos/v1/ns/instance，带上 enabled=true。
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
    zh: Nacos 返回了不健康的实例
    Checks: 响应是否说明已触发保护阈值；Nacos 1.x 不会说明，就看健康的实例是否比返回的少。
    Why: 健康实例的比例不高于服务的保护阈值时，Nacos 会返回全部实例，并且都标为健康，以免剩下的几个被压垮。APISIX 会把\
    请求发给已经不可用的实例。在 1.4 中，阈值为 0 而没有一个实例健康时，也会这样。
    Fix: 修复不健康的实例，或者把服务的保护阈值设为 0。
    """

  static let weight: Rule = """
    registry/nacos-weight (error): An instance's weight is no whole number
    Checks: Whether the weight of an instance is a fraction.
    Why: Nacos takes any number; every APISIX release takes whole ones alone, and refuses all nodes of the service for \
    one of them: 503 `invalid nodes format`.
    Example: "weight": 0.5
    Fix: Register with whole weights: 1 and 2 instead of 0.5 and 1.
    zh: 实例的权重不是整数
    Checks: 是否有实例的权重是小数。
    Why: Nacos 接受任何数值；APISIX 的所有版本都只接受整数，只要有一个不是，就会拒绝该服务的全部节点：503 \
    `invalid nodes format`。
    Fix: 注册时使用整数权重：写 1 和 2，不要写 0.5 和 1。
    """

  static let weightZero: Rule = """
    registry/nacos-weight-zero (warning): An instance has the weight 0
    Checks: Whether the weight of an instance is 0.
    Why: APISIX takes the node and sends it nothing.
    Example: "weight": 0.0
    Fix: Give it the weight 1, or take the instance away.
    zh: 有实例的权重为 0
    Checks: 是否有实例的权重为 0。
    Why: APISIX 会接受这个节点，但不给它任何流量。
    Fix: 把权重改为 1，或者去掉这个实例。
    """

  static let gRPCPort: Rule = """
    registry/nacos-grpc-port (note): An instance has another port for gRPC
    Checks: Whether an instance has `gRPC_port` in its metadata.
    Why: For upstreams of scheme grpc or grpcs APISIX takes it in place of the port. Clients mostly write metadata as \
    text, and a port that is a text makes APISIX refuse all nodes: 503 `invalid nodes format`. Other schemes take the \
    port.
    Example: "metadata": {"gRPC_port": "9090"}
    Fix: Register the gRPC port as a service of its own, and use that one with scheme: grpc.
    zh: 有实例另设了 gRPC 端口
    Checks: 实例的 metadata 里是否有 `gRPC_port`。
    Why: 上游的 scheme 是 grpc 或 grpcs 时，APISIX 用它代替实例的端口。客户端写入的 metadata 大多是字符串，而端口是字符\
    串时，APISIX 会拒绝全部节点：503 `invalid nodes format`。其他 scheme 仍用实例的端口。
    Fix: 把 gRPC 端口注册成单独的服务，由上游引用，并设置 `scheme: grpc`。
    """

  static let address: Rule = """
    registry/nacos-address (error): An instance's address is no IP address
    Checks: Whether `ip` of an instance is an IP address.
    Why: APISIX takes what stands there, and looks no name of Nacos up: requests that go to this node get 502, \
    `no host allowed while connecting to upstream`.
    Example: "ip": "orders.example.org"
    Fix: Register with the IP address (spring.cloud.nacos.discovery.ip).
    zh: 实例的地址不是 IP 地址
    Checks: 实例的 `ip` 是不是 IP 地址。
    Why: APISIX 原样使用这个值，不解析 Nacos 里的主机名：发往这个节点的请求得到 502，\
    `no host allowed while connecting to upstream`。
    Fix: 用 IP 地址注册（spring.cloud.nacos.discovery.ip）。
    """

  static let prefix: Rule = """
    registry/nacos-prefix (error): Nacos has its API under another path
    Checks: After a 404, whether Nacos answers under `/nacos/v1/`, `/v1/`, or without what is doubled.
    Why: APISIX asks under discovery.nacos.prefix alone.
    Example: prefix: /v1/
    Fix: prefix: /nacos/v1/
    zh: Nacos 的 API 在另一个路径下
    Checks: 返回 404 时，改用 `/nacos/v1/` 或 `/v1/`，或者去掉重复的部分，看 Nacos 是否响应。
    Why: APISIX 只查询 discovery.nacos.prefix 下的路径。
    """

  static let apiOff: Rule = """
    registry/nacos-api-off (error): Nacos has switched off the API that APISIX uses
    Checks: An answer of 410.
    Why: APISIX up to 3.18 speaks version 1 of Nacos' API alone. Nacos 3.0 and 3.1 have it behind a switch.
    Example: 410 Current API will be deprecated
    Fix: In Nacos' application.properties: nacos.core.api.compatibility.client.enabled=true
    zh: Nacos 关闭了 APISIX 使用的 API
    Checks: 是否返回 410。
    Why: 到 3.18 为止，APISIX 只使用 Nacos 的第 1 版 API。Nacos 3.0 和 3.1 用一个开关控制它。
    Fix: 在 Nacos 的 application.properties 中设置 `nacos.core.api.compatibility.client.enabled=true`。
    """

  static let apiRemoved: Rule = """
    registry/nacos-api-removed (error): This Nacos has no longer the API that APISIX uses
    Checks: After a 404, whether the server says that it is Nacos 3.2 or later, or has version 3 of the API alone.
    Why: Nacos 3.2 came without versions 1 and 2 of its API; APISIX up to 3.18 speaks version 1 alone. The login still \
    works.
    Example: 404 for /nacos/v1/ns/instance/list, and a token for /nacos/v1/auth/login
    Fix: Put nacos-api-legacy-adapter (github.com/nacos-group) into plugins/ of Nacos and restart it, or run Nacos 2.x.
    zh: 这个版本的 Nacos 已经没有 APISIX 使用的 API
    Checks: 返回 404 时，服务器是否说明自己是 Nacos 3.2 或更新的版本，或者只有第 3 版 API。
    Why: Nacos 3.2 移除了第 1 版和第 2 版 API；到 3.18 为止，APISIX 只使用第 1 版。登录仍然正常。
    Example: 查询 /nacos/v1/ns/instance/list 返回 404，登录 /nacos/v1/auth/login 却能得到 token
    Fix: 把 nacos-api-legacy-adapter（github.com/nacos-group）放进 Nacos 的 plugins/ 并重启，或者改用 Nacos 2.x。
    """

  static let port: Rule = """
    registry/nacos-port (error): The port is that of Nacos' console or of gRPC
    Checks: Where the answer is none, whether the server is Nacos' console, or Nacos' API is 1000 ports below.
    Why: The API is on 8848. Since 3.0 the console has 8080; clients that speak gRPC use 9848 and 9849.
    Example: nacos: {host: ["http://nacos:9848"]}
    Fix: nacos: {host: ["http://nacos:8848"]}
    zh: 写成了 Nacos 控制台或 gRPC 的端口
    Checks: 得不到有效的响应时，服务器是否是 Nacos 控制台，或者端口减去 1000 是否就是 Nacos 的 API。
    Why: API 的端口是 8848。从 3.0 起，控制台使用 8080；gRPC 客户端使用 9848 和 9849。
    """

  static let starting: Rule = """
    registry/nacos-starting (error): Nacos is starting, or out of order
    Checks: An answer of 503.
    Why: Nacos answers so until it has read its data; later, where its cluster lost its leader. APISIX keeps what it \
    had from 3.15 on.
    Example: 503 server is STARTING now, please try again later!
    Fix: Wait; then look at naming-raft.log and protocol-raft.log of Nacos.
    zh: Nacos 正在启动，或者无法正常工作
    Checks: 是否返回 503。
    Why: Nacos 读完数据之前会这样回答；之后再出现，就是集群没有 leader 了。从 3.15 起，APISIX 会保留之前的节点。
    Fix: 先等一等；仍不恢复，就看 Nacos 的 naming-raft.log 和 protocol-raft.log。
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
    zh: APISIX 只向 Nacos 查询上游引用的服务
    Checks: Nacos 有节点时，附带提醒这一点。
    Why: 与 Consul 和 Eureka 不同，只有本网关的路由、服务、上游或 stream 路由引用了某个名称，并且命名空间和分组也相同，\
    APISIX 才会去查；只写在插件配置里的不算。
    Example: 只写在 traffic-split 插件里的上游
    Fix: 用这个 service_name 创建一个上游，再通过 upstream_id 引用它。
    """
}

public import Findings

/// What keeps a service name of the kubernetes registry from being that of any service, in a file as on a command line.
public enum ServiceNameForm {
  public static let dnsName: Rule = """
    service-name/dns-name (error): A DNS name is where namespace/name:port is needed
    Checks: Service names of the kubernetes registry that are written as a host, `plat-dev.default.svc.cluster.local` \
    or `plat-dev.default`, as an IP address or as a URL.
    Why: APISIX does not resolve the name, it looks it up among the Endpoints as namespace/name:port-name. A DNS name \
    gives `get unexpected upstream service_name` and 503; with a port behind it, 503 and no word of why.
    Example: service_name: cms.default.svc.cluster.local
    Fix: service_name: default/cms:http
    zh: 应写 namespace/name:port，却写成了 DNS 名称
    Checks: kubernetes 注册中心的 service_name 写成了主机名（`plat-dev.default.svc.cluster.local` 或 \
    `plat-dev.default`）、IP 地址或 URL。
    Why: APISIX 不解析这个名称，而是把它当作 namespace/name:port-name 去 Endpoints 里查找。写成 DNS 名称会得到 `get \
    unexpected upstream service_name` 和 503；后面再带上端口，就只有 503，日志里看不到原因。
    """

  public static let portMissing: Rule = """
    service-name/port-missing (error): The name of the port is missing
    Checks: Service names of the kubernetes registry without a colon, or with nothing behind it.
    Why: APISIX splits the name at its last colon. Without one it logs `get unexpected upstream service_name`, and the \
    request gets 503. Nothing behind the colon finds only unnamed ports of EndpointSlices.
    Example: service_name: default/plat-dev
    Fix: service_name: default/plat-dev:http   # the name of the port in the Service
    zh: 缺少端口名
    Checks: kubernetes 注册中心的 service_name 里没有冒号，或者冒号后面是空的。
    Why: APISIX 从最后一个冒号处拆分。没有冒号时记录 `get unexpected upstream service_name`，请求得到 503。冒号后面\
    为空，只能匹配 EndpointSlices 中没有名称的端口。
    Fix: service_name: default/plat-dev:http   # Service 中的端口名
    """

  public static let malformed: Rule = """
    service-name/malformed (error): A service name cannot be that of any Service
    Checks: Service names of the kubernetes registry: the namespace must be there, namespace and name must be names \
    that Kubernetes allows, there are no spaces and no more slashes than `id/namespace/name:port` has, and it is one \
    name.
    Why: APISIX looks the text up as it stands. What no Service can be called is never found: 503 `no valid upstream \
    node`, usually without another line in the log.
    Example: service_name: plat-dev:http
    Fix: service_name: default/plat-dev:http
    zh: 不可能有 Service 叫这个名称
    Checks: kubernetes 注册中心的 service_name：必须有命名空间；命名空间和名称要符合 Kubernetes 的命名规则；不能有空\
    格；斜杠不能比 `id/namespace/name:port` 多；一次只能写一个名称。
    Why: APISIX 按原文查找。不可能存在的名称永远查不到：503 `no valid upstream node`，日志里通常没有别的内容。
    """

  public static let clusterMissing: Rule = """
    service-name/cluster-id-missing (error, since 3.0.0): With several clusters a service name needs the id of its \
    cluster
    Checks: Service names `namespace/name:port` when the config of the run has discovery.kubernetes as a list, even of \
    one item.
    Why: APISIX then wants id/namespace/name:port and logs `get unexpected upstream service_name`; requests get 503.
    Example:
    # config.yaml: discovery.kubernetes is a list with id: release
    service_name: default/plat-dev:http
    Fix: service_name: release/default/plat-dev:http
    zh: 多集群时，service_name 要带上集群的 id
    Checks: 本次检查的配置里 discovery.kubernetes 是列表（哪怕只有一项），而 service_name 写成了 \
    `namespace/name:port`。
    Why: 这时 APISIX 要求 id/namespace/name:port，否则记录 `get unexpected upstream service_name`，请求得到 503。
    Example:
    # config.yaml 的 discovery.kubernetes 是列表，id: release
    service_name: default/plat-dev:http
    """

  public static let clusterExtra: Rule = """
    service-name/cluster-id-extra (error): With one cluster a service name has no id
    Checks: Service names `id/namespace/name:port` when the config of the run has discovery.kubernetes as an object.
    Why: APISIX takes id/namespace/name for the name of the Endpoints, which is never found: 503 `no valid upstream \
    node: nil` and no other line in the log.
    Example: service_name: release/default/plat-dev:http
    Fix: service_name: default/plat-dev:http
    zh: 单集群时，service_name 不带 id
    Checks: 本次检查的配置里 discovery.kubernetes 是对象，而 service_name 写成了 `id/namespace/name:port`。
    Why: APISIX 会把 id/namespace/name 整个当作 Endpoints 的名称，永远查不到：503 `no valid upstream node: nil`，日\
    志里没有别的内容。
    """

  public static let clusterUnknown: Rule = """
    service-name/cluster-id-unknown (error, since 3.0.0): No cluster has this id
    Checks: The id in `id/namespace/name:port` against the ids under discovery.kubernetes in the config of the run.
    Why: APISIX logs `id not exist`, and requests get 503.
    Example:
    # config.yaml: ids are release and debug
    service_name: relaese/default/plat-dev:http
    Fix: service_name: release/default/plat-dev:http
    zh: 没有哪个集群是这个 id
    Checks: 把 `id/namespace/name:port` 中的 id 与本次检查的配置里 discovery.kubernetes 下的各个 id 对照。
    Why: APISIX 记录 `id not exist`，请求得到 503。
    Example:
    # config.yaml 中的 id 是 release 和 debug
    service_name: relaese/default/plat-dev:http
    """
}

public import Findings

/// The rules of `resolve` about what is beside the API server: the nodes themselves, and APISIX.
extension ResolveRules {
  public static let unreachableNodes: Rule = """
    resolve/unreachable-nodes (error): Nodes do not answer a TCP connection
    Checks: With --probe: whether each node takes a TCP connection from where gatecheck runs.
    Why: It is an error when none answers, and a warning when some do not. No route: pod addresses are not reachable \
    from here, which says nothing about APISIX when that runs elsewhere. Refused: nothing listens on the port. Timed \
    out: a firewall or NetworkPolicy drops the packets.
    Example: 10.5.10.109 3306: timed out
    Fix: Probe from where APISIX runs: gatecheck resolve NAME --probe --from-pod | kubectl apply -f -
    zh: 节点的 TCP 端口连不上
    Checks: 需要 --probe：从运行 gatecheck 的机器上，逐个检查节点能否建立 TCP 连接。
    Why: 一个都连不上是 error，部分连不上是 warning。没有路由：从本机到不了 Pod 的地址；如果 APISIX 运行在别处，这不\
    能说明 APISIX 的情况。连接被拒绝：端口没有监听。超时：防火墙或 NetworkPolicy 丢弃了数据包。
    Fix: 在 APISIX 运行的地方探测：`gatecheck resolve NAME --probe --from-pod | kubectl apply -f -`
    """

  static let nodeTLS: Rule = """
    resolve/node-tls (error): Nodes take no TLS handshake
    Checks: With --probe=tls: whether each node that takes a TCP connection also takes a TLS handshake.
    Why: An upstream with the scheme https or grpcs speaks TLS to its nodes. Without a handshake every request ends \
    with 502. It is an error when no node takes it, and a warning when some do not.
    Example: scheme: https, and a port that speaks plain HTTP
    Fix: Write `scheme: http`, or the port that speaks TLS.
    """

  static let nodeCertificate: Rule = """
    resolve/node-certificate (warning): The certificate of a node does not verify
    Checks: With --probe=tls: each node's certificate for the name NAME.NAMESPACE.svc, against --certificate-authority \
    or the system's authorities.
    Why: APISIX does not look at the certificates of an upstream's nodes by default, so traffic flows. A client that \
    looks, or APISIX once it is told to, refuses the connection.
    Example: 10.5.10.109:8443 shows a certificate that has expired
    Fix: Renew the certificate, with NAME.NAMESPACE.svc among its names.
    """

  public static let apisixRefused: Rule = """
    resolve/apisix-refused (error): A part of APISIX does not answer the question
    Checks: That --admin, --etcd and --referenced answer with upstreams, and --control with what APISIX's discovery \
    holds.
    Why: Without them it is not known which service names are in use, or what APISIX holds.
    Example: 401 without the key of deployment.admin.admin_key
    Fix: --admin-key-file FILE, or GATECHECK_ADMIN_KEY; for --etcd the user and password of config.yaml
    """

  static let emptyPrefix: Rule = """
    resolve/empty-prefix (error): etcd holds nothing below the prefix
    Checks: With --etcd: whether any key lies below `deployment.etcd.prefix`. APISIX itself makes keys there when it \
    starts.
    Why: It is another installation's prefix, or another etcd: APISIX with this config.yaml has no routes.
    Example: prefix: /apisix-prod, where the keys begin with /apisix
    Fix: deployment:
      etcd:
        prefix: /apisix
    """

  public static let differs: Rule = """
    resolve/apisix-differs (error): The running APISIX holds other nodes than the API server gives
    Checks: With --control: each service name of the API server's list against `/v1/discovery/kubernetes/dump`. A \
    change of the last second may show too: ask again.
    Why: Stale or extra names point to a watch that has died without a word; missing ones to a page of the list that \
    failed (over 120 objects; APISIX does not look at the result of later pages), a full shared dict, or other \
    selectors.
    Example: default/cms:http is missing in APISIX
    Fix: Reload APISIX, and look for `failed`, `no memory` and `list_watch` in its error.log. Up to 3.14.1 stop and \
    start it: a reload keeps what the list no longer holds.
    zh: 运行中的 APISIX 所持有的节点与 API Server 给出的不同
    Checks: 需要 --control：把 API Server 列出的每个服务名与 `/v1/discovery/kubernetes/dump` 对照。最近一秒内的变化\
    也可能显示出来：再查一次即可。
    Why: 节点过时或多出来，说明 watch 已经悄悄断了；缺少节点，可能是 list 的某一页失败了（对象超过 120 个时；APISIX \
    不检查后续各页的结果）、共享内存满了，或者过滤条件不同。
    Example: APISIX 中没有 default/cms:http
    Fix: reload APISIX，并在 error.log 里查找 `failed`、`no memory` 和 `list_watch`。3.14.1 及以前要停止后再启动\
    ：reload 会保留 list 中已经没有的内容。
    """

  public static let unusedUpstream: Rule = """
    resolve/unused-upstream (note): Nothing leads to an upstream with discovery
    Checks: With --referenced or --admin: whether some route, service or plugin has the upstream's id.
    Why: It gets no traffic. A route with an upstream of its own does not use that of its service.
    Example: upstreams: [{id: old, service_name: default/cms:http, discovery_type: kubernetes}]
    Fix: Delete it, or name it: upstream_id: old
    """

  static let conflictingUpstreams: Rule = """
    resolve/conflicting-upstreams (warning): Two upstreams stand where one is used
    Checks: With --referenced, --admin or --etcd: routes and services that have both an upstream and an upstream_id, \
    and ids that have other service names in another source.
    Why: In APISIX a route's upstream_id comes first, then the route's own upstream, then the service's upstream_id, \
    then the service's upstream. The others are passed over without a word.
    Example: routes: [{id: 1, upstream_id: 7, upstream: {service_name: default/cms:http, discovery_type: kubernetes}}]
    Fix: Remove the one that is not meant.
    """

  static let sharedSize: Rule = """
    resolve/shared-size (error): shared_size is too small for the nodes
    Checks: With --all, --control and the like: the memory that all names and nodes take in APISIX's shared dict, \
    counted as nginx hands it out, against `shared_size`. Over four fifths is a warning.
    Why: APISIX never makes room in a full dict: it logs `set endpoint into discovery DICT failed, no memory` and \
    keeps the old nodes, or none. The default is 1m up to APISIX 3.17, and 64m from 3.18 on.
    Example: shared_size: 1m, for 2,000 services
    Fix: shared_size: 4m
    zh: shared_size 太小，放不下所有节点
    Checks: 使用 --all、--control 等参数时：按 nginx 的分配方式计算所有名称和节点在 APISIX 共享内存里占用的空间，再\
    与 `shared_size` 比较。超过五分之四为 warning。
    Why: 共享内存满了之后 APISIX 不会腾出空间：它记录 `set endpoint into discovery DICT failed, no memory`，继续使用\
    旧节点，或者没有节点。默认值在 APISIX 3.17 及以前是 1m，从 3.18 起是 64m。
    Example: shared_size: 1m，而服务有 2,000 个
    """

  public static let otherRegistry: Rule = """
    resolve/other-registry (note): An upstream uses a registry that resolve does not ask
    Checks: The discovery_type of the upstreams that were collected.
    Why: A registry other than Kubernetes is asked where --config says which servers it has, and not with --from. A \
    registry module of one's own and tars are never asked. Their upstreams are counted and not judged.
    Example: discovery_type: nacos, without --config
    Fix: gatecheck resolve --referenced apisix.yaml --config config.yaml
    """

  static let serviceUnseen: Rule = """
    resolve/service-unseen (note): The Service or its pods could not be looked at
    Checks: Whether the identity may read Services and Pods, where a name has no nodes.
    Why: The Service's type, ports and selector, and how many pods match it, would say more of why. APISIX itself \
    needs no right to them.
    Example: gatecheck resolve default/cms:http --config config.yaml, with the token of APISIX
    Fix: Ask as an administrator: gatecheck resolve default/cms:http --kubeconfig FILE
    """
}

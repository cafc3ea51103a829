public import Findings

/// The rules of `resolve`.
public enum ResolveRules {
  public static let all = [
    unknownService, unknownPortName, noReadyAddress, hiddenService, emptyNodes, refusedNodes, brokenList, unlisted,
    slicesMisread, otherKind, dualStack, sliceWithoutService, overCapacity, readyUnsaid, externalName,
    labelSelectorRefused, badDocument, staticNode, unreachableNodes, nodeTLS, nodeCertificate, apisixRefused, differs,
    emptyPrefix, unusedUpstream, conflictingUpstreams, otherRegistry, serviceUnseen, sharedSize,
  ]

  public static let unknownService: Rule = """
    resolve/unknown-service (error): There is no such service
    Checks: That an Endpoints object, or a slice, of this namespace and name is there.
    Why: APISIX finds nothing under the name and answers 503: `no valid upstream node: nil`. At the usual log level \
    nothing else is said.
    Example: service_name: default/plat-deb:port, where the Service is called plat-dev
    Fix: service_name: default/plat-dev:port
    zh: 没有这个服务
    Checks: 该命名空间下有没有这个名称的 Endpoints 或 EndpointSlice。
    Why: APISIX 按这个名称查不到任何内容，返回 503：`no valid upstream node: nil`。默认日志级别下没有更多信息。
    Example: service_name: default/plat-deb:port，而 Service 实际叫 plat-dev
    """

  static let unknownPortName: Rule = """
    resolve/unknown-port-name (error): The service has no port of this name
    Checks: That what stands behind the colon is a port's name in the Endpoints, or the pod's port number where the \
    port has no name. In EndpointSlices a port without a name is addressed by nothing at all: `default/cms:`. A \
    headless Service may have no port; then nothing addresses it.
    Why: APISIX keeps the nodes under the port's name. A number does not find a named port, nor the Service's port \
    number any. It answers 503 with `no valid upstream node: nil`.
    Example: service_name: default/plat-dev:3306, where the port is called port
    Fix: service_name: default/plat-dev:port
    zh: 服务没有这个名称的端口
    Checks: 冒号后面必须是 Endpoints 里的端口名；端口没有名称时，是 Pod 的端口号。在 EndpointSlices 中，没有名称的端\
    口要写成空：`default/cms:`。Headless Service 可以没有端口，这时怎么写都查不到。
    Why: APISIX 按端口名保存节点。写数字找不到有名称的端口；写 Service 的端口号则什么都找不到。结果是 503 和 `no \
    valid upstream node: nil`。
    Example: service_name: default/plat-dev:3306，而端口名是 port
    """

  static let noReadyAddress: Rule = """
    resolve/no-ready-address (error): The service has no address that is ready
    Checks: That the Endpoints, or slices, of the service hold an address that is ready.
    Why: APISIX takes ready addresses only. Without any it answers 503: `no valid upstream node: nil`. Either no pod \
    matches the Service's selector, or the pods fail their readiness probes.
    Example: kubectl get endpoints cms shows <none>
    Fix: kubectl -n default get pods -o wide, and kubectl -n default describe service cms: compare the selector with \
    the pods' labels, and look at the readiness probes.
    zh: 服务没有就绪的地址
    Checks: 该服务的 Endpoints 或 EndpointSlice 里有没有就绪的地址。
    Why: APISIX 只取就绪的地址。一个都没有时返回 503：`no valid upstream node: nil`。要么 Service 的 selector 没有选\
    中任何 Pod，要么 Pod 的就绪探针没有通过。
    Example: kubectl get endpoints cms 显示 <none>
    Fix: 执行 `kubectl -n default get pods -o wide` 和 `kubectl -n default describe service cms`：对照 selector 与 \
    Pod 的标签，再检查就绪探针。
    """

  static let hiddenService: Rule = """
    resolve/hidden-service (error): The service is there, but the configuration filters it out
    Checks: Whether `namespace_selector` or `label_selector` keeps APISIX from seeing the service.
    Why: What a selector leaves out APISIX does not know at all: 503 with `no valid upstream node: nil`. The label \
    selector looks at the labels of the Endpoints or slice, which come from the Service, not from the pods.
    Example:
    namespace_selector:
      equal: shop
    with service_name: default/plat-dev:port
    Fix: Widen the selector in config.yaml, or give the Service the label, and restart APISIX.
    zh: 服务存在，但被配置过滤掉了
    Checks: `namespace_selector` 或 `label_selector` 是否让 APISIX 看不到这个服务。
    Why: 被过滤掉的服务，APISIX 完全不知道：503 `no valid upstream node: nil`。label_selector 匹配的是 Endpoints 或 \
    EndpointSlice 的标签，这些标签来自 Service，不是来自 Pod。
    Example:
    namespace_selector:
      equal: shop
    而 service_name 是 default/plat-dev:port
    Fix: 在 config.yaml 里放宽过滤条件，或者给 Service 加上对应的标签，然后重启 APISIX。
    """

  static let emptyNodes: Rule = """
    resolve/empty-nodes (error): The port is there, with an empty list of nodes
    Checks: That the list of nodes is not empty.
    Why: APISIX refuses an empty list: 503 with `no valid upstream node`.
    Example: subsets: [{addresses: [], ports: [{name: http, port: 80}]}]
    Fix: Let at least one pod become ready.
    """

  public static let refusedNodes: Rule = """
    resolve/refused-nodes (error): APISIX computes nodes and then refuses them
    Checks: That every node has a host, a whole port from 1 to 65535 and a whole weight from 0 on.
    Why: One bad node refuses all: 503 with `invalid nodes format`.
    Example: ports: [{name: http, port: 0}]
    Fix: Correct the object that the message names.
    """

  static let brokenList: Rule = """
    resolve/broken-list (error): One object stops APISIX from reading the rest
    Checks: That no object holds a null where APISIX's code expects a list, and the like.
    Why: APISIX raises a Lua error in the middle of the list. What was read before stays, everything behind it is \
    lost, and the next try after 40 seconds ends the same way.
    Example: subsets: null
    Fix: Take the null out of the object, or delete the object.
    """

  static let unlisted: Rule = """
    resolve/unlisted (warning): A service that is gone is served on
    Checks: With releases up to 3.14.1: whether the service was in an earlier list and is in no later one. With \
    --watch that is the list after 410; with --from the next EndpointsList.
    Why: APISIX lists again when a watch has expired, and these releases never remove what the new list no longer \
    holds. The shared memory outlives a reload, so the old addresses get traffic until APISIX is stopped. The same \
    goes for namespaces that a narrower namespace_selector leaves out.
    Example: kubectl delete service cms, while the watch of APISIX 3.8 was away
    Fix: Stop APISIX and start it, or use 3.15 or newer.
    """

  static let slicesMisread: Rule = """
    resolve/slices-misread (error, since 3.14.0): APISIX 3.14 reads EndpointSlices wrongly
    Checks: Whether `watch_endpoint_slices: true` is used with 3.14, and the service has slices.
    Why: 3.14 takes a slice for a service of the slice's own name, and looks for the address where none is. The name \
    of the Service gives `no valid upstream node: nil`, that of a slice `invalid nodes format`; both are 503. Nothing \
    is wrong with the pods.
    Example: watch_endpoint_slices: true
    Fix: Use 3.15 or newer, or remove the key and grant endpoints.
    """

  static let otherKind: Rule = """
    resolve/other-kind (error): The service is only there in the kind that APISIX does not read
    Checks: Whether there are EndpointSlices of the service where APISIX reads Endpoints, or the reverse; or only \
    those of the other kind hold addresses.
    Why: With `watch_endpoint_slices: true` APISIX reads slices only, otherwise Endpoints only. Hand-made slices have \
    no Endpoints, and newer clusters may stop writing Endpoints.
    Example: kubectl get endpoints cms: not found; kubectl get endpointslices -l kubernetes.io/service-name=cms: there
    Fix: Set `watch_endpoint_slices: true`, with APISIX 3.15 or newer and the right to endpointslices.
    zh: 服务只存在于 APISIX 不读取的那种资源里
    Checks: APISIX 读取 Endpoints 时，该服务是否只有 EndpointSlice，或者反过来；又或者只有另一种资源里有地址。
    Why: 设置 `watch_endpoint_slices: true` 时，APISIX 只读 EndpointSlice，否则只读 Endpoints。手工创建的 \
    EndpointSlice 没有对应的 Endpoints；更新的集群也可能不再写 Endpoints。
    Example: kubectl get endpoints cms 查不到；kubectl get endpointslices -l kubernetes.io/service-name=cms 能查到
    Fix: 使用 APISIX 3.15 或更新的版本，设置 `watch_endpoint_slices: true`，并授予 endpointslices 的权限。
    """

  static let dualStack: Rule = """
    resolve/dual-stack (warning): The service has addresses of two IP families, and APISIX takes one or both
    Checks: With `watch_endpoint_slices: true`: whether the nodes are IPv4 and IPv6. Otherwise, where the slices are \
    known too: whether they hold a family that the Endpoints do not (a note), or all there is (an error).
    Why: Kubernetes writes the Service's first family into Endpoints and both into slices, one slice for each. With \
    slices APISIX puts both among the nodes: every pod is there twice, and a gateway without a route for one family \
    fails on half of the requests. With Endpoints it knows nothing of the other family.
    Example:
    spec:
      ipFamilyPolicy: PreferDualStack
      ipFamilies: [IPv4, IPv6]
    Fix: Give the gateway routes for both families, or let the Service have one:
      ipFamilyPolicy: SingleStack
    """

  static let sliceWithoutService: Rule = """
    resolve/slice-without-service (error, since 3.15.0): A slice does not say which service it is of
    Checks: Whether there are slices called like a service that has none, which lack the label \
    `kubernetes.io/service-name`.
    Why: The label says whose a slice is, not its name. APISIX logs `endpoint_slice has no service-name` and passes it \
    over, as kube-proxy does.
    Example: metadata: {name: cms-1, namespace: default}, in a slice written by hand
    Fix: metadata:
      name: cms-1
      labels:
        kubernetes.io/service-name: cms
    """

  static let overCapacity: Rule = """
    resolve/over-capacity (warning): Kubernetes cut the Endpoints off at 1000 addresses
    Checks: Whether the Endpoints object carries `endpoints.kubernetes.io/over-capacity`.
    Why: The other pods get no traffic from APISIX.
    Example: endpoints.kubernetes.io/over-capacity: truncated
    Fix: Set `watch_endpoint_slices: true`, with APISIX 3.15 or newer.
    """

  static let readyUnsaid: Rule = """
    resolve/ready-unsaid (warning, since 3.15.0): Slices do not say whether their endpoints are ready
    Checks: Whether a slice's endpoint lacks `conditions.ready`.
    Why: Kubernetes takes that for ready, APISIX for not ready: these addresses get no traffic.
    Example: endpoints: [{addresses: [10.1.2.3]}]
    Fix: conditions: {ready: true}
    """

  static let externalName: Rule = """
    resolve/external-name (error): The Service is of type ExternalName
    Checks: Whether the Service has Endpoints at all.
    Why: An ExternalName Service is a DNS alias. It has no Endpoints, so APISIX has no nodes for it.
    Example: spec: {type: ExternalName, externalName: db.example.org}
    Fix: Use the external name itself as a node of the upstream.
    """

  static let labelSelectorRefused: Rule = """
    resolve/label-selector (error): The API server refuses label_selector
    Checks: That `label_selector` is in kubectl's grammar.
    Why: APISIX sends the text as it is. The API server answers 400, `unable to parse requirement`, and no list ever \
    succeeds.
    Example: label_selector: first="a",second="b"
    Fix: label_selector: first=a,second=b
    """

  static let badDocument: Rule = """
    resolve/bad-document (warning): The input holds something that is not an Endpoints or EndpointSlice
    Checks: That --from is given Endpoints, EndpointSlices, lists of them, or watch events.
    Why: Everything else is passed over.
    Example: kubectl get pods -A -o json | gatecheck resolve default/cms:http --from -
    Fix: kubectl get endpoints -A -o json | gatecheck resolve default/cms:http --from -
    """

  static let staticNode: Rule = """
    resolve/static-node (note): The same Service works without discovery, by its DNS name
    Checks: Nothing; it is said where it helps: for a DNS name in place of a service name, for a Service of type \
    ExternalName, and with --probe where the pods' addresses are not reachable.
    Why: A static node works without discovery, its token and its RBAC. But APISIX needs the cluster's DNS, and it \
    sees the Service's one address in place of the pods, so it balances nothing, keeps no session and checks no single \
    pod.
    Example: service_name: cms.default.svc.cluster.local
    Fix: nodes:
      "cms.default.svc:80": 1
    """
}

public import Findings

/// The rules of `resolve`.
public enum ResolveRules {
  public static let all = [
    malformedServiceName, unknownCluster, unknownService, unknownPortName, noReadyAddress, hiddenService,
    emptyNodes, refusedNodes, brokenList, otherKind, dualStack, sliceWithoutService, overCapacity, readyUnsaid,
    externalName,
    labelSelectorRefused, badDocument, staticNode, unreachableNodes, nodeTLS, nodeCertificate,
    apisixRefused, differs, unusedUpstream, conflictingUpstreams, otherRegistry, serviceUnseen, sharedSize,
  ]

  static let malformedServiceName = Rule(
    id: "resolve/malformed-service-name", severity: .error,
    summary: "The service name does not have the form that APISIX wants",
    checks: """
      That the name reads NAMESPACE/NAME:PORT with one cluster, and ID/NAMESPACE/NAME:PORT where \
      `discovery.kubernetes` is a list, even one with a single cluster.
      """,
    why: """
      APISIX takes the name apart by that pattern only; a DNS name is none. It logs `get unexpected upstream \
      service_name` and answers 503 with `no valid upstream node: nil`.
      """,
    example: "service_name: cms.default.svc.cluster.local", fix: "service_name: default/cms:http")

  public static let unknownCluster = Rule(
    id: "resolve/unknown-cluster", severity: .error, summary: "No cluster has the id that the service name begins with",
    checks: "That the first part of ID/NAMESPACE/NAME:PORT is an id in `discovery.kubernetes`.",
    why: "APISIX logs `id not exist` and answers 503.",
    example: "service_name: prod/default/cms:http, with the ids a and b configured",
    fix: "Write one of the ids, or add the cluster to config.yaml.", since: "3.0.0")

  public static let unknownService = Rule(
    id: "resolve/unknown-service", severity: .error, summary: "There is no such service",
    checks: "That an Endpoints object, or a slice, of this namespace and name is there.",
    why: """
      APISIX finds nothing under the name and answers 503: `no valid upstream node: nil`. At the usual log level \
      nothing else is said.
      """,
    example: "service_name: default/plat-deb:port, where the Service is called plat-dev",
    fix: "service_name: default/plat-dev:port")

  static let unknownPortName = Rule(
    id: "resolve/unknown-port-name", severity: .error, summary: "The service has no port of this name",
    checks: """
      That what stands behind the colon is a port's name in the Endpoints, or the pod's port number where the port \
      has no name. In EndpointSlices a port without a name is addressed by nothing at all: `default/cms:`. A headless \
      Service may have no port; then nothing addresses it.
      """,
    why: """
      APISIX keeps the nodes under the port's name. A number does not find a named port, nor the Service's port number \
      any. It answers 503 with `no valid upstream node: nil`.
      """,
    example: "service_name: default/plat-dev:3306, where the port is called port",
    fix: "service_name: default/plat-dev:port")

  static let noReadyAddress = Rule(
    id: "resolve/no-ready-address", severity: .error, summary: "The service has no address that is ready",
    checks: "That the Endpoints, or slices, of the service hold an address that is ready.",
    why: """
      APISIX takes ready addresses only. Without any it answers 503: `no valid upstream node: nil`. Either no pod \
      matches the Service's selector, or the pods fail their readiness probes.
      """,
    example: "kubectl get endpoints cms shows <none>",
    fix: """
      kubectl -n default get pods -o wide, and kubectl -n default describe service cms: compare the selector with the \
      pods' labels, and look at the readiness probes.
      """)

  static let hiddenService = Rule(
    id: "resolve/hidden-service", severity: .error,
    summary: "The service is there, but the configuration filters it out",
    checks: "Whether `namespace_selector` or `label_selector` keeps APISIX from seeing the service.",
    why: """
      What a selector leaves out APISIX does not know at all: 503 with `no valid upstream node: nil`. The label \
      selector looks at the labels of the Endpoints or slice, which come from the Service, not from the pods.
      """,
    example: """
      namespace_selector:
        equal: shop
      with service_name: default/plat-dev:port
      """,
    fix: "Widen the selector in config.yaml, or give the Service the label, and restart APISIX.")

  static let emptyNodes = Rule(
    id: "resolve/empty-nodes", severity: .error, summary: "The port is there, with an empty list of nodes",
    checks: "That the list of nodes is not empty.",
    why: "APISIX refuses an empty list: 503 with `no valid upstream node`.",
    example: "subsets: [{addresses: [], ports: [{name: http, port: 80}]}]", fix: "Let at least one pod become ready.")

  public static let refusedNodes = Rule(
    id: "resolve/refused-nodes", severity: .error, summary: "APISIX computes nodes and then refuses them",
    checks: "That every node has a host, a whole port from 1 to 65535 and a whole weight from 0 on.",
    why: "One bad node refuses all: 503 with `invalid nodes format`.",
    example: "ports: [{name: http, port: 0}]", fix: "Mend the object that the message names.")

  static let brokenList = Rule(
    id: "resolve/broken-list", severity: .error, summary: "One object stops APISIX from reading the rest",
    checks: "That no object holds a null where APISIX's code expects a list, and the like.",
    why: """
      APISIX raises a Lua error in the middle of the list. What was read before stays, everything behind it is lost, \
      and the next try after 40 seconds ends the same way.
      """,
    example: "subsets: null", fix: "Take the null out of the object, or delete the object.")

  static let otherKind = Rule(
    id: "resolve/other-kind", severity: .error,
    summary: "The service is only there in the kind that APISIX does not read",
    checks: """
      Whether there are EndpointSlices of the service where APISIX reads Endpoints, or the reverse; or only those of \
      the other kind hold addresses.
      """,
    why: """
      With `watch_endpoint_slices: true` APISIX reads slices only, otherwise Endpoints only. Hand-made slices have no \
      Endpoints, and newer clusters may stop writing Endpoints.
      """,
    example:
      "kubectl get endpoints cms: not found; kubectl get endpointslices -l kubernetes.io/service-name=cms: there",
    fix: "watch_endpoint_slices: true, with APISIX 3.15 or newer and the right to endpointslices")

  static let dualStack = Rule(
    id: "resolve/dual-stack", severity: .warning,
    summary: "The service has addresses of two IP families, and APISIX takes one or both",
    checks: """
      With `watch_endpoint_slices: true`: whether the nodes are IPv4 and IPv6. Otherwise, where the slices are known \
      too: whether they hold a family that the Endpoints do not (a note), or all there is (an error).
      """,
    why: """
      Kubernetes writes the Service's first family into Endpoints and both into slices, one slice for each. With \
      slices APISIX puts both among the nodes: every pod is there twice, and a gateway without a route for one family \
      fails on half of the requests. With Endpoints it knows nothing of the other family.
      """,
    example: """
      spec:
        ipFamilyPolicy: PreferDualStack
        ipFamilies: [IPv4, IPv6]
      """,
    fix: """
      Give the gateway routes for both families, or let the Service have one:
        ipFamilyPolicy: SingleStack
      """)

  static let sliceWithoutService = Rule(
    id: "resolve/slice-without-service", severity: .error, summary: "A slice does not say which service it is of",
    checks: """
      Whether there are slices called like a service that has none, which lack the label `kubernetes.io/service-name`.
      """,
    why: """
      The label says whose a slice is, not its name. APISIX logs `endpoint_slice has no service-name` and passes it \
      over, as kube-proxy does.
      """,
    example: "metadata: {name: cms-1, namespace: default}, in a slice written by hand",
    fix: """
      metadata:
        name: cms-1
        labels:
          kubernetes.io/service-name: cms
      """, since: "3.15.0")

  static let overCapacity = Rule(
    id: "resolve/over-capacity", severity: .warning, summary: "Kubernetes cut the Endpoints off at 1000 addresses",
    checks: "Whether the Endpoints object carries `endpoints.kubernetes.io/over-capacity`.",
    why: "The other pods get no traffic from APISIX.",
    example: "endpoints.kubernetes.io/over-capacity: truncated",
    fix: "watch_endpoint_slices: true, with APISIX 3.15 or newer")

  static let readyUnsaid = Rule(
    id: "resolve/ready-unsaid", severity: .warning, summary: "Slices do not say whether their endpoints are ready",
    checks: "Whether a slice's endpoint lacks `conditions.ready`.",
    why: "Kubernetes takes that for ready, APISIX for not ready: these addresses get no traffic.",
    example: "endpoints: [{addresses: [10.1.2.3]}]", fix: "conditions: {ready: true}", since: "3.15.0")

  static let externalName = Rule(
    id: "resolve/external-name", severity: .error, summary: "The Service is of type ExternalName",
    checks: "Whether the Service has Endpoints at all.",
    why: "An ExternalName Service is a DNS alias. It has no Endpoints, so APISIX has no nodes for it.",
    example: "spec: {type: ExternalName, externalName: db.example.org}",
    fix: "Use the external name itself as a node of the upstream.")

  static let labelSelectorRefused = Rule(
    id: "resolve/label-selector", severity: .error, summary: "The API server refuses label_selector",
    checks: "That `label_selector` is in kubectl's grammar.",
    why: """
      APISIX sends the text as it is. The API server answers 400, `unable to parse requirement`, and no list ever \
      succeeds.
      """,
    example: """
      label_selector: first="a",second="b"
      """,
    fix: "label_selector: first=a,second=b")

  static let badDocument = Rule(
    id: "resolve/bad-document", severity: .warning,
    summary: "The input holds something that is no Endpoints or EndpointSlice",
    checks: "That --from is given Endpoints, EndpointSlices, lists of them, or watch events.",
    why: "Everything else is passed over.",
    example: "kubectl get pods -A -o json | gatecheck resolve default/cms:http --from -",
    fix: "kubectl get endpoints -A -o json | gatecheck resolve default/cms:http --from -")

  static let staticNode = Rule(
    id: "resolve/static-node", severity: .note,
    summary: "The way round discovery: the Service's DNS name as a static node",
    checks: "Nothing; it is said with every name that has no nodes.",
    why: """
      A static node works without discovery, its token and its RBAC. The price: APISIX needs the cluster's DNS, it \
      sees one ClusterIP in place of the pods, so it balances nothing, keeps no session and checks no single pod.
      """,
    example: "service_name: default/cms:http gives no nodes",
    fix: """
      nodes:
        cms.default.svc:80: 1
      """)
}

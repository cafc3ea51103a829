public import Findings

/// The rules of `resolve` about what is beside the API server: the nodes themselves, and APISIX.
extension ResolveRules {
  public static let unreachableNodes = Rule(
    id: "resolve/unreachable-nodes", severity: .error, summary: "Nodes do not answer a TCP connection",
    checks: "With --probe: whether each node takes a TCP connection from where gatecheck runs.",
    why: """
      It is an error when none answers, and a warning when some do not. No route: pod addresses are not reachable from \
      here, which says nothing about APISIX when that runs elsewhere. Refused: nothing listens on the port. Timed out: \
      a firewall or NetworkPolicy drops the packets.
      """,
    example: "10.5.10.109 3306: timed out",
    fix: "Probe from where APISIX runs: gatecheck resolve NAME --probe --from-pod | kubectl apply -f -")

  static let nodeTLS = Rule(
    id: "resolve/node-tls", severity: .error, summary: "Nodes take no TLS handshake",
    checks: "With --probe=tls: whether each node that takes a TCP connection also takes a TLS handshake.",
    why: """
      An upstream with the scheme https or grpcs speaks TLS to its nodes. Without a handshake every request ends with \
      502. It is an error when no node takes it, and a warning when some do not.
      """,
    example: "scheme: https, and a port that speaks plain HTTP", fix: "scheme: http, or the port that speaks TLS")

  static let nodeCertificate = Rule(
    id: "resolve/node-certificate", severity: .warning, summary: "The certificate of a node does not verify",
    checks: """
      With --probe=tls: each node's certificate for the name NAME.NAMESPACE.svc, against --certificate-authority or \
      the system's authorities.
      """,
    why: """
      APISIX does not look at the certificates of an upstream's nodes by default, so traffic flows. A client that \
      looks, or APISIX once it is told to, refuses the connection.
      """,
    example: "10.5.10.109:8443 shows a certificate that has expired",
    fix: "Renew the certificate, with NAME.NAMESPACE.svc among its names.")

  public static let apisixRefused = Rule(
    id: "resolve/apisix-refused", severity: .error, summary: "A part of APISIX does not answer the question",
    checks: """
      That --admin, --etcd and --referenced answer with upstreams, and --control with what APISIX's discovery holds.
      """,
    why: "Without them it is not known which service names are in use, or what APISIX holds.",
    example: "401 without the key of deployment.admin.admin_key",
    fix: "--admin-key-file FILE, or GATECHECK_ADMIN_KEY; for --etcd the user and password of config.yaml")

  public static let differs = Rule(
    id: "resolve/apisix-differs", severity: .error,
    summary: "The running APISIX holds other nodes than the API server gives",
    checks: """
      With --control: each service name of the API server's list against `/v1/discovery/kubernetes/dump`. A change of \
      the last second may show too: ask again.
      """,
    why: """
      Stale or extra names point to a watch that has died without a word; missing ones to a page of the list that \
      failed (over 120 objects; APISIX does not look at the result of later pages), a full shared dict, or other \
      selectors.
      """,
    example: "default/cms:http is missing in APISIX",
    fix: "Reload APISIX, and look for `failed`, `no memory` and `list_watch` in its error.log.")

  public static let unusedUpstream = Rule(
    id: "resolve/unused-upstream", severity: .note, summary: "Nothing leads to an upstream with discovery",
    checks: "With --referenced or --admin: whether some route, service or plugin has the upstream's id.",
    why: "It gets no traffic. A route with an upstream of its own does not use that of its service.",
    example: "upstreams: [{id: old, service_name: default/cms:http, discovery_type: kubernetes}]",
    fix: "Delete it, or name it: upstream_id: old")

  static let conflictingUpstreams = Rule(
    id: "resolve/conflicting-upstreams", severity: .warning, summary: "Two upstreams stand where one is used",
    checks: """
      With --referenced, --admin or --etcd: routes and services that have both an upstream and an upstream_id, and ids \
      that have other service names in another source.
      """,
    why: """
      In APISIX a route's upstream_id comes first, then the route's own upstream, then the service's upstream_id, then \
      the service's upstream. The others are passed over without a word.
      """,
    example:
      "routes: [{id: 1, upstream_id: 7, upstream: {service_name: default/cms:http, discovery_type: kubernetes}}]",
    fix: "Remove the one that is not meant.")

  static let sharedSize = Rule(
    id: "resolve/shared-size", severity: .error, summary: "shared_size is too small for the nodes",
    checks: """
      With --all, --control and the like: the memory that all names and nodes take in APISIX's shared dict, counted as \
      nginx hands it out, against `shared_size`. Over four fifths is a warning.
      """,
    why: """
      APISIX never makes room in a full dict: it logs `set endpoint into discovery DICT failed, no memory` and keeps \
      the old nodes, or none. The default is 1m up to APISIX 3.17, and 64m from 3.18 on.
      """,
    example: "shared_size: 1m, for 2,000 services", fix: "shared_size: 4m")

  public static let otherRegistry = Rule(
    id: "resolve/other-registry", severity: .note, summary: "An upstream uses a registry that resolve does not ask",
    checks: "The discovery_type of the upstreams that were collected.",
    why: "Only kubernetes is resolved; the others are counted and not judged.",
    example: "discovery_type: nacos", fix: "gatecheck lint judges their service names.")

  static let serviceUnseen = Rule(
    id: "resolve/service-unseen", severity: .note, summary: "The Service or its pods could not be looked at",
    checks: "Whether the identity may read Services and Pods, where a name has no nodes.",
    why: """
      The Service's type, ports and selector, and how many pods that fits, would say more of why. APISIX itself needs \
      no right to them.
      """,
    example: "gatecheck resolve default/cms:http --config config.yaml, with the token of APISIX",
    fix: "Ask as an administrator: gatecheck resolve default/cms:http --kubeconfig FILE")
}

import Findings
import YAML

/// Source: the custom resources of APISIX's ingress controller, v2.
enum ApisixUpstream {
  static let wrongField: Rule = """
    apisixupstream/discovery (error): spec.discovery of an ApisixUpstream lacks a field or has an unknown one
    Checks: spec.discovery of ApisixUpstream: serviceName and type must be there, args may, a map \
    of text to text, and there is nothing else. The names are in camel case here, unlike in APISIX itself.
    Why: The resource definition requires both and the API server drops what it does not know. The ingress controller \
    then makes an upstream without discovery.
    Example:
    spec:
      discovery:
        service_name: default/plat-dev:http
        discovery_type: kubernetes
    Fix: spec:
      discovery:
        serviceName: default/plat-dev:http
        type: kubernetes
    """

  static let asBackend: Rule = """
    apisixupstream/as-backend (warning): An ApisixRoute uses an ApisixUpstream with discovery as a backend
    Checks: spec.http[].backends of ApisixRoute against the ApisixUpstreams with spec.discovery of the same namespace \
    in the run, when no Service of that name is there.
    Why: backends name Services. An ApisixUpstream with discovery or external nodes is used through upstreams; as a \
    backend the controller looks for a Service of that name and takes its static endpoints.
    Example:
    backends:
      - serviceName: plat-dev-upstream
        servicePort: 80
    Fix: upstreams:
      - name: plat-dev-upstream
    """

  private static let renamed = [
    "service_name": "serviceName", "servicename": "serviceName", "discovery_type": "type", "discoveryType": "type",
    "discovery_args": "args", "discoveryArgs": "args",
  ]

  static func discovery(_ manifest: Manifest) -> Field? {
    guard manifest.kind == "ApisixUpstream", manifest.apiVersion.hasPrefix("apisix.apache.org/") else { return nil }
    return manifest.object["spec"]?["discovery"]
  }

  static func check(_ manifest: Manifest, in project: Project) -> [Finding] {
    guard let discovery = discovery(manifest) else { return [] }
    let reference = DiscoveryReference(
      name: discovery["serviceName"] ?? discovery["service_name"],
      type: discovery["type"] ?? discovery["discovery_type"], args: discovery["args"])
    return fields(discovery) + arguments(discovery["args"]) + reference.check(in: project)
  }

  /// A map of text to text.
  private static func arguments(_ args: Field?) -> [Finding] {
    guard let args, !args.isNull else { return [] }
    guard args.isMapping else {
      return [args.finding(wrongField, "spec.discovery.args is not a map", help: "write args: {group_name: NAME}")]
    }
    return args.members.compactMap { member in
      guard member.value.isMapping || member.value.isSequence else { return nil }
      return member.value.finding(
        wrongField,
        "args.\(member.key) is a \(member.value.isMapping ? "map" : "list"); the API server takes text only",
        help: "write text, or remove it")
    }
  }

  private static func fields(_ discovery: Field) -> [Finding] {
    guard discovery.isMapping else { return [] }
    let known = ["serviceName", "type", "args"]
    var findings: [Finding] = []
    var given = Set(known.filter { discovery[$0] != nil })
    for member in discovery.members where !known.contains(member.key) && member.key != "<<" {
      let right = renamed[member.key] ?? nearest(member.key, among: known)
      let fits = right.map { !given.contains($0) } ?? false
      if let right { given.insert(right) }
      findings += member.finding(
        wrongField, "spec.discovery has no field '\(member.key)'",
        help: right.map { correction(member.key, meant: $0, isThere: !fits) } ?? "known here: serviceName, type, args",
        fix: fits ? right.map(member.renaming) : nil)
    }
    for key in ["serviceName", "type"] where !given.contains(key) {
      findings += discovery.finding(wrongField, "spec.discovery has no \(key)", help: "add \(key)")
    }
    return findings
  }

  static func checkRoute(_ route: Manifest, in project: Project) -> [Finding] {
    guard route.kind == "ApisixRoute", route.apiVersion.hasPrefix("apisix.apache.org/") else { return [] }
    let cluster = project.cluster
    guard !cluster.upstreams.isEmpty else { return [] }
    return (route.object["spec"]?["http"]?.items ?? []).flatMap { $0["backends"]?.items ?? [] }.compactMap { backend in
      guard let field = backend["serviceName"], let name = field.string,
        cluster.upstreams["\(route.namespace ?? "")/\(name)"]?.contains(where: { discovery($0) != nil }) ?? false,
        cluster.services["\(route.namespace ?? "")/\(name)"] == nil
      else { return nil }
      return field.finding(
        asBackend, "\(name) is an ApisixUpstream with discovery; backends name Services",
        help: "write upstreams: [{name: \(name)}]")
    }
  }
}

import Findings
import YAML

enum Endpoints {
  static let wrongAddress: Rule = """
    endpoints/address (error): An address that no Endpoints object may have
    Checks: The addresses of Endpoints and of EndpointSlices of type IPv4 or IPv6: an IP address must be there, of the \
    slice's type, and it must not be 0.0.0.0 or ::, a loopback (127.0.0.0/8, ::1), link-local (169.254.0.0/16, \
    fe80::/10) or link-local multicast one (224.0.0.0/24, ff02::/16).
    Why: The API server refuses the object: `must be a valid IP address`, `may not be in the loopback range`; in \
    slices from Kubernetes 1.20.7 on. Where an address without ip comes from a file, APISIX's sorting stops with an \
    error and the list is cut off there.
    Example:
    subsets:
      - addresses:
          - ip: db.example.com
    Fix: subsets:
      - addresses:
          - ip: 10.5.10.109
    """

  static let nullList: Rule = """
    endpoints/null-list (warning): A list of addresses or ports is null
    Checks: subsets, addresses and ports of Endpoints, ports and conditions in EndpointSlices: the key is there, and \
    nothing is behind it.
    Why: The API server drops an empty list of Endpoints, so that the service has no nodes. A null that reaches \
    APISIX, as a slice's `ports` can, stops it in the middle of the list: services behind it stay unknown.
    Example:
    kind: Endpoints
    metadata:
      name: plat-dev
    subsets:
    Fix: subsets:
      - addresses:
          - ip: 10.5.10.109
        ports:
          - name: http
            port: 8080
    """

  static let unnamedPort: Rule = """
    endpoints/unnamed-port (note): A port without a name is found by its number
    Checks: Ports without a name in Endpoints and EndpointSlices.
    Why: APISIX looks a port up by its name. Without one it is the number in Endpoints, and nothing at all \
    (`ns/name:`) in EndpointSlices. Naming the port makes both the same.
    Example:
    ports:
      - port: 3306
    Fix: ports:
      - name: mysql
        port: 3306
    """

  static let sliceWithoutService: Rule = """
    endpoints/slice-without-service (error): An EndpointSlice does not say to which Service it belongs
    Checks: The label kubernetes.io/service-name of EndpointSlices.
    Why: APISIX, as kube-proxy, finds the service by this label. A slice without it is skipped with an error line.
    Example:
    kind: EndpointSlice
    metadata:
      name: plat-dev-1
    Fix: kind: EndpointSlice
    metadata:
      name: plat-dev-1
      labels:
        kubernetes.io/service-name: plat-dev
    """

  static let tooMany: Rule = """
    endpoints/too-many (warning): More than 1000 addresses in one object
    Checks: The number of addresses in an Endpoints object and in an EndpointSlice.
    Why: Kubernetes cuts Endpoints off at 1000 addresses and refuses a slice with more, so some pods get no traffic.
    Example: an Endpoints object whose subsets have 1200 addresses
    Fix: set watch_endpoint_slices: true (APISIX 3.15 and later) and use EndpointSlices of at most 1000 each
    """

  static let serviceName = "kubernetes.io/service-name"

  static let rules = [wrongAddress, nullList, unnamedPort, sliceWithoutService, tooMany]

  static func check(_ manifest: Manifest) -> [Finding] {
    switch manifest.kind {
    case "Endpoints" where manifest.apiVersion == "v1": endpoints(manifest)
    case "EndpointSlice" where manifest.apiVersion.hasPrefix("discovery.k8s.io/"): slice(manifest)
    default: []
    }
  }

  private static func endpoints(_ manifest: Manifest) -> [Finding] {
    guard let subsets = manifest.object["subsets"] else { return [] }
    if subsets.isNull { return [null(subsets)] }
    var findings: [Finding] = []
    var count = 0
    for subset in subsets.items {
      findings += ["addresses", "ports"].compactMap { subset[$0] }.filter(\.isNull).map(null)
      let addresses = subset["addresses"]?.items ?? []
      count += addresses.count
      findings += (addresses + (subset["notReadyAddresses"]?.items ?? [])).compactMap { address in
        guard let ip = address["ip"], ip.string != nil else {
          return address.finding(wrongAddress, "this address has no ip", help: "add ip, or remove the item")
        }
        return unusable(ip)
      }
      findings += unnamed(subset["ports"], manifest) { $0["port"]?.string }
    }
    if count > 1000 {
      findings += subsets.finding(tooMany, "\(count) addresses; Kubernetes keeps 1000")
    }
    return findings
  }

  private static func slice(_ manifest: Manifest) -> [Finding] {
    var findings: [Finding] = []
    if manifest.label(serviceName)?.string == nil {
      findings += (manifest.metadata ?? manifest.object).finding(
        sliceWithoutService, "\(manifest.title) has no label kubernetes.io/service-name; APISIX skips it",
        help: "add labels: {kubernetes.io/service-name: SERVICE} under metadata")
    }
    if let ports = manifest.object["ports"], ports.isNull { findings += null(ports) }
    let endpoints = manifest.object["endpoints"]?.items ?? []
    findings += endpoints.compactMap { $0["conditions"] }.filter(\.isNull).map(null)
    let family = manifest.object["addressType"]?.string
    if family != "FQDN" {
      findings += endpoints.flatMap { $0["addresses"]?.items ?? [] }.compactMap { unusable($0, family) }
    }
    findings += unnamed(manifest.object["ports"], manifest) { _ in "" }
    if endpoints.count > 1000, let list = manifest.object["endpoints"] {
      findings += list.finding(tooMany, severity: .error, "\(endpoints.count) endpoints; a slice has 1000 at most")
    }
    return findings
  }

  private static func null(_ field: Field) -> Finding {
    field.finding(nullList, "\(field.path) is null", help: "fill it in, or remove the key")
  }

  private static func unnamed(_ ports: Field?, _ manifest: Manifest, _ key: (Field) -> String?) -> [Finding] {
    (ports?.items ?? []).compactMap { port in
      guard port.isMapping, (port["name"]?.string ?? "").isEmpty, let key = key(port) else { return nil }
      let owner = manifest.kind == "Endpoints" ? manifest.name : manifest.label("kubernetes.io/service-name")?.string
      return port.finding(
        unnamedPort,
        "this port has no name; its service_name is \(manifest.namespace ?? "NAMESPACE")/\(owner ?? "NAME"):\(key)",
        help: "give the port a name")
    }
  }

  /// - Parameter family: the slice's `addressType`; nil where both may stand.
  private static func unusable(_ address: Field, _ family: String? = nil) -> Finding? {
    guard let text = address.string, !text.isTemplated else { return nil }
    guard let ip = IPAddress(text) else {
      return address.finding(wrongAddress, "\(text) is not an IP address", help: "write an address of a pod")
    }
    if let objection = ip.objection {
      return address.finding(
        wrongAddress, "\(text) \(objection), which the API server refuses", help: "write an address of a pod")
    }
    let own = ip.isIPv4 ? "IPv4" : "IPv6"
    guard let family, ["IPv4", "IPv6"].contains(family), family != own else { return nil }
    return address.finding(
      wrongAddress, "\(text) is an \(own) address in a slice of addressType \(family), which the API server refuses",
      help: "put it into a slice of addressType \(own)")
  }
}

import APISIX
import Common
import Findings

enum KubernetesPort {
  static let isNumber: Rule = """
    service-name/port-number (note): A port's number is where its name is needed
    Checks: Service names of the kubernetes registry that end in a number, when the run does not show the port.
    Why: A port that has a name is found by its name only. A number works only for the single, unnamed port of a \
    Service, and it is then the number of the pods' port, not of the Service's; with EndpointSlices it never does.
    Example: service_name: default/plat-dev:80
    Fix: service_name: default/plat-dev:http
    zh: 应写端口名，却写了端口号
    Checks: kubernetes 注册中心的 service_name 以数字结尾，而本次检查的文件里没有这个端口的定义。
    Why: 有名称的端口只能按名称查找。只有 Service 唯一且没有名称的端口才能用数字，而且要写 Pod 的端口号，不是 \
    Service 的端口号；使用 EndpointSlices 时，写数字一律无效。
    """

  static let unknown: Rule = """
    service-name/port-unknown (error): The Service has no port of this name
    Checks: The port in a service name of the kubernetes registry against the Service or Endpoints of that namespace \
    and name in the same run.
    Why: APISIX looks for a port of exactly this name. Where there is none the request gets 503 `no valid upstream \
    node: nil`, with no other line in the log.
    Example:
    kind: Service
    metadata: {name: plat-dev, namespace: default}
    spec:
      ports: [{name: http, port: 80, targetPort: 8080}]
    ---
    service_name: default/plat-dev:80
    Fix: service_name: default/plat-dev:http
    zh: Service 没有这个名称的端口
    Checks: 把 kubernetes 注册中心 service_name 中的端口，与本次检查的文件里同一命名空间、同一名称的 Service 或 \
    Endpoints 对照。
    Why: APISIX 要找名称完全相同的端口。找不到时请求得到 503 `no valid upstream node: nil`，日志里没有别的内容。
    """

  static let rules = [isNumber, unknown]

  static func check(_ field: Field, _ name: ServiceName, slices: Bool, _ cluster: Cluster) -> Finding? {
    let port = name.port
    let ports = known(name.key, cluster)
    let prefix = name.cluster.map { "\($0)/\(name.key)" } ?? name.key
    if !ports.isEmpty, ports.allSatisfy({ !$0.isEmpty }), !ports.contains(port) {
      let near = ports.count == 1 ? ports.first : nearest(port, among: ports)
      return field.finding(
        unknown, "\(name.key) has no port named '\(port)'; it has \(ports.joined(separator: ", "))",
        help: near.map { "write \(prefix):\($0)" }, fix: near.flatMap { field.replacing(with: "\(prefix):\($0)") })
    }
    if port.isEmpty, !slices {
      return field.finding(
        ServiceNameForm.portMissing, severity: .warning,
        "nothing stands behind the colon; that finds only an unnamed port, and only with watch_endpoint_slices",
        help: "write \(prefix):PORT, the name of the port in the Service")
    }
    guard !port.isEmpty, port.utf8.allSatisfy({ 48...57 ~= $0 }) else { return nil }
    return field.finding(
      isNumber, severity: slices ? .warning : nil,
      slices
        ? "'\(port)' is a number; with watch_endpoint_slices a port is found by its name only"
        : "'\(port)' is a number; it is found only if the port has no name, and is then the pods' port",
      help: "write the name of the port in the Service: \(prefix):NAME")
  }

  /// The port names of a service as far as the run shows them; empty strings for unnamed ones.
  private static func known(_ key: String, _ cluster: Cluster) -> [String] {
    let endpoints = (cluster.endpoints[key] ?? []).flatMap { manifest in
      (manifest.object["subsets"]?.items ?? []).flatMap { $0["ports"]?.items ?? [] }
    }
    let services = (cluster.services[key] ?? []).flatMap { $0.object["spec"]?["ports"]?.items ?? [] }
    var names: [String] = []
    for port in endpoints + services {
      let text = port["name"]?.string ?? ""
      if text.isTemplated { return [] }
      if !names.contains(text) { names.append(text) }
    }
    return names
  }
}

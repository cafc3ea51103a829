import APISIX
import Findings
import SourceText

enum UnexpectedServiceName {
  static let rule: Rule = """
    log/unexpected-service-name (error, since 2.13.0): A service_name is none of Kubernetes' discovery
    Checks: `get unexpected upstream service_name`.
    Why: APISIX wants NAMESPACE/NAME:PORT, with several clusters ID/NAMESPACE/NAME:PORT, where PORT is the port's name \
    in the Endpoints, or its number if it has none. For a DNS name, an address or a name alone it has no node.
    Example: get unexpected upstream service_name: cms.default.svc.cluster.local
    Fix: service_name: default/cms:http
    zh: service_name 不是 Kubernetes 服务发现的格式
    Checks: `get unexpected upstream service_name`。
    Why: APISIX 要求写成 NAMESPACE/NAME:PORT，多集群时写成 ID/NAMESPACE/NAME:PORT。其中 PORT 是 Endpoints 里的端口名\
    ，端口没有名称时才写端口号。写成 DNS 名称、IP 地址或者只写服务名，都找不到节点。
    """

  static let check = LogCheck(rule, .nameUnexpected) { record in
    guard let name = record.said(.nameUnexpected)?[.name] else { return nil }
    // Up to 3.16 the sentence of several clusters stands at a line of its own.
    let isSecond = Release.known.contains { release in
      Sentence.nameUnexpected.places(in: release).dropFirst().contains { $0 == record.said(.raised)?.place }
    }
    return explanation(shown(name), isSecond ? .multi : .single)
  }

  /// - Parameter ids: of the clusters, where they are known.
  static func explanation(_ name: String, _ mode: ServiceNameMode, ids: [String] = []) -> Explanation {
    let advice = ServiceName.Advice(name, mode: mode, clusters: ids.count == 1 ? ids : ["ID"])
    // A name that is right for one cluster lacks the id of several.
    if advice == nil, mode == .single { return explanation(name, .multi, ids: ids) }
    let form = mode == .multi ? "ID/NAMESPACE/NAME:PORT" : "NAMESPACE/NAME:PORT"
    let known = ids.isEmpty ? "a cluster's id" : "one of \(ids.joined(separator: ", "))"
    let suggestion = advice?.suggestion ?? form
    let blanks = [("ID/", "\(known) for ID"), ("PORT", "the port's name or number for PORT")]
      .filter { suggestion.has($0.0) }.map(\.1)
    return Explanation(
      rule,
      "service_name \(name) is not \(form), which Kubernetes' discovery needs"
        + (mode == .multi ? " where it is a list of clusters" : ""),
      help: "write service_name: \(suggestion)"
        + (blanks.isEmpty ? "" : ", with \(blanks.joined(separator: " and "))"),
      .request(.kubernetes), values: [(.service, name)])
  }
}

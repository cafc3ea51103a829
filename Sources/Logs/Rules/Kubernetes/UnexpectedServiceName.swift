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

  static let check = LogCheck(rule, .nameUnexpected) {
    guard let name = $0.said(.nameUnexpected)?[.name].map({ shown($0) }) else { return nil }
    let advice = ServiceName.Advice(name, mode: .single)
    // With several clusters a right name for one lacks the id.
    let help =
      advice.map { "write service_name: \($0.suggestion), with the port's name or number for PORT" }
      ?? "there are several clusters: write service_name: ID/\(name), with the id of one of them"
    return Explanation(
      rule, "service_name \(name) is not NAMESPACE/NAME:PORT, which Kubernetes' discovery needs", help: help,
      .request(.kubernetes), values: [(.service, name)])
  }
}

import APISIX
import Findings
import YAML

enum PortNotString {
  static let rule: Rule = """
    kubernetes/port-not-string (error, since 2.13.0): The API server's port is not a string
    Checks: That `service.port` is a YAML string. Unquoted digits are a number, and so are 0x1F, 1_000, 1e3 and 12:30.
    Why: APISIX's schema allows only a string here. From 3.0 on it answers with `object matches none of the required`, \
    which names neither the key nor the reason, and does not start.
    Example:
    discovery:
      kubernetes:
        service:
          host: 192.168.60.146
          port: 6443
    Fix: Quote it:
      port: "6443"
    zh: API Server 的端口不是字符串
    Checks: `service.port` 必须是 YAML 字符串。不加引号的数字是数值，0x1F、1_000、1e3 和 12:30 也是。
    Why: APISIX 的 schema 在这里只允许字符串。从 3.0 起，它只报 `object matches none of the required`，既不说是哪个\
    键，也不说原因，并且不启动。
    Fix: 加上引号：
      port: "6443"
    """

  static func check(_ cluster: KubernetesCluster) -> Finding? {
    guard let port = cluster["service", "port"], !port.isString, !port.substituted else { return nil }
    let file = cluster.file
    guard case .number = port.kind, case .scalar(let text, .plain) = file.tree[file.tree.resolved(port.node)].content,
      let number = UInt16(text), number > 0, String(number) == text
    else {
      return port.finding(
        rule, "port is \(port.described); APISIX accepts only a string of digits here",
        help: "write the port in quotes: port: \"6443\"")
    }
    let isAlias = file.tree.resolved(port.node) != port.node
    return port.finding(
      rule, "port is the number \(text); APISIX accepts only a string here", help: "quote it: port: \"\(text)\"",
      fix: Fix(safe: true, edits: isAlias ? [] : [file.edit(file.tree[port.node].range, "\"\(text)\"")]))
  }
}

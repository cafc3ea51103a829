import APISIX
import Findings

enum UnknownRegistry {
  static let rule: Rule = """
    log/unknown-registry (error, since 2.13.0): APISIX does not start: it has no registry of this name
    Checks: `module 'apisix.discovery.NAME' not found`.
    Why: Each key below `discovery` is loaded as a module when nginx starts. A key that is misspelt, in upper case, of \
    a newer release, or of apisix-seed (zookeeper, etcd) stops it.
    Example: init_by_lua error: apisix/discovery/init.lua:28: module 'apisix.discovery.zookeeper' not found:
    Fix: Write the key as APISIX has it: kubernetes, nacos, consul, consul_kv, eureka, dns, tars; or take it out.
    zh: APISIX 启动失败：没有这个名称的注册中心
    Checks: `module 'apisix.discovery.NAME' not found`。
    Why: nginx 启动时，`discovery` 下的每个键都会作为模块加载。拼错、用了大写、只有更新的版本才有，或者属于 \
    apisix-seed（zookeeper、etcd）的键，都会导致启动失败。
    Fix: 按 APISIX 的名称来写：kubernetes、nacos、consul、consul_kv、eureka、dns、tars；否则就删掉。
    """

  static let check = LogCheck(rule, .moduleMissing, .moduleLoop) {
    guard let name = ($0.said(.moduleMissing) ?? $0.said(.moduleLoop))?[.registry].map({ shown($0) }) else {
      return nil
    }
    let known = RegistryKind.allCases.map(\.key)
    let help =
      if let near = nearest(name, among: known) {
        "write \(near) in its place"
      } else if let kind = RegistryKind(rawValue: name) {
        "this release does not have \(name) yet: it came with \(kind.since)"
      } else {
        "take discovery.\(name) out of config.yaml; APISIX has \(known.joined(separator: ", "))"
      }
    return Explanation(
      rule, "APISIX does not start: discovery.\(name) names no registry that it has", help: help, .cause(nil),
      values: [(.registry, name)])
  }
}

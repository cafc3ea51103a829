import APISIX
import Findings
import SourceText
import YAML

/// `discovery` one level too deep or spelt otherwise, and registries beside it.
enum NotTopLevel {
  static let rule: Rule = """
    discovery/not-top-level (error, since 2.1.0): discovery does not stand at the top level
    Checks: That `discovery` is a top-level key of config.yaml, spelt so, and that the registries stand below it.
    Why: Anywhere else APISIX ignores it without a word, and each request to a discovered upstream fails with \
    `discovery kubernetes is uninitialized`.
    Example:
    apisix:
      discovery:
        kubernetes: {}
    Fix: discovery:
      kubernetes: {}
    zh: discovery 不在顶层
    Checks: `discovery` 必须是 config.yaml 的顶层键，拼写正确，注册中心写在它下面。
    Why: 写在别处会被 APISIX 直接忽略，没有任何提示。之后凡是使用服务发现的上游，每个请求都会报 `discovery \
    kubernetes is uninitialized`。
    """

  private static let spellings = ["discovery", "discoverys", "discoveries", "service_discovery"]
  private static let sections = ["apisix", "deployment", "nginx_config", "plugin_attr"]

  static func check(_ context: ConfigContext) -> [Finding] {
    let file = context.file
    guard let root = file.root, let pairs = file.tree.pairs(root) else { return [] }
    // Two keys of one name would be one too many.
    let isThere = file.tree.value("discovery", in: root) != nil
    return [hidden(context, root)].compactMap { $0 }
      + pairs.compactMap { pair in
        guard let name = file.tree.scalar(pair.key) else { return nil }
        if name != "discovery",
          spellings.contains(name.lowercased()) || ConfigSigns.meant(pair, in: file.tree) == "discovery"
        {
          return file.finding(
            rule, "APISIX ignores \(name); the key is discovery", at: pair.key, path: name,
            help: isThere ? "move what stands below it under discovery, and remove it" : "write discovery",
            fix: isThere ? nil : file.replace(pair.key, with: "discovery"))
        }
        if sections.contains(name), let inner = file.tree.pair("discovery", in: pair.value) {
          return nested(inner, in: name, file)
        }
        return beside(pair, name, file)
      }
  }

  /// One that only YAML's readers see, and tinyyaml does not.
  private static func hidden(_ context: ConfigContext, _ root: Tree.ID) -> Finding? {
    let file = context.file
    guard file.tree.reader != .libyaml, file.tree.value("discovery", in: root) == nil else { return nil }
    let bytes = file.tree.text.bytes
    let tree = Tree.partial(bytes).tree
    guard let key = tree.documents.first.flatMap({ tree.pair("discovery", in: $0)?.key }) else { return nil }
    let hasMark = bytes.starts(with: [0xEF, 0xBB, 0xBF])
    let help = hasMark ? "save the file without a byte order mark" : "end each line with a line feed"
    return file.finding(
      rule, "APISIX \(context.release) does not see discovery here, and reads no registry", range: tree[key].range,
      path: "discovery", help: hasMark || bytes.contains(0x0D) ? help : nil)
  }

  private static func nested(_ pair: Node.Pair, in section: String, _ file: LintFile) -> Finding? {
    let isMap = file.tree.pairs(pair.value) != nil
    let isChart = file.tree.has(["enabled", "registry"], in: pair.value)
    // `discovery: eureka` is how APISIX 1 had it.
    let name = file.tree.scalar(pair.value).flatMap { RegistryKind(rawValue: $0) }
    guard isMap || name != nil else { return nil }
    let top = file.root.flatMap { file.tree.value("discovery", in: $0) }
    let isThere = { (key: Node.Pair) in
      file.tree.scalar(key.key).map { name in top.flatMap { file.tree.value(name, in: $0) } != nil } ?? false
    }
    return file.finding(
      rule, severity: file.tree.pairs(pair.value)?.allSatisfy(isThere) == true ? .warning : nil,
      "APISIX ignores discovery under \(section); it must stand at the top level", at: pair.key,
      path: "\(section).discovery",
      help: name.map { "write at the left edge of the file discovery:, and \($0.rawValue): below it" }
        ?? (isChart
          ? "move it to the left edge of the file, with the registries straight below it, without enabled and registry"
          : "move it to the left edge of \(WrongFile.isStandalone(file) ? "config.yaml" : "the file")"))
  }

  /// `eureka:` with its settings, or `discovery.eureka:`, at the top level.
  private static func beside(_ pair: Node.Pair, _ name: String, _ file: LintFile) -> Finding? {
    let dotted = name.utf8.starts(with: "discovery.".utf8)
    let registry = dotted ? String(name.dropFirst("discovery.".utf8.count)) : name
    guard let kind = RegistryKind(rawValue: registry), file.tree.pairs(pair.value) != nil,
      dotted || file.tree.has(["host", "servers", "service"], in: pair.value)
    else { return nil }
    return file.finding(
      rule, "APISIX ignores \(name) at the top level; registries stand below discovery", at: pair.key,
      path: name, help: "write discovery:, and \(kind.key): indented below it")
  }
}

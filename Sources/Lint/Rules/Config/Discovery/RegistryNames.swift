import APISIX
import Findings
import SourceText
import YAML

enum RegistryNames {
  static let unknown: Rule = """
    discovery/unknown-registry (error, since 2.12.0): APISIX has no registry of this name
    Checks: That each key of `discovery` is one of \(RegistryKind.list()), or a registry module of your own that \
    gatecheck knows of.
    Why: `apisix init` lets it pass, since there is no schema to ask. Then nginx does not start: `module \
    'apisix.discovery.k8s' not found`. A file of a registry, such as `kubernetes.core`, is found: nginx starts then, \
    and each request is answered with 500.
    Example:
    discovery:
      k8s:
        service: {host: 192.168.60.146, port: "6443"}
    Fix: discovery:
      kubernetes:
        service: {host: 192.168.60.146, port: "6443"}
    For a module of your own, say so in .gatecheck.yaml:
      registries: [my]
    zh: APISIX 没有这个名称的注册中心
    Checks: `discovery` 的每个键必须是以下之一：\(RegistryKind.list("、"))；或者是 gatecheck 已知的自定义注册中心模块。
    Why: 没有对应的 schema，所以 `apisix init` 会放行；随后 nginx 启动失败：`module 'apisix.discovery.k8s' not \
    found`。如果写的是注册中心内部的文件（例如 `kubernetes.core`），模块能找到，nginx 可以启动，但每个请求都返回 500。
    Fix: discovery:
      kubernetes:
        service: {host: 192.168.60.146, port: "6443"}
    如果是自定义模块，请在 .gatecheck.yaml 里声明：
      registries: [my]
    """

  static let tooNew: Rule = """
    discovery/registry-too-new (error, since 2.13.0): This release does not have the registry yet
    Checks: That each registry of `discovery` exists in the release that is judged.
    Why: An older release finds no module of that name, and nginx does not start.
    Example: consul before 3.1.0, tars before 2.14.0
    Fix: Use the release that the message names.
    """

  static let isEmpty: Rule = """
    discovery/registry-empty (warning, since 2.12.0): A registry without a value is not enabled
    Checks: That a registry under `discovery` has a value. Where none has, it is an error.
    Why: While APISIX merges the file with its defaults, keys without a value are dropped. The registry is then off, \
    without a word, and each request to its upstreams fails with `discovery kubernetes is uninitialized`.
    Example:
    discovery:
      kubernetes:
    Fix: For all defaults write an empty map; other registries than kubernetes need their servers:
      discovery:
        kubernetes: {}
    """

  static let notAMap: Rule = """
    discovery/not-a-map (error, since 2.12.0): discovery is not a map of registries
    Checks: That `discovery` is a map whose keys are the registries' names.
    Why: A string or number crashes `apisix init` with a Lua error. A list passes it and then nginx does not start: \
    `module 'apisix.discovery.1' not found`.
    Example: discovery: [kubernetes]
    Fix: discovery:
      kubernetes: {}
    """

  static let helmStyle: Rule = """
    discovery/helm-style (error, since 2.12.0): discovery is written as in the Helm chart's values
    Checks: That `discovery` of config.yaml has no `enabled` and `registry`.
    Why: These two belong to the values of the APISIX Helm chart, which renders them away. In config.yaml APISIX looks \
    for registries called `enabled` and `registry`, and nginx does not start.
    Example:
    discovery:
      enabled: true
      registry:
        kubernetes: {}
    Fix: discovery:
      kubernetes: {}
    zh: discovery 写成了 Helm chart values 的形式
    Checks: config.yaml 的 `discovery` 下面不应有 `enabled` 和 `registry`。
    Why: 这两个键属于 APISIX Helm chart 的 values，渲染之后就没有了。写进 config.yaml 后，APISIX 会去找名为 \
    `enabled` 和 `registry` 的注册中心，nginx 启动失败。
    """

  static let rules = [unknown, tooNew, isEmpty, notAMap, helmStyle]

  static func check(_ context: ConfigContext) -> [Finding] {
    let file = context.file
    guard let root = file.root, let pair = file.tree.pair("discovery", in: root) else { return [] }
    guard let pairs = file.tree.pairs(pair.value) else { return [shape(pair, context: context)].compactMap { $0 } }
    let names = pairs.compactMap { file.tree.scalar($0.key) }
    let ofChart =
      names.contains("registry") ? "registry" : names.count > 1 && names.contains("enabled") ? "enabled" : nil
    if let ofChart {
      let key = pairs.first { file.tree.scalar($0.key) == ofChart }?.key
      return [
        file.finding(
          helmStyle, "discovery is written as in a Helm chart's values; APISIX has no registry called \(ofChart)",
          at: key ?? pair.key, path: "discovery.\(ofChart)",
          help: ofChart == "registry"
            ? "put the registries directly under discovery"
            : "in config.yaml take enabled out; in a chart's values put the registries under discovery.registry")
      ]
    }
    return pairs.compactMap { pair in
      file.tree.scalar(pair.key).flatMap { $0 == "<<" ? nil : check($0, pair, context) }
    }
  }

  private static func check(_ name: String, _ pair: Node.Pair, _ context: ConfigContext) -> Finding? {
    let file = context.file
    let path = "discovery.\(name)"
    if file.tree.isNull(pair.value) {
      guard FileKind.registryNames.contains(name) else { return nil }
      // One of several is how people turn it off.
      return file.finding(
        isEmpty, severity: context.registries.isEmpty ? .error : .warning,
        "\(name) has no value, so APISIX does not enable it", at: pair.key, path: path,
        help: filled(name, in: context.release))
    }
    if let kind = RegistryKind(rawValue: name) {
      guard !kind.isKnown(in: context.release) else { return nil }
      return file.finding(
        tooNew, "APISIX \(context.release) has no registry \(name); it came with \(kind.since)", at: pair.key,
        path: path, help: "use \(kind.since) or newer")
    }
    guard !context.declaredRegistries.contains(name), !name.has("${{") else { return nil }
    let folded = name.lowercased()
    let meant = RegistryKind(meant: name)?.key
    let near = meant ?? nearest(name, among: FileKind.registryNames.sorted())
    let isThere = near.map { near in context.registries.contains { $0.key == near } } ?? false
    let seeded = folded == "zookeeper" || folded == "etcd"
    return file.finding(
      unknown,
      "APISIX has no registry \(quoted(name)); "
        + fate(DiscoveryModule(name, release: context.release, declared: []))
        + (near.map { isThere ? "" : "; did you mean \($0)?" } ?? ""),
      at: pair.key, path: path,
      help: seeded
        ? "remove it; APISIX cannot read \(name) itself (apisix-seed did for ZooKeeper, up to APISIX 3.5)"
        : near.map { correction(name, meant: $0, isThere: isThere) }
          ?? "remove it, or declare your own module in .gatecheck.yaml: registries: [\(name)]",
      fix: seeded
        || isThere ? nil : near.map { file.rename(pair.key, to: $0, safe: meant != nil) })
  }

  /// What to write for a registry without a value: what its schema requires, of two the first, else an empty map.
  private static func filled(_ name: String, in release: Release) -> String {
    let kind = RegistryKind(rawValue: name)
    let schema = kind?.schema(in: release)
    guard let kind, let required = schema?.required ?? schema?.oneOf.first?.required, !required.isEmpty else {
      return "for all defaults write \(name): {}"
    }
    return "below it write \(required.map(kind.sample).joined(separator: " and ")); \(name) requires it"
  }

  private static func fate(_ module: DiscoveryModule) -> String {
    switch module {
    case .missing, .itself: "nginx does not start"
    case .part: "every worker fails while it starts, and each request gets 500"
    default: "APISIX finds the file, but no settings for it"
    }
  }

  private static func shape(_ pair: Node.Pair, context: ConfigContext) -> Finding? {
    let file = context.file
    guard !file.tree.isNull(pair.value), context.verdict.accepts == false, context.verdict.stage != .yaml else {
      return nil
    }
    let list = file.tree.items(pair.value)
    let given = list?.first.flatMap { file.tree.scalar($0) } ?? file.tree.scalar(pair.value)
    let first = given.flatMap { RegistryKind(rawValue: $0) } ?? .kubernetes
    return file.finding(
      notAMap, "discovery is \(list == nil ? "not a map" : "a list"); APISIX wants a map of registries",
      at: pair.value, path: "discovery",
      help: "write discovery: {\(first.key): {}}, with the registry's settings below it")
  }
}

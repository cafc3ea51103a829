import Findings
import Inputs
import SourceText
import YAML

/// What stands in the wrong one of APISIX's two files: config.yaml has the settings, apisix.yaml the routes.
enum WrongFile {
  static let rule: Rule = """
    standalone/wrong-file (error): Routes stand in config.yaml, or discovery in apisix.yaml
    Checks: That a file called config.yaml has no lists of routes, services, upstreams and the like at its top, that \
    none has them below `apisix` and `deployment`, and that apisix.yaml has no `discovery`.
    Why: APISIX reads settings from config.yaml and routes from apisix.yaml, and ignores the others without a \
    word: requests get 404, or `discovery consul is uninitialized`.
    Example:
    apisix:
      routes:
        - uri: /hello
          upstream: {service_name: web, discovery_type: consul, type: roundrobin}
    Fix: In apisix.yaml:
    routes:
      - uri: /hello
        upstream: {service_name: web, discovery_type: consul, type: roundrobin}
    #END
    """

  /// Of a file that has APISIX's settings.
  static func check(_ context: ConfigContext) -> [Finding] {
    let file = context.file
    guard let root = file.root, let pairs = file.tree.pairs(root) else { return [] }
    let isStandalone = isStandalone(file)
    // One of another name may be mounted as either; the marker shows what its author took it for.
    let isConfig = name(of: file).hasPrefix("config") && !EndMarker.isMarked(file.tree.text.bytes)
    var findings: [Finding] = []
    for pair in pairs {
      let name = file.tree.scalar(pair.key) ?? ""
      if name == "discovery", isStandalone {
        findings += discovery(pair.key, file)
      } else if isConfig, isResources(pair, in: file) {
        findings += resources(pair, name, file)
      } else if name == "apisix" || name == "deployment" {
        for inner in file.tree.pairs(pair.value) ?? [] where isResources(inner, in: file) {
          findings += resources(inner, "\(name).\(file.tree.scalar(inner.key) ?? "")", file)
        }
      }
    }
    return findings
  }

  /// Of a file that has routes.
  static func check(_ top: Field) -> [Finding] {
    guard isStandalone(top.file), let pair = top.file.tree.pair("discovery", in: top.id),
      top.file.tree.pairs(pair.value) != nil
    else { return [] }
    return [discovery(pair.key, top.file)]
  }

  /// Whether a file is called as the one that APISIX reads routes from.
  static func isStandalone(_ file: LintFile) -> Bool {
    ["apisix.yaml", "apisix.yml", "apisix.json"].contains(name(of: file))
  }

  private static func name(of file: LintFile) -> String { file.host?.name ?? String(LocalPath.name(of: file.path)) }

  /// A list of objects under one of the names that apisix.yaml has.
  private static func isResources(_ pair: Node.Pair, in file: LintFile) -> Bool {
    guard let items = file.tree.items(pair.value), let name = file.tree.scalar(pair.key),
      ResourceSigns.sections.contains(name)
    else { return false }
    return items.contains { file.tree.pairs($0) != nil }
  }

  private static func resources(_ pair: Node.Pair, _ path: String, _ file: LintFile) -> Finding {
    let place = path.split(separator: ".").dropLast().first
    return file.finding(
      rule,
      "APISIX reads no \(path.split(separator: ".").last ?? "") \(place.map { "under \($0)" } ?? "in config.yaml")",
      at: pair.key, path: path,
      help: "move it to the left edge of apisix.yaml, which role data_plane with config_provider: yaml reads; or use "
        + "the Admin API")
  }

  private static func discovery(_ key: Tree.ID, _ file: LintFile) -> Finding {
    file.finding(
      rule, "APISIX reads discovery from config.yaml, not from apisix.yaml", at: key, path: "discovery",
      help: "move it to config.yaml")
  }
}

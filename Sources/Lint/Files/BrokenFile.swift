import SourceText
import YAML

/// A text that is no YAML, told from its lines, and in brackets from what stands before the error: a config.yaml with a
/// slip must not be passed over.
struct BrokenFile {
  /// The keys at the left edge.
  private var sections: Set<String> = []
  /// Whether below one of them stands what only APISIX has there.
  private var isSure = false
  private var isResource = false
  private var isTemplate = false
  private let tree: Tree

  init(_ tree: Tree) {
    self.tree = tree
    var section = ""
    for line in tree.text.bytes.split(separator: UInt8(ascii: "\n")) {
      if Self.isTemplated(line) {
        isTemplate = true
        continue
      }
      let content = line.drop { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: "\t") }
      guard let first = content.first, first != UInt8(ascii: "#"), content.count < 400 else { continue }
      // A colon that an input method made wide begins with 0xEF.
      let key = String(decoding: content.prefix { $0 != UInt8(ascii: ":") && $0 != 0x0D && $0 != 0xEF }, as: UTF8.self)
      let rest = content.dropFirst(key.utf8.count + 1).filter { !$0.isSpace }
      if content.startIndex == line.startIndex {
        section = key
        sections.insert(key)
        if key == "discovery" {
          isSure = isSure || FileKind.registryNames.contains { Self.contains(rest[...], "{\($0):") }
        }
      } else {
        look(at: key, rest, below: section)
      }
    }
  }

  private mutating func look(at key: String, _ rest: [UInt8], below section: String) {
    switch section {
    case "apisix":
      isSure =
        isSure || ConfigKeys.apisix.contains(key) || rest.isEmpty && ConfigKeys.listsOfAPISIX.contains(key)
        || rest.isEmpty && ["ssl", "control", "router", "proxy_cache"].contains(key)
    case "deployment":
      isSure = isSure || key.hasPrefix("role_") || key == "role" || ConfigKeys.admin.contains(key)
    case "discovery": isSure = isSure || FileKind.registryNames.contains(key)
    case "nginx_config":
      isSure = isSure || ConfigKeys.nginx.contains(key) || key.hasSuffix("_configuration_snippet") || key == "http"
    case "plugin_attr": isSure = true
    case "ext-plugin": isSure = isSure || key == "cmd"
    default:
      guard ResourceSigns.sections.contains(section) else { return }
      isResource =
        isResource || ["uri", "uris", "upstream", "upstream_id", "service_id", "nodes", "username"].contains(key)
    }
  }

  /// - Parameters:
  ///   - path: as the user named the file.
  ///   - named: the user named the file, so one of another kind that gatecheck knows is not passed over either.
  func told(_ path: String, named: Bool) -> ToldKind? {
    if isTemplate, !isSure { return nil }
    let name = FileName(path)
    if sections.contains("apiVersion") {
      return named && sections.contains("kind") ? ToldKind(kind: .kubernetes, isCertain: true) : nil
    }
    if !sections.isDisjoint(with: HelmSigns.own)
      || sections.contains("apisix") && !sections.isDisjoint(with: HelmSigns.common)
    {
      return named ? ToldKind(kind: .helmValues, isCertain: false) : nil
    }
    if isSure { return ToldKind(kind: .apisixConfig, isCertain: true) }
    if name.isConfig, !sections.isDisjoint(with: ["apisix", "deployment", "discovery"]) {
      return ToldKind(kind: .apisixConfig, isCertain: false)
    }
    let isListed = isResource || name.isStandalone && !sections.isDisjoint(with: ResourceSigns.sections)
    if isListed { return named ? ToldKind(kind: .apisixStandalone, isCertain: isResource) : nil }
    let told = FileKind.ofUnfinished(tree, path: path)
    return named || told?.kind == .apisixConfig ? told : nil
  }

  /// Whether a line is of a Helm chart's template, of Jinja, ERB or the like, and no comment.
  static func isTemplated(_ line: ArraySlice<UInt8>) -> Bool {
    line.first { $0 != 0x20 && $0 != 0x09 } != UInt8(ascii: "#")
      && (contains(line, "{%") || contains(line, "<%") || (contains(line, "{{") && !contains(line, "${{")))
  }

  private static func contains(_ line: ArraySlice<UInt8>, _ text: String) -> Bool {
    line.indices.contains { line[$0...].starts(with: text.utf8) }
  }
}

public import Findings
import SourceText
import YAML

extension Settings {
  /// Reads a .gatecheck.yaml.
  /// - Parameters:
  ///   - path: as findings are to name it.
  ///   - directory: its absolute path.
  /// - Throws: everything that is wrong, at its place.
  public init(path: String, directory: String, bytes: [UInt8]) throws(SettingsError) {
    let (tree, error) = Tree.partial(bytes)
    if let error {
      throw SettingsError([
        Finding(
          rule: Usage.settings, message: error.message, file: path,
          range: SourceRange(start: error.position, end: error.position))
      ])
    }
    var reader = SettingsReader(tree: tree, settings: Settings(path: path, directory: directory))
    if tree.documents.count > 1 { reader.wrong(tree.documents[1], "there is a second document; one is read") }
    if let root = tree.documents.first { reader.read(root) }
    guard reader.findings.isEmpty else { throw SettingsError(reader.findings) }
    self = reader.settings
  }

  /// - Throws: every rule or area that is named and does not exist, with the nearest that does.
  public func check(against catalogue: Catalogue) throws(SettingsError) {
    let unknown = selectors.filter { !catalogue.knows($0.text) }
    guard !unknown.isEmpty else { return }
    throw SettingsError(
      unknown.map { selector in
        Finding(
          rule: Usage.settings, message: "no rule or area is named \(selector.text)", file: path,
          range: selector.place,
          help: catalogue.nearest(selector.text).map { "did you mean \($0)?" } ?? "`gatecheck rules` lists them all")
      })
  }
}

/// Reads the keys one by one and notes all that is wrong.
private struct SettingsReader {
  let tree: Tree
  var settings: Settings
  var findings: [Finding] = []

  private static let keys = ["apisix-version", "exclude", "fail-on", "ignore", "ignores", "paths", "registries"]

  mutating func wrong(_ id: Tree.ID, _ message: String, help: String? = nil) {
    findings.append(
      Finding(
        rule: Usage.settings, message: message, file: settings.path, range: tree.range(id), help: help))
  }

  mutating func read(_ root: Tree.ID) {
    if tree.isNull(root) { return }
    guard let members = members(of: root, keys: Self.keys, in: "the file") else { return }
    for (key, value) in members {
      switch key {
      case "apisix-version": version(value)
      case "fail-on": failOn(value)
      case "ignore": settings.ignore = selectors(value, key)
      case "ignores": ignores(value)
      case "paths": settings.paths = patterns(value, key)
      case "exclude": settings.exclude = patterns(value, key)
      default: settings.registries = registries(value)
      }
    }
  }

  private mutating func version(_ id: Tree.ID) {
    guard let text = string(id, "apisix-version") else { return }
    let parts = text.split(separator: ".", omittingEmptySubsequences: false)
    let numbers = parts.allSatisfy { !$0.isEmpty && $0.count < 5 && $0.utf8.allSatisfy { 0x30...0x39 ~= $0 } }
    if (2...3).contains(parts.count), numbers {
      settings.apisixVersion = text
    } else {
      wrong(id, "apisix-version is not a release", help: "write it as 3.2 or 3.2.1")
    }
  }

  private mutating func failOn(_ id: Tree.ID) {
    guard let text = string(id, "fail-on") else { return }
    if let severity = Severity(rawValue: text) {
      settings.failOn = severity
    } else {
      let near = nearest(text, among: Severity.allCases.map(\.rawValue)).map { "did you mean \($0)? " } ?? ""
      wrong(id, "fail-on is none of error, warning, note", help: near + "write error, warning or note")
    }
  }

  private mutating func ignores(_ id: Tree.ID) {
    for item in items(id, "ignores", help: "write a list of {paths: [PATTERN], rules: [RULE]}") {
      guard let members = members(of: item, keys: ["paths", "rules"], in: "an entry of ignores") else { continue }
      let keys = members.map(\.key)
      for missing in ["paths", "rules"] where !keys.contains(missing) {
        wrong(item, "this entry of ignores has no \(missing)", help: "write {paths: [PATTERN], rules: [RULE]}")
      }
      var entry = Settings.PathIgnore()
      for (key, value) in members {
        if key == "paths" { entry.paths = patterns(value, key) } else { entry.rules = selectors(value, key) }
      }
      settings.ignores.append(entry)
    }
  }

  private mutating func selectors(_ id: Tree.ID, _ key: String) -> [String] {
    strings(id, key).map { item, text in
      settings.selectors.append(Settings.Selector(text: text, place: tree.range(item)))
      return text
    }
  }

  private mutating func patterns(_ id: Tree.ID, _ key: String) -> [IgnorePattern] {
    strings(id, key).compactMap { item, text in
      let pattern = text.utf8.contains(0x0A) ? nil : IgnorePattern(line: text.utf8)
      if pattern == nil {
        wrong(item, "this pattern of \(key) matches nothing", help: "write it as in .gitignore, such as deploy/**")
      }
      return pattern
    }
  }

  private mutating func registries(_ id: Tree.ID) -> [String] {
    strings(id, "registries").compactMap { item, text in
      // A module's name is what `require` would get: no path leads out of apisix/discovery.
      let allowed = text.utf8.allSatisfy { $0.isAlphanumeric || "_-".utf8.contains($0) }
      if allowed, !text.isEmpty { return text }
      wrong(item, "this is not the name of a registry module", help: "write the key that it has under discovery")
      return nil
    }
  }

  /// The items of a list; an empty value is an empty list.
  private mutating func items(_ id: Tree.ID, _ key: String, help: String) -> ArraySlice<Tree.ID> {
    if tree.isNull(id) { return [] }
    if let items = tree.items(id) { return items }
    wrong(id, "\(key) must be a list", help: help)
    return []
  }

  private mutating func strings(_ id: Tree.ID, _ key: String) -> [(Tree.ID, String)] {
    let help = tree.scalar(id) == nil ? "write a list of strings" : "write it as a list: \(key): [...]"
    return items(id, key, help: help).compactMap { item in
      if let text = tree.scalar(item), !tree.isNull(item) { return (item, text) }
      wrong(item, "\(key) must hold strings only")
      return nil
    }
  }

  private mutating func string(_ id: Tree.ID, _ key: String) -> String? {
    if tree.isNull(id) { return nil }
    if let text = tree.scalar(id) { return text }
    wrong(id, "\(key) must be a single value")
    return nil
  }

  /// The members of a mapping; unknown and repeated keys are noted.
  private mutating func members(of id: Tree.ID, keys: [String], in what: String) -> [(key: String, value: Tree.ID)]? {
    guard let pairs = tree.pairs(id) else {
      wrong(id, "\(what) must be a mapping", help: "it knows the keys \(keys.joined(separator: ", "))")
      return nil
    }
    var result: [(key: String, value: Tree.ID)] = []
    for pair in pairs {
      guard let key = tree.scalar(pair.key), keys.contains(key) else {
        let there = pairs.compactMap { tree.scalar($0.key) }
        let near = tree.scalar(pair.key).flatMap { nearest($0, among: keys.filter { !there.contains($0) }) }
        wrong(
          pair.key, "unknown key",
          help: near.map { "did you mean \($0)?" } ?? "the keys are \(keys.joined(separator: ", "))")
        continue
      }
      if result.contains(where: { $0.key == key }) { wrong(pair.key, "\(key) is here twice") }
      result.append((key, pair.value))
    }
    return result
  }
}

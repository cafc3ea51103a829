import APISIX
import Findings
import SourceText
import YAML

/// Keys that APISIX passes over in silence.
enum UnknownKey {
  static let rule = Rule(
    id: "discovery/unknown-key", severity: .warning,
    summary: "APISIX ignores this key",
    checks: """
      That every key in `discovery` is one that APISIX's schema of that registry knows, at the place where it stands.
      """,
    why: """
      No schema of a registry forbids other keys. A misspelt or misplaced one is accepted without a word and does \
      nothing: the default holds.
      """,
    example: """
      discovery:
        kubernetes:
          service: {host: 192.168.60.146, port: "6443"}
          match: [default]
      """,
    fix: """
      Write the key that was meant, where APISIX reads it:
        discovery:
          kubernetes:
            service: {host: 192.168.60.146, port: "6443"}
            namespace_selector:
              match: [default]
      """,
    since: "2.12.0")

  static let tooNew = Rule(
    id: "discovery/key-too-new", severity: .warning,
    summary: "This release does not know the key yet",
    checks: "That every key in `discovery` exists in the release that is judged.",
    why: "An older release accepts the key without a word and ignores it; its own default holds.",
    example: """
      With APISIX 3.16:
        service:
          ssl_verify: true
      """,
    fix: "Use the release that the message names, or take the key out.",
    since: "2.13.0")

  static let rules = [rule, tooNew]

  /// What to do with a name or a password.
  static let intoAddress = "write it into each address: http://USER:PASSWORD@host:8848"

  static func check(_ context: ConfigContext) -> [Finding] {
    context.registries.flatMap { registry -> [Finding] in
      guard let kind = RegistryKind(rawValue: registry.key), let known = context.schemas.newestKeys(of: kind),
        // A registry that this release lacks, or a form of it, is one mistake.
        kind.isKnown(in: context.release),
        registry.items == nil || context.release.has(.severalClusters)
      else { return [] }
      // Names of clusters in the place of keys are one mistake, with a rule of its own.
      if kind == .kubernetes, MapOfClusters.names(registry) != nil { return [] }
      return registry.each.flatMap {
        walk($0, known, registry: kind, root: $0, prefix: [], context)
      }
    }
  }

  private static func walk(
    _ map: Setting, _ known: KnownKeys, registry: RegistryKind, root: Setting, prefix: [String],
    _ context: ConfigContext
  ) -> [Finding] {
    // A map with more keys is no person's, and each finding costs a look through it.
    let keys = map.keys.prefix(1000)
    // A lone unknown key of namespace_selector has its own rule, as it does not pass.
    if prefix == ["namespace_selector"], keys.allSatisfy({ !known.contains($0.name) }) { return [] }
    let cures = keys.map { key in
      known.contains(key.name) ? nil : cure(key, in: map, known, registry, root: root, prefix: prefix, context)
    }
    return zip(keys, cures).flatMap { key, cure -> [Finding] in
      if let cure {
        let same = cure.group == nil ? [key] : zip(keys, cures).filter { $1?.group == cure.group }.map(\.0)
        return same[0].node == key.node ? [finding(same, cure, in: map, context.file)] : []
      }
      if let since = KnownKeys.since(key.name, at: prefix, registry, after: context.release) {
        return [
          context.file.finding(
            tooNew, "APISIX \(context.release) ignores \(key.name); it came with \(since)", at: key.node,
            path: "\(map.path).\(key.name)", help: "use \(since) or newer, or take it out")
        ]
      }
      guard let below = known.below(key.name), let value = key.setting else { return [] }
      return walk(value, below, registry: registry, root: root, prefix: prefix + [key.name], context)
    }
  }

  /// What to do with an unknown key.
  private struct Cure {
    /// The map that it belongs into.
    var place: String?
    /// What else is said behind `APISIX ignores it here`.
    var rest = ""
    var help = ""
    var fix: Fix?

    /// Keys of one map that have the same cure, such as user and password, are one mistake.
    var group: String? { place ?? (help == UnknownKey.intoAddress ? help : nil) }
  }

  private static func finding(_ keys: [Setting.Key], _ cure: Cure, in map: Setting, _ file: LintFile) -> Finding {
    let isOne = keys.count == 1
    let names = keys.dropLast().map(\.name).joined(separator: ", ") + (isOne ? "" : " and ") + keys[keys.count - 1].name
    let rest = cure.place.map { "; \(isOne ? "it belongs" : "they belong") under \($0)" } ?? cure.rest
    return file.finding(
      rule, "APISIX ignores \(names) here\(rest)", at: keys[0].node, path: "\(map.path).\(keys[0].name)",
      help: cure.place.map { "move \(isOne ? "it" : "them") under \($0)" } ?? cure.help, fix: isOne ? cure.fix : nil)
  }

  private static func cure(
    _ key: Setting.Key, in map: Setting, _ known: KnownKeys, _ kind: RegistryKind, root: Setting, prefix: [String],
    _ context: ConfigContext
  ) -> Cure {
    let file = context.file
    let all = context.schemas.newestKeys(of: kind)
    if let advice = kind.advice(key.name, in: prefix) { return Cure(help: advice) }
    if let meant = kind.meant(key.name, in: prefix) ?? all?.place(of: key.name, notIn: prefix) {
      let way = meant.joined(separator: ".")
      let isMoved = meant.last == key.name && meant.dropLast() != prefix[...]
      return Cure(
        place: isMoved ? ([root.path] + meant.dropLast()).joined(separator: ".") : nil,
        rest: "; did you mean \(way)?", help: "write \(way) under \(root.path)",
        fix: fix(key, meant: meant, prefix: prefix, map: map, root: root, known: all, kind, file: file))
    }
    let near = nearest(key.name, among: known.names)
    return Cure(
      rest: near.map { "; did you mean \($0)?" } ?? "",
      help: near.map { "write \($0)" } ?? "take it out; known here: \(known.names.joined(separator: ", "))",
      fix: near.flatMap { near in map[near] == nil ? file.replace(key.node, with: near, safe: false) : nil })
  }

  /// Whether APISIX passes over the value for its key.
  static func isIgnored(_ setting: Setting, _ context: ConfigContext) -> Bool {
    let keys = setting.path.split(separator: ".").dropFirst().map { String($0.prefix { $0 != "[" }) }
    guard keys.count > 1, let kind = RegistryKind(rawValue: keys[0]), let known = context.schemas.newestKeys(of: kind),
      let map = known.below(Array(keys[1..<(keys.count - 1)]))
    else { return false }
    return !map.contains(keys[keys.count - 1])
  }

  /// The parents that other keys of the map are meant for.
  private static func siblings(of key: Setting.Key, in map: Setting, _ known: KnownKeys?, _ kind: RegistryKind)
    -> [String]
  {
    map.keys.prefix(1000).compactMap { other -> String? in
      guard other.node != key.node else { return nil }
      let meant = kind.meant(other.name, in: []) ?? known?.place(of: other.name, notIn: [])
      return meant.flatMap { $0.count == 2 ? $0[0] : nil }
    }
  }

  /// Renames a key in place, or moves it under a map that is not there yet.
  private static func fix(
    _ key: Setting.Key, meant: [String], prefix: [String], map: Setting, root: Setting, known: KnownKeys?,
    _ kind: RegistryKind, file: LintFile
  ) -> Fix? {
    guard root[meant] == nil else { return nil }
    if meant.dropLast() == prefix[...] { return file.replace(key.node, with: meant[meant.count - 1]) }
    // A parent that is there without a value, and a second key that wants the same one, need a look.
    guard prefix.isEmpty, meant.count == 2, file.tree.pair(meant[0], in: map.node) == nil, meant[1] == key.name,
      let value = key.setting, !siblings(of: key, in: map, known, kind).contains(meant[0])
    else { return nil }
    return file.nest(key.node, value: value.node, under: meant[0])
  }
}

extension LintFile {
  /// Puts `parent:` on a line of its own above a block key and indents the key and its value by two.
  func nest(_ key: Tree.ID, value: Tree.ID, under parent: String) -> Fix? {
    let text = tree.text
    let start = tree[key].range.lowerBound
    let position = text.position(at: start)
    guard let line = text.lineBytes(position.line), text.bytes[line.lowerBound..<start].allSatisfy({ $0 == 0x20 })
    else {
      return nil
    }
    let indent = String(repeating: " ", count: start - line.lowerBound)
    var edits = [edit(start..<start, "\(parent):\n\(indent)  ")]
    let last = text.position(at: max(tree[value].range.upperBound, start)).line
    guard last > position.line else { return Fix(safe: true, edits: edits) }
    for number in (position.line + 1)...last {
      guard let bytes = text.lineBytes(number), !bytes.isEmpty else { continue }
      edits.append(edit(bytes.lowerBound..<bytes.lowerBound, "  "))
    }
    return Fix(safe: true, edits: edits)
  }
}

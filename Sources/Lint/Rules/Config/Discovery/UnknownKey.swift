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
    return keys.flatMap { key -> [Finding] in
      guard known.contains(key.name) else {
        return [
          finding(key, in: map, known: known, registry: registry, root: root, prefix: prefix, context)
        ]
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

  private static func finding(
    _ key: Setting.Key, in map: Setting, known: KnownKeys, registry kind: RegistryKind, root: Setting,
    prefix: [String], _ context: ConfigContext
  ) -> Finding {
    let file = context.file
    let all = context.schemas.newestKeys(of: kind)
    let path = "\(map.path).\(key.name)"
    if let advice = kind.advice(key.name, in: prefix) {
      return file.finding(
        rule, "APISIX ignores \(key.name) here", at: key.node, path: path, help: advice)
    }
    if let meant = kind.meant(key.name, in: prefix) ?? all?.place(of: key.name, notIn: prefix) {
      let way = meant.joined(separator: ".")
      let isMoved = meant.last == key.name && meant.dropLast() != prefix[...]
      let place = ([root.path] + meant.dropLast()).joined(separator: ".")
      return file.finding(
        rule,
        "APISIX ignores \(key.name) here; " + (isMoved ? "it belongs under \(place)" : "did you mean \(way)?"),
        at: key.node, path: path, help: isMoved ? "move it under \(place)" : "write \(way) under \(root.path)",
        fix: fix(key, meant: meant, prefix: prefix, map: map, root: root, known: all, kind, file: file))
    }
    let near = nearest(key.name, among: known.names)
    return file.finding(
      rule, "APISIX ignores \(key.name) here" + (near.map { "; did you mean \($0)?" } ?? ""), at: key.node,
      path: path,
      help: near.map { "write \($0)" } ?? "take it out; known here: \(known.names.joined(separator: ", "))",
      fix: near.flatMap { near in map[near] == nil ? file.replace(key.node, with: near, safe: false) : nil })
  }

  /// Keys of one map that have the same cure, such as user and password, are one mistake.
  static func merged(_ findings: [Finding]) -> [Finding] {
    var groups: [String: [Finding]] = [:]
    for finding in findings { if let group = group(finding) { groups[group, default: []].append(finding) } }
    guard groups.values.contains(where: { $0.count > 1 }) else { return findings }
    return findings.compactMap { finding in
      guard let group = group(finding), let all = groups[group], all.count > 1 else { return finding }
      guard finding == all.first else { return nil }
      let names = all.compactMap { $0.path?.split(separator: ".").last }
      let list = names.dropLast().joined(separator: ", ") + " and " + (names.last ?? "")
      let rest = finding.message.range(of: " here").map { finding.message[$0.upperBound...] } ?? ""
      return Finding(
        rule: rule, message: "APISIX ignores \(list) here" + rest.replacing("it belongs", with: "they belong"),
        file: finding.file, range: finding.range, path: finding.path,
        help: finding.help?.replacing("move it", with: "move them"))
    }
  }

  /// The map of a key and its cure; nil for a finding that stands for itself.
  private static func group(_ finding: Finding) -> String? {
    guard finding.rule == rule, let path = finding.path, let help = finding.help,
      help.hasPrefix("move it under") || help.hasPrefix("write it into"), let dot = path.lastIndex(of: ".")
    else { return nil }
    return path[..<dot] + " " + help
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

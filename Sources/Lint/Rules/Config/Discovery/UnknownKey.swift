import APISIX
import Findings
import SourceText
import YAML

/// Keys that APISIX passes over in silence.
enum UnknownKey {
  static let rule: Rule = """
    discovery/unknown-key (warning, since 2.12.0): APISIX ignores this key
    Checks: That every key in `discovery` is one that APISIX's schema of that registry knows, at the place where it \
    stands.
    Why: No schema of a registry forbids other keys. A misspelt or misplaced one is accepted without a word and does \
    nothing: the default holds.
    Example:
    discovery:
      kubernetes:
        service: {host: 192.168.60.146, port: "6443"}
        match: [default]
    Fix: Write the key that was meant, where APISIX reads it:
      discovery:
        kubernetes:
          service: {host: 192.168.60.146, port: "6443"}
          namespace_selector:
            match: [default]
    zh: APISIX 会忽略这个键
    Checks: `discovery` 下的每个键，都必须是该注册中心的 schema 在这个位置认识的键。
    Why: 各注册中心的 schema 都不禁止多余的键。拼错或放错位置的键会被悄悄接受，但不起作用，生效的是默认值。
    Fix: 写成正确的键，并放在 APISIX 会读取的位置：
      discovery:
        kubernetes:
          service: {host: 192.168.60.146, port: "6443"}
          namespace_selector:
            match: [default]
    """

  static let tooNew: Rule = """
    discovery/key-too-new (warning, since 2.13.0): This release does not know the key yet
    Checks: That every key in `discovery` exists in the release that is judged.
    Why: An older release accepts the key without a word and ignores it; its own default holds.
    Example:
    With APISIX 3.16:
      service:
        ssl_verify: true
    Fix: Use the release that the message names, or remove the key.
    """

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
      var findings: [Finding] = []
      for each in registry.each {
        Walk(context: context, kind: kind, all: known, root: each).look(in: each, known, at: [], &findings)
      }
      return findings
    }
  }

  /// Keys of one map that have the same cure, such as user and password, are one mistake.
  static func merged(_ findings: [Finding]) -> [Finding] {
    guard findings.count > 1 else { return findings }
    var groups: [String: [Finding]] = [:]
    for finding in findings { if let group = group(finding) { groups[group, default: []].append(finding) } }
    guard groups.values.contains(where: { $0.count > 1 }) else { return findings }
    return findings.compactMap { finding in
      guard let group = group(finding), let all = groups[group], all.count > 1 else { return finding }
      guard finding == all.first else { return nil }
      let names = all.compactMap { $0.path?.split(separator: ".").last }
      let list = names.dropLast().joined(separator: ", ") + " and " + (names.last ?? "")
      let rest = finding.message.firstBytes(of: " here").map { finding.message[$0.upperBound...] } ?? ""
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
}

/// A walk through a registry's map, or a cluster's, and the maps in it.
private struct Walk {
  let context: ConfigContext
  let kind: RegistryKind
  /// The keys of the whole registry.
  let all: KnownKeys
  let root: Setting

  func look(in map: Setting, _ known: KnownKeys, at prefix: [String], _ findings: inout [Finding]) {
    // A map with more keys is no person's, and each finding costs a look through it.
    let keys = map.keys.prefix(1000)
    // A lone unknown key of namespace_selector has its own rule, as it does not pass.
    if prefix == ["namespace_selector"], keys.allSatisfy({ !known.contains($0.name) }) { return }
    for key in keys {
      var path: String { "\(map.path).\(key.name)" }
      guard known.contains(key.name), !isOfList(key.name, at: prefix) else {
        // One that stands twice has a new name before 3.10.
        if map.file.tree.reader != .libyaml, let written = map.file.tree.scalar(key.node), written != key.name,
          map[written] != nil
        {
          continue
        }
        let (more, help, fix) = cure(of: key, in: map, known, at: prefix)
        let message = "APISIX ignores \(key.name) here\(more)"
        findings += context.file.finding(UnknownKey.rule, message, at: key.node, path: path, help: help, fix: fix)
        continue
      }
      if let since = KnownKeys.since(key.name, at: prefix, kind, after: context.release) {
        let message = "APISIX \(context.release) ignores \(key.name); it came with \(since)"
        let help = "use \(key.name == WatchSlices.key ? WatchSlices.isRight : since) or newer, or remove it"
        findings += context.file.finding(UnknownKey.tooNew, message, at: key.node, path: path, help: help)
        continue
      }
      guard let below = known.below(key.name), let value = key.setting, !value.keys.isEmpty else { continue }
      look(in: value, below, at: prefix + [key.name], &findings)
    }
  }

  /// Whether a key is read in the clusters of a list only.
  private func isOfList(_ key: String, at prefix: [String]) -> Bool {
    kind == .kubernetes && key == "id" && prefix.isEmpty && context[.kubernetes]?.items == nil
  }

  /// What the key was meant to be, and what to do.
  private func cure(
    of key: Setting.Key, in map: Setting, _ known: KnownKeys, at prefix: [String]
  ) -> (more: String, help: String, fix: Fix?) {
    if let advice = kind.advice(key.name, in: prefix) {
      return ("", advice, nil)
    }
    if let meant = place(of: key.name, at: prefix) {
      let fix = fix(key, in: map, meant: meant, at: prefix)
      if meant.last == key.name, meant.dropLast() != prefix[...] {
        let place = ([root.path] + meant.dropLast()).joined(separator: ".")
        if root[meant] != nil { return ("", "\(place) has it already: remove it", nil) }
        return ("; it belongs under \(place)", "move it under \(place)", fix)
      }
      let way = meant.joined(separator: ".")
      if root[meant] != nil { return ("", correction(key.name, meant: way, isThere: true), nil) }
      return ("; did you mean \(way)?", "write \(way) under \(root.path)", fix)
    }
    guard let near = nearest(key.name, among: known.names) else {
      return ("", "remove it; known here: \(known.names.joined(separator: ", "))", nil)
    }
    if map.file.tree.pair(near, in: map.node) != nil {
      return ("", correction(key.name, meant: near, isThere: true), nil)
    }
    return ("; did you mean \(near)?", "write \(near)", map.file.rename(key.node, to: near, safe: false))
  }

  private func place(of key: String, at prefix: [String]) -> [String]? {
    kind.meant(key, in: prefix) ?? all.place(of: key, notIn: prefix)
  }

  /// Renames a key in place, or moves it under a map that is not there yet.
  private func fix(_ key: Setting.Key, in map: Setting, meant: [String], at prefix: [String]) -> Fix? {
    guard root[meant] == nil else { return nil }
    // A key without a value is there all the same: the file would have it twice.
    if let last = meant.last, meant.dropLast() == prefix[...] {
      return map.file.tree.pair(last, in: map.node) == nil ? map.file.rename(key.node, to: last) : nil
    }
    // A parent that is there without a value, and a second key that wants the same one, need a look.
    guard prefix.isEmpty, meant.count == 2, map.file.tree.pair(meant[0], in: map.node) == nil, meant[1] == key.name,
      let value = key.setting
    else { return nil }
    let isWanted = map.keys.prefix(1000).contains { other in
      guard other.node != key.node, let place = place(of: other.name, at: []) else { return false }
      return place.count == 2 && place[0] == meant[0]
    }
    return isWanted ? nil : map.file.nest(key.node, value: value.node, under: meant[0])
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

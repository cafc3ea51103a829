import APISIX
import Common
import Findings
import SourceText
import YAML

/// One thing that a release makes of a file, to be held against what another one makes of it.
struct Effect: Sendable {
  enum Kind: Sendable { case value, fallback, behaviour, finding }

  let kind: Kind
  /// What it is made of: the same for two releases.
  var subject: String
  /// What is made of it; not for showing.
  let state: String
  /// The place, with the words for what is made of it, the severity of coming to it, and how to keep it.
  let found: Finding
  /// The subject of the map or list that it stands in.
  var outer: String?
  /// Whether APISIX does not take the file, or the object.
  var isRefusal = false
}

extension Effect {
  /// What lint says of the file for the release.
  init(_ finding: Finding, isRefused: Bool) {
    // Of two documents in one file the same path is another place.
    let start = finding.range?.start
    let place = finding.path.map { "\($0) \(start?.line ?? 0)" } ?? String(start?.offset ?? 0)
    self.init(
      kind: .finding, subject: "\(finding.rule.id) \(place)", state: finding.severity.rawValue, found: finding,
      isRefusal: finding.severity == .error && (isRefused || Self.refusals.contains(finding.rule))
        || finding.rule == EtcdSection.rule)
  }

  private static let refusals: Set = [
    UpstreamKeys.unknownKey, UpstreamKeys.seedKeys, SharedDicts.twice, EmptyStandalone.rule,
    StandaloneEnvironment.rule, YAMLRules.syntax,
  ]
}

/// Collects the effects of a file.
struct Effects {
  private let file: LintFile
  /// Tells the files apart that stand in one.
  private let number: Int
  private let secrets: [Range<Int>]
  private(set) var all: [Effect] = []

  private init(_ file: LintFile, _ number: Int) {
    self.file = file
    self.number = number
    secrets = SourceFile(file.tree, isBroken: file.error != nil).secrets
  }

  /// Of a config.yaml.
  init(of context: ConfigContext, _ number: Int) {
    self.init(context.file, number)
    if file.error == nil, let root = context.verdict.root { add(root, .top, in: nil) }
    if let section = context.verdict.resolved, let node = section.node {
      addDefaults(section, .key(.top, "discovery"), below: node)
    }
    for (index, behaviour) in Behaviour.all.enumerated() {
      for setting in behaviour.places(context) { add(behaviour, index, at: setting, context.release) }
    }
  }

  /// Of an apisix.yaml.
  init(ofStandalone file: LintFile, _ number: Int, _ release: Release) {
    self.init(file, number)
    if file.error == nil, let root = file.tree.typed() { add(root, .top, in: nil) }
    let keepsText = release.has(.fillsInStandaloneText)
    for id in file.tree.ids {
      guard let style = file.tree[id].style, style == .singleQuoted || style == .doubleQuoted,
        let text = file.tree.scalar(id), text.hasPrefix("${{"), text.hasSuffix("}}"),
        Placeholder.filled(in: text) != nil
      else { continue }
      let words =
        keepsText
        ? "what is filled in between quotes stays a text" : "a number, true or false in quotes is filled in as one"
      all.append(
        Effect(
          kind: .behaviour, subject: "quotes \(number) \(file.tree[id].start)", state: words,
          found: file.finding(
            UpgradeRules.behaviour, severity: .note, words, at: id,
            help: "take the quotes off where a number, true or false is wanted")))
    }
  }

  /// Of all that stands in a file.
  static func all(of configs: [ConfigContext], _ others: [LintFile], _ release: Release) -> [Effect] {
    configs.enumerated().flatMap { Effects(of: $1, $0).all }
      + others.enumerated().flatMap { number, file in
        file.kind == .apisixStandalone && !file.path.hasSuffix(".json")
          ? Effects(ofStandalone: file, configs.count + number, release).all : []
      }
  }

  /// Files may stand for more values than there is use in comparing.
  private var isFull: Bool { all.count > 100_000 }

  private mutating func add(_ value: LuaValue, _ trail: Field.Trail, in outer: String?) {
    guard !isFull else { return }
    let subject = "value \(number) \(trail.text)"
    let (shown, keep) = words(value)
    let isSecret = value.node.map { isHidden(file.tree[$0].range) } ?? false
    all.append(
      Effect(
        kind: .value, subject: subject, state: value.text.map { "text " + Self.meaning($0, trail) } ?? shown,
        found: file.finding(
          UpgradeRules.readOtherwise, isSecret ? "a \(value.typeName)" : shown, at: value.node, path: trail.text,
          help: isSecret ? "write it in quotes, on a line of its own" : keep), outer: outer))
    guard case .table(let table) = value.kind else { return }
    let isList = table.shape == .array
    for (index, entry) in table.entries.enumerated() {
      add(entry.value, isList ? .index(trail, index) : .key(trail, entry.key.name), in: subject)
    }
  }

  /// Of nginx's own text what nginx reads: tinyyaml leaves comments and blank lines out.
  private static func meaning(_ text: String, _ trail: Field.Trail) -> String {
    guard case .key(_, let key) = trail, key.hasSuffix("_snippet") else { return text }
    let lines = text.split(separator: "\n").map { $0.trimmed { $0 == " " || $0 == "\t" } }
    return lines.filter { !$0.isEmpty && $0.first != "#" }.joined(separator: "\n")
  }

  /// What a value is, and what to write so that it is that for every reader.
  private func words(_ value: LuaValue) -> (String, keep: String) {
    switch value.kind {
    case .bool(let bool): return ("\(bool)", "write \(bool)\(outsideBrackets)")
    case .number(let number):
      let text = LuaNumber.text(number)
      return ("the number \(text)", "write \(text)\(outsideBrackets)")
    case .string(let text), .open(let text):
      let shown = quoted(text)
      return ("the text \(shown)", "write \(shown.utf8.count < 60 ? shown : "it"), with its quotes, for the text")
    case .null: return ("nothing", "remove it")
    case .table(let table):
      let name = table.shape == .array ? "a list" : table.entries.isEmpty ? "an empty map" : "a map"
      return (name, "write each key once, on a line of its own, without anchors")
    }
  }

  private func isHidden(_ range: Range<Int>) -> Bool {
    let index = secrets.firstIndex(sorted: { $0.upperBound > range.lowerBound })
    return index < secrets.count && secrets[index].overlaps(range)
  }

  /// Between brackets tinyyaml reads texts alone; what it reads otherwise stands in none.
  private var outsideBrackets: String {
    file.tree.reader == .libyaml ? " on a line of its own, not between brackets" : ""
  }

  private mutating func addDefaults(_ value: LuaValue, _ trail: Field.Trail, below place: Tree.ID) {
    guard case .table(let table) = value.kind, !isFull else { return }
    let isList = table.shape == .array
    for (index, entry) in table.entries.enumerated() {
      let inner: Field.Trail = isList ? .index(trail, index) : .key(trail, entry.key.name)
      let (state, _) = words(entry.value)
      addDefaults(entry.value, inner, below: entry.keyNode ?? entry.value.node ?? place)
      guard !isList, entry.keyNode == nil, entry.value.node == nil else { continue }
      let text = entry.value.string ?? entry.value.number.map(LuaNumber.text) ?? entry.value.bool.map { "\($0)" }
      guard let text else { continue }
      all.append(
        Effect(
          kind: .fallback, subject: "default \(number) \(inner.text)", state: state,
          found: file.finding(
            UpgradeRules.defaultChanged, text, at: place, path: inner.text,
            help: "to keep what you have write \(entry.key.name): \(text)")))
    }
  }

  private mutating func add(_ behaviour: Behaviour, _ index: Int, at setting: Setting, _ release: Release) {
    let has = release.has(behaviour.feature)
    let words = has ? behaviour.with : behaviour.without
    all.append(
      Effect(
        kind: .behaviour, subject: "behaviour \(number) \(index) \(setting.path)", state: words,
        found: setting.finding(
          UpgradeRules.behaviour, severity: has ? behaviour.gained : behaviour.lost, words, at: setting.keyNode,
          help: behaviour.help)))
  }
}

extension LuaKey {
  fileprivate var name: String {
    switch self {
    case .string(let text): text
    case .number(let number): LuaNumber.text(number)
    case .bool(let bool): "\(bool)"
    case .null, .table: "?"
    }
  }
}

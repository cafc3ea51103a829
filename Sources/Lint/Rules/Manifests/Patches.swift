import SourceText
import YAML

/// The objects that a kustomization's patches may change.
struct Patches: Sendable {
  /// What is asked of an object; nil asks nothing.
  private struct Target: Sendable {
    var kind: String?
    var name: String?
    var labels: String?
  }

  private var targets: [Target] = []
  /// Whether something in it may change any object.
  private(set) var isOpen = false

  static let lists = ["patches", "patchesStrategicMerge", "patchesJson6902"]
  /// Of these is not known what they change.
  static let open = ["replacements", "configurations", "transformers", "components", "vars"]

  /// - Parameter objects: those in a file of the run, by its path in the kustomization; nil where it is not there.
  init(_ kustomization: Manifest, objects: (String) -> [Manifest]?) {
    isOpen = Self.open.contains { kustomization.object[$0] != nil }
    for key in Self.lists {
      guard let list = kustomization.object[key] else { continue }
      guard list.isSequence, !list.file.tree.isOpen(list.id) else {
        isOpen = true
        continue
      }
      for item in list.items { add(item, objects) }
    }
  }

  private mutating func add(_ patch: Field, _ objects: (String) -> [Manifest]?) {
    if let target = patch["target"] {
      targets.append(
        Target(
          kind: target["kind"]?.string, name: target["name"]?.string, labels: target["labelSelector"]?.string))
      return
    }
    let text = (patch["patch"] ?? (patch.isMapping ? nil : patch))?.string
    let own =
      if let text, text.contains("\n") || text.contains("{") { Self.objects(in: text) } else {
        (patch["path"]?.string ?? text).flatMap(objects)
      }
    guard let own, !own.isEmpty else {
      isOpen = true
      return
    }
    targets += own.map { Target(kind: $0.kind, name: $0.name) }
  }

  private static func objects(in text: String) -> [Manifest]? {
    let (tree, error) = Tree.partial(Array(text.utf8))
    return error == nil ? Manifest.all(in: LintFile(path: "", kind: .kubernetes, tree: tree)) : nil
  }

  /// Whether one of them may change an object.
  /// - Parameters:
  ///   - isRenamed: whether a kustomization gives it another name.
  ///   - gets: whether a kustomization gives it a label.
  func mayTouch(_ object: Manifest, isRenamed: Bool, gets: (String) -> Bool) -> Bool {
    isOpen
      || targets.contains { target in
        (target.kind.map { Self.mayMatch($0, object.kind) } ?? true)
          && (isRenamed || (target.name.map { Self.mayMatch($0, object.name ?? "") } ?? true))
          && (target.labels.map { Self.maySelect($0, object, gets) } ?? true)
      }
  }

  /// Whether some kind of object may be changed.
  func mayTouch(kinds: Set<String>) -> Bool {
    isOpen
      || targets.contains { target in target.kind.map { kind in kinds.contains { Self.mayMatch(kind, $0) } } ?? true }
  }

  /// kustomize takes both for patterns that match the whole text; of those that are more than words nothing is known.
  private static func mayMatch(_ pattern: String, _ text: String) -> Bool {
    if text.isTemplated { return true }
    return pattern.isEmpty
      || pattern.split(separator: "|", omittingEmptySubsequences: false).contains { word in
        word == text || !word.utf8.allSatisfy { $0.isAlphanumeric || $0 == UInt8(ascii: "-") }
      }
  }

  /// Only `key=value` is understood.
  private static func maySelect(_ selector: String, _ object: Manifest, _ gets: (String) -> Bool) -> Bool {
    selector.split(separator: ",").allSatisfy { term in
      let parts = term.split(separator: "=").map { String(Substring($0.utf8.trimmed)) }
      guard parts.count == 2, parts.allSatisfy({ $0.utf8.allSatisfy(Self.isPlain) }), !gets(parts[0]) else {
        return true
      }
      guard let label = object.label(parts[0])?.string else { return false }
      return label.isTemplated || label == parts[1]
    }
  }

  private static func isPlain(_ byte: UInt8) -> Bool { byte.isAlphanumeric || "-_./".utf8.contains(byte) }
}

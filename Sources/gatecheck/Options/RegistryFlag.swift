import APISIX
import Findings

/// Tars cannot be asked: its nodes stand in a database.
extension RegistryKind: FlagValue {
  init?(flag text: String) {
    guard Self.words.contains(text) else { return nil }
    self.init(rawValue: text)
  }

  static var words: [String] { allCases.filter { $0 != .tars }.map(\.rawValue) }
}

/// What `resolve --registry` names: one that comes with APISIX, or a module of one's own in config.yaml.
enum RegistryName: FlagValue {
  case known(RegistryKind)
  case module(String)

  init?(flag text: String) {
    guard !text.isEmpty else { return nil }
    self = RegistryKind(flag: text).map { .known($0) } ?? .module(text)
  }

  static var words: [String] { RegistryKind.words }
  static var wanted: String { RegistryKind.wanted }

  var text: String { own ?? kind?.key ?? "" }
  var kind: RegistryKind? { if case .known(let kind) = self { kind } else { nil } }
  var own: String? { if case .module(let name) = self { name } else { nil } }

  /// Whether the other flags are those that it needs.
  func validate(hasConfig: Bool, hasFiles: Bool, watch: Bool) throws(Mistake) {
    if let own {
      guard hasConfig, own != RegistryKind.tars.key else {
        throw Mistake("--registry \(RegistryKind.objection(to: own)).")
      }
      guard !hasFiles, !watch else {
        throw Mistake("--registry \(terminalSafe(own)) goes with --control; not --from or --watch.")
      }
    }
    guard let kind, kind != .kubernetes else { return }
    if !hasConfig, !hasFiles {
      throw Mistake("--registry \(kind.key) wants --config: the servers and credentials stand there.")
    }
  }
}

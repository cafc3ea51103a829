import APISIX

/// Tars cannot be asked: its nodes stand in a database.
extension RegistryKind: FlagValue {
  init?(flag text: String) {
    guard Self.words.contains(text) else { return nil }
    self.init(rawValue: text)
  }

  static var words: [String] { allCases.filter { $0 != .tars }.map(\.rawValue) }
}

import Findings
import SourceText

/// What was told already: of one cause several questions have something to say.
struct Said {
  private var told: Set<Key> = []
  /// Places, and rules, with an error.
  private var broken: Set<Key> = []
  private var causes: Set<String> = []
  /// Places of which a server says why.
  private let answered: Set<Key>

  private struct Key: Hashable {
    var rule = ""
    var file: String?
    var offset: Int?
    var message = ""
  }

  /// - Parameter all: what will be told.
  init(_ all: [[Finding]]) {
    answered = Set(all.joined().filter { Self.isOfServer($0) }.compactMap(Self.place(of:)))
  }

  mutating func isNew(_ finding: Finding) -> Bool {
    if isFollowing(finding) { return false }
    let place = Self.place(of: finding)
    var key = place ?? Key(message: finding.message)
    key.rule = finding.rule.id
    guard told.insert(key).inserted else { return false }
    if finding.severity == .error {
      causes.insert(finding.rule.id)
      if let place { broken.insert(place) }
    }
    return true
  }

  /// Whether another finding says what is wrong, and this one only what comes of it.
  private func isFollowing(_ finding: Finding) -> Bool {
    if Self.causes[finding.rule.id]?.contains(where: causes.contains) == true { return true }
    guard let place = Self.place(of: finding) else { return false }
    let area = finding.rule.id.prefix { $0 != "/" }
    return ["config", "service-name"].contains(area) && broken.contains(place)
      || area == "service-name" && !Self.isOfServer(finding) && answered.contains(place)
  }

  /// Who looks at the registry knows more of a service's name than who reads it.
  private static func isOfServer(_ finding: Finding) -> Bool {
    ["resolve/", "registry/"].contains { finding.rule.id.hasPrefix($0) } && finding.severity == .error
  }

  private static func place(of finding: Finding) -> Key? {
    finding.range.map { Key(file: finding.file, offset: $0.start.offset) }
  }

  /// Of rules those whose errors explain them.
  private static let causes = [
    "server/bad-request": ["kubernetes/label-selector-grammar"],
    "resolve/label-selector": ["kubernetes/label-selector-grammar"],
    "cluster/no-nodes": ["kubernetes/label-selector-grammar", "resolve/label-selector", "resolve/broken-list"],
  ]
}

import APISIX
import Findings
import JSON
import Logs
import Probes

/// What of an installation a bundle takes in by name.
struct Kept: Sendable {
  enum Content: Sendable {
    /// config.yaml, or a file with routes.
    case text(BundledFile.Kind, [UInt8])
    case log(LogAnswer)
  }

  /// As it was named.
  let path: String
  let content: Content
  /// The one that it is of, where there are several.
  var place = Place()
  /// As which release it was judged, and whether somebody said that one.
  let release: String
  let isReleaseSaid: Bool

  var kind: BundledFile.Kind { if case .text(let kind, _) = content { kind } else { .log } }

  init(_ content: Content, path: String, of installation: Installation) {
    (self.content, self.path) = (content, path)
    release = installation.access.release.description
    isReleaseSaid = installation.access.givenRelease != nil
  }
}

/// One member of a bundle, as its list has it.
struct BundledFile: Sendable {
  enum Kind: String, Sendable, CaseIterable {
    case config, routes
    /// One entry of each group of a log.
    case log
    /// The document of `logs explain`.
    case groups
  }

  let member: String
  let kind: Kind
  let path: String
  let installation: String?
  let release: String
  let isReleaseSaid: Bool
  /// The lines on which something stands in place of what is not passed on.
  let hidden: Set<Int>

  init(_ member: String, _ kind: Kind, of kept: Kept, hidden: Set<Int>) {
    self.hidden = hidden
    (self.member, self.kind, path, installation) = (member, kind, kept.path, kept.place.shown)
    (release, isReleaseSaid) = (kept.release, kept.isReleaseSaid)
  }

  /// Nil where a part is missing, or a path would lead to a server.
  init?(_ json: JSONValue) {
    guard let member = json["member"]?.string, let kind = json["kind"]?.string.flatMap(Kind.init(rawValue:)),
      let path = json["path"]?.string, let release = json["apisix"]?.string
    else { return nil }
    (self.member, self.kind, self.path, self.release) = (member, kind, path, release)
    installation = json["installation"]?.string
    hidden = Set(json["hidden"]?.array?.compactMap(\.int) ?? [])
    isReleaseSaid = json["apisixSaid"]?.bool ?? false
  }

  var json: JSONValue {
    [
      "member": .string(member), "kind": .string(kind.rawValue), "path": .string(path),
      "installation": installation.map { .string($0) }, "apisix": .string(release), "apisixSaid": .bool(isReleaseSaid),
      "hidden": .array(hidden.sorted().map { JSONValue($0) }),
    ]
  }
}

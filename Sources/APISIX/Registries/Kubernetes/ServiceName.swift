import SourceText

/// The two ways APISIX reads a `service_name` of Kubernetes.
public enum ServiceNameMode: Sendable, Hashable {
  /// `discovery.kubernetes` is an object: `namespace/name:port`.
  case single
  /// It is an array, also of one cluster: `id/namespace/name:port`.
  case multi
}

/// A `service_name` as APISIX takes it apart.
///
/// The rules are two PCRE patterns, `^(.*):(.*)$` and `^(.*)/(.*/.*):(.*)$`: everything is split at the *last* colon,
/// and with several clusters at the last two slashes before it. A final line feed is not seen. Nothing is trimmed, and
/// no part needs to be a name Kubernetes would allow.
public struct ServiceName: Sendable, Hashable {
  /// Why APISIX says `get unexpected upstream service_name`.
  public enum Fault: Error, Sendable, Hashable {
    case empty
    /// There is no colon.
    case noPort
    /// Several clusters, and fewer than two slashes stand before the last colon.
    case noCluster
    /// A line feed stands somewhere else than at the end.
    case lineFeed
  }

  /// The cluster's id; nil in single mode.
  public let cluster: String?
  /// What is looked up: `namespace/name` when all is well.
  public let key: String
  /// The name of the port, or its number where it has no name. May be empty.
  public let port: String

  public init(_ text: String, mode: ServiceNameMode) throws(Fault) {
    var bytes = Array(text.utf8)[...]
    if bytes.last == UInt8(ascii: "\n") { bytes = bytes.dropLast() }
    if bytes.contains(UInt8(ascii: "\n")) { throw .lineFeed }
    guard let colon = bytes.lastIndex(of: UInt8(ascii: ":")) else { throw bytes.isEmpty ? .empty : .noPort }
    let path = bytes[..<colon]
    port = String(decoding: bytes[(colon + 1)...], as: UTF8.self)
    switch mode {
    case .single:
      cluster = nil
      key = String(decoding: path, as: UTF8.self)
    case .multi:
      guard let second = path.lastIndex(of: UInt8(ascii: "/")),
        let first = path[..<second].lastIndex(of: UInt8(ascii: "/"))
      else { throw .noCluster }
      cluster = String(decoding: path[..<first], as: UTF8.self)
      key = String(decoding: path[(first + 1)...], as: UTF8.self)
    }
  }

  /// The parts of `namespace/name`; nil when the key is not one slash between two texts.
  public var parts: (namespace: String, name: String)? {
    let parts = key.split(separator: "/", omittingEmptySubsequences: false)
    guard parts.count == 2, !parts[0].isEmpty, !parts[1].isEmpty else { return nil }
    return (String(parts[0]), String(parts[1]))
  }

  /// As it is written, whatever the mode: with a cluster where two slashes stand before the colon.
  public init(written text: String) throws(Fault) {
    if let name = try? ServiceName(text, mode: .multi) {
      self = name
    } else {
      self = try ServiceName(text, mode: .single)
    }
  }

  /// In one line, as it is looked up.
  public var text: String { (cluster.map { $0 + "/" } ?? "") + key + ":" + port }

  /// Whether it is without what no name of Kubernetes has: there is a slash, and no scheme.
  public var canExist: Bool { key.contains("/") && !key.has("://") }

  /// White space finds nothing, but for one final line feed.
  public static func hasWhiteSpace(_ text: String) -> Bool {
    text.unicodeScalars.dropLast(text.unicodeScalars.last == "\n" ? 1 : 0).contains { $0.properties.isWhitespace }
  }

  /// The names in a text that holds more than one, with `,`, `;`, `|` or white space between them; nil for one, and
  /// for what is none.
  public static func several(in text: String) -> [String]? {
    let names = text.split { ",;|".contains($0) || $0.isWhitespace }.map(String.init)
    return names.count > 1 && names.allSatisfy { $0.contains("/") && !$0.has("://") } ? names : nil
  }
}

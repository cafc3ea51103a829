import Inputs
import SourceText

extension ServiceName {
  /// What a wrongly shaped `service_name` was probably meant to be.
  public struct Advice: Sendable, Hashable {
    public enum Shape: Sendable, Hashable {
      /// `name.namespace.svc.cluster.local`, with or without `:port`.
      case clusterDomain
      /// `name.namespace`, with or without `:port`.
      case dotted
      /// Another DNS name.
      case host
      /// An IP address, with or without `:port`.
      case address
      /// `namespace/name` without `:port`.
      case missingPort
      /// Nothing but a name.
      case bareName
      /// Several clusters, and no id stands before `namespace/name`.
      case missingCluster
      /// One cluster, and an id stands before `namespace/name`.
      case needlessCluster
      /// `name/namespace`.
      case swapped
      /// White space around or inside.
      case whiteSpace
      /// A scheme, as in `http://`.
      case url
    }

    public let shape: Shape
    /// `namespace/name`; what is not known is in capitals: `NAMESPACE`.
    public let key: String
    /// The name to write, with `PORT` and `CLUSTER` where these are not known.
    public let suggestion: String
  }

  /// The nodes that an IP address stands for, also that of a URL, `{"10.0.0.1:80": 1}`; nil for any other text.
  public static func nodes(ofAddress text: String) -> String? {
    let url = URLText(text)
    let text = url.scheme == nil ? text : url.authority
    var (host, port) = (text, "PORT")
    if addressBytes(text) == nil, !text.hasSuffix("]"), let colon = text.lastIndex(of: ":") {
      host = String(text[..<colon])
      port = UInt16(text[colon...].dropFirst()).map { "\($0)" } ?? port
    }
    if host.hasPrefix("["), host.hasSuffix("]") { host = String(host.dropFirst().dropLast()) }
    return addressBytes(host).map { "{\"\($0.count == 4 ? host : "[\(host)]"):\(port)\": 1}" }
  }
}

extension ServiceName.Advice {
  /// Looks at the shape of `text`; nil when it is as it should be.
  /// - Parameters:
  ///   - clusters: the ids of the configured clusters, in multi mode.
  ///   - exists: is there such a `namespace/name`? Told apart with it: swapped names.
  public init?(
    _ text: String, mode: ServiceNameMode, clusters: [String] = [], exists: (String) -> Bool = { _ in false }
  ) {
    let unknown = clusters.count == 1 ? clusters[0] : "CLUSTER"
    if ServiceName.nodes(ofAddress: text) != nil {
      (shape, key) = (.address, "NAMESPACE/NAME")
      suggestion = (mode == .multi ? unknown + "/" : "") + "NAMESPACE/NAME:PORT"
      return
    }
    var (found, rest): (Shape?, String) = (nil, text)
    if ServiceName.hasWhiteSpace(text) { found = .whiteSpace }
    rest.unicodeScalars.removeAll { $0.properties.isWhitespace }
    if let scheme = rest.firstBytes(of: "://") {
      found = .url
      let url = URLText(rest)
      rest.removeSubrange(..<scheme.upperBound)
      // A port or a dot is of a host, and the path behind it no part of a name.
      if url.port != nil || url.host.contains(".") { rest = url.authority }
      while rest.hasSuffix("/") { rest.removeLast() }
    }

    var port: String?
    if let colon = rest.lastIndex(of: ":") {
      port = String(rest[rest.index(after: colon)...])
      rest = String(rest[..<colon])
    }
    var parts = rest.split(separator: "/", omittingEmptySubsequences: true).map(String.init)
    var cluster: String?

    if parts.count == 1 {
      let labels = parts[0].split(separator: ".", omittingEmptySubsequences: true).map(String.init)
      if labels.count >= 3, labels[2] == "svc" {
        found = .clusterDomain
        parts = [labels[1], labels[0]]
      } else if labels.count == 2 {
        found = .dotted
        parts = [labels[1], labels[0]]
      } else {
        found = found ?? (labels.count > 2 ? .host : .bareName)
        parts = ["NAMESPACE", parts[0]]
      }
    }
    guard !parts.isEmpty else { return nil }
    // The port behind a slash, where what stands before it is there.
    if port == nil, parts.count == (mode == .single ? 3 : 4) || parts.count == 3,
      exists(parts.dropLast().suffix(2).joined(separator: "/"))
    {
      found = found ?? .missingPort
      port = parts.removeLast()
    }
    if parts.count >= 3 {
      cluster = parts.dropLast(2).joined(separator: "/")
      parts = Array(parts.suffix(2))
      if mode == .single { found = found ?? .needlessCluster }
    }
    if !exists(parts.joined(separator: "/")), exists("\(parts[1])/\(parts[0])") {
      found = found ?? .swapped
      parts.reverse()
    }
    if port == nil { found = found ?? .missingPort }
    if mode == .multi, cluster == nil {
      found = found ?? .missingCluster
      cluster = unknown
    }

    guard let found else { return nil }
    let prefix = mode == .multi ? (cluster ?? unknown) + "/" : ""
    shape = found
    key = parts.joined(separator: "/")
    suggestion = prefix + key + ":" + (port ?? "PORT")
  }
}

import APISIX

/// `${NAME}`, which the kubernetes registry reads from the environment, and `${{NAME}}`, which the loader fills in.
enum Placeholder {
  /// The name in `${NAME}` as the whole value, by the pattern of APISIX's schema: the last character no digit.
  static func name(ofWhole text: String) -> String? {
    guard let name = whole(text.hasSuffix("\n") ? String(text.dropLast()) : text), let first = name.utf8.first,
      let last = name.utf8.last, !isDigit(first), !isDigit(last), name.utf8.allSatisfy({ isDigit($0) || isLetter($0) })
    else { return nil }
    return name
  }

  /// The name in `${NAME1}`, which only its last digit keeps from being a variable.
  static func endingInDigit(_ text: String) -> String? {
    guard let name = whole(text), self.name(ofWhole: text) == nil, name.last?.isNumber ?? false,
      name.allSatisfy({ $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_") })
    else { return nil }
    return name
  }

  /// What stands in `${…}` as the whole value, whatever it is; not for `${{…}}`.
  static func whole(_ text: String) -> String? {
    guard text.hasPrefix("${"), text.hasSuffix("}"), !text.hasPrefix("${{"), text.count > 3 else { return nil }
    let inner = text.dropFirst(2).dropLast()
    return inner.contains("}") || inner.contains("{") ? nil : String(inner)
  }

  /// The name of the only `${{NAME}}` in a text, without its default.
  static func only(in text: String) -> String? {
    guard let start = text.range(of: "${{"), let end = text[start.upperBound...].range(of: "}}") else { return nil }
    let inner = text[start.upperBound..<end.lowerBound].drop { $0 == " " }
    let name = inner.prefix { $0 == "_" || ($0.isASCII && ($0.isLetter || $0.isNumber)) }
    return name.isEmpty ? nil : String(name)
  }

  private static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }
  private static func isLetter(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: "_") || (0x61...0x7A).contains(byte | 0x20)
  }
}

enum HostName {
  /// `: it has an underscore`
  static func reason(_ text: String) -> String {
    if text.isEmpty { return ": it is empty" }
    if text.contains("_") { return ": it has an underscore" }
    if text.hasSuffix(".") { return ": it ends in a dot" }
    if text.contains(where: \.isWhitespace) { return ": it has a blank" }
    if text.hasPrefix("$") { return ": a variable must be ${NAME} as the whole value" }
    return ""
  }
}

/// A host with more than a host in it.
struct ServiceURL {
  /// What there is too much: `a scheme and a port`.
  let parts: String
  /// `schema: https, host: kube.example.org and port: "6443"`
  let mend: String

  init?(_ text: String) {
    var rest = text[...]
    var scheme: String?
    var found: [String] = []
    if let mark = rest.range(of: "://") {
      scheme = rest[..<mark.lowerBound].lowercased()
      rest = rest[mark.upperBound...]
      found.append("a scheme")
    }
    var path: Substring?
    if let slash = rest.firstIndex(of: "/") {
      path = rest[slash...]
      rest = rest[..<slash]
    }
    var port: Substring?
    if let colon = rest.lastIndex(of: ":"), rest.filter({ $0 == ":" }).count == 1 {
      port = rest[rest.index(after: colon)...]
      rest = rest[..<colon]
      found.append("a port")
    }
    if path != nil { found.append("a path") }
    guard !found.isEmpty, Pattern.host.matches(rest.lowercased()) else { return nil }
    parts = found.joined(separator: found.count == 2 ? " and " : ", ")
    var keys: [String] = []
    if let scheme, scheme == "http" || scheme == "https" { keys.append("schema: \(scheme)") }
    keys.append("host: \(rest.lowercased())")
    if let port, !port.isEmpty { keys.append("port: \"\(port)\"") }
    let longPath = path.map { $0.count > 1 } ?? false
    mend =
      keys.joined(separator: ", ")
      + (longPath ? "; a path cannot be given, APISIX needs the API server itself" : "")
  }
}

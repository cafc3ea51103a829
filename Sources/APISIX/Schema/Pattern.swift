import SourceText

/// A PCRE pattern of a schema, with a hand-written matcher that agrees with it on every byte string: at start-up no
/// regular expression is compiled.
public struct Pattern: Sendable {
  typealias Bytes = Slice<UnsafeBufferPointer<UInt8>>

  /// The pattern as APISIX has it.
  public let source: String
  private let test: @Sendable (Bytes) -> Bool

  init(_ source: String, _ test: @escaping @Sendable (Bytes) -> Bool) {
    self.source = source
    self.test = test
  }

  public func matches(_ text: String) -> Bool {
    var text = text
    return text.withUTF8 { bytes in
      let bytes = bytes[...]
      // PCRE's `$` lets a final newline pass.
      return test(bytes) || bytes.last == 0x0A && test(bytes.dropLast())
    }
  }
}

extension Pattern {
  /// `${NAME}`; a name that ends in a digit is none.
  public static let placeholder = Pattern(#"^\${[_A-Za-z]([_A-Za-z0-9]*[_A-Za-z])*}$"#) { Placeholder.isVariable($0) }

  /// The same, not anchored at its start.
  static let endsInPlaceholder = Pattern(#"\${[_A-Za-z]([_A-Za-z0-9]*[_A-Za-z])*}$"#) { bytes in
    bytes.lastIndex(of: UInt8(ascii: "$")).map { Placeholder.isVariable(bytes[$0...]) } ?? false
  }

  public static let host = Pattern(#"^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$"#) { bytes in
    bytes.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false).allSatisfy {
      $0.isName(of: \.isSmall, inner: "-")
    }
  }

  static let port = Pattern(
    #"^(([1-9]\d{0,3}|[1-5]\d{4}|6[0-4]\d{3}|65[0-4]\d{2}|655[0-2]\d|6553[0-5]))$"#
  ) { bytes in
    guard (1...5).contains(bytes.count), bytes.first != 0x30, bytes.allSatisfy(\.isDigit) else { return false }
    return bytes.reduce(0) { $0 * 10 + Int($1 - 0x30) } <= 65535
  }

  static let token = Pattern(#"^[A-Za-z0-9+\/._=-]{0,4096}$"#) { bytes in
    bytes.count <= 4096 && bytes.allSatisfy { $0.isAlphanumeric || "+/._=-".utf8.contains($0) }
  }

  public static let tokenFile = Pattern(##"^[^\:*?"<>|]*$"##) { bytes in
    !bytes.contains { byte in
      switch Unicode.Scalar(byte) {
      case ":", "*", "?", "\"", "<", ">", "|": true
      default: false
      }
    }
  }

  public static let namespace = Pattern(#"^[a-z0-9]([-a-z0-9_.]*[a-z0-9])?$"#) {
    $0.isName(of: \.isSmall, inner: "-_.")
  }

  static let namespaceRegex = Pattern(#"^[\x21-\x7e]*$"#) { $0.allSatisfy { (0x21...0x7E).contains($0) } }

  public static let sharedSize = Pattern("^[1-9][0-9]*m$") { isSize($0, digits: .max) }
  public static let shortSharedSize = Pattern("^[1-9][0-9]?m$") { isSize($0, digits: 2) }

  static let id = Pattern("^[a-z0-9]{1,64}$") { (1...64).contains($0.count) && $0.allSatisfy(\.isSmall) }
  static let shortID = Pattern("^[a-z0-9]{1,8}$") { (1...8).contains($0.count) && $0.allSatisfy(\.isSmall) }

  static let nacosHost = Pattern(#"^http(s)?:\/\/([a-zA-Z0-9-_.]+:.+\@)?[a-zA-Z0-9-_.:]+$"#) { bytes in
    guard bytes.starts(with: "http".utf8) else { return false }
    var rest = bytes.dropFirst(4)
    if rest.first == UInt8(ascii: "s") { rest.removeFirst() }
    return rest.starts(with: "://".utf8) && isAddress(rest.dropFirst(3))
  }

  static let nacosPrefix = Pattern(#"^[\/a-zA-Z0-9-_.]+$"#) { bytes in
    !bytes.isEmpty && bytes.allSatisfy { $0.isAlphanumeric || "/-_.".utf8.contains($0) }
  }

  static let databaseHost = Pattern(#"^([a-zA-Z0-9-_.]+:.+\@)?[a-zA-Z0-9-_.:]+$"#) { isAddress($0) }

  private static func isSize(_ bytes: Bytes, digits: Int) -> Bool {
    guard bytes.last == UInt8(ascii: "m"), bytes.first != 0x30 else { return false }
    let number = bytes.dropLast()
    return !number.isEmpty && number.count <= digits && number.allSatisfy(\.isDigit)
  }

  /// `user:password@` with anything but a newline as password, then a host and port.
  private static func isAddress(_ bytes: Bytes) -> Bool {
    func isName(_ bytes: Bytes, and more: String) -> Bool {
      !bytes.isEmpty && bytes.allSatisfy { $0.isAlphanumeric || more.utf8.contains($0) }
    }
    guard let at = bytes.lastIndex(of: UInt8(ascii: "@")) else { return isName(bytes, and: "-_.:") }
    guard let colon = bytes[..<at].firstIndex(of: UInt8(ascii: ":")) else { return false }
    let password = bytes[(colon + 1)..<at]
    return isName(bytes[..<colon], and: "-_.") && !password.isEmpty && !password.contains(0x0A)
      && isName(bytes[(at + 1)...], and: "-_.:")
  }
}

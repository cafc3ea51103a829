import SourceText

/// A URL taken apart as people write it, `scheme://user:password@host:port/path`; all but the host may be missing.
///
/// A password may hold `/`, `?`, `#` and `@`: the last `@` ends the user. Only where no password can stand before a
/// slash, `http://10.0.0.1:8500/a@b`, does an `@` behind it belong to the path. Programs that connect stop at the first
/// slash; what they make of a URL is another question, see `isReadDifferently`.
public struct URLText: Sendable, Hashable {
  /// As it is written, without `://`.
  public let scheme: String?
  /// What stands before the `@`.
  public let userInfo: String?
  /// IPv6 with its brackets.
  public let host: String
  public let port: String?
  /// With its first slash, `?` or `#`; empty where there is none.
  public let path: String

  public init(_ text: String) {
    var text = text
    (scheme, userInfo, host, port, path) = text.withUTF8 { bytes in
      func part(_ range: Range<Int>) -> String { String(decoding: bytes[range], as: UTF8.self) }
      let mark = bytes.indices.dropLast(2).first { bytes.isURLMark(at: $0) }
      var start = mark.map { $0 + 3 } ?? 0
      let user = bytes[start...].lastIndex(of: UInt8(ascii: "@")).flatMap { Self.userInfo(bytes, start..<$0) }
      if let user { start = user.upperBound + 1 }
      let end = bytes[start...].firstIndex(where: isPathStart) ?? bytes.count
      var colon = bytes[start..<end].lastIndex(of: UInt8(ascii: ":"))
      if let found = colon, bytes[found..<end].contains(UInt8(ascii: "]")) { colon = nil }
      return (
        mark.map { part(0..<$0) }, user.map(part), part(start..<(colon ?? end)), colon.map { part($0 + 1..<end) },
        part(end..<bytes.count)
      )
    }
  }

  /// The URL without its password. The user is hidden as well: a token may stand there.
  public var shown: String { text(userInfo: userInfo.map { _ in SecretPatterns.mask }) }

  /// The URL with `***` for its password alone; a variable in its place, `${NAME}`, is none.
  public var withUser: String {
    guard let userInfo else { return text(userInfo: nil) }
    let user = userInfo.firstIndex(of: ":").map { userInfo[...$0] } ?? ""
    let password = userInfo[user.endIndex...]
    let isOpen = password.isEmpty || SecretPatterns.isPlaceholder(password.utf8)
    return text(userInfo: isOpen ? userInfo : user + SecretPatterns.mask)
  }

  /// The URL without user and password.
  public var withoutUser: String { text(userInfo: nil) }

  /// Host and port.
  public var authority: String { host + (port.map { ":" + $0 } ?? "") }

  /// User and password, percent-decoded.
  public var credentials: (user: String, password: String?)? {
    guard let userInfo else { return nil }
    let parts = userInfo.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false).map(percentDecoded)
    return (parts[0], parts.count > 1 ? parts[1] : nil)
  }

  /// Whether a program that connects ends the user elsewhere, and would take a piece of the password for the server.
  public var isReadDifferently: Bool { userInfo?.utf8.contains(where: isPathStart) ?? false }

  /// Put together again, with other parts where given.
  public func text(scheme: String? = nil, path: String? = nil) -> String {
    text(scheme: scheme, userInfo: userInfo, path: path)
  }

  private func text(scheme: String? = nil, userInfo: String?, path: String? = nil) -> String {
    ((scheme ?? self.scheme).map { $0 + "://" } ?? "") + (userInfo.map { $0 + "@" } ?? "") + authority
      + (path ?? self.path)
  }

  /// What of this range is user and password.
  /// - Parameter user: of a URL from behind its scheme to its last `@`.
  static func userInfo(_ bytes: UnsafeBufferPointer<UInt8>, _ user: Range<Int>) -> Range<Int>? {
    guard let end = bytes[user].firstIndex(where: isPathStart) else { return user }
    let head = user.lowerBound..<end
    let at = bytes[head].lastIndex(of: UInt8(ascii: "@"))
    if isAddress(bytes[(at.map { $0 + 1 } ?? head.lowerBound)..<end]) { return at.map { head.lowerBound..<$0 } }
    return bytes[head].contains(UInt8(ascii: ":")) ? user : nil
  }

  /// `10.0.0.1:8500`, `[::1]`: what is certainly no user with a password.
  private static func isAddress(_ bytes: Slice<UnsafeBufferPointer<UInt8>>) -> Bool {
    let isV6 = bytes.first == UInt8(ascii: "[")
    let end = isV6 ? bytes.firstIndex(of: UInt8(ascii: "]")).map { $0 + 1 } : bytes.firstIndex(of: UInt8(ascii: ":"))
    let host = bytes[..<(end ?? bytes.endIndex)]
    let port = bytes[host.endIndex...]
    guard port.isEmpty || port.first == UInt8(ascii: ":") && port.dropFirst().allSatisfy(\.isDigit) else {
      return false
    }
    return isV6 || host.elementsEqual("localhost".utf8)
      || host.allSatisfy { $0.isDigit || $0 == UInt8(ascii: ".") } && host.count { $0 == UInt8(ascii: ".") } == 3
  }
}

extension UnsafeBufferPointer<UInt8> {
  /// Whether `://` stands there.
  func isURLMark(at index: Int) -> Bool {
    index + 2 < count && self[index] == UInt8(ascii: ":") && self[index + 1] == UInt8(ascii: "/")
      && self[index + 2] == UInt8(ascii: "/")
  }
}

private func isPathStart(_ byte: UInt8) -> Bool {
  byte == UInt8(ascii: "/") || byte == UInt8(ascii: "?") || byte == UInt8(ascii: "#")
}

/// `%40` as `@`; what is no escape stays.
public func percentDecoded(_ text: Substring) -> String {
  var bytes: [UInt8] = []
  var rest = text.utf8
  while let byte = rest.popFirst() {
    let digits = rest.prefix(2)
    if byte == UInt8(ascii: "%"), digits.count == 2, digits.first != UInt8(ascii: "+"),
      let value = UInt8(String(Substring(digits)), radix: 16)
    {
      bytes.append(value)
      rest = rest.dropFirst(2)
    } else {
      bytes.append(byte)
    }
  }
  return String(decoding: bytes, as: UTF8.self)
}

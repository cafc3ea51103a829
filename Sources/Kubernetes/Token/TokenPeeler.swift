import Inputs
import JSON
import SourceText

/// Takes off, layer by layer, what is round a token. No layer is taken off without a flaw being noted.
struct TokenPeeler {
  private(set) var flaws: [TokenText.Flaw] = []
  private var bytes: [UInt8]

  init(_ bytes: [UInt8]) { self.bytes = bytes }

  /// The token, or nil when it cannot be told.
  mutating func peel() -> String? {
    // Each round takes a layer off and makes the text shorter; nobody wraps a token twenty times.
    for _ in 0..<20 {
      guard !bytes.isEmpty else {
        flaws.append(.empty)
        return nil
      }
      if takeOffMark() || takeOffSpace() || takeOffPrefix() || takeOffQuotes() { continue }
      if bytes.starts(with: "-----BEGIN".utf8) {
        flaws.append(.pem)
        return nil
      }
      if isPlaceholder {
        flaws.append(.placeholder)
        return nil
      }
      if let found = TokenDocument.find(bytes) {
        flaws.append(.document(found.kind))
        guard let token = found.token else { return nil }
        bytes = token
        continue
      }
      if unescape() || joinLines() || takeOffBase64() { continue }
      return finish()
    }
    return nil
  }

  // MARK: layers

  private mutating func takeOffMark() -> Bool {
    if bytes.starts(with: [0xEF, 0xBB, 0xBF]) {
      flaws.append(.byteOrderMark)
      bytes.removeFirst(3)
      return true
    }
    guard bytes.count % 2 == 0, let text = WideText.decoded(bytes) else { return false }
    flaws.append(.utf16)
    bytes = text
    return true
  }

  private mutating func takeOffSpace() -> Bool {
    let leading = bytes.prefix(while: \.isSpace).count
    guard leading < bytes.count else {
      bytes = []
      flaws.append(.trailingSpace)
      return true
    }
    let trailing = bytes.reversed().prefix(while: \.isSpace)
    if leading > 0 { flaws.append(.leadingSpace) }
    if trailing.contains(0x0A) || trailing.contains(0x0D) {
      flaws.append(.trailingNewline(crlf: trailing.contains(0x0D)))
    } else if !trailing.isEmpty {
      flaws.append(.trailingSpace)
    }
    bytes = Array(bytes[leading..<(bytes.count - trailing.count)])
    return leading + trailing.count > 0
  }

  private mutating func takeOffQuotes() -> Bool {
    guard let first = bytes.first, let last = bytes.last else { return false }
    let quotes = Array("\"'`".utf8)
    // A quote at one end only was lost at the other: it belongs to no token either.
    guard let quote = [first, last].first(where: { quotes.contains($0) }) else { return false }
    flaws.append(.quoted(Character(Unicode.Scalar(quote))))
    if last == quote { bytes.removeLast() }
    if first == quote, !bytes.isEmpty { bytes.removeFirst() }
    return true
  }

  private mutating func takeOffPrefix() -> Bool {
    let start = String(decoding: bytes.prefix(32), as: UTF8.self).lowercased()
    var prefixes: [(text: String, flaw: TokenText.Flaw)] = [
      ("authorization:", .bearerPrefix), ("bearer ", .bearerPrefix),
    ]
    // A one-line `token: …`; with more lines it is a document.
    if !bytes.contains(0x0A) { prefixes += ["token:", "token=", "\"token\":"].map { ($0, .keyPrefix) } }
    // The blank behind a bare `Bearer` is gone by now.
    guard let prefix = prefixes.first(where: { start.hasPrefix($0.text) || start == "bearer" }) else { return false }
    if prefix.flaw == .keyPrefix || flaws.last != prefix.flaw { flaws.append(prefix.flaw) }
    bytes = Array(bytes.dropFirst(prefix.text.utf8.count).drop(while: \.isSpace))
    return true
  }

  private var isPlaceholder: Bool {
    let name = bytes.dropFirst()
    let isVariable =
      bytes.first == UInt8(ascii: "$") && !name.isEmpty
      && (name.starts(with: "{".utf8) || name.starts(with: "(".utf8)
        || String(decoding: name, as: UTF8.self).allSatisfy { $0.isLetter || $0.isNumber || $0 == "_" })
    return isVariable || bytes.count <= 96 && SecretPatterns.isUnfilled(String(decoding: bytes, as: UTF8.self))
  }

  private mutating func unescape() -> Bool {
    if bytes.contains(UInt8(ascii: "%")), let decoded = TokenEscapes.percentDecoded(bytes) {
      flaws.append(.percentEncoded)
      bytes = decoded
      return true
    }
    if bytes.contains(UInt8(ascii: "\\")), let decoded = TokenEscapes.jsonDecoded(bytes) {
      flaws.append(.jsonEscaped)
      bytes = decoded
      return true
    }
    return false
  }

  /// White space within is taken out where the rest is then a JWT, wrapped or not; else nobody can tell.
  private mutating func joinLines() -> Bool {
    let text = String(decoding: bytes, as: UTF8.self).unicodeScalars
    let visible = text.filter { !TokenEscapes.isInvisible($0) }
    guard visible.count < text.count else { return false }
    let joined = Array(String(String.UnicodeScalarView(visible)).utf8)
    guard Self.startsJWT(joined) || Self.unwrapped(joined) != nil else { return false }
    flaws.append(.innerSpace(lineBreak: text.contains { $0 == "\n" || $0 == "\r" }))
    bytes = joined
    return true
  }

  private mutating func takeOffBase64() -> Bool {
    guard !Self.startsJWT(bytes), let decoded = Self.unwrapped(bytes) else { return false }
    if case .base64(let times)? = flaws.last {
      flaws[flaws.count - 1] = .base64(times: times + 1)
    } else {
      flaws.append(.base64(times: 1))
    }
    bytes = decoded
    return true
  }

  // MARK: what is left

  private mutating func finish() -> String? {
    let text = String(decoding: bytes, as: UTF8.self)
    if !bytes.allSatisfy({ (0x21...0x7E).contains($0) }) {
      let visible = text.unicodeScalars.allSatisfy { !TokenEscapes.isInvisible($0) }
      let lineBreak = bytes.contains(0x0A) || bytes.contains(0x0D)
      flaws.append(visible ? .strangeCharacter : .innerSpace(lineBreak: lineBreak))
      return nil
    }
    guard Self.startsJWT(bytes) else { return text }
    let parts = text.split(separator: ".", omittingEmptySubsequences: false)
    if parts.count > 3 {
      flaws.append(.tooManyParts(parts.count))
      return nil
    }
    guard parts.count == 3, !parts[2].isEmpty, let jwt = JWT(text) else {
      flaws.append(.truncated(parts: parts.filter { !$0.isEmpty }.count))
      return nil
    }
    if Base64.decode(parts[2].utf8, .url) == nil || jwt.hasShortSignature {
      flaws.append(
        .shortSignature(bytes: jwt.signatureBytes, expected: jwt.expectedSignatureBytes?.count ?? jwt.signatureBytes))
    }
    return text
  }

  /// Whether the first part, whole or cut off, is the JSON header of a JWT: base64 of `{"…`.
  static func startsJWT(_ bytes: [UInt8]) -> Bool {
    let first = bytes.prefix { $0 != UInt8(ascii: ".") }
    if first.count < bytes.count { return JWT.object(first)?["alg"] != nil || first.starts(with: "eyJ".utf8) }
    return first.starts(with: "eyJ".utf8) && first.count >= 8
  }

  /// What base64 holds when that is a JWT, or base64 of one, perhaps with space, quotes or `Bearer ` round it.
  private static func unwrapped(_ bytes: [UInt8]) -> [UInt8]? {
    guard bytes.count >= 12, !bytes.contains(UInt8(ascii: ".")), let decoded = Base64.decodeLeniently(bytes)
    else { return nil }
    var inner = decoded.drop { $0.isSpace || $0 == UInt8(ascii: "\"") || $0 == UInt8(ascii: "'") }
    if String(decoding: inner.prefix(7), as: UTF8.self).lowercased() == "bearer " { inner = inner.dropFirst(7) }
    for start in ["eyJ", "ZXlK", "WlhsS", "V2xoc1"] where inner.starts(with: start.utf8) { return decoded }
    return nil
  }
}

import SourceText

/// Finds secrets by their looks: in files, messages and log lines alike.
///
/// Found are JWTs, also glued to other text, and base64 of them; `user:password` of URLs, and of
/// `user:password@host:port` without a scheme; `token=` and its like in the query of a URL; the credential behind
/// `Bearer` and `Basic`; the inside of a private key in PEM.
public enum SecretPatterns {
  /// What stands in place of a secret, everywhere.
  public static let mask = "***"

  /// Where secrets stand, in order and without overlap. One pass.
  /// - Parameters:
  ///   - keys: whether values behind `password=`, `"token":` and their like are wanted, too, and what a client sent: of
  ///     log lines.
  ///   - names: the same without what a client sent: of a text within a file.
  public static func ranges(
    in bytes: UnsafeBufferPointer<UInt8>, keys: Bool = false, names: Bool = false
  ) -> [Range<Int>] {
    var finder = SecretFinder(bytes, keys: keys, names: names)
    finder.run()
    return finder.found
  }

  /// The text with `***` for each secret.
  /// - Parameter isPiece: it was taken out of a longer one, and may be cut off within a URL's password.
  public static func hidden(_ text: String, isPiece: Bool = false) -> String {
    hidden(text, isPiece: isPiece) { _ in mask }
  }

  /// The same where lines have nothing to do with each other: the end of a private key is looked for in its line.
  public static func hiddenByLine(_ text: String) -> String {
    var text = text
    let isClean = text.withUTF8 { ranges(in: $0).isEmpty }
    if isClean { return text }
    return text.split(separator: "\n", omittingEmptySubsequences: false).map { hidden(String($0)) }
      .joined(separator: "\n")
  }

  static func hidden(
    _ text: String, keys: Bool = false, isPiece: Bool = false, name: (Slice<UnsafeBufferPointer<UInt8>>) -> String
  ) -> String {
    var text = text
    return text.withUTF8 { bytes in
      var finder = SecretFinder(bytes, keys: keys, isPiece: isPiece)
      finder.run()
      let found = finder.found
      return found.isEmpty ? nil : hide(found, in: bytes, name: name)
    } ?? text
  }

  /// The text with another for each of these ranges, which stand in order and without overlap.
  public static func hide(
    _ ranges: [Range<Int>], in bytes: UnsafeBufferPointer<UInt8>,
    name: (Slice<UnsafeBufferPointer<UInt8>>) -> String = { _ in mask }
  ) -> String {
    var result: [UInt8] = []
    var done = 0
    for range in ranges {
      result += bytes[done..<range.lowerBound]
      result += name(bytes[range]).utf8
      done = range.upperBound
    }
    return String(decoding: result + bytes[done...], as: UTF8.self)
  }

  /// Whether a JWT, or base64 of one, may stand in a value, broken over lines or not.
  public static func mayHoldToken(_ value: UnsafeBufferPointer<UInt8>) -> Bool {
    // The letter of each that is rare in words, and where it stands.
    let starts: [(StaticString, Int)] = [("eyJ", 2), ("ZXl", 0), ("Wlh", 0)]
    return value.count >= 24
      && starts.contains { start, rare in
        start.withUTF8Buffer { place(of: $0, in: value, rare: rare) != nil }
      }
  }

  /// `user:password` of a value that is a URL as a whole, whatever stands in it.
  /// - Parameter isAddress: it is one without a scheme, too: somebody else's `oidc:jane@example.org` is a name.
  public static func userInfo(
    in bytes: UnsafeBufferPointer<UInt8>, _ value: Range<Int>, isAddress: Bool = false
  ) -> Range<Int>? {
    guard let at = bytes[value].lastIndex(of: UInt8(ascii: "@")) else { return nil }
    if let mark = (value.lowerBound..<at).first(where: { bytes.isURLMark(at: $0) }) {
      return mark + 3 < at ? URLText.userInfo(bytes, mark + 3..<at) : nil
    }
    let user = bytes[value.lowerBound..<at].drop { $0 == UInt8(ascii: "\"") || $0 == UInt8(ascii: "'") }
    guard isAddress, let colon = user.firstIndex(of: UInt8(ascii: ":")), !isPlaceholder(user[(colon + 1)...])
    else { return nil }
    return user.startIndex..<at
  }

  /// A value as it may be quoted: of a URL everything up to its last `@` is hidden, whatever stands in it.
  public static func quotable(_ value: String) -> String {
    var value = value
    if value.withUTF8(mayHoldToken) { return mask }
    let url = value.utf8.contains(UInt8(ascii: "@")) ? URLText(value) : nil
    return hidden(url?.scheme == nil ? value : url?.shown ?? value)
  }

  /// The same in quotation marks and one line, shortened where it is long; a secret stands without them.
  public static func quoted(_ value: String) -> String {
    let shown = quotable(value)
    if shown == mask { return shown }
    let line = shown.split(separator: "\n", omittingEmptySubsequences: false).joined(separator: "\\n")
    return line.count <= 60 ? "\"\(line)\"" : "\"\(line.prefix(57))…\""
  }

  /// Whether a text is none that people would write: 16 bytes or more, with digits among letters of both cases, or
  /// without anything that parts words; also a UUID. Others may be words, as `kubernetes.io/os` is.
  public static func isRandom(_ text: some Collection<UInt8>) -> Bool {
    guard text.count >= 16, text.contains(where: \.isDigit) else { return false }
    let isHex = text.allSatisfy { $0 == UInt8(ascii: "-") || $0.isDigit || (0x61...0x66).contains($0 | 0x20) }
    let isPlain = text.allSatisfy { $0.isAlphanumeric }
    let hasUpper = text.contains { (0x41...0x5A).contains($0) }
    let hasLower = text.contains { (0x61...0x7A).contains($0) }
    return isHex || isPlain || (hasUpper && hasLower)
  }

  /// Whether letters of both cases and digits change so often that nobody wrote it: no name of a file, no word.
  static func isMixed(_ text: some Collection<UInt8>) -> Bool {
    var kinds: UInt8 = 0
    for byte in text {
      let kind = kind(byte)
      if kind == other, !"-_.~+=:!$".utf8.contains(byte) { return false }
      kinds |= 1 << kind
    }
    return kinds & 0b111 == 0b111 && changes(text) * 7 >= text.count * 2
  }

  /// Of how many stretches of one kind of letter it is made; a capital belongs to the small letters behind it.
  private static func changes(_ text: some Collection<UInt8>) -> Int {
    zip(text, text.dropFirst()).reduce(1) {
      $0 + (kind($1.0) == kind($1.1) || kind($1.0) == 1 && kind($1.1) == 0 ? 0 : 1)
    }
  }

  /// A small letter, a capital, a digit, or none of them.
  private static func kind(_ byte: UInt8) -> UInt8 {
    (0x61...0x7A).contains(byte) ? 0 : (0x41...0x5A).contains(byte) ? 1 : byte.isDigit ? 2 : other
  }

  private static let other: UInt8 = 3

  /// Whether a word that was given where the name of something is wanted is a token itself: one by its looks, or 20
  /// bytes or more that nobody would write. What has a slash or an extension is a file's name.
  public static func isToken(_ word: some StringProtocol) -> Bool {
    var text = String(word)
    if text.withUTF8({ bytes in ranges(in: bytes).contains { $0.count >= 24 } }) { return true }
    let bytes = text.utf8
    guard bytes.count >= 20, !bytes.contains(UInt8(ascii: "/")) else { return false }
    let end = bytes.lastIndex(of: UInt8(ascii: ".")).map { bytes[bytes.index(after: $0)...] }
    if let end, (1...6).contains(end.count), end.allSatisfy(\.isSmall) { return false }
    let last = bytes.lastIndex(of: UInt8(ascii: ":")).map { bytes[bytes.index(after: $0)...] } ?? bytes[...]
    return isMixed(bytes)
      || last.count >= 20 && last.allSatisfy(\.isSmall) && isRandom(last) && changes(last) * 4 >= last.count
  }

  /// The name of a file, a context or a rule as it may be shown where there is none.
  public static func shownName(_ name: String) -> String {
    let shown = hidden(name)
    return shown == name && isToken(name) ? mask : shown
  }

  /// What people are told of a call, line by line, with `***` for each word that is a token.
  public static func shownCall(_ text: String) -> String {
    let isPart = { (byte: UInt8) in byte > 0x20 && !"'\"`,;()<>".utf8.contains(byte) }
    let text = hidden(text)
    var ranges: [Range<Int>] = []
    let bytes = Array(text.utf8)
    var start = 0
    while start < bytes.count {
      let end = bytes[start...].firstIndex { !isPart($0) } ?? bytes.count
      // Behind `--` or before a colon stands what was typed.
      let word = bytes[start..<end].trimmed { "-:.".utf8.contains($0) }
      if word.count >= 20, isToken(String(decoding: word, as: UTF8.self)) { ranges.append(word.indices) }
      start = end + 1
    }
    return ranges.isEmpty ? text : bytes.withUnsafeBufferPointer { hide(ranges, in: $0) }
  }

  /// A variable that somebody else fills in: `${NAME}`, `${{NAME}}`.
  static func isPlaceholder(_ text: some BidirectionalCollection<UInt8>) -> Bool {
    guard text.starts(with: "${".utf8), text.last == UInt8(ascii: "}") else { return false }
    return text.dropFirst(2).dropLast().allSatisfy { $0.isWord || $0 == UInt8(ascii: "{") || $0 == UInt8(ascii: "}") }
  }
}

/// Names for the secrets of a text that must stay tellable apart: equal ones have one name, `***1`, and a name tells
/// nothing of its secret. Numbered as they come, so that equal texts give equal names.
public struct SecretNames: Sendable {
  /// Names are kept for this many; later ones are all `***`.
  private static let limit = 1 << 16
  private var numbers: [Int: Int] = [:]

  public init() {}

  /// A log line with a name for each secret.
  public mutating func hidden(_ line: String) -> String {
    SecretPatterns.hidden(line, keys: true) { secret in
      var hasher = Hasher()
      for byte in secret { hasher.combine(byte) }
      let hash = hasher.finalize()
      if numbers[hash] == nil, numbers.count < Self.limit { numbers[hash] = numbers.count + 1 }
      return SecretPatterns.mask + (numbers[hash].map(String.init) ?? "")
    }
  }
}

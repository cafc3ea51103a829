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
  /// - Parameter keys: whether values behind `password=`, `"token":` and their like are wanted, too: of log lines.
  public static func ranges(in bytes: UnsafeBufferPointer<UInt8>, keys: Bool = false) -> [Range<Int>] {
    var finder = SecretFinder(bytes, keys: keys)
    finder.run()
    return finder.found
  }

  /// The text with `***` for each secret.
  public static func hidden(_ text: String) -> String { hidden(text) { _ in mask } }

  static func hidden(_ text: String, keys: Bool = false, name: (Slice<UnsafeBufferPointer<UInt8>>) -> String) -> String
  {
    var text = text
    return text.withUTF8 { bytes in
      let found = ranges(in: bytes, keys: keys)
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
    return value.count >= 24 && starts.contains { start, rare in start.withUTF8Buffer { $0.stands(in: value, rare) } }
  }

  /// `user:password` of a value that is a URL as a whole, whatever stands in it.
  public static func userInfo(in bytes: UnsafeBufferPointer<UInt8>, _ value: Range<Int>) -> Range<Int>? {
    guard let at = bytes[value].lastIndex(of: UInt8(ascii: "@")),
      let mark = (value.lowerBound..<at).first(where: { bytes.isURLMark(at: $0) }), mark + 3 < at
    else { return nil }
    return URLText.userInfo(bytes, mark + 3..<at)
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

import JSON
import SourceText

/// The second line of defence: hides known credentials wherever a rule, a server's answer or another program let one
/// slip into a text: whole or in part, as they are or in base64.
public struct Scrubber: Sendable {
  /// Shorter ones may be ordinary words, and hiding those would make messages unreadable.
  static let shortest = 16
  /// How much of a credential counts as a part of it.
  private static let shortestPart = 12

  /// Credentials and their ends, by their first eight bytes, so that a text is read once however many there are;
  /// longest first, so that a part of a credential never hides before the whole.
  private let secrets: [UInt64: [ArraySlice<UInt8>]]

  /// - Parameter others: credentials that stand in no file; those of fewer than 16 bytes are passed over.
  public init(_ others: [String]) { self.init(sources: [:], others: others) }

  init(sources: [String: SourceFile], others: [String]) {
    var found: Set<ArraySlice<UInt8>> = []
    for source in sources.values {
      for range in source.secrets { found.formUnion(Self.parts(of: source.text.bytes[range])) }
    }
    for other in others {
      for part in Self.parts(of: Array(other.utf8)[...]) {
        for form in [part] + Self.encoded(part) { found.formUnion(Self.ends(of: form)) }
      }
    }
    secrets = Dictionary(grouping: found) { $0.prefix(8).reduce(0) { $0 << 8 | UInt64($1) } }
      .mapValues { $0.sorted { $0.count > $1.count } }
  }

  var isEmpty: Bool { secrets.isEmpty }

  /// A credential may be quoted, or broken over lines.
  private static func parts(of bytes: ArraySlice<UInt8>) -> [ArraySlice<UInt8>] {
    let separators = Array(" \t\r\n\"'".utf8)
    return bytes.split(whereSeparator: { separators.contains($0) }).filter { $0.count >= shortest }
  }

  /// In base64, at each of the three places where it may begin in what is encoded. What its neighbours decide is left
  /// out.
  private static func encoded(_ bytes: ArraySlice<UInt8>) -> [ArraySlice<UInt8>] {
    (0..<3).flatMap { padding in
      let padded = Array(repeating: 0, count: padding) + bytes
      return [Base64.Alphabet.standard, .url].map { Array(Base64.encode(padded, $0).utf8).dropFirst(4).dropLast(4) }
    }
  }

  /// From each of its bytes to its end: what begins in the middle is a part, too. Nobody's credential is longer.
  private static func ends(of bytes: ArraySlice<UInt8>) -> [ArraySlice<UInt8>] {
    guard bytes.count >= shortestPart else { return [] }
    return bytes.indices.dropLast(shortestPart - 1).prefix(16_384).map { bytes[$0...] }
  }

  /// Where known credentials stand in `bytes`, in order and without overlap.
  func occurrences(in bytes: [UInt8]) -> [Range<Int>] {
    guard !secrets.isEmpty, bytes.count >= Self.shortest else { return [] }
    var found: [Range<Int>] = []
    var done = 0
    var key: UInt64 = 0
    for index in bytes.indices {
      key = key << 8 | UInt64(bytes[index])
      let start = index - 7
      guard start >= done, let candidates = secrets[key] else { continue }
      // A message may have cut it short.
      let length = candidates.map { Self.commonPrefix($0, bytes[start...]) }.max() ?? 0
      if length >= Self.shortestPart {
        done = start + length
        found.append(start..<done)
      }
    }
    return found
  }

  private static func commonPrefix(_ secret: ArraySlice<UInt8>, _ text: ArraySlice<UInt8>) -> Int {
    zip(secret, text).prefix { $0 == $1 }.count
  }

  /// The text with `***` for each credential and part of one.
  public func scrub(_ text: String) -> String {
    if secrets.isEmpty { return text }
    let bytes = Array(text.utf8)
    let found = occurrences(in: bytes)
    return found.isEmpty ? text : String(decoding: Self.hide(found, in: bytes), as: UTF8.self)
  }

  private static func hide(_ ranges: [Range<Int>], in bytes: [UInt8]) -> [UInt8] {
    var result: [UInt8] = []
    var done = 0
    for range in ranges {
      result += bytes[done..<range.lowerBound]
      result += Array(mask.utf8)
      done = range.upperBound
    }
    return result + bytes[done...]
  }

  func scrub(_ value: JSONValue) -> JSONValue {
    if secrets.isEmpty { return value }
    return switch value {
    case .string(let text): .string(scrub(text))
    case .array(let items): .array(items.map { scrub($0) })
    case .object(let object):
      .object(JSONObject(object.members.map { .init(key: scrub($0.key), value: scrub($0.value)) }))
    default: value
    }
  }

  func scrub(_ finding: Finding) -> Finding {
    if secrets.isEmpty { return finding }
    return Finding(
      rule: finding.rule, severity: finding.severity, message: scrub(finding.message), file: finding.file,
      range: finding.range, path: finding.path.map(scrub), help: finding.help.map(scrub),
      fix: finding.fix.map(scrub))
  }

  /// A fix whose text holds a credential is a secret one, whether its rule said so or not.
  private func scrub(_ fix: Fix) -> Fix {
    let slips = fix.edits.contains { scrub($0.text) != $0.text }
    return Fix(safe: fix.safe, edits: fix.edits, secret: fix.secret || slips)
  }
}

import Inputs
import JSON
import SourceText

/// The second line of defence: hides what looks like a secret and known credentials wherever a rule, a server's answer
/// or another program let one slip into a text: known ones whole or in part, as they are or in base64.
public struct Scrubber: Sendable {
  /// Shorter ones may be ordinary words, and hiding those would make messages unreadable.
  static let shortest = 16
  /// How much of a credential counts as a part of it.
  private static let shortestPart = 12

  /// Credentials and their ends, by their first eight bytes, so that a text is read once however many there are.
  let secrets: [UInt64: [Known]]
  /// However short: passwords of the files' URLs, between the colon and the `@` that tell them from a word, and what
  /// stands behind a variable's name where a credential belongs.
  private let marked: MarkedTexts
  private let sources: [String: SourceFile]

  struct Known: Hashable {
    let bytes: ArraySlice<UInt8>
    /// It may be words, so that only all of it counts.
    var isWhole = false
    /// The only file in which it counts: what may be words stands in others, too.
    var file: String?
  }

  /// - Parameter others: credentials that stand in no file; those of fewer than 16 bytes are passed over.
  public init(_ others: [String]) { self.init(sources: [:], others: others) }

  init(sources: [String: SourceFile], others: [String]) {
    var found: [UInt64: [Known]] = [:]
    var marked = MarkedTexts()
    // One may be written over and over.
    var inFiles: Set<Known> = []
    for (path, source) in sources {
      let bytes = source.text.bytes
      for range in source.secrets {
        for part in Self.parts(of: bytes[range]) {
          let isRandom = SecretPatterns.isRandom(part)
          inFiles.insert(Known(bytes: part, isWhole: !isRandom, file: isRandom ? nil : path))
        }
        // A number: no word, however short; in its own file only, where it may be quoted without its quotes.
        let number = bytes[range].trimmed { $0 == UInt8(ascii: "\"") || $0 == UInt8(ascii: "'") }
        if (8..<Self.shortest).contains(number.count), number.allSatisfy(\.isDigit) {
          inFiles.insert(Known(bytes: number, isWhole: true, file: path))
        }
        if range.upperBound < bytes.count, bytes[range.upperBound] == UInt8(ascii: "@"),
          let colon = bytes[range].firstIndex(of: UInt8(ascii: ":")), colon + 1 < range.upperBound
        {
          marked.add(bytes[colon...range.upperBound], before: 1, behind: 1)
        }
        // As the name of an alias, to which there is no anchor.
        if let name = Self.aliased(bytes[range]) {
          for sign in ["&", "reference: "] { marked.add(Array(sign.utf8) + name, before: sign.utf8.count) }
        }
        for variable in VariableDefault.all(in: bytes[range]) {
          // As it is written, and as APISIX or a shell wants it.
          let written = bytes[variable.name.endIndex..<variable.value.startIndex]
          for sign in [written, Array(":=".utf8)[...], Array(":-".utf8)[...]] {
            marked.add(variable.name + sign + variable.value, before: variable.name.count + sign.count)
          }
        }
      }
    }
    for known in inFiles { found[Self.key(of: known.bytes), default: []].append(known) }
    self.marked = marked
    self.sources = sources
    for other in Set(others) {
      for part in Self.parts(of: Array(other.utf8)[...]) {
        let isRandom = SecretPatterns.isRandom(part)
        if !isRandom { found[Self.key(of: part), default: []].append(Known(bytes: part, isWhole: true)) }
        for form in (isRandom ? [part] : []) + Self.encoded(part) {
          for end in Self.ends(of: form) { found[Self.key(of: end), default: []].append(Known(bytes: end)) }
        }
      }
    }
    secrets = found
  }

  /// Its first eight bytes.
  private static func key(of bytes: ArraySlice<UInt8>) -> UInt64 {
    var key: UInt64 = 0
    for index in bytes.startIndex..<min(bytes.startIndex + 8, bytes.endIndex) { key = key << 8 | UInt64(bytes[index]) }
    return key
  }

  /// `*NAME`, where that is no name that anybody gives to an anchor.
  private static func aliased(_ bytes: ArraySlice<UInt8>) -> ArraySlice<UInt8>? {
    let name = bytes.drop { $0 == 0x20 }
    guard name.first == UInt8(ascii: "*"), name.count > 6, name.contains(where: \.isDigit) else { return nil }
    return name.dropFirst().prefix { $0 > 0x20 }
  }

  /// Whether no credential is known.
  var isEmpty: Bool { secrets.isEmpty && marked.isEmpty }

  /// A credential may be quoted, or broken over lines.
  private static func parts(of bytes: ArraySlice<UInt8>) -> [ArraySlice<UInt8>] {
    let separators = Array(" \t\r\n\"'".utf8)
    return bytes.split(whereSeparator: { separators.contains($0) }).filter { $0.count >= shortest }.flatMap { part in
      // What stands behind the name of a variable may be told without it.
      [part] + VariableDefault.all(in: part).map(\.value).filter { $0.count >= shortest }
    }
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

  /// Where known credentials, and what looks like one, stand in `bytes`, in order and without overlap.
  /// - Parameter file: what the text is about.
  func occurrences(in bytes: UnsafeBufferPointer<UInt8>, of file: String?) -> [Range<Int>] {
    let found = known(in: bytes, of: file)
    let looks = SecretPatterns.ranges(in: bytes)
    return found.isEmpty ? looks : looks.isEmpty ? found : SourceFile.merged(found + looks)
  }

  private func known(in bytes: UnsafeBufferPointer<UInt8>, of file: String?) -> [Range<Int>] {
    var found = marked.occurrences(in: bytes)
    guard !secrets.isEmpty, bytes.count >= Self.shortest else { return SourceFile.merged(found) }
    var done = 0
    var key: UInt64 = 0
    for index in bytes.indices {
      key = key << 8 | UInt64(bytes[index])
      let start = index - 7
      guard start >= done, let candidates = secrets[key] else { continue }
      // A message may have cut it short.
      let length =
        candidates.lazy.filter { $0.file == nil || $0.file == file }.map { known in
          let length = zip(known.bytes, bytes[start...]).prefix { $0 == $1 }.count
          return known.isWhole && length < known.bytes.count ? 0 : length
        }.max() ?? 0
      let isNumber = (8..<Self.shortest).contains(length) && bytes[start..<start + length].allSatisfy(\.isDigit)
      let isWord = start == 0 || !bytes[start - 1].isDigit
      if length >= Self.shortestPart || isNumber && isWord {
        done = start + length
        found.append(start..<done)
      }
    }
    return SourceFile.merged(found)
  }

  /// The text with `***` for each credential and part of one.
  public func scrub(_ text: String) -> String { scrubbed(text, of: nil) ?? text }

  /// Nil where there is nothing to hide, as nearly always.
  private func scrubbed(_ text: String, of file: String?) -> String? {
    var text = text
    return text.withUTF8 { bytes in
      let found = occurrences(in: bytes, of: file)
      return found.isEmpty ? nil : SecretPatterns.hide(found, in: bytes)
    }
  }

  func scrub(_ value: JSONValue, of file: String?) -> JSONValue { scrubbed(value, of: file) ?? value }

  private func scrubbed(_ value: JSONValue, of file: String?) -> JSONValue? {
    switch value {
    case .string(let text): return scrubbed(text, of: file).map { .string($0) }
    case .array(var items):
      var changes = false
      for index in items.indices {
        guard let item = scrubbed(items[index], of: file) else { continue }
        items[index] = item
        changes = true
      }
      return changes ? .array(items) : nil
    case .object(var object):
      var changes = false
      for (index, member) in object.members.enumerated() {
        let (key, value) = (scrubbed(member.key, of: file), scrubbed(member.value, of: file))
        if key == nil, value == nil { continue }
        object.members[index] = .init(key: key ?? member.key, value: value ?? member.value)
        changes = true
      }
      return changes ? .object(object) : nil
    default: return nil
    }
  }

  func scrub(_ finding: Finding) -> Finding {
    let message = scrubbed(finding.message, of: finding.file)
    let path = finding.path.flatMap { scrubbed($0, of: finding.file) }
    let help = finding.help.flatMap { scrubbed($0, of: finding.file) }
    let fix = finding.fix.flatMap { scrubbed($0, of: finding.file) }
    if message == nil, path == nil, help == nil, fix == nil { return finding }
    return Finding(
      rule: finding.rule, severity: finding.severity, message: message ?? finding.message, file: finding.file,
      range: finding.range, path: path ?? finding.path, help: help ?? finding.help, fix: fix ?? finding.fix)
  }

  /// A fix whose text holds a credential is a secret one, whether its rule said so or not.
  private func scrubbed(_ fix: Fix, of file: String?) -> Fix? {
    guard !fix.secret else { return nil }
    let known = file.flatMap { sources[$0] }?.secrets(under: fix.edits) ?? []
    let isSecret = fix.edits.contains { edit in
      known.contains { !places(of: $0, in: edit.text).isEmpty } || scrubbed(edit.text, of: file) != nil
    }
    guard isSecret else { return nil }
    return Fix(safe: fix.safe, edits: fix.edits, secret: true)
  }
}

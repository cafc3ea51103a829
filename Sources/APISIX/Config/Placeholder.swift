import Glibc
import Inputs
import SourceText

/// A variable in a text of config.yaml: `${{NAME:=default}}`, which the loader fills in wherever it stands, and
/// `${NAME}` as the whole text, which the kubernetes registry reads when its process starts.
public struct Placeholder {
  let name: String
  let fallback: String?
  /// The index behind its braces.
  let end: Int

  /// A word, then anything up to the first `}}`; blanks inside the braces do not count. `:-` is no default: it
  /// becomes part of the name.
  init?(_ bytes: [UInt8], at start: Int) {
    guard bytes[start...].starts(with: [UInt8(ascii: "$"), UInt8(ascii: "{"), UInt8(ascii: "{")]) else { return nil }
    var first = start + 3
    while first < bytes.count, bytes[first].isSpace { first += 1 }
    guard first < bytes.count, bytes[first].isWord else { return nil }
    var close = first
    while close + 1 < bytes.count, bytes[close] != UInt8(ascii: "}") || bytes[close + 1] != UInt8(ascii: "}") {
      close += 1
    }
    guard close + 1 < bytes.count else { return nil }
    end = close + 2
    let inner = bytes[first..<close].trimmed
    let mark = inner.indices.dropLast().first {
      inner[$0] == UInt8(ascii: ":") && inner[$0 + 1] == UInt8(ascii: "=")
    }
    if let mark {
      name = String(decoding: inner[..<mark], as: UTF8.self)
      fallback = String(decoding: inner[(mark + 2)...].trimmed, as: UTF8.self)
    } else {
      name = String(decoding: inner, as: UTF8.self)
      fallback = nil
    }
  }

  /// Most texts hold no dollar sign.
  static func mayBe(in text: String) -> Bool {
    let dollar = UInt8(ascii: "$")
    return text.utf8.withContiguousStorageIfAvailable { bytes in
      bytes.baseAddress.map { memchr($0, Int32(dollar), bytes.count) != nil } ?? false
    } ?? text.utf8.contains(dollar)
  }

  /// Where the last `}}` starts: no placeholder starts behind it, which spares looking for its end. -1 without one.
  static func lastClose(_ bytes: [UInt8]) -> Int {
    bytes.indices.dropLast().last { bytes[$0] == UInt8(ascii: "}") && bytes[$0 + 1] == UInt8(ascii: "}") } ?? -1
  }

  /// Whether the text stays a text whatever its variables hold: what stands around them fits in no number and is no
  /// part of `true` or `false`.
  static func staysText(_ text: String) -> Bool {
    let bytes = Array(text.utf8)
    let close = lastClose(bytes)
    var index = 0
    while index < bytes.count {
      if index < close, let found = Placeholder(bytes, at: index) {
        index = found.end
      } else if bytes[index].isWord || bytes[index].isSpace || "+-.".utf8.contains(bytes[index]) {
        index += 1
      } else {
        return true
      }
    }
    return false
  }
}

extension Placeholder {
  /// What stands between `${` and `}` where a text is that as a whole, whatever it is.
  static func inner<Text: BidirectionalCollection<UInt8>>(_ text: Text) -> Text.SubSequence? {
    guard text.starts(with: "${".utf8), text.last == UInt8(ascii: "}"), text.count > 3 else { return nil }
    return text.dropFirst(2).dropLast()
  }

  /// Whether the text is a variable by the pattern of APISIX's schema: a name that does not end in a digit.
  static func isVariable<Text: BidirectionalCollection<UInt8>>(_ text: Text) -> Bool {
    guard let name = inner(text), let first = name.first, let last = name.last else { return false }
    return !first.isDigit && !last.isDigit && name.allSatisfy(\.isWord)
  }

  /// Whether the text is `${NAME}`, also with a name that the schema does not accept.
  static func isWord(_ text: Substring) -> Bool { inner(text.utf8).map { isName(Substring($0)) } ?? false }

  /// Whether a text may be the name of a variable.
  public static func isName(_ text: Substring) -> Bool { !text.isEmpty && text.utf8.allSatisfy(\.isWord) }

  /// Each `${…}` in a text that is no `${{…}}`, and what stands between its braces.
  public static func literals(in text: String) -> [(range: Range<String.Index>, name: Substring)] {
    var found: [(Range<String.Index>, Substring)] = []
    var rest = text[...]
    while let start = rest.firstBytes(of: "${") {
      rest = rest[start.upperBound...]
      guard rest.first != "{" else { continue }
      guard let end = rest.firstIndex(of: "}") else { break }
      found.append((start.lowerBound..<rest.index(after: end), rest[..<end]))
      rest = rest[rest.index(after: end)...]
    }
    return found
  }

  /// A text with each `${NAME}` as `${{NAME}}`, and the shell's default as APISIX's.
  public static func doubled(_ text: String) -> String {
    var (result, end) = ("", text.startIndex)
    for literal in literals(in: text) {
      result += text[end..<literal.range.lowerBound] + "${{\(String(literal.name).replacing(":-", with: ":="))}}"
      end = literal.range.upperBound
    }
    return result + text[end...]
  }

  /// Whether SOPS has yet to decrypt the text.
  public static func isEncrypted(_ text: String) -> Bool { text.hasPrefix("ENC[AES256_GCM,") }

  /// A variable that a shell, envsubst or Compose fills in: `${NAME:-default}` in a text, which APISIX does not know,
  /// or `$NAME` as the whole, names in lower case being nginx's.
  public struct Foreign {
    /// With `:-` behind it where that is how it has a default.
    public let name: String
    /// For messages: without its default, which may be a credential.
    public let shown: String

    /// The first one in a text.
    public init?(in text: String) {
      guard Placeholder.mayBe(in: text) else { return nil }
      if text.first == "$", text.utf8.count > 1 {
        let name = text.utf8.dropFirst()
        let isUpper = name.allSatisfy { $0.isWord && !(UInt8(ascii: "a")...UInt8(ascii: "z")).contains($0) }
        if isUpper, name.first?.isDigit == false {
          (self.name, shown) = (String(text.dropFirst()), text)
          return
        }
      }
      for literal in Placeholder.literals(in: text) {
        let name = literal.name.prefix { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_") }
        let sign = literal.name[name.endIndex...].prefix(2)
        guard !name.isEmpty, [":-", ":+", ":?"].contains(sign) else { continue }
        self.name = name + (sign == ":-" ? ":-" : "")
        shown = "${\(name)\(sign)…}"
        return
      }
      return nil
    }
  }

  /// Whether a text is `${NAME:-default}` or `${NAME:=default}` as a whole.
  public static func isDefaulted(_ text: String) -> Bool {
    guard isWhole(text), let inner = inner(text.utf8) else { return false }
    let rest = inner.drop(while: \.isWord)
    return rest.count < inner.count && [":-", ":="].contains { rest.starts(with: $0.utf8) }
  }

  /// Whether the text is one `${…}` and no more, whatever stands in it.
  public static func isWhole(_ text: String) -> Bool {
    inner(text.utf8).map { !$0.contains(UInt8(ascii: "{")) && !$0.contains(UInt8(ascii: "}")) } ?? false
  }

  /// The name that the registry looks up for `${NAME}` as the whole text.
  public static func variable(_ text: String) -> String? {
    inner(text.utf8).map { String(Substring($0)) }
  }

  /// The same where the schema accepts it.
  public static func accepted(_ text: String) -> String? {
    let text = text.hasSuffix("\n") ? String(text.dropLast()) : text
    return isVariable(text.utf8) ? variable(text) : nil
  }

  /// The name in `${NAME1}`, which only its last digit keeps from being a variable.
  public static func endingInDigit(_ text: String) -> String? {
    inner(text.utf8).map(Substring.init).flatMap { isName($0) && $0.last?.isNumber == true ? String($0) : nil }
  }

  /// Each `${{NAME}}` without a default in a text, and where it stands.
  public static func needed(in bytes: [UInt8]) -> [(name: String, range: Range<Int>)] {
    let close = lastClose(bytes)
    var found: [(String, Range<Int>)] = []
    var index = 0
    while index < close {
      guard bytes[index] == UInt8(ascii: "$"), let next = Placeholder(bytes, at: index) else {
        index += 1
        continue
      }
      if next.fallback == nil { found.append((next.name, index..<next.end)) }
      index = next.end
    }
    return found
  }

  /// The name in the first `${{NAME}}` of a text, without its default.
  public static func filled(in text: String) -> String? {
    guard text.utf8.contains(UInt8(ascii: "$")), let start = text.firstBytes(of: "${{")?.upperBound,
      text[start...].has("}}")
    else { return nil }
    let name = text[start...].utf8.drop { $0 == UInt8(ascii: " ") }.prefix(while: \.isWord)
    return name.isEmpty ? nil : String(Substring(name))
  }
}

/// What a variable holds, or a setting as the kubernetes registry reads it when its process starts.
public enum Reading: Sendable {
  case text(String)
  /// A variable that is not set.
  case unset(String)
  /// A variable whose value is not known.
  case unknown(String)
}

extension Environment {
  /// - Parameter text: as the loader left it; the one variable that it is as a whole, or itself.
  public func reading(_ text: String) -> Reading {
    guard let name = Placeholder.variable(text) else { return .text(text) }
    return read(name)
  }
}

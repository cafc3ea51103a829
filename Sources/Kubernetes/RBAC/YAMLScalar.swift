public import JSON
import SourceText
import YAML

/// Scalars as Kubernetes' tools read and write them.
public enum YAMLScalar {
  /// `text` as a YAML scalar that every YAML reader takes as that very string: plain where that is safe beyond doubt,
  /// else in double quotes.
  public static func written(_ text: String) -> String {
    isPlain(text) ? text : quoted(text)
  }

  /// Text for a comment: what could end the comment's line is left out.
  static func inComment(_ text: String) -> String {
    String(String.UnicodeScalarView(text.unicodeScalars.filter { $0.value >= 0x20 && !isBreak($0) }))
  }

  /// Words that YAML 1.1 or 1.2 reads as something other than a string, in lower case.
  private static let words: Set<String> = ["null", "true", "false", "yes", "no", "on", "off", "y", "n", "inf", "nan"]

  private static func isPlain(_ text: String) -> Bool {
    guard let first = text.utf8.first, first.isAlphanumeric && !first.isDigit || first == UInt8(ascii: "_") else {
      return false
    }
    return text.utf8.allSatisfy { $0.isAlphanumeric || "_-./".utf8.contains($0) } && !words.contains(text.lowercased())
  }

  private static func isBreak(_ scalar: Unicode.Scalar) -> Bool {
    [0x7F...0x9F, 0x2028...0x2029, 0xFEFF...0xFEFF].contains { $0.contains(scalar.value) }
  }

  /// `text` in double quotes, as YAML and JSON read it; no control character and no line break stays as it is.
  public static func quoted(_ text: String) -> String {
    let escaped = text.escaped { scalar in
      switch scalar {
      case "\"", "\\": "\\\(scalar)"
      case "\n": "\\n"
      case "\r": "\\r"
      case "\t": "\\t"
      default: scalar.value < 0x20 || isBreak(scalar) ? "\\u" + scalar.value.digits(radix: 16, width: 4) : nil
      }
    }
    return "\"\(escaped)\""
  }

  /// The value of a plain scalar as kubectl's YAML reader types it (YAML 1.1 with the words of go-yaml 2).
  /// Numbers that a double cannot hold, dates and anything else unknown are strings.
  public static func typed(_ text: String) -> JSONValue {
    switch text {
    case _ where Tree.isNull(text.utf8): return .null
    case "y", "Y", "yes", "Yes", "YES", "true", "True", "TRUE", "on", "On", "ON": return .bool(true)
    case "n", "N", "no", "No", "NO", "false", "False", "FALSE", "off", "Off", "OFF": return .bool(false)
    default: return number(text).map(JSONValue.number) ?? .string(text)
    }
  }

  private static func number(_ text: String) -> Double? {
    guard let first = text.utf8.first, text.utf8.count <= 64, first.isDigit || "+-.".utf8.contains(first) else {
      return nil
    }
    let plain = text.contains("_") ? text.filter { $0 != "_" } : text
    let negative = plain.hasPrefix("-")
    let unsigned = negative || plain.hasPrefix("+") ? plain.dropFirst() : plain[...]
    for (prefix, radix) in [("0x", 16), ("0X", 16), ("0b", 2), ("0o", 8)] where unsigned.hasPrefix(prefix) {
      let digits = unsigned.dropFirst(2)
      guard digits.utf8.first != UInt8(ascii: "+"), digits.utf8.first != UInt8(ascii: "-") else { return nil }
      return UInt64(digits, radix: radix).map { negative ? -Double($0) : Double($0) }
    }
    if unsigned.utf8.count > 1, unsigned.hasPrefix("0"), let octal = UInt64(unsigned, radix: 8) {
      return negative ? -Double(octal) : Double(octal)
    }
    return decimal(unsigned).map { negative ? -$0 : $0 }
  }

  /// `12`, `1.5`, `.5`, `1e3`: digits with at most one dot and an exponent; nothing else that Double would take.
  private static func decimal(_ text: Substring) -> Double? {
    guard let first = text.utf8.first, first.isDigit || first == UInt8(ascii: "."),
      text.utf8.allSatisfy({ $0.isDigit || ".eE+-".utf8.contains($0) }), let value = Double(text), value.isFinite
    else { return nil }
    return value
  }
}

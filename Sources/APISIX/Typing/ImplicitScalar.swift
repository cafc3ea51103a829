import SourceText
import YAML

/// What lyaml 6.2.8 makes of a scalar's text: YAML 1.1 with lyaml's own edges, each form tried in lyaml's order.
enum ImplicitScalar {
  /// lyaml ran into a Lua error, as on `010_`.
  struct Crash: Error {}

  /// A plain scalar without a tag that lyaml knows.
  static func value(_ text: String) throws(Crash) -> LuaValue.Kind {
    guard let first = text.utf8.first else { return .null }
    switch first {
    case UInt8(ascii: "~"), UInt8(ascii: "n"), UInt8(ascii: "N"):
      if Tree.isNull(text.utf8) { return .null }
      return word(text).map { .bool($0) } ?? .string(text)
    case UInt8(ascii: "t"), UInt8(ascii: "T"), UInt8(ascii: "f"), UInt8(ascii: "F"), UInt8(ascii: "y"),
      UInt8(ascii: "Y"), UInt8(ascii: "o"), UInt8(ascii: "O"):
      return word(text).map { .bool($0) } ?? .string(text)
    case 0x30...0x39, UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"):
      return try number(text, Array(text.utf8)).map { .number($0) } ?? .string(text)
    default: return .string(text)
    }
  }

  /// A scalar with one of the tags that lyaml converts; nil when the text does not fit the tag.
  static func value(_ text: String, tag: Tag) throws(Crash) -> LuaValue.Kind? {
    let bytes = Array(text.utf8)
    switch tag {
    case .string: return .string(text)
    case .null: return .null
    case .bool:
      if let word = word(text) { return .bool(word) }
      switch text {
      case "y", "Y": return .bool(true)
      case "n", "N": return .bool(false)
      default: return nil
      }
    case .integer: return try (whole(bytes) ?? sexagesimal(bytes)).map { .number($0) }
    case .float:
      return try (whole(bytes) ?? float(text) ?? special(text) ?? sexagesimalFloat(bytes)).map { .number($0) }
    }
  }

  enum Tag: String {
    case bool = "tag:yaml.org,2002:bool"
    case float = "tag:yaml.org,2002:float"
    case integer = "tag:yaml.org,2002:int"
    case null = "tag:yaml.org,2002:null"
    case string = "tag:yaml.org,2002:str"
  }

  private static func word(_ text: String) -> Bool? {
    guard text.utf8.count <= 5 else { return nil }
    return switch text {
    case "true", "True", "TRUE", "yes", "Yes", "YES", "on", "On", "ON": true
    case "false", "False", "FALSE", "no", "No", "NO", "off", "Off", "OFF": false
    default: nil
    }
  }

  private static func special(_ text: String) -> Double? {
    switch text {
    case ".nan", ".NaN", ".NAN": .nan
    case ".inf", ".Inf", ".INF", "+.inf", "+.Inf", "+.INF": .infinity
    case "-.inf", "-.Inf", "-.INF": -.infinity
    default: nil
    }
  }

  private static func number(_ text: String, _ bytes: [UInt8]) throws(Crash) -> Double? {
    try whole(bytes) ?? float(text) ?? special(text) ?? sexagesimal(bytes) ?? sexagesimalFloat(bytes)
  }

  private static func whole(_ bytes: [UInt8]) throws(Crash) -> Double? {
    if let value = try octal(bytes) ?? decimal(bytes) ?? hexadecimal(bytes) { return value }
    return try binary(bytes)
  }

  private static func signed(_ bytes: [UInt8]) -> (sign: Double, rest: ArraySlice<UInt8>) {
    switch bytes.first {
    case UInt8(ascii: "-"): (-1, bytes.dropFirst())
    case UInt8(ascii: "+"): (1, bytes.dropFirst())
    default: (1, bytes[...])
    }
  }

  /// Digits with underscores between them; nil for anything else, or fewer than `least` of both. A trailing underscore
  /// is added up as a digit, which is a Lua error.
  private static func digits(
    _ bytes: ArraySlice<UInt8>, base: UInt8, least: Int = 1
  ) throws(Crash) -> Double? {
    let rest = bytes.drop { $0 == underscore }
    guard rest.count >= least, rest.allSatisfy({ (0x30..<0x30 + base).contains($0) || $0 == underscore }) else {
      return nil
    }
    guard rest.last != underscore else { throw Crash() }
    return sum(rest, base: Double(base))
  }

  private static func sum(_ digits: ArraySlice<UInt8>, base: Double) -> Double {
    digits.reduce(0.0) { $1 == underscore ? $0 : $0 * base + Double($1 - 0x30) }
  }

  private static let underscore = UInt8(ascii: "_")

  private static func octal(_ bytes: [UInt8]) throws(Crash) -> Double? {
    var (sign, rest) = signed(bytes)
    guard rest.popFirst() == UInt8(ascii: "0") else { return nil }
    return try digits(rest, base: 8).map { sign * $0 }
  }

  private static func decimal(_ bytes: [UInt8]) -> Double? {
    var (sign, rest) = signed(bytes)
    rest = rest.drop { $0 == underscore }
    guard !rest.isEmpty, rest.allSatisfy({ $0.isDigit || $0 == underscore }) else { return nil }
    if rest.count <= 15 { return sum(rest, base: 10) * sign }
    let value = LuaNumber.parse(String(decoding: rest.filter { $0 != underscore }, as: UTF8.self))
    // What is too large for a number is no integer.
    return value.flatMap { $0.isFinite ? sign * $0 : nil }
  }

  private static func float(_ text: String) -> Double? {
    var points = 0
    var exponents = 0
    for byte in text.utf8 {
      if byte == UInt8(ascii: ".") { points += 1 }
      if byte | 0x20 == UInt8(ascii: "e") { exponents += 1 }
    }
    // Addresses and versions have more points than a number.
    guard points + exponents > 0, points <= 1 else { return nil }
    return LuaNumber.parse(String(decoding: text.utf8.filter { $0 != underscore }, as: UTF8.self))
  }

  private static func hexadecimal(_ bytes: [UInt8]) -> Double? {
    let (sign, rest) = signed(bytes)
    guard rest.starts(with: "0x".utf8) else { return nil }
    let digits = rest.dropFirst(2).filter { $0 != underscore }
    guard !digits.isEmpty, digits.allSatisfy({ $0.isDigit || (0x61...0x66).contains($0 | 0x20) }) else { return nil }
    return LuaNumber.parse("0x" + String(decoding: digits, as: UTF8.self)).map { sign * $0 }
  }

  /// lyaml wants at least two digits: `0b1` stays a text.
  private static func binary(_ bytes: [UInt8]) throws(Crash) -> Double? {
    let (sign, rest) = signed(bytes)
    guard rest.starts(with: "0b".utf8) else { return nil }
    return try digits(rest.dropFirst(2), base: 2, least: 2).map { sign * $0 }
  }

  private static func sexagesimal(_ bytes: [UInt8]) -> Double? {
    let (sign, rest) = signed(bytes)
    guard let colon = rest.firstIndex(of: UInt8(ascii: ":")), colon > rest.startIndex, colon + 1 < rest.endIndex,
      rest[colon + 1] != UInt8(ascii: ":"),
      rest.allSatisfy({ $0.isDigit || $0 == UInt8(ascii: ":") })
    else { return nil }
    return sign * rest.split(separator: UInt8(ascii: ":")).reduce(0.0) { $0 * 60 + sum($1, base: 10) }
  }

  private static func sexagesimalFloat(_ bytes: [UInt8]) -> Double? {
    let (sign, rest) = signed(bytes)
    guard let point = rest.firstIndex(of: UInt8(ascii: ".")), point + 1 < rest.endIndex,
      rest[(point + 1)...].allSatisfy(\.isDigit),
      let whole = sexagesimal(Array(rest[..<point]))
    else { return nil }
    let fraction = LuaNumber.parse(String(decoding: rest[point...], as: UTF8.self)) ?? 0
    return sign * (whole + fraction)
  }
}

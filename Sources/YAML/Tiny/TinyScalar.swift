/// What tinyyaml makes of a plain text in block style.
public enum TinyScalar: Sendable {
  case null
  case bool(Bool)
  /// The text is a number as Lua's `tonumber` reads it.
  case number
  case infinity(negative: Bool)
  case nan
  /// A table of year, month and day.
  case timestamp
  case string

  public init(_ text: some Collection<UInt8>) {
    let bytes = Array(text)
    switch String(decoding: bytes, as: UTF8.self) {
    case "", "~", "null", "Null", "NULL": self = .null
    case "true", "True", "TRUE": self = .bool(true)
    case "false", "False", "FALSE": self = .bool(false)
    case ".inf", ".Inf", ".INF", "+.inf", "+.Inf", "+.INF": self = .infinity(negative: false)
    case "-.inf", "-.Inf", "-.INF": self = .infinity(negative: true)
    case ".nan", ".NaN", ".NAN": self = .nan
    default: self = Self.isDate(bytes) ? .timestamp : Self.isNumber(bytes) ? .number : .string
    }
  }

  public var isString: Bool { if case .string = self { true } else { false } }

  /// Digits with a sign and a point, `1.` too.
  private static func isNumber(_ bytes: [UInt8]) -> Bool {
    let unsigned = bytes.first == UInt8(ascii: "-") || bytes.first == UInt8(ascii: "+") ? bytes.dropFirst() : bytes[...]
    let parts = unsigned.split(separator: UInt8(ascii: "."), maxSplits: 1, omittingEmptySubsequences: false)
    guard let whole = parts.first, !whole.isEmpty else { return false }
    return parts.allSatisfy { $0.allSatisfy { (0x30...0x39).contains($0) } }
  }

  /// A text that begins `2026-11-28`, whatever follows.
  private static func isDate(_ bytes: [UInt8]) -> Bool {
    bytes.count >= 10
      && bytes.prefix(10).enumerated().allSatisfy { index, byte in
        index == 4 || index == 7 ? byte == UInt8(ascii: "-") : (0x30...0x39).contains(byte)
      }
  }
}

extension TinyReader {
  /// A text at its place, quotes included.
  struct Word {
    let form: NodeStore.Form
    let range: Range<Int>
    /// Where it does not stand in the file byte by byte.
    var text: [UInt8]?
  }

  /// The text that starts here, and where what follows it starts; nil for what begins a list, a map or a block.
  /// - Parameter inFlow: brackets and commas end it.
  func word(_ range: Range<Int>, inFlow: Bool = false) throws(YAMLError) -> (word: Word, rest: Int)? {
    let start = inFlow ? range.lowerBound : skipBlanks(range)
    let end = range.upperBound
    guard start < end else { return (Word(form: .plain, range: start..<start), start) }
    switch bytes[start] {
    case UInt8(ascii: "'"): return singleQuoted(start, end)
    case UInt8(ascii: "\""): return doubleQuoted(start, end)
    case UInt8(ascii: "{"), UInt8(ascii: "["), UInt8(ascii: "|"), UInt8(ascii: ">"): return nil
    case UInt8(ascii: "-"), UInt8(ascii: ":"):
      if start + 1 == end || bytes[start + 1] == 0x20 { return nil }
    case UInt8(ascii: "*"): if start + 1 == end { throw fault(.loneStar, start..<end) }
    default: break
    }
    var index = start
    scan: while index < end {
      switch bytes[index] {
      case UInt8(ascii: ","), UInt8(ascii: "{"), UInt8(ascii: "}"), UInt8(ascii: "["), UInt8(ascii: "]"):
        if inFlow { break scan }
      case UInt8(ascii: ":"): if index + 1 == end || bytes[index + 1] == 0x20 { break scan }
      case UInt8(ascii: "#"): if index > start, bytes[index - 1] == 0x20 { break scan }
      default: break
      }
      index += 1
    }
    return (Word(form: .plain, range: start..<trimmedEnd(start..<index)), index)
  }

  private func singleQuoted(_ start: Int, _ end: Int) -> (word: Word, rest: Int)? {
    let quote = UInt8(ascii: "'")
    var text: [UInt8] = []
    var index = start + 1
    while index < end {
      if bytes[index] == quote {
        guard version == .v044, index + 1 < end, bytes[index + 1] == quote else {
          return (quoted(.singleQuoted, start..<index + 1, text), index + 1)
        }
        index += 1
      }
      text.append(bytes[index])
      index += 1
    }
    return nil
  }

  /// One without its second quote ends with the line, less its last letter.
  private func doubleQuoted(_ start: Int, _ end: Int) -> (word: Word, rest: Int) {
    var text: [UInt8] = []
    var index = start + 1
    while index < end - 1, bytes[index] != UInt8(ascii: "\"") {
      if bytes[index] == UInt8(ascii: "\\") {
        index += 1
        text.append(Self.escapes[bytes[index]] ?? bytes[index])
      } else {
        text.append(bytes[index])
      }
      index += 1
    }
    let past = min(index + 1, end)
    return (quoted(.doubleQuoted, start..<past, text), past)
  }

  private func quoted(_ form: NodeStore.Form, _ range: Range<Int>, _ text: [UInt8]) -> Word {
    let isWritten =
      range.count == text.count + 2 && bytes[range.upperBound - 1] == bytes[range.lowerBound]
      && bytes[range.lowerBound + 1..<range.upperBound - 1].elementsEqual(text)
    return Word(form: form, range: range, text: isWritten ? nil : text)
  }

  private static let escapes: [UInt8: UInt8] = [
    0x30: 0, UInt8(ascii: "z"): 0, UInt8(ascii: "N"): 0x85, UInt8(ascii: "a"): 7, UInt8(ascii: "b"): 8,
    UInt8(ascii: "t"): 9, UInt8(ascii: "n"): 10, UInt8(ascii: "v"): 11, UInt8(ascii: "f"): 12, UInt8(ascii: "r"): 13,
    UInt8(ascii: "e"): 27,
  ]
}

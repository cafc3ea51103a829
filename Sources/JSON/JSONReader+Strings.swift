/// Strings, and passing over values that nobody wants.
extension JSONReader {
  /// The string that starts at the quote under `position`.
  mutating func string() throws(JSONError) -> String {
    position += 1
    let start = position
    while position < count {
      let byte = base[position]
      if byte == UInt8(ascii: "\"") {
        defer { position += 1 }
        return String(decoding: UnsafeBufferPointer(rebasing: base[start..<position]), as: UTF8.self)
      }
      if byte == UInt8(ascii: "\\") { return try escapedString(from: start) }
      guard byte >= 0x20 else { throw error(.bareControlCharacter(byte)) }
      position += 1
    }
    throw error(.unexpectedEnd)
  }

  private mutating func escapedString(from start: Int) throws(JSONError) -> String {
    var bytes = Array(UnsafeBufferPointer(rebasing: base[start..<position]))
    while position < count {
      let byte = base[position]
      switch byte {
      case UInt8(ascii: "\""):
        position += 1
        return String(decoding: bytes, as: UTF8.self)
      case UInt8(ascii: "\\"):
        try escape(into: &bytes)
      case 0..<0x20:
        throw error(.bareControlCharacter(byte))
      default:
        bytes.append(byte)
        position += 1
      }
    }
    throw error(.unexpectedEnd)
  }

  private mutating func escape(into bytes: inout [UInt8]) throws(JSONError) {
    guard position + 1 < count else {
      position = count
      throw error(.unexpectedEnd)
    }
    let letter = base[position + 1]
    switch letter {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): bytes.append(letter)
    case UInt8(ascii: "b"): bytes.append(0x08)
    case UInt8(ascii: "f"): bytes.append(0x0C)
    case UInt8(ascii: "n"): bytes.append(0x0A)
    case UInt8(ascii: "r"): bytes.append(0x0D)
    case UInt8(ascii: "t"): bytes.append(0x09)
    case UInt8(ascii: "u"):
      let scalar = try scalarEscape()
      bytes.append(contentsOf: String(Character(scalar)).utf8)
      return
    default: throw error(.badEscape)
    }
    position += 2
  }

  /// `\uXXXX`, two of them for a surrogate pair; a surrogate without its other half is U+FFFD.
  private mutating func scalarEscape() throws(JSONError) -> Unicode.Scalar {
    let first = try hexEscape()
    guard first & 0xF800 == 0xD800 else { return Unicode.Scalar(first) ?? "\u{FFFD}" }
    guard first < 0xDC00 else { return "\u{FFFD}" }
    // A pair that is cut off by the end of the bytes may still be a pair.
    if position + 1 >= count, position < count ? base[position] == UInt8(ascii: "\\") : true {
      throw JSONError(.unexpectedEnd, at: count)
    }
    guard base[position] == UInt8(ascii: "\\"), base[position + 1] == UInt8(ascii: "u") else { return "\u{FFFD}" }
    let before = position
    let second = try hexEscape()
    guard second & 0xFC00 == 0xDC00 else {
      position = before
      return "\u{FFFD}"
    }
    return Unicode.Scalar(0x10000 + (first & 0x3FF) << 10 + second & 0x3FF) ?? "\u{FFFD}"
  }

  private mutating func hexEscape() throws(JSONError) -> UInt32 {
    var sum: UInt32 = 0
    for index in position + 2..<position + 6 {
      guard index < count else {
        position = count
        throw error(.unexpectedEnd)
      }
      switch base[index] {
      case let digit where digit &- UInt8(ascii: "0") < 10: sum = sum << 4 | UInt32(digit &- UInt8(ascii: "0"))
      case let digit where (digit | 0x20) &- UInt8(ascii: "a") < 6: sum = sum << 4 | UInt32((digit | 0x20) &- 87)
      default: throw error(.badEscape)
      }
    }
    position += 6
    return sum
  }

  /// Passes over one value: looks only at strings and brackets.
  mutating func skip() throws(JSONError) {
    let byte = try next()
    guard byte == UInt8(ascii: "{") || byte == UInt8(ascii: "[") else {
      if byte == UInt8(ascii: "\"") { return try skipString() }
      _ = try value()
      return
    }
    let outer = depth
    // One bit a level: is it an object?
    var kinds: UInt128 = 0
    while position < count {
      let byte = base[position]
      switch byte {
      case UInt8(ascii: "\""):
        try skipString()
        continue
      case UInt8(ascii: "{"), UInt8(ascii: "["):
        guard depth < JSONLimits.depth else { throw error(.tooDeep) }
        depth += 1
        kinds = kinds << 1 | (byte == UInt8(ascii: "{") ? 1 : 0)
      case UInt8(ascii: "}"), UInt8(ascii: "]"):
        guard (kinds & 1 == 1) == (byte == UInt8(ascii: "}")) else { throw error(.unexpectedByte(byte)) }
        kinds >>= 1
        depth -= 1
        if depth == outer {
          position += 1
          return
        }
      default: break
      }
      position += 1
    }
    throw error(.unexpectedEnd)
  }

  @inline(__always)
  private mutating func skipString() throws(JSONError) {
    var place = position + 1
    while place < count {
      let byte = base[place]
      if byte == UInt8(ascii: "\"") {
        position = place + 1
        return
      }
      if byte < 0x20 {
        position = place
        throw error(.bareControlCharacter(byte))
      }
      place += byte == UInt8(ascii: "\\") ? 2 : 1
    }
    position = count
    throw error(.unexpectedEnd)
  }
}

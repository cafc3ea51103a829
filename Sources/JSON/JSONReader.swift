extension JSONValue {
  /// Reads one document: strict RFC 8259, white space and a byte order mark around it allowed.
  ///
  /// Invalid UTF-8 and lone surrogates become U+FFFD. Repeated keys are all kept. A number too large for a double is
  /// infinite. Depth is limited to `JSONLimits.depth`.
  /// - Parameter skipping: keys whose values are passed over quickly and not kept (their strings and brackets are
  ///   still checked).
  public static func parse(_ bytes: [UInt8], skipping: [String] = []) throws(JSONError) -> JSONValue {
    let skipped = JSONSkipList(skipping)
    return try bytes.withUnsafeBufferPointer { (buffer) throws(JSONError) -> JSONValue in
      var reader = JSONReader(buffer, skipping: skipped)
      reader.skipByteOrderMark()
      reader.skipSpace()
      let value = try reader.value()
      reader.skipSpace()
      if let byte = reader.peek() { throw reader.error(.unexpectedByte(byte)) }
      return value
    }
  }

  public static func parse(_ text: String, skipping: [String] = []) throws(JSONError) -> JSONValue {
    try parse([UInt8](text.utf8), skipping: skipping)
  }
}

/// Keys whose values nobody wants, as bytes.
struct JSONSkipList: Sendable {
  let keys: [[UInt8]]

  init(_ keys: [String]) { self.keys = keys.map { Array($0.utf8) } }

  func contains(_ key: Slice<UnsafeBufferPointer<UInt8>>) -> Bool {
    for wanted in keys where wanted.count == key.count && wanted.elementsEqual(key) { return true }
    return false
  }
}

/// Reads values from bytes in memory. Lives no longer than the buffer it is given.
struct JSONReader {
  private let base: UnsafeBufferPointer<UInt8>
  private let count: Int
  private let skipping: JSONSkipList
  private var depth: Int
  /// The next byte to read, from 0.
  private(set) var position = 0

  /// - Parameter depth: how many arrays and objects are open around what is read.
  init(_ buffer: UnsafeBufferPointer<UInt8>, skipping: JSONSkipList, depth: Int = 0) {
    base = buffer
    count = buffer.count
    self.skipping = skipping
    self.depth = depth
  }

  func error(_ reason: JSONError.Reason) -> JSONError { JSONError(reason, at: position) }

  @inline(__always)
  func peek() -> UInt8? { position < count ? base[position] : nil }

  mutating func move(to place: Int) { position = place }

  mutating func skipByteOrderMark() {
    if count >= 3, base[0] == 0xEF, base[1] == 0xBB, base[2] == 0xBF { position = 3 }
  }

  @inline(__always)
  mutating func skipSpace() {
    while position < count {
      let byte = base[position]
      guard byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 else { return }
      position += 1
    }
  }

  /// The next byte that is not white space, not consumed.
  @inline(__always)
  mutating func next() throws(JSONError) -> UInt8 {
    skipSpace()
    guard position < count else { throw error(.unexpectedEnd) }
    return base[position]
  }

  @inline(__always)
  mutating func expect(_ byte: UInt8) throws(JSONError) {
    let found = try next()
    guard found == byte else { throw error(.unexpectedByte(found)) }
    position += 1
  }

  mutating func value() throws(JSONError) -> JSONValue {
    guard position < count else { throw error(.unexpectedEnd) }
    switch base[position] {
    case UInt8(ascii: "\""): return .string(try string())
    case UInt8(ascii: "{"): return try object()
    case UInt8(ascii: "["): return try array()
    case UInt8(ascii: "t"):
      try word("true")
      return .bool(true)
    case UInt8(ascii: "f"):
      try word("false")
      return .bool(false)
    case UInt8(ascii: "n"):
      try word("null")
      return .null
    case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return .number(try number())
    case let byte: throw error(.unexpectedByte(byte))
    }
  }

  private mutating func open() throws(JSONError) {
    guard depth < JSONLimits.depth else { throw error(.tooDeep) }
    depth += 1
    position += 1
  }

  private mutating func array() throws(JSONError) -> JSONValue {
    try open()
    var elements: [JSONValue] = []
    if try next() == UInt8(ascii: "]") {
      position += 1
      depth -= 1
      return .array(elements)
    }
    while true {
      _ = try next()
      elements.append(try value())
      let byte = try next()
      if byte == UInt8(ascii: ",") {
        position += 1
        continue
      }
      guard byte == UInt8(ascii: "]") else { throw error(.unexpectedByte(byte)) }
      position += 1
      depth -= 1
      return .array(elements)
    }
  }

  private mutating func object() throws(JSONError) -> JSONValue {
    try open()
    var members: [JSONObject.Member] = []
    if try next() == UInt8(ascii: "}") {
      position += 1
      depth -= 1
      return .object(JSONObject(members))
    }
    while true {
      if let member = try member() { members.append(member) }
      let byte = try next()
      if byte == UInt8(ascii: ",") {
        position += 1
        continue
      }
      guard byte == UInt8(ascii: "}") else { throw error(.unexpectedByte(byte)) }
      position += 1
      depth -= 1
      return .object(JSONObject(members))
    }
  }

  /// A member of an object; nil when its key is to be skipped.
  mutating func member() throws(JSONError) -> JSONObject.Member? {
    let byte = try next()
    guard byte == UInt8(ascii: "\"") else { throw error(.unexpectedByte(byte)) }
    let start = position + 1
    let key = try string()
    let isSkipped = !skipping.keys.isEmpty && skipping.contains(base[start..<position - 1])
    try expect(UInt8(ascii: ":"))
    _ = try next()
    if isSkipped {
      try skip()
      return nil
    }
    return JSONObject.Member(key: key, value: try value())
  }

  private mutating func word(_ text: StaticString) throws(JSONError) {
    for index in 0..<text.utf8CodeUnitCount {
      guard position < count else { throw error(.unexpectedEnd) }
      guard base[position] == text.utf8Start[index] else { throw error(.unexpectedByte(base[position])) }
      position += 1
    }
  }

  private mutating func digits() -> Int {
    let start = position
    while position < count, base[position] &- UInt8(ascii: "0") < 10 { position += 1 }
    return position - start
  }

  private mutating func number() throws(JSONError) -> Double {
    let start = position
    if base[position] == UInt8(ascii: "-") { position += 1 }
    let firstDigit = position
    let whole = digits()
    guard whole > 0 else { throw error(position < count ? .badNumber : .unexpectedEnd) }
    guard whole == 1 || base[firstDigit] != UInt8(ascii: "0") else {
      throw JSONError(.badNumber, at: start)
    }
    let isPlain = position == count || (base[position] != UInt8(ascii: ".") && base[position] | 0x20 != 0x65)
    if isPlain, whole <= 15 {
      var sum = 0
      for index in firstDigit..<position { sum = sum * 10 + Int(base[index] &- UInt8(ascii: "0")) }
      return firstDigit == start ? Double(sum) : -Double(sum)
    }
    if position < count, base[position] == UInt8(ascii: ".") {
      position += 1
      guard digits() > 0 else { throw error(position < count ? .badNumber : .unexpectedEnd) }
    }
    if position < count, base[position] | 0x20 == 0x65 {
      position += 1
      if position < count, base[position] == UInt8(ascii: "+") || base[position] == UInt8(ascii: "-") { position += 1 }
      guard digits() > 0 else { throw error(position < count ? .badNumber : .unexpectedEnd) }
    }
    let text = String(decoding: UnsafeBufferPointer(rebasing: base[start..<position]), as: UTF8.self)
    return Double(text) ?? .infinity
  }
}

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

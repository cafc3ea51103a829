extension JSONValue {
  /// Reads one document: strict RFC 8259, white space and a byte order mark around it allowed.
  ///
  /// Invalid UTF-8 and lone surrogates become U+FFFD. Repeated keys are all kept. A number too large for a double is
  /// infinite. Depth is limited to `JSONLimits.depth`.
  /// - Parameter skipping: keys whose values are passed over quickly and not kept (their strings and brackets are
  ///   still checked).
  public static func parse(_ bytes: [UInt8], skipping: JSONSkipList = []) throws(JSONError) -> JSONValue {
    return try bytes.withUnsafeBufferPointer { (buffer) throws(JSONError) -> JSONValue in
      var reader = JSONReader(buffer, skipping: skipping)
      reader.skipByteOrderMark()
      reader.skipSpace()
      let value = try reader.value()
      reader.skipSpace()
      if let byte = reader.peek() { throw reader.error(.unexpectedByte(byte)) }
      return value
    }
  }

  public static func parse(_ text: String, skipping: JSONSkipList = []) throws(JSONError) -> JSONValue {
    try parse([UInt8](text.utf8), skipping: skipping)
  }
}

/// Keys whose values nobody wants, as bytes.
public struct JSONSkipList: Sendable, ExpressibleByArrayLiteral {
  let keys: [[UInt8]]

  public init(_ keys: [String]) { self.keys = keys.map { Array($0.utf8) } }

  public init(arrayLiteral keys: String...) { self.init(keys) }

  func contains(_ key: Slice<UnsafeBufferPointer<UInt8>>) -> Bool {
    for wanted in keys where wanted.count == key.count && wanted.elementsEqual(key) { return true }
    return false
  }
}

/// Reads values from bytes in memory. Lives no longer than the buffer it is given.
struct JSONReader {
  let base: UnsafeBufferPointer<UInt8>
  let count: Int
  private let skipping: JSONSkipList
  var depth: Int
  /// The next byte to read, from 0.
  var position = 0

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

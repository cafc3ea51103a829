/// Reads PCRE syntax. Refusals carry PCRE's own words and place, as APISIX logs them.
struct PCREParser {
  let bytes: [UInt8]
  var position = 0
  var groups = 0
  var names: [String: Int] = [:]
  var options = Options()
  private var depth = 0

  struct Options {
    var ignoresCase = false
    var everyLine = false
    var dotTakesAll = false
    var isExtended = false
  }

  init(_ bytes: [UInt8]) { self.bytes = bytes }

  mutating func parse() throws(PCRE.Fault) -> PCRE.Piece {
    let piece = try alternatives()
    if position < bytes.count { throw broken("unmatched parentheses") }
    return piece
  }

  /// PCRE's refusal at `position`, in the form of ngx_lua.
  func broken(_ text: String) -> PCRE.Fault {
    let pattern = String(decoding: bytes, as: UTF8.self)
    let rest = String(decoding: bytes[min(position, bytes.count)...], as: UTF8.self)
    return .broken("pcre_compile() failed: \(text) in \"\(pattern)\"" + (rest.isEmpty ? "" : " at \"\(rest)\""))
  }

  func peek(_ ahead: Int = 0) -> UInt8? {
    position + ahead < bytes.count ? bytes[position + ahead] : nil
  }

  mutating func take(_ text: StaticString) -> Bool {
    let count = text.utf8CodeUnitCount
    guard position + count <= bytes.count else { return false }
    for index in 0..<count where bytes[position + index] != text.utf8Start[index] { return false }
    position += count
    return true
  }

  mutating func alternatives() throws(PCRE.Fault) -> PCRE.Piece {
    depth += 1
    defer { depth -= 1 }
    if depth > 100 { throw .unsupported }
    let outer = options
    defer { options = outer }
    var branches = [try branch()]
    while take("|") { branches.append(try branch()) }
    return branches.count == 1 ? branches[0] : .alternatives(branches)
  }

  private mutating func branch() throws(PCRE.Fault) -> PCRE.Piece {
    var pieces: [PCRE.Piece] = []
    var isRepeatable = false
    while let byte = peek(), byte != UInt8(ascii: "|"), byte != UInt8(ascii: ")") {
      if options.isExtended, skipExtended() { continue }
      if take("\\Q") {
        while position < bytes.count, !take("\\E") {
          pieces.append(literal(bytes[position]))
          position += 1
          isRepeatable = true
        }
        continue
      }
      if take("\\E") { continue }
      if let range = quantifier() {
        guard isRepeatable, let last = pieces.popLast() else {
          throw broken("nothing to repeat")
        }
        let start = position
        position = range.end
        guard let bounds = range.bounds else {
          position = start + range.faultOffset
          throw broken(range.fault)
        }
        let greed: PCRE.Greed = take("?") ? .lazy : take("+") ? .possessive : .greedy
        pieces.append(.repeated(last, bounds, greed))
        isRepeatable = false
        continue
      }
      isRepeatable = !(byte == UInt8(ascii: "^") || byte == UInt8(ascii: "$"))
      if let piece = try atom(&isRepeatable) { pieces.append(piece) }
    }
    return pieces.count == 1 ? pieces[0] : .sequence(pieces)
  }

  private mutating func skipExtended() -> Bool {
    guard let byte = peek() else { return false }
    if ByteSet.space.contains(byte) {
      position += 1
      return true
    }
    guard byte == UInt8(ascii: "#") else { return false }
    while let byte = peek(), byte != 10 {
      _ = byte
      position += 1
    }
    return true
  }

  private struct Quantifier {
    var end: Int
    var bounds: ClosedRange<Int>?
    var fault = ""
    var faultOffset = 0
  }

  /// The quantifier at `position`, which is left where it is; nil when there is none.
  private func quantifier() -> Quantifier? {
    switch peek() {
    case UInt8(ascii: "*"): return Quantifier(end: position + 1, bounds: 0...Int.max)
    case UInt8(ascii: "+"): return Quantifier(end: position + 1, bounds: 1...Int.max)
    case UInt8(ascii: "?"): return Quantifier(end: position + 1, bounds: 0...1)
    case UInt8(ascii: "{"): break
    default: return nil
    }
    guard let close = bytes[position...].firstIndex(of: UInt8(ascii: "}")) else { return nil }
    let inside = bytes[(position + 1)..<close]
    let parts = inside.split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false)
    guard parts.count <= 2, let first = parts.first, !first.isEmpty,
      parts.allSatisfy({ $0.allSatisfy(ByteSet.digit.contains) })
    else { return nil }
    let numbers = parts.map { Int(String(decoding: $0, as: UTF8.self)) ?? ($0.isEmpty ? Int.max : 100_000) }
    let (least, most) = (numbers[0], numbers[numbers.count - 1])
    if numbers.contains(where: { $0 > 65535 && $0 != Int.max }) {
      return Quantifier(end: close + 1, fault: "number too big in {} quantifier", faultOffset: close - position)
    }
    guard least <= most else {
      return Quantifier(end: close + 1, fault: "numbers out of order in {} quantifier", faultOffset: close - position)
    }
    return Quantifier(end: close + 1, bounds: least...most)
  }

  func literal(_ byte: UInt8) -> PCRE.Piece {
    var set = ByteSet([byte])
    if options.ignoresCase, ByteSet.alpha.contains(byte) { set.insert(byte ^ 0x20) }
    return .byte(set)
  }

  private mutating func atom(_ isRepeatable: inout Bool) throws(PCRE.Fault) -> PCRE.Piece? {
    guard let byte = peek() else { return nil }
    switch byte {
    case UInt8(ascii: "("): return try group(&isRepeatable)
    case UInt8(ascii: "["):
      return .byte(try characterClass(ignoresCase: options.ignoresCase))
    case UInt8(ascii: "\\"): return try escape(&isRepeatable)
    default: break
    }
    position += 1
    switch byte {
    case UInt8(ascii: "."): return .byte(options.dotTakesAll ? ByteSet().inverted : ByteSet([10]).inverted)
    case UInt8(ascii: "^"): return .start(everyLine: options.everyLine)
    case UInt8(ascii: "$"): return .end(everyLine: options.everyLine)
    default: return literal(byte)
    }
  }

  private mutating func escape(_ isRepeatable: inout Bool) throws(PCRE.Fault) -> PCRE.Piece {
    position += 1
    guard let byte = peek() else { throw broken("\\ at end of pattern") }
    isRepeatable = false
    switch byte {
    case UInt8(ascii: "b"), UInt8(ascii: "B"):
      position += 1
      return .wordBoundary(byte == UInt8(ascii: "b"))
    case UInt8(ascii: "A"), UInt8(ascii: "G"):
      position += 1
      return .start(everyLine: false)
    case UInt8(ascii: "Z"):
      position += 1
      return .end(everyLine: false)
    case UInt8(ascii: "z"):
      position += 1
      return .absoluteEnd
    case UInt8(ascii: "K"):
      position += 1
      return .keep
    case UInt8(ascii: "1")...UInt8(ascii: "9"):
      isRepeatable = true
      return .reference(try reference(number()))
    case UInt8(ascii: "g"), UInt8(ascii: "k"):
      isRepeatable = true
      position += 1
      return .reference(try namedReference())
    default:
      isRepeatable = true
      if let set = try escapedSet() { return .byte(set) }
      return literal(try escapedByte())
    }
  }

  private mutating func number() -> Int {
    var sum = 0
    while let byte = peek(), ByteSet.digit.contains(byte), sum < 100_000 {
      sum = sum * 10 + Int(byte - UInt8(ascii: "0"))
      position += 1
    }
    return sum
  }

  private func reference(_ number: Int) throws(PCRE.Fault) -> Int {
    let total = bytes.indices.filter {
      bytes[$0] == UInt8(ascii: "(") && ($0 + 1 == bytes.count || bytes[$0 + 1] != UInt8(ascii: "?"))
    }
    guard number <= total.count + names.count else {
      var end = self
      end.position = bytes.count
      throw end.broken("reference to non-existent subpattern")
    }
    return number
  }

  private mutating func namedReference() throws(PCRE.Fault) -> Int {
    let close: UInt8
    switch peek() {
    case UInt8(ascii: "{"): close = UInt8(ascii: "}")
    case UInt8(ascii: "<"): close = UInt8(ascii: ">")
    case UInt8(ascii: "'"): close = UInt8(ascii: "'")
    case let byte? where ByteSet.digit.contains(byte): return try reference(number())
    default: throw .unsupported
    }
    position += 1
    guard let end = bytes[position...].firstIndex(of: close) else { throw .unsupported }
    let name = String(decoding: bytes[position..<end], as: UTF8.self)
    position = end + 1
    if let number = names[name] { return number }
    guard let number = Int(name) else { throw .unsupported }
    return try reference(number < 0 ? groups + 1 + number : number)
  }
}

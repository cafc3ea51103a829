/// What refers to a group: `\1`, `\g{-1}`, `\k<name>`, `(?1)`, `(?&name)`, `(?(1)`.
extension PCREParser {
  private static let missing = "reference to non-existent subpattern"

  mutating func number() -> Int {
    var sum = 0
    while let byte = peek(), ByteSet.digit.contains(byte), sum < 100_000 {
      sum = sum * 10 + Int(byte - UInt8(ascii: "0"))
      position += 1
    }
    return sum
  }

  /// `\1` at its digit; nil for what is a character by its number, which then stays where it is.
  mutating func decimalReference() -> Int? {
    let start = position
    let number = number()
    if number < 8 || number <= groups { return number }
    position = start
    return nil
  }

  mutating func reference(_ number: Int) -> PCRE.Piece {
    highest = max(highest, number)
    return .reference(number)
  }

  /// `\g` at its letter: a back reference in braces or without, else a call.
  mutating func numberedReference() throws(PCRE.Fault) -> PCRE.Piece {
    position += 1
    if let close = opening([("<", ">"), ("'", "'")]) {
      position += 1
      return try call(upTo: close)
    }
    let isBraced = take("{")
    if isBraced, let byte = peek(), byte != UInt8(ascii: "-"), !ByteSet.digit.contains(byte) {
      return try .reference(named(upTo: UInt8(ascii: "}")))
    }
    let isBackwards = take("-")
    let start = position
    var number = number()
    guard number > 0 else {
      position = start == position && !isBraced ? start - 1 : start
      throw broken("a numbered reference must not be zero")
    }
    if isBraced, peek() != UInt8(ascii: "}") {
      throw broken(
        "\\g is not followed by a braced, angle-bracketed, or quoted name/number or by a plain number")
    }
    if isBackwards {
      guard number <= groups else { throw broken(Self.missing) }
      number = groups + 1 - number
    }
    if isBraced { position += 1 }
    return reference(number)
  }

  /// `\k` at its letter.
  mutating func namedReference() throws(PCRE.Fault) -> PCRE.Piece {
    position += 1
    guard let close = opening([("<", ">"), ("'", "'"), ("{", "}")]) else {
      position -= 1
      throw broken("\\k is not followed by a braced, angle-bracketed, or quoted name")
    }
    position += 1
    return try .reference(named(upTo: close))
  }

  private func opening(_ pairs: [(Character, Character)]) -> UInt8? {
    pairs.first { $0.0.asciiValue == peek() }?.1.asciiValue
  }

  /// The number of the group with the name at `position`.
  mutating func named(upTo close: UInt8) throws(PCRE.Fault) -> Int {
    let name = try word("subpattern name expected")
    guard peek() == close else { throw broken(Self.unfinishedName) }
    let number = known?.names[name]
    if known != nil, number == nil { throw broken(Self.missing) }
    position += 1
    return number ?? 0
  }

  static let unfinishedName = "syntax error in subpattern name (missing terminator)"

  /// A name at `position`.
  /// - Parameter fault: what PCRE says where there is none.
  mutating func word(_ fault: String) throws(PCRE.Fault) -> String {
    guard let first = peek(), ByteSet.word.contains(first) else { throw broken(fault) }
    guard !ByteSet.digit.contains(first) else { throw broken("group name must start with a non-digit") }
    let start = position
    while let byte = peek(), ByteSet.word.contains(byte) { position += 1 }
    if position - start > 32 { throw broken("subpattern name is too long (maximum 32 characters)") }
    return String(decoding: bytes[start..<position], as: UTF8.self)
  }

  /// A call at what it calls: a number, also with a sign, or a name.
  mutating func call(upTo close: UInt8) throws(PCRE.Fault) -> PCRE.Piece {
    var target: Int
    if let byte = peek(), ByteSet([UInt8]("+-0123456789".utf8)).contains(byte) {
      let sign = take("+") ? 1 : take("-") ? -1 : 0
      target = number()
      if sign > 0 { target += groups }
      if sign < 0 { target = groups + 1 - target }
      guard peek() == close else { throw broken("(?R or (?[+-]digits must be followed by )") }
      if let known, target < 0 || target >= known.bodies.count { throw broken(Self.missing) }
      if target <= 0, sign != 0 { throw broken(Self.missing) }
      try checkLoop(target)
      position += 1
    } else {
      target = try named(upTo: close)
      position -= 1
      try checkLoop(target)
      position += 1
    }
    return .call(target)
  }

  /// A group that calls itself before it took anything would do so for ever.
  mutating func checkLoop(_ target: Int) throws(PCRE.Fault) {
    guard known != nil, let outer = open.lastIndex(where: { $0.group == target }) else { return }
    if open[outer...].allSatisfy(\.canBeEmpty) { throw broken("recursive call could loop indefinitely") }
  }

  /// `(?(` at what stands behind it, up to the closing parenthesis of the whole.
  mutating func condition() throws(PCRE.Fault) -> PCRE.Piece {
    let condition = try conditionTest()
    let isDefinition = if case .never = condition { true } else { false }
    let body = try alternatives()
    guard peek() == UInt8(ascii: ")") else { throw broken("missing )") }
    var branches = [body]
    if case .alternatives(let pieces) = body { branches = pieces }
    if isDefinition, branches.count > 1 { throw broken("DEFINE group contains more than one branch") }
    if branches.count > 2 { throw broken("conditional group contains more than two branches") }
    position += 1
    return .condition(condition, then: branches[0], otherwise: branches.count > 1 ? branches[1] : .sequence([]))
  }

  private mutating func conditionTest() throws(PCRE.Fault) -> PCRE.Condition {
    guard let byte = peek(),
      byte != UInt8(ascii: "?") || peek(1) == UInt8(ascii: "=") || peek(1) == UInt8(ascii: "!")
        || peek(1) == UInt8(ascii: "<")
    else { throw broken("assertion expected after (?( or (?(?C)") }
    if byte == UInt8(ascii: "?") {
      // The assertion's own parenthesis has been taken.
      position -= 1
      var isRepeatable = false
      return .look(try group(&isRepeatable) ?? .sequence([]))
    }
    if take("DEFINE)") { return .never }
    let number: Int
    if ByteSet.digit.contains(byte) {
      number = self.number()
      guard peek() == UInt8(ascii: ")") else { throw broken("malformed number or name after (?(") }
      position += 1
      if let known, number >= known.bodies.count { throw broken(Self.missing) }
    } else {
      if byte == UInt8(ascii: "R") || byte == UInt8(ascii: "+") || byte == UInt8(ascii: "-") { throw .unsupported }
      let close = opening([("<", ">"), ("'", "'")])
      if close != nil { position += 1 }
      let name = try word("malformed number or name after (?(")
      if let close {
        guard peek() == close else { throw broken("malformed number or name after (?(") }
        position += 1
      }
      guard take(")") else { throw broken("malformed number or name after (?(") }
      number = known?.names[name] ?? 0
      if known != nil, number == 0 { throw broken(Self.missing) }
    }
    return .isSet(number)
  }
}

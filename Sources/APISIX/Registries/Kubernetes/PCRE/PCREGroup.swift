/// What stands in parentheses.
extension PCREParser {
  mutating func group(_ isRepeatable: inout Bool) throws(PCRE.Fault) -> PCRE.Piece? {
    position += 1
    if peek() == UInt8(ascii: "*"), let next = peek(1), ByteSet.alpha.contains(next) { return try verb() }
    guard take("?") else { return try capturing() }
    if take(":") { return try closed() }
    if take("|") { return try closed(resets: true) }
    if take(">") { return .atomic(try closed()) }
    if take("=") { return .look(behind: false, isNegated: false, try closed()) }
    if take("!") { return .look(behind: false, isNegated: true, try closed()) }
    if take("<=") { return .look(behind: true, isNegated: false, try closed(behind: true)) }
    if take("<!") { return .look(behind: true, isNegated: true, try closed(behind: true)) }
    if take("(") { return try condition() }
    if take("#") {
      guard let end = bytes[position...].firstIndex(of: UInt8(ascii: ")")) else {
        position = bytes.count
        throw broken("missing ) after comment")
      }
      position = end + 1
      return nil
    }
    if take("C") {
      isRepeatable = false
      return try callout()
    }
    if take("P") { return try pythonic() }
    if take("<") { return try named(UInt8(ascii: ">"), "unrecognized character after (?<") }
    if take("'") { return try named(UInt8(ascii: "'"), Self.unfinishedName) }
    if take("&") { return try call(upTo: UInt8(ascii: ")")) }
    if take("R") {
      guard peek() == UInt8(ascii: ")") else { throw broken("(?R or (?[+-]digits must be followed by )") }
      try checkLoop(0)
      position += 1
      return .call(0)
    }
    if let byte = peek(), ByteSet.digit.contains(byte) || isSignedNumber { return try call(upTo: UInt8(ascii: ")")) }
    return try optionGroup(&isRepeatable)
  }

  private var isSignedNumber: Bool {
    guard peek() == UInt8(ascii: "+") || peek() == UInt8(ascii: "-"), let next = peek(1) else { return false }
    return ByteSet.digit.contains(next)
  }

  private mutating func pythonic() throws(PCRE.Fault) -> PCRE.Piece {
    if take("<") { return try named(UInt8(ascii: ">"), Self.unfinishedName) }
    if take("=") { return try .reference(named(upTo: UInt8(ascii: ")"))) }
    if take(">") { return try call(upTo: UInt8(ascii: ")")) }
    throw broken("unrecognized character after (?P")
  }

  /// `(?i)`, `(?i-s:...)`.
  private mutating func optionGroup(_ isRepeatable: inout Bool) throws(PCRE.Fault) -> PCRE.Piece? {
    var changed = options
    var isOn = true
    while true {
      switch peek() {
      case UInt8(ascii: "i"): changed.ignoresCase = isOn
      case UInt8(ascii: "m"): changed.everyLine = isOn
      case UInt8(ascii: "s"): changed.dotTakesAll = isOn
      case UInt8(ascii: "x"): changed.isExtended = isOn
      case UInt8(ascii: "U"): changed.isUngreedy = isOn
      case UInt8(ascii: "J"): changed.repeatsNames = isOn
      case UInt8(ascii: "X"): throw .unsupported
      case UInt8(ascii: "-"): isOn = false
      case UInt8(ascii: ")"):
        position += 1
        options = changed
        isRepeatable = false
        return nil
      case UInt8(ascii: ":"):
        position += 1
        let outer = options
        options = changed
        defer { options = outer }
        return try closed()
      default: throw broken("unrecognized character after (? or (?-")
      }
      position += 1
    }
  }

  /// `(?C)`, `(?C1)`: nothing to a match.
  private mutating func callout() throws(PCRE.Fault) -> PCRE.Piece? {
    let number = number()
    guard peek() == UInt8(ascii: ")") else { throw broken("closing ) for (?C expected") }
    if number > 255 { throw broken("number after (?C is > 255") }
    position += 1
    return nil
  }

  /// `(*FAIL)`, at its star.
  private mutating func verb() throws(PCRE.Fault) -> PCRE.Piece {
    if take("*FAIL)") || take("*F)") { return .fail }
    position += 1
    while let byte = peek(), ByteSet.alpha.contains(byte) { position += 1 }
    let name = String(
      decoding: bytes[(bytes[..<position].lastIndex(of: UInt8(ascii: "*")) ?? 0)..<position], as: UTF8.self)
    if ["*ACCEPT", "*COMMIT", "*MARK", "*PRUNE", "*SKIP", "*THEN"].contains(name) { throw .unsupported }
    throw broken("(*VERB) not recognized or malformed")
  }

  /// Settings such as `(*UTF8)`, which stand at the very front. None of them matters to a name of ASCII in one line.
  mutating func skipSettings() throws(PCRE.Fault) {
    let settings: [StaticString] = [
      "(*UTF8)", "(*UTF)", "(*UCP)", "(*CR)", "(*LF)", "(*CRLF)", "(*ANY)", "(*ANYCRLF)", "(*BSR_ANYCRLF)",
      "(*BSR_UNICODE)", "(*NO_START_OPT)", "(*NO_AUTO_POSSESS)",
    ]
    while settings.contains(where: { take($0) }) {}
  }

  /// - Parameter fault: what PCRE says where the name does not even begin.
  private mutating func named(_ close: UInt8, _ fault: String) throws(PCRE.Fault) -> PCRE.Piece {
    let name = try word(fault)
    guard peek() == close else { throw broken(Self.unfinishedName) }
    if let before = found.names[name], before != groups + 1, !options.repeatsNames {
      throw broken("two named subpatterns have the same name")
    }
    found.names[name] = groups + 1
    position += 1
    return try capturing()
  }

  private mutating func capturing() throws(PCRE.Fault) -> PCRE.Piece {
    groups += 1
    let number = groups
    while found.bodies.count <= number { found.bodies.append(nil) }
    let inner = try closed(of: number)
    if found.bodies[number] == nil { found.bodies[number] = inner }
    return .group(number, inner)
  }

  private mutating func closed(
    of group: Int? = nil, resets: Bool = false, behind: Bool = false
  ) throws(PCRE.Fault) -> PCRE.Piece {
    let inner = try alternatives(of: group, resets: resets, behind: behind)
    guard take(")") else { throw broken("missing )") }
    return inner
  }
}

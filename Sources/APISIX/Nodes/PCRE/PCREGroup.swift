/// What stands in parentheses.
extension PCREParser {
  mutating func group(_ isRepeatable: inout Bool) throws(PCRE.Fault) -> PCRE.Piece? {
    position += 1
    if peek() == UInt8(ascii: "*"), let next = peek(1), ByteSet.alpha.contains(next) { throw .unsupported }
    guard take("?") else { return try closed(capture: true) { .group($0, $1) } }
    if take(":") { return try closed { $1 } }
    if take("|") { throw .unsupported }
    if take(">") { return try closed { .atomic($1) } }
    if take("=") { return try closed { .look(behind: false, isNegated: false, $1) } }
    if take("!") { return try closed { .look(behind: false, isNegated: true, $1) } }
    if take("<=") { return try closed { .look(behind: true, isNegated: false, $1) } }
    if take("<!") { return try closed { .look(behind: true, isNegated: true, $1) } }
    if take("#") {
      guard let end = bytes[position...].firstIndex(of: UInt8(ascii: ")")) else {
        position = bytes.count
        throw broken("missing ) after comment")
      }
      position = end + 1
      return nil
    }
    if take("P<") || take("<") { return try named(UInt8(ascii: ">")) }
    if take("'") { return try named(UInt8(ascii: "'")) }
    if let byte = peek(), ByteSet([UInt8]("RP&+(C0123456789".utf8)).contains(byte) { throw .unsupported }
    return try optionGroup(&isRepeatable)
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
      case UInt8(ascii: "J"), UInt8(ascii: "U"), UInt8(ascii: "X"): throw .unsupported
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
        return try closed { $1 }
      default: throw broken(peek() == nil ? "missing )" : "unrecognized character after (? or (?-")
      }
      position += 1
    }
  }

  private mutating func named(_ close: UInt8) throws(PCRE.Fault) -> PCRE.Piece {
    guard let end = bytes[position...].firstIndex(of: close) else {
      position = bytes.count
      throw broken("syntax error in subpattern name (missing terminator)")
    }
    names[String(decoding: bytes[position..<end], as: UTF8.self)] = groups + 1
    position = end + 1
    return try closed(capture: true) { .group($0, $1) }
  }

  private mutating func closed(
    capture: Bool = false, _ make: (Int, PCRE.Piece) -> PCRE.Piece
  ) throws(PCRE.Fault) -> PCRE.Piece {
    if capture { groups += 1 }
    let number = groups
    let inner = try alternatives()
    guard take(")") else { throw broken("missing )") }
    return make(number, inner)
  }
}

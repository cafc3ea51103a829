/// `\p{...}`, as far as it says something of ASCII.
extension PCREParser {
  /// At its letter.
  mutating func property() throws(PCRE.Fault) -> ByteSet {
    let malformed = "malformed \\P or \\p sequence"
    let unknown = "unknown property name after \\P or \\p"
    var isNegated = peek() == UInt8(ascii: "P")
    position += 1
    guard let first = peek() else { throw broken(malformed) }
    let name: String
    if first == UInt8(ascii: "{") {
      position += 1
      if take("^") { isNegated.toggle() }
      let start = position
      while let byte = peek(), byte != UInt8(ascii: "}") { position += 1 }
      guard peek() != nil else { throw broken(malformed) }
      name = String(decoding: bytes[start..<position], as: UTF8.self)
    } else {
      name = String(decoding: [first], as: UTF8.self)
    }
    guard let set = Self.properties[name] else {
      // The names of scripts are not known here; none is that short.
      if name.utf8.count > 2 || name == "Yi" { throw .unsupported }
      throw broken(unknown)
    }
    position += 1
    return isNegated ? set.inverted : set
  }

  private static let properties: [String: ByteSet] = {
    func set(_ text: String) -> ByteSet { ByteSet(Array(text.utf8)) }
    func all(_ sets: ByteSet...) -> ByteSet { sets.reduce(into: ByteSet()) { $0.formUnion($1) } }
    let control = ByteSet([0x7F] + Array(UInt8(0)...0x1F))
    let punctuation: [String: ByteSet] = [
      "Pc": set("_"), "Pd": set("-"), "Pe": set(")]}"), "Ps": set("([{"), "Po": set("!\"#%&'*,./:;?@\\"),
      "Pf": ByteSet(), "Pi": ByteSet(),
    ]
    let symbols = ["Sc": set("$"), "Sk": set("^`"), "Sm": set("+<=>|~"), "So": ByteSet()]
    var known = punctuation.merging(symbols) { first, _ in first }
    known["P"] = punctuation.values.reduce(into: ByteSet()) { $0.formUnion($1) }
    known["S"] = symbols.values.reduce(into: ByteSet()) { $0.formUnion($1) }
    for name in ["L", "L&", "Latin"] { known[name] = .alpha }
    known["Ll"] = .lower
    known["Lu"] = .upper
    for name in ["N", "Nd"] { known[name] = .digit }
    for name in ["Z", "Zs"] { known[name] = set(" ") }
    for name in ["C", "Cc"] { known[name] = control }
    for name in ["Lm", "Lo", "Lt", "M", "Mc", "Me", "Mn", "Nl", "No", "Zl", "Zp", "Cf", "Cn", "Co", "Cs"] {
      known[name] = ByteSet()
    }
    known["Any"] = ByteSet().inverted
    known["Common"] = all(.alpha.inverted)
    known["Xan"] = .alnum
    known["Xwd"] = .word
    for name in ["Xsp", "Xps"] { known[name] = .space }
    return known
  }()

  /// `\R` and `\X`: in one line of ASCII the one is a line's end, the other a character or a line's end.
  func newlineOrCluster(_ isNewline: Bool) -> PCRE.Piece {
    let pair = PCRE.Piece.sequence([.byte(ByteSet([13])), .byte(ByteSet([10]))])
    return .atomic(.alternatives([pair, .byte(isNewline ? .vertical : ByteSet().inverted)]))
  }
}

/// Reads PCRE syntax. Refusals carry PCRE's own words and place, as APISIX logs them.
struct PCREParser {
  let bytes: [UInt8]
  var position = 0
  /// Capturing groups so far.
  var groups = 0
  var found = Found()
  /// What a first reading found; nil in that reading.
  let known: Found?
  var options = Options()
  /// The branches that are being read, from the outermost.
  var open: [Branch] = []
  private var depth = 0
  /// The highest back reference, which PCRE looks at when all is read.
  var highest = 0

  struct Found {
    var names: [String: Int] = [:]
    /// By number; 0 is all of the pattern.
    var bodies: [PCRE.Piece?] = [nil]
  }

  struct Branch {
    /// Of the group that it belongs to, when that captures; 0 for the pattern itself.
    let group: Int?
    /// As far as it is read.
    var pieces: [PCRE.Piece] = []

    var canBeEmpty: Bool { pieces.allSatisfy(\.canBeEmpty) }
  }

  struct Options {
    var ignoresCase = false
    var everyLine = false
    var dotTakesAll = false
    var isExtended = false
    var isUngreedy = false
    var repeatsNames = false
  }

  init(_ bytes: [UInt8], knowing known: Found? = nil) {
    self.bytes = bytes
    self.known = known
  }

  mutating func parse() throws(PCRE.Fault) -> PCRE.Piece {
    try skipSettings()
    let piece = try alternatives(of: 0)
    if known != nil, position < bytes.count { throw broken("unmatched parentheses") }
    if let known, highest >= known.bodies.count { throw broken("reference to non-existent subpattern") }
    found.bodies[0] = piece
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

  /// - Parameters:
  ///   - group: whose branches they are, when that captures.
  ///   - resets: each branch counts its groups from the same number, as in `(?|`.
  ///   - behind: each branch must be of one length.
  mutating func alternatives(
    of group: Int? = nil, resets: Bool = false, behind: Bool = false
  ) throws(PCRE.Fault) -> PCRE.Piece {
    depth += 1
    defer { depth -= 1 }
    if depth > 100 { throw .unsupported }
    let outer = options
    defer { options = outer }
    let first = groups
    var last = groups
    var branches: [PCRE.Piece] = []
    repeat {
      if resets { groups = first }
      open.append(Branch(group: group))
      let piece = try branch()
      if behind, known != nil, piece.fixedLength == nil { throw broken("lookbehind assertion is not fixed length") }
      branches.append(piece)
      open.removeLast()
      last = max(last, groups)
    } while take("|")
    groups = last
    return branches.count == 1 ? branches[0] : .alternatives(branches)
  }

  private mutating func branch() throws(PCRE.Fault) -> PCRE.Piece {
    let own = open.count - 1
    var isRepeatable = false
    while let byte = peek(), byte != UInt8(ascii: "|"), byte != UInt8(ascii: ")") {
      if options.isExtended, skipExtended() { continue }
      if take("\\Q") {
        while position < bytes.count, !take("\\E") {
          open[own].pieces.append(literal(bytes[position]))
          position += 1
          isRepeatable = true
        }
        continue
      }
      if take("\\E") { continue }
      if let bounds = try quantifier() {
        guard isRepeatable, let last = open[own].pieces.popLast() else {
          position -= 1
          throw broken("nothing to repeat")
        }
        open[own].pieces.append(.repeated(last, bounds, greed()))
        isRepeatable = false
      } else {
        let before = isRepeatable
        isRepeatable = !(byte == UInt8(ascii: "^") || byte == UInt8(ascii: "$"))
        if let piece = try atom(&isRepeatable) {
          open[own].pieces.append(piece)
        } else if isRepeatable {
          isRepeatable = before
        }
      }
    }
    let pieces = open[own].pieces
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
      if let end = posixEnd(), end >= position {
        let isNamed = peek(1) == UInt8(ascii: ":")
        throw broken(
          isNamed ? "POSIX named classes are supported only within a class" : Self.collating)
      }
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
      if let number = decimalReference() { return reference(number) }
      return literal(try escapedByte())
    case UInt8(ascii: "g"), UInt8(ascii: "k"):
      isRepeatable = true
      return try byte == UInt8(ascii: "g") ? numberedReference() : namedReference()
    case UInt8(ascii: "R"), UInt8(ascii: "X"):
      isRepeatable = true
      position += 1
      return newlineOrCluster(byte == UInt8(ascii: "R"))
    case UInt8(ascii: "C"):
      isRepeatable = true
      position += 1
      return .byte(ByteSet().inverted)
    default:
      isRepeatable = true
      if let set = try escapedSet() { return .byte(set) }
      return literal(try escapedByte())
    }
  }
}

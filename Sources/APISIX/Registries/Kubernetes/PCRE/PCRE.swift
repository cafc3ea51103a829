/// A PCRE pattern as `namespace_selector.match` and `not_match` hold them: over bytes, without options, leftmost match,
/// first alternative.
///
/// An engine of our own, because a backtracking match must be bounded (the patterns and the names are anybody's), and
/// because Swift's `Regex` reads some classes another way (`[[a]`, `[a--b]`). Known: literals, classes, POSIX classes,
/// groups, alternation, greedy, lazy and possessive quantifiers, anchors, look around of fixed length behind, back
/// references, atomic groups, branch reset, recursion, conditions, the inline options i m s x U J, `\Q...\E`, `\K`,
/// `\p` of ASCII. Not known: verbs other than `(*FAIL)`, scripts; such a pattern is `unsupported`.
///
/// The words and places of refusals are those of PCRE 8.39.
struct PCRE: Sendable {
  enum Fault: Error, Sendable, Hashable {
    /// PCRE refuses the pattern; the text is the one APISIX logs.
    case broken(String)
    /// PCRE may take it, this engine does not.
    case unsupported
    /// The match took too many steps.
    case tooHard
  }

  indirect enum Piece: Sendable {
    case byte(ByteSet)
    case sequence([Piece])
    case alternatives([Piece])
    case repeated(Piece, ClosedRange<Int>, Greed)
    case group(Int, Piece)
    case atomic(Piece)
    case look(behind: Bool, isNegated: Bool, Piece)
    case reference(Int)
    case start(everyLine: Bool)
    case end(everyLine: Bool)
    case absoluteEnd
    case wordBoundary(Bool)
    /// `\K`: the match starts here.
    case keep
    /// `(?1)`, and `(?R)` as 0: the group, or all of the pattern, once more.
    case call(Int)
    case condition(Condition, then: Piece, otherwise: Piece)
    case fail
  }

  indirect enum Condition: Sendable {
    case isSet(Int)
    case look(Piece)
    /// `(?(DEFINE)...)`: what is in it is only there to be called.
    case never
  }

  enum Greed: Sendable { case greedy, lazy, possessive }

  let root: Piece
  /// What the groups have inside, by number; all of the pattern for 0.
  private let bodies: [Piece?]

  init(_ text: String) throws(Fault) {
    // As PCRE: slips of syntax anywhere come first, then references to what is not there.
    var scout = PCREParser(Array(text.utf8))
    let piece = try scout.parse()
    // Without a group or a backslash there is nothing to refer to.
    guard scout.bytes.contains(where: { "()\\".utf8.contains($0) }) else {
      root = piece
      bodies = scout.found.bodies
      return
    }
    var parser = PCREParser(scout.bytes, knowing: scout.found)
    root = try parser.parse()
    bodies = parser.found.bodies
  }

  /// Whether a text of one line that the pattern describes as a whole is plainly found as a whole: where it asks for the
  /// end itself, or has one way only. Nothing is said of patterns that look around or go back.
  var findsWhole: Bool {
    guard case .sequence(let pieces) = root else { return false }
    if case .end(everyLine: false)? = pieces.last { return true }
    return pieces.allSatisfy { if case .byte = $0 { true } else { false } }
  }

  /// Is the leftmost match in `text` all of it?
  func matchesWhole(_ text: String) throws(Fault) -> Bool {
    let bytes = Array(text.utf8)
    for start in 0...bytes.count {
      var matcher = PCREMatcher(bytes, bodies, start: start)
      var end = -1
      let isFound = matcher.match(root, start) { _, place in
        end = place
        return true
      }
      if matcher.isTooHard { throw .tooHard }
      if isFound { return matcher.start == 0 && end == bytes.count }
    }
    return false
  }
}

/// A set of bytes.
struct ByteSet: Sendable {
  private var bits: (UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0)

  init() {}

  init(_ bytes: some Sequence<UInt8>) { for byte in bytes { insert(byte) } }

  mutating func insert(_ byte: UInt8) {
    let bit: UInt64 = 1 << UInt64(byte & 63)
    switch byte >> 6 {
    case 0: bits.0 |= bit
    case 1: bits.1 |= bit
    case 2: bits.2 |= bit
    default: bits.3 |= bit
    }
  }

  func contains(_ byte: UInt8) -> Bool {
    let word =
      switch byte >> 6 {
      case 0: bits.0
      case 1: bits.1
      case 2: bits.2
      default: bits.3
      }
    return word >> UInt64(byte & 63) & 1 == 1
  }

  mutating func formUnion(_ other: ByteSet) {
    bits = (bits.0 | other.bits.0, bits.1 | other.bits.1, bits.2 | other.bits.2, bits.3 | other.bits.3)
  }

  var inverted: ByteSet {
    var set = ByteSet()
    set.bits = (~bits.0, ~bits.1, ~bits.2, ~bits.3)
    return set
  }

  static let digit = ByteSet(UInt8(ascii: "0")...UInt8(ascii: "9"))
  static let lower = ByteSet(UInt8(ascii: "a")...UInt8(ascii: "z"))
  static let upper = ByteSet(UInt8(ascii: "A")...UInt8(ascii: "Z"))
  static let space = ByteSet([9, 10, 11, 12, 13, 32])
  static let horizontal = ByteSet([9, 32, 0xA0])
  static let vertical = ByteSet([10, 11, 12, 13, 0x85])
  static let word: ByteSet = {
    var set = alnum
    set.insert(UInt8(ascii: "_"))
    return set
  }()
  static let alpha: ByteSet = {
    var set = lower
    set.formUnion(upper)
    return set
  }()
  static let alnum: ByteSet = {
    var set = alpha
    set.formUnion(digit)
    return set
  }()
}

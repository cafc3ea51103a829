/// How often a piece may come.
extension PCREParser {
  /// Takes the quantifier at `position`; nil, and takes nothing, when there is none.
  mutating func quantifier() throws(PCRE.Fault) -> ClosedRange<Int>? {
    let start = position
    if take("*") { return 0...Int.max }
    if take("+") { return 1...Int.max }
    if take("?") { return 0...1 }
    guard take("{"), isQuantifier() else {
      position = start
      return nil
    }
    let least = try bound()
    guard take(",") else {
      position += 1
      return least...least
    }
    let most = peek() == UInt8(ascii: "}") ? Int.max : try bound()
    guard least <= most else { throw broken("numbers out of order in {} quantifier") }
    position += 1
    return least...most
  }

  /// Whether what stands behind a brace is `1}`, `1,}` or `1,2}`; anything else is plain text.
  private func isQuantifier() -> Bool {
    guard let close = bytes[position...].firstIndex(of: UInt8(ascii: "}")) else { return false }
    let parts = bytes[position..<close].split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false)
    return parts.count <= 2 && parts.first?.isEmpty == false
      && parts.allSatisfy { $0.allSatisfy(ByteSet.digit.contains) }
  }

  private mutating func bound() throws(PCRE.Fault) -> Int {
    var sum = 0
    while let byte = peek(), ByteSet.digit.contains(byte) {
      sum = sum * 10 + Int(byte - UInt8(ascii: "0"))
      position += 1
      if sum > 65535 { throw broken("number too big in {} quantifier") }
    }
    return sum
  }

  /// What stands behind a quantifier.
  mutating func greed() -> PCRE.Greed {
    if take("+") { return .possessive }
    return take("?") == options.isUngreedy ? .greedy : .lazy
  }
}

extension PCRE.Piece {
  /// Whether it may match without taking anything.
  var canBeEmpty: Bool {
    switch self {
    case .byte: false
    case .sequence(let pieces): pieces.allSatisfy(\.canBeEmpty)
    case .alternatives(let pieces): pieces.contains(where: \.canBeEmpty)
    case .repeated(let inner, let range, _): range.lowerBound == 0 || inner.canBeEmpty
    case .group(_, let inner), .atomic(let inner): inner.canBeEmpty
    case .condition(_, let then, let otherwise): then.canBeEmpty || otherwise.canBeEmpty
    case .look, .reference, .start, .end, .absoluteEnd, .wordBoundary, .keep, .call, .fail: true
    }
  }

  /// How many bytes it takes, when that is always the same number and PCRE sees it: it does not try whether alternatives
  /// of different lengths may do in a group, nor follows a reference.
  var fixedLength: Int? {
    switch self {
    case .byte: return 1
    case .sequence(let pieces):
      var sum = 0
      for piece in pieces {
        guard let length = piece.fixedLength else { return nil }
        sum += length
      }
      return sum
    case .alternatives(let pieces):
      let lengths = pieces.map(\.fixedLength)
      return lengths.allSatisfy { $0 == lengths[0] } ? lengths[0] : nil
    case .repeated(let inner, let range, _):
      guard range.lowerBound == range.upperBound, let length = inner.fixedLength else { return nil }
      if case .byte = inner { return range.lowerBound }
      return range.lowerBound == 0 ? nil : length * range.lowerBound
    case .group(_, let inner), .atomic(let inner): return inner.fixedLength
    case .look, .start, .end, .absoluteEnd, .wordBoundary, .keep: return 0
    case .reference, .call, .condition, .fail: return nil
    }
  }
}

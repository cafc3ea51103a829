/// One attempt to match at one place, by backtracking, with bounds on its work.
struct PCREMatcher {
  /// Steps of one attempt, and calls within one another.
  private static let stepLimit = 200_000
  private static let depthLimit = 1_000

  private let bytes: [UInt8]
  private let bodies: [PCRE.Piece?]
  private var captures: [Range<Int>?]
  private var steps = 0
  private var depth = 0
  private(set) var isTooHard = false
  /// Where the match starts.
  private(set) var start: Int

  init(_ bytes: [UInt8], _ bodies: [PCRE.Piece?], start: Int) {
    self.bytes = bytes
    self.bodies = bodies
    self.start = start
    captures = Array(repeating: nil, count: bodies.count)
  }

  typealias Rest = (inout PCREMatcher, Int) -> Bool

  /// Matches `piece` at `place`, then the rest; tries the other ways while the rest fails.
  mutating func match(_ piece: PCRE.Piece, _ place: Int, _ rest: Rest) -> Bool {
    steps += 1
    depth += 1
    defer { depth -= 1 }
    guard steps <= Self.stepLimit, depth <= Self.depthLimit else {
      isTooHard = true
      return false
    }
    switch piece {
    case .byte(let set): return place < bytes.count && set.contains(bytes[place]) && rest(&self, place + 1)
    case .sequence(let pieces): return sequence(pieces[...], place, rest)
    case .alternatives(let pieces):
      for piece in pieces where !isTooHard {
        if match(piece, place, rest) { return true }
      }
      return false
    case .repeated(let inner, let range, let greed): return repeated(inner, range, greed, place, rest)
    case .group(let number, let inner):
      let before = captures[number]
      let isFound = match(inner, place) { matcher, end in
        let inside = matcher.captures[number]
        matcher.captures[number] = place..<end
        if rest(&matcher, end) { return true }
        matcher.captures[number] = inside
        return false
      }
      if !isFound { captures[number] = before }
      return isFound
    case .atomic(let inner):
      guard let end = alone(inner, place) else { return false }
      return rest(&self, end)
    case .look(behind: false, let isNegated, let inner):
      let before = captures
      let isFound = alone(inner, place) != nil
      if isNegated { captures = before }
      return isFound != isNegated && rest(&self, place)
    case .look(behind: true, let isNegated, let inner):
      var isFound = false
      for from in (0...place).reversed() where !isFound && !isTooHard {
        isFound = match(inner, from) { _, end in end == place }
      }
      return isFound != isNegated && rest(&self, place)
    case .reference(let number):
      guard number < captures.count, let range = captures[number] else { return false }
      guard place + range.count <= bytes.count, bytes[range] == bytes[place..<place + range.count] else { return false }
      return rest(&self, place + range.count)
    case .start(let everyLine):
      return (place == 0 || everyLine && bytes[place - 1] == 10 && place < bytes.count) && rest(&self, place)
    case .end(let everyLine):
      let isEnd = place == bytes.count || bytes[place] == 10 && (everyLine || place == bytes.count - 1)
      return isEnd && rest(&self, place)
    case .absoluteEnd: return place == bytes.count && rest(&self, place)
    case .wordBoundary(let isWanted):
      let before = place > 0 && ByteSet.word.contains(bytes[place - 1])
      let after = place < bytes.count && ByteSet.word.contains(bytes[place])
      return (before != after) == isWanted && rest(&self, place)
    case .keep:
      let before = start
      start = place
      if rest(&self, place) { return true }
      start = before
      return false
    case .call(let number):
      // Once it has matched there is no way back into it, and what it captured is forgotten.
      guard number < bodies.count, let body = bodies[number] else { return false }
      let before = captures
      let end = alone(body, place)
      captures = before
      return end.map { rest(&self, $0) } ?? false
    case .condition(let condition, let then, let otherwise):
      return match(holds(condition, place) ? then : otherwise, place, rest)
    case .fail: return false
    }
  }

  private mutating func holds(_ condition: PCRE.Condition, _ place: Int) -> Bool {
    switch condition {
    case .isSet(let number): number < captures.count && captures[number] != nil
    case .look(let piece): alone(piece, place) != nil
    case .never: false
    }
  }

  /// Where a match of `piece` ends when nothing follows it; nil when there is none.
  private mutating func alone(_ piece: PCRE.Piece, _ place: Int) -> Int? {
    var end: Int?
    _ = match(piece, place) { _, found in
      end = found
      return true
    }
    return end
  }

  private mutating func sequence(_ pieces: ArraySlice<PCRE.Piece>, _ place: Int, _ rest: Rest) -> Bool {
    guard let first = pieces.first else { return rest(&self, place) }
    if pieces.count == 1 { return match(first, place, rest) }
    return match(first, place) { matcher, end in matcher.sequence(pieces.dropFirst(), end, rest) }
  }

  private mutating func repeated(
    _ inner: PCRE.Piece, _ range: ClosedRange<Int>, _ greed: PCRE.Greed, _ place: Int, _ rest: Rest
  ) -> Bool {
    if greed == .possessive {
      guard let end = alone(.repeated(inner, range, .greedy), place) else { return false }
      return rest(&self, end)
    }
    // One byte after another needs no recursion.
    if case .byte(let set) = inner {
      var most = place
      while most < bytes.count, most - place < range.upperBound, set.contains(bytes[most]) { most += 1 }
      guard most - place >= range.lowerBound else { return false }
      let ends = place + range.lowerBound...most
      for end in greed == .greedy ? Array(ends.reversed()) : Array(ends) where !isTooHard {
        steps += 1
        if steps > Self.stepLimit { isTooHard = true }
        if rest(&self, end) { return true }
      }
      return false
    }
    return round(inner, range, greed, 0, place, rest)
  }

  private mutating func round(
    _ inner: PCRE.Piece, _ range: ClosedRange<Int>, _ greed: PCRE.Greed, _ done: Int, _ place: Int, _ rest: Rest
  ) -> Bool {
    if isTooHard { return false }
    let isEnough = done >= range.lowerBound
    if isEnough, greed == .lazy, rest(&self, place) { return true }
    if done < range.upperBound {
      let isFound = match(inner, place) { matcher, end in
        // A round that took nothing would go on for ever: it is the last.
        if end == place, isEnough, range.upperBound == .max { return rest(&matcher, end) }
        return matcher.round(inner, range, greed, done + 1, end, rest)
      }
      if isFound { return true }
    }
    return isEnough && greed == .greedy && rest(&self, place)
  }
}

/// A path pattern as git and shells read it, cut at its slashes: `*` and `?` and `[a-z]` within one name, `**` as a
/// whole name for any number of names. Matching takes at most pattern times path steps, whatever the pattern.
struct Glob: Sendable, Hashable {
  private enum Token: Sendable, Hashable {
    case byte(UInt8)
    case any
    case star
    case set(ByteSet)
  }

  private enum Segment: Sendable, Hashable {
    case name([Token])
    /// Any number of names, none as well.
    case names
    /// At the end: one name or more.
    case rest
  }

  private var segments: [Segment] = []

  /// nil for a pattern that can match nothing: it ends in a backslash, or a bracket stays open.
  init?(_ pattern: some Collection<UInt8>) {
    let pattern = Array(pattern)
    var tokens: [Token] = []
    var stars = 0
    var index = 0
    func segment(last: Bool) -> Segment {
      if stars >= 2, stars == tokens.count { return last ? .rest : .names }
      return .name(tokens)
    }
    while index < pattern.count {
      switch pattern[index] {
      case UInt8(ascii: "/"):
        segments.append(segment(last: false))
        tokens = []
        stars = 0
      case UInt8(ascii: "*"):
        tokens.append(.star)
        stars += 1
      case UInt8(ascii: "?"): tokens.append(.any)
      case UInt8(ascii: "["):
        guard let (set, end) = ByteSet.parse(pattern, from: index + 1) else { return nil }
        tokens.append(.set(set))
        index = end
      case UInt8(ascii: "\\"):
        index += 1
        guard index < pattern.count else { return nil }
        tokens.append(.byte(pattern[index]))
      default: tokens.append(.byte(pattern[index]))
      }
      index += 1
    }
    segments.append(segment(last: true))
  }

  /// Whether the pattern stands for this whole path; its names are given one by one.
  func matches(_ names: ArraySlice<ArraySlice<UInt8>>) -> Bool {
    wildcardMatch(
      pattern: segments[...], text: names, isStar: { $0 == .names },
      matches: { segment, name in
        if case .name(let tokens) = segment { Self.matches(tokens, name) } else { true }
      }, isRest: { $0 == .rest })
  }

  private static func matches(_ tokens: [Token], _ name: ArraySlice<UInt8>) -> Bool {
    wildcardMatch(
      pattern: tokens[...], text: name, isStar: { $0 == .star },
      matches: { token, byte in
        switch token {
        case .byte(let expected): expected == byte
        case .any, .star: true
        case .set(let set): set.contains(byte)
        }
      }, isRest: { _ in false })
  }
}

/// Matches a pattern with wildcards for any number of elements. Only the last wildcard ever needs to be tried again: an
/// earlier one that took more would leave less to the ones behind it.
private func wildcardMatch<Part, Element>(
  pattern: ArraySlice<Part>, text: ArraySlice<Element>, isStar: (Part) -> Bool, matches: (Part, Element) -> Bool,
  isRest: (Part) -> Bool
) -> Bool {
  var part = pattern.startIndex
  var index = text.startIndex
  var retry: (part: Int, index: Int)?
  while index < text.endIndex {
    if part < pattern.endIndex, isRest(pattern[part]) { return true }
    if part < pattern.endIndex, isStar(pattern[part]) {
      retry = (part + 1, index)
      part += 1
    } else if part < pattern.endIndex, matches(pattern[part], text[index]) {
      part += 1
      index += 1
    } else if let last = retry {
      retry = (last.part, last.index + 1)
      part = last.part
      index = last.index + 1
    } else {
      return false
    }
  }
  return pattern[part...].allSatisfy(isStar)
}

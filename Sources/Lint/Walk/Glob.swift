/// A path pattern as git and shells read it, cut at its slashes: `*` and `?` and `[a-z]` within one name, `**` as a
/// whole name for any number of names. Matching takes at most pattern times path steps, whatever the pattern.
struct Glob: Sendable {
  private enum Token: Sendable, Equatable {
    case byte(UInt8)
    case any
    case star
    /// Of each byte whether it is meant.
    case bytes([Bool])
  }

  private enum Segment: Sendable, Equatable {
    case name([Token])
    /// Any number of names, none as well.
    case names
  }

  private var segments: [Segment] = []

  /// nil for a pattern that can match nothing: it ends in a backslash, or a bracket stays open.
  init?(_ pattern: some Collection<UInt8>) {
    let pattern = Array(pattern)
    var tokens: [Token] = []
    var index = 0
    while index < pattern.count {
      switch pattern[index] {
      case UInt8(ascii: "/"):
        segments.append(Self.isDeep(tokens) ? .names : .name(tokens))
        tokens = []
      case UInt8(ascii: "*"): tokens.append(.star)
      case UInt8(ascii: "?"): tokens.append(.any)
      case UInt8(ascii: "["):
        guard let (bytes, end) = Self.bracket(pattern, from: index + 1) else { return nil }
        tokens.append(.bytes(bytes))
        index = end
      case UInt8(ascii: "\\"):
        index += 1
        guard index < pattern.count else { return nil }
        tokens.append(.byte(pattern[index]))
      default: tokens.append(.byte(pattern[index]))
      }
      index += 1
    }
    // At the end it is one name or more.
    segments += Self.isDeep(tokens) ? [.name([.star]), .names] : [.name(tokens)]
  }

  private static func isDeep(_ tokens: [Token]) -> Bool { tokens.count >= 2 && tokens.allSatisfy { $0 == .star } }

  /// Whether the pattern stands for this whole path; its names are given one by one.
  func matches(_ names: ArraySlice<ArraySlice<UInt8>>) -> Bool {
    wildcardMatch(pattern: segments[...], text: names, star: .names) { segment, name in
      if case .name(let tokens) = segment { Self.matches(tokens, name) } else { true }
    }
  }

  private static func matches(_ tokens: [Token], _ name: ArraySlice<UInt8>) -> Bool {
    wildcardMatch(pattern: tokens[...], text: name, star: .star) { token, byte in
      switch token {
      case .byte(let expected): expected == byte
      case .any, .star: true
      case .bytes(let bytes): bytes[Int(byte)]
      }
    }
  }
}

/// Matches a pattern with wildcards for any number of elements. Only the last wildcard ever needs to be tried again: an
/// earlier one that took more would leave less to the ones behind it.
private func wildcardMatch<Part: Equatable, Element>(
  pattern: ArraySlice<Part>, text: ArraySlice<Element>, star: Part, matches: (Part, Element) -> Bool
) -> Bool {
  var part = pattern.startIndex
  var index = text.startIndex
  var retry: (part: Int, index: Int)?
  while index < text.endIndex {
    if part < pattern.endIndex, pattern[part] == star {
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
  return pattern[part...].allSatisfy { $0 == star }
}

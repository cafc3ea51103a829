import SourceText

/// An IP address, read as Kubernetes reads it.
struct IPAddress {
  /// The eight numbers of IPv6; an address of IPv4 is `::ffff:a.b.c.d`.
  private let groups: [UInt16]

  /// - Returns: nil for what is no address.
  init?(_ text: String) {
    guard text.utf8.contains(UInt8(ascii: ":")) else {
      guard let last = Self.four(text[...]) else { return nil }
      groups = [0, 0, 0, 0, 0, 0xFFFF] + last
      return
    }
    let halves = text.parts(between: "::")
    guard halves.count <= 2, let first = Self.read(halves[0], isEnd: halves.count == 1),
      let rest = halves.count == 1 ? [] : Self.read(halves[1], isEnd: true)
    else { return nil }
    let missing = 8 - first.count - rest.count
    guard halves.count == 1 ? missing == 0 : missing > 0 else { return nil }
    groups = first + Array(repeating: 0, count: missing) + rest
  }

  var isIPv4: Bool { groups.starts(with: [0, 0, 0, 0, 0, 0xFFFF]) }

  /// Why no Endpoints object may have it: a sentence's end; nil for one that pods can have.
  var objection: String? {
    let (first, last) = (isIPv4 ? groups[6] : groups[0], groups[7])
    if groups.dropFirst(isIPv4 ? 6 : 0).allSatisfy({ $0 == 0 }) { return "is not the address of a host" }
    if isIPv4 ? first >> 8 == 127 : last == 1 && groups.dropLast().allSatisfy({ $0 == 0 }) {
      return "is a loopback address"
    }
    if isIPv4 ? first == 0xA9FE : first & 0xFFC0 == 0xFE80 { return "is a link-local address" }
    if isIPv4 ? first == 0xE000 && last >> 8 == 0 : first & 0xFF0F == 0xFF02 {
      return "is a link-local multicast address"
    }
    return nil
  }

  /// The numbers on one side of `::`; at the end the last two may be written as IPv4.
  private static func read(_ text: Substring, isEnd: Bool) -> [UInt16]? {
    var groups: [UInt16] = []
    let parts = text.isEmpty ? [] : text.split(separator: ":", omittingEmptySubsequences: false)
    for (index, part) in parts.enumerated() {
      if part.allSatisfy(\.isHexDigit), 1...4 ~= part.utf8.count, let group = UInt16(part, radix: 16) {
        groups.append(group)
      } else if isEnd, index == parts.count - 1, let last = four(part) {
        groups += last
      } else {
        return nil
      }
    }
    return groups
  }

  private static func four(_ text: Substring) -> [UInt16]? {
    let parts = text.split(separator: ".", omittingEmptySubsequences: false)
    let numbers = parts.compactMap { $0.utf8.allSatisfy(\.isDigit) ? UInt8($0) : nil }
    guard parts.count == 4, numbers.count == 4 else { return nil }
    return [UInt16(numbers[0]) << 8 | UInt16(numbers[1]), UInt16(numbers[2]) << 8 | UInt16(numbers[3])]
  }
}

import SourceText

/// ustar, with what plain files need of it.
enum Tar {
  private static let block = 512
  /// Where the fields of a header stand.
  private enum Field {
    static let name = 0..<100
    static let mode = 100..<108
    static let owner = 108..<116
    static let group = 116..<124
    static let size = 124..<136
    static let time = 136..<148
    static let sum = 148..<156
    static let kind = 156
    static let magic = 257..<265
  }

  /// Nobody's, of no time.
  static func packed(_ members: [Archive.Member]) -> [UInt8] {
    var result: [UInt8] = []
    for member in members {
      var header = [UInt8](repeating: 0, count: block)
      func put(_ text: String, _ field: Range<Int>) {
        for (index, byte) in zip(field, text.utf8) { header[index] = byte }
      }
      put(member.name, Field.name)
      put(octal(0o644, 7), Field.mode)
      put(octal(0, 7), Field.owner)
      put(octal(0, 7), Field.group)
      put(octal(member.bytes.count, 11), Field.size)
      put(octal(0, 11), Field.time)
      header[Field.kind] = UInt8(ascii: "0")
      put("ustar\u{0}00", Field.magic)
      put(octal(sum(header[...]), 6) + "\u{0} ", Field.sum)
      result += header + member.bytes
      result += [UInt8](repeating: 0, count: padding(member.bytes.count))
    }
    return result + [UInt8](repeating: 0, count: 2 * block)
  }

  /// - Throws: for all that a bundle does not have: folders, links, names that lead elsewhere or come twice.
  static func members(of bytes: [UInt8]) throws(ArchiveError) -> [Archive.Member] {
    var members: [Archive.Member] = []
    var names: Set<String> = []
    var place = 0
    while place + block <= bytes.count {
      let header = bytes[place..<place + block]
      if header.allSatisfy({ $0 == 0 }) { return members }
      let field = { (range: Range<Int>) in bytes[place + range.lowerBound..<place + range.upperBound] }
      guard let sum = number(field(Field.sum)), sum == Self.sum(header), let size = number(field(Field.size)) else {
        throw members.isEmpty ? .foreign("it is no tar") : .damaged
      }
      let name = String(decoding: field(Field.name).prefix { $0 != 0 }, as: UTF8.self)
      guard header[place + Field.kind] == UInt8(ascii: "0"), isPlain(name),
        names.insert(name).inserted
      else { throw .name(name) }
      let start = place + block
      guard size <= bytes.count - start else { throw .cut }
      members.append(Archive.Member(name, Array(bytes[start..<start + size])))
      place = start + size + padding(size)
    }
    throw .cut
  }

  /// Small letters, digits, hyphens and dots: it leads nowhere.
  private static func isPlain(_ name: String) -> Bool {
    let bytes = name.utf8
    return (1...64).contains(bytes.count) && bytes.first?.isSmall == true
      && bytes.allSatisfy { $0.isSmall || $0.isDigit || $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: ".") }
  }

  private static func padding(_ size: Int) -> Int { (block - size % block) % block }

  private static func octal(_ number: Int, _ width: Int) -> String {
    let digits = String(number, radix: 8)
    return String(repeating: "0", count: max(0, width - digits.count)) + digits
  }

  private static func number(_ field: ArraySlice<UInt8>) -> Int? {
    let digits = field.prefix { (0x30...0x37).contains($0) }
    return digits.isEmpty || digits.count > 12 ? nil : Int(String(decoding: digits, as: UTF8.self), radix: 8)
  }

  /// Of all bytes of a header, its own field taken as blanks.
  private static func sum(_ header: ArraySlice<UInt8>) -> Int {
    let own = header.dropFirst(Field.sum.lowerBound).prefix(Field.sum.count)
    return header.reduce(0) { $0 + Int($1) } - own.reduce(0) { $0 + Int($1) - 0x20 }
  }
}

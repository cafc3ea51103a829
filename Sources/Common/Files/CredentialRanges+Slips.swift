import Inputs
import SourceText
import YAML

/// Credentials that stand where YAML has something else: by a slip of whoever wrote the file.
extension CredentialRanges {
  /// Whether nobody calls a tag, an anchor or the end of a name so.
  static func mayBePassword(_ text: some Collection<UInt8>) -> Bool {
    text.count >= 6 && text.contains(where: \.isDigit)
  }

  /// `password: !PASSWORD`, `&PASSWORD`: to YAML a tag, an anchor. With a value behind it it may well be one.
  static func addLabel(of id: Tree.ID, in tree: Tree, to ranges: inout [Range<Int>]) {
    let node = tree[id]
    guard node.start < node.range.lowerBound || node.tag != nil || node.anchor != nil else { return }
    let bytes = tree.text.bytes
    let end = node.range.isEmpty ? bytes[node.start...].firstIndex(of: 0x0A) ?? bytes.count : node.range.lowerBound
    guard node.start < end else { return }
    for word in bytes[node.start..<end].split(whereSeparator: { $0 <= 0x20 || ",]}".utf8.contains($0) }) {
      guard let sign = word.first, "!&".utf8.contains(sign), !word.starts(with: "!!".utf8) else { break }
      let name = word.dropFirst()
      if node.range.isEmpty ? mayBePassword(name) : SecretPatterns.isRandom(name) { ranges.append(name.indices) }
    }
  }

  /// `token：TOKEN`, with the colon of an input method, which makes it one word.
  static func addFullWidth(in bytes: UnsafeBufferPointer<UInt8>, to ranges: inout [Range<Int>]) {
    let colon = Array("：".utf8)
    var done = 0
    for place in bytes.indices.dropLast(2) where bytes[place] == colon[0] && place >= done {
      guard bytes[place...].starts(with: colon) else { continue }
      let name = bytes[done..<place].reversed().prefix { $0.isWord || $0 == UInt8(ascii: "-") }.reversed()
      guard name.count < 64, isCredential(String(decoding: name, as: UTF8.self)) else { continue }
      let value = bytes[(place + colon.count)...].drop { $0 == 0x20 }
      let inner = value.drop { $0 == UInt8(ascii: "\"") || $0 == UInt8(ascii: "'") }
      // In a comment words of the same language follow.
      if inner.starts(with: "${".utf8) || inner.first ?? 0 >= 0x80 { continue }
      done = value.firstIndex { $0 == 0x0A || $0 == 0x0D || ",}]".utf8.contains($0) } ?? value.endIndex
      if value.startIndex < done { ranges.append(value.startIndex..<done) }
    }
  }

  /// What bears a name within a text in quotation marks: a header, a list of settings, JSON.
  static func addWithin(_ range: Range<Int>, of bytes: UnsafeBufferPointer<UInt8>, to ranges: inout [Range<Int>]) {
    let text = UnsafeBufferPointer(rebasing: bytes[range])
    guard text.count > 8, let mark = text.firstIndex(where: { $0 == UInt8(ascii: "=") || $0 == UInt8(ascii: ":") }),
      mark + 1 < text.count, text[mark] == UInt8(ascii: "=") || " \"\\".utf8.contains(text[mark + 1])
    else { return }
    ranges += SecretPatterns.ranges(in: text, names: true).map {
      $0.lowerBound + range.lowerBound..<$0.upperBound + range.lowerBound
    }
  }
}

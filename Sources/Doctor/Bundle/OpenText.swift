import Common
import Findings
import SourceText
import YAML

/// A file of YAML or JSON without what must not be passed on: credentials, comments, and whatever stands where people
/// write anything at all. Its lines stay where they were.
struct OpenText {
  let bytes: [UInt8]
  /// The credentials that were in it, and that nobody takes for a word.
  private(set) var credentials: Set<[UInt8]> = []
  /// The lines, from 1, on which something stands in place of what is not passed on.
  private(set) var hiddenLines: Set<Int> = []

  /// - Parameter isJSON: whatever stands in place of a value must be JSON.
  /// - Returns: nil where it cannot be read, so that nobody can tell what is in it.
  init?(_ given: [UInt8], isJSON: Bool) {
    guard let commented = Self.tree(given), let tree = Self.tree(Self.withoutComments(commented)) else { return nil }
    let found = SourceFile(tree, isBroken: false).secrets
    for range in found { credentials.formUnion(Self.known(tree.text.bytes[range])) }
    var result: [UInt8] = []
    var done = 0
    for range in SourceFile(tree.text, secrets: found + Self.anything(in: tree)).secrets {
      result += tree.text.bytes[done..<range.lowerBound]
      result += Self.hidden(tree.text.bytes[range], isJSON: isJSON)
      let place = tree.text.range(range)
      hiddenLines.formUnion(place.start.line...place.end.line)
      done = range.upperBound
    }
    bytes = result + tree.text.bytes[done...]
    guard Self.tree(bytes) != nil else { return nil }
  }

  private static func tree(_ bytes: [UInt8]) -> Tree? {
    let (tree, error) = Tree.partial(bytes)
    return error == nil ? tree : nil
  }

  /// What stands in place of a value. It is no YAML of its own, and whoever looks for secrets takes it for none.
  private static let mask = "hidden***"

  // MARK: what is left out

  private static func withoutComments(_ tree: Tree) -> [UInt8] {
    var result: [UInt8] = []
    var done = 0
    for comment in tree.comments() where comment.text != "END" && !comment.text.hasPrefix("gatecheck:") {
      result += tree.text.bytes[done...comment.range.lowerBound]
      done = comment.range.upperBound
    }
    return result + tree.text.bytes[done...]
  }

  /// Below these stands what plugins, clients and people need: of discovery nothing hangs on it.
  private static let anywhere: Set = [
    "plugins", "plugin_attr", "plugin_metadata", "credentials", "secrets", "ssls", "vars", "filter_func", "script",
    "headers", "req_headers", "desc", "description", "envs",
  ]

  private static func anything(in tree: Tree) -> [Range<Int>] {
    var ranges: [Range<Int>] = []
    for id in tree.ids where tree[id].isMapping {
      for pair in tree.pairs(id) ?? [] {
        guard let key = tree.scalar(pair.key), anywhere.contains(key) || key.hasSuffix("_snippet") else { continue }
        // A list of plugins has their names alone.
        if key == "plugins", tree.items(tree.resolved(pair.value)) != nil { continue }
        addScalars(below: pair.value, in: tree, to: &ranges)
      }
    }
    return ranges
  }

  private static func addScalars(below id: Tree.ID, in tree: Tree, to ranges: inout [Range<Int>]) {
    var open = [id]
    var seen: Set<Tree.ID> = []
    while let next = open.popLast() {
      let value = tree.resolved(next)
      guard seen.insert(value).inserted else { continue }
      open += tree.items(value) ?? []
      // traffic-split has upstreams.
      for pair in tree.pairs(value) ?? [] where tree.scalar(pair.key) != "traffic-split" { open.append(pair.value) }
      let node = tree[value]
      if node.style != nil, !isSwitch(tree.text.bytes[node.range]) { ranges.append(node.range) }
    }
  }

  /// `true`, `null`, a small number.
  private static func isSwitch(_ bytes: ArraySlice<UInt8>) -> Bool {
    bytes.count < 6 && bytes.allSatisfy(\.isDigit)
      || ["true", "false", "null", "~"].contains(String(decoding: bytes, as: UTF8.self))
  }

  // MARK: what stands there instead

  /// Quotes, the header of a block, indentation and line breaks stay.
  private static func hidden(_ value: ArraySlice<UInt8>, isJSON: Bool) -> [UInt8] {
    if value.allSatisfy(\.isDigit) { return [UInt8(ascii: "0")] }
    let quotes = "\"'".utf8
    if value.count > 1, let quote = value.first, quotes.contains(quote), value.last == quote {
      return [quote] + lines(of: value.dropFirst().dropLast()) + [quote]
    }
    if isJSON, let last = value.last, !quotes.contains(last),
      value.allSatisfy({ $0.isAlphanumeric || "+-.".utf8.contains($0) }),
      Double(String(decoding: value, as: UTF8.self)) != nil
    {
      return [UInt8(ascii: "0")]
    }
    if let header = value.first, header == UInt8(ascii: "|") || header == UInt8(ascii: ">"),
      let end = value.firstIndex(of: 0x0A)
    {
      return value[...end] + lines(of: value[(end + 1)...])
    }
    return lines(of: value)
  }

  private static func lines(of value: ArraySlice<UInt8>) -> [UInt8] {
    let isBreak = { (byte: UInt8) in byte == 0x0A || byte == 0x0D }
    var result: [UInt8] = []
    var rest = value
    while !rest.isEmpty {
      let front = rest.prefix { $0 == 0x20 || $0 == 0x09 || isBreak($0) }
      result += front
      rest = rest[front.endIndex...]
      let line = rest.prefix { !isBreak($0) }
      if !line.isEmpty { result += mask.utf8 }
      rest = rest[line.endIndex...]
    }
    return result
  }

  /// A credential without its quotes, and the password of `user:password`: where they are no words.
  private static func known(_ value: ArraySlice<UInt8>) -> [[UInt8]] {
    let bare = value.trimmed { $0 == UInt8(ascii: "\"") || $0 == UInt8(ascii: "'") }
    let password = bare.firstIndex(of: UInt8(ascii: ":")).map { bare[($0 + 1)...] } ?? []
    return [bare, password].flatMap { $0.split { $0 <= 0x20 } }.map { Array($0) }.filter { word in
      word.count >= 8 && word.contains(where: \.isDigit) && word.contains { $0.isAlphanumeric && !$0.isDigit }
        && !word.starts(with: "${".utf8) && !word.starts(with: "$env://".utf8) && !word.starts(with: "-----".utf8)
    }
  }
}

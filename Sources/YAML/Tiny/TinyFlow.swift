extension TinyReader {
  /// What is read of a list or map in brackets, or of a key with its colon.
  private struct Part {
    enum Kind { case map, list, key, value }

    var kind: Kind
    let node: Tree.ID
    let start: Int
    var isCollection: Bool
    var items: [Tree.ID] = []
    /// Keys and values in turn.
    var pairs: [Tree.ID] = []
  }

  /// A list or map in brackets, over as many lines as it takes; what stands behind its last bracket does not count, nor
  /// does that the bracket is missing at the end of the file. Whatever is not quoted is a text, and a word without a
  /// colon in a map is a key that is true.
  mutating func flow(_ range: Range<Int>) throws(YAMLError) -> Tree.ID {
    var stack: [Part] = []
    var index = range.lowerBound
    var end = range.upperBound
    reading: while true {
      while index >= end {
        guard let next = lines.popFirst() else { break reading }
        (index, end) = (next.start, next.end)
      }
      switch bytes[index] {
      case UInt8(ascii: "#"): index = end
      case 0x20, 0x09, 0x0D: index += 1
      case UInt8(ascii: "{"):
        stack.append(try begin(.flowMapping, .map, index, deeper: stack.count))
        index += 1
      case UInt8(ascii: "["):
        stack.append(try begin(.flowSequence, .list, index, deeper: stack.count))
        index += 1
      case UInt8(ascii: ":"):
        stack[stack.count - 1].kind = .key
        index += 1
      case UInt8(ascii: ","):
        try comma(&stack, index..<end)
        index += 1
      case UInt8(ascii: "}"), UInt8(ascii: "]"):
        let kind = bytes[index] == UInt8(ascii: "}") ? Part.Kind.map : .list
        if stack.last?.kind != kind {
          try comma(&stack, index..<end)
        } else {
          index += 1
          close(&stack[stack.count - 1], index)
          if stack.count == 1 { return stack[0].node }
        }
      default:
        guard let (word, rest) = try word(index..<end, inFlow: true) else { throw fault(.notFlow, index..<end) }
        stack.append(Part(kind: .value, node: append(word, asText: true), start: index, isCollection: false))
        index = max(rest, index)
      }
    }
    if stack[0].isCollection { close(&stack[0], end) }
    return stack[0].node
  }

  private mutating func begin(
    _ form: NodeStore.Form, _ kind: Part.Kind, _ start: Int, deeper: Int
  ) throws(YAMLError) -> Part {
    Part(kind: kind, node: try open(form, at: start, deeper: deeper), start: start, isCollection: true)
  }

  /// Puts what was read last into what it stands in.
  private mutating func comma(_ stack: inout [Part], _ place: Range<Int>) throws(YAMLError) {
    guard let value = stack.popLast(), value.kind == .value else { throw fault(.flowNoValue, place) }
    guard let top = stack.last else { throw fault(.flowTop, place) }
    switch top.kind {
    case .key:
      stack.removeLast()
      guard let outer = stack.last else { throw fault(.flowNoKey, place) }
      guard outer.isCollection else { throw fault(.notTable, place) }
      stack[stack.count - 1].pairs += [top.node, value.node]
    case .map:
      let behind = nodes.records[value.node].range.upperBound
      stack[stack.count - 1].pairs += [value.node, nodes.append(scalar: "true", .plain, behind..<behind)]
    case .list: stack[stack.count - 1].items.append(value.node)
    case .value: break
    }
  }

  /// `[a: b]` is a table with a key.
  private mutating func close(_ part: inout Part, _ end: Int) {
    part.kind = .value
    var children = part.items
    var form: NodeStore.Form?
    if !part.pairs.isEmpty, nodes.records[part.node].isSequence {
      form = .flowMapping
      let keys = part.items.indices.map { nodes.append(scalar: "\($0 + 1)", .plain, part.start..<part.start) }
      children = zip(keys, part.items).flatMap { [$0, $1] }
    }
    nodes.close(part.node, children: children + part.pairs, from: 0, range: part.start..<end, as: form)
  }
}

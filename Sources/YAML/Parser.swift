import CYAML
import SourceText

extension Tree {
  /// Parses a YAML (or JSON) stream.
  /// - Throws: the first thing that is wrong; see `partial` for what stood before it.
  public static func parse(_ bytes: [UInt8], limits: YAMLLimits = .init()) throws(YAMLError) -> Tree {
    let (tree, error) = partial(bytes, limits: limits)
    if let error { throw error }
    return tree
  }

  /// The whole documents up to the first error, and that error. APISIX reads only the first document, so what stands
  /// behind it must not spoil it.
  public static func partial(_ bytes: [UInt8], limits: YAMLLimits = .init()) -> (tree: Tree, error: YAMLError?) {
    let text = SourceText(bytes)
    var builder = TreeBuilder(text: text, limits: limits)
    var failure: YAMLError?
    do throws(YAMLError) { try builder.run() } catch { failure = error }
    return (Tree(text: text, nodes: builder.nodes, documents: builder.documents), failure)
  }
}

/// Owns libyaml's parser, on the heap because libyaml keeps a pointer to it.
private struct EventSource: ~Copyable {
  let parser: UnsafeMutablePointer<yaml_parser_t>

  init?() {
    parser = .allocate(capacity: 1)
    guard yaml_parser_initialize(parser) == 1 else {
      parser.deallocate()
      return nil
    }
  }

  deinit {
    yaml_parser_delete(parser)
    parser.deallocate()
  }
}

/// Turns libyaml's events into nodes.
private struct TreeBuilder {
  let text: SourceText
  let limits: YAMLLimits
  var nodes: [Node] = []
  var documents: [Tree.ID] = []

  private let offsets: CodePointOffsets
  private var open: [Collection] = []
  private var anchors: [String: Tree.ID] = [:]
  private var aliases = 0
  /// Nodes below each node with aliases expanded, itself included; 0 while it is open.
  private var weights: [Int] = []
  private var total = 0
  private var root: Tree.ID?
  /// Where the last event started, which is where lyaml says an error is; nil before the first.
  private var lastMark: yaml_mark_t?

  private struct Collection {
    let id: Tree.ID
    let flow: Bool
    let mapping: Bool
    let tag: String?
    let anchor: String?
    let start: Int
    var children: [Tree.ID] = []
    var weight = 1
  }

  init(text: SourceText, limits: YAMLLimits) {
    self.text = text
    self.limits = limits
    self.offsets = CodePointOffsets(text.bytes)
  }

  mutating func run() throws(YAMLError) {
    guard text.bytes.count <= limits.bytes else {
      throw limit("the file is over \(limits.bytes >> 20) MiB", at: 0)
    }
    guard let source = EventSource() else { throw limit("out of memory", at: 0) }
    let result: Result<Void, YAMLError> = text.bytes.withUnsafeBufferPointer { bytes in
      // An empty array may have no address, and libyaml asserts that there is one.
      var none: UInt8 = 0
      return withUnsafePointer(to: &none) { none in
        yaml_parser_set_input_string(source.parser, bytes.baseAddress ?? none, bytes.count)
        do throws(YAMLError) {
          try readAll(source.parser)
          return .success(())
        } catch { return .failure(error) }
      }
    }
    try result.get()
  }

  private mutating func readAll(_ parser: UnsafeMutablePointer<yaml_parser_t>) throws(YAMLError) {
    while true {
      var event = yaml_event_t()
      guard yaml_parser_parse(parser, &event) == 1 else { throw syntaxError(parser.pointee) }
      defer { yaml_event_delete(&event) }
      lastMark = event.start_mark
      switch event.type {
      case YAML_STREAM_END_EVENT: return
      case YAML_DOCUMENT_START_EVENT:
        anchors = [:]
        root = nil
        total = 0
      case YAML_DOCUMENT_END_EVENT:
        if let root { documents.append(root) }
      case YAML_SCALAR_EVENT: try scalar(event)
      case YAML_ALIAS_EVENT: try alias(event)
      case YAML_SEQUENCE_START_EVENT:
        let data = event.data.sequence_start
        try begin(
          event, mapping: false, flow: data.style == YAML_FLOW_SEQUENCE_STYLE, tag: string(data.tag),
          anchor: string(data.anchor))
      case YAML_MAPPING_START_EVENT:
        let data = event.data.mapping_start
        try begin(
          event, mapping: true, flow: data.style == YAML_FLOW_MAPPING_STYLE, tag: string(data.tag),
          anchor: string(data.anchor))
      case YAML_SEQUENCE_END_EVENT, YAML_MAPPING_END_EVENT: try end(event)
      default: break
      }
    }
  }

  private mutating func scalar(_ event: yaml_event_t) throws(YAMLError) {
    let data = event.data.scalar
    let tag = string(data.tag)
    let anchor = string(data.anchor)
    let value = String(decoding: UnsafeBufferPointer(start: data.value, count: data.length), as: UTF8.self)
    let style: ScalarStyle =
      switch data.style {
      case YAML_SINGLE_QUOTED_SCALAR_STYLE: .singleQuoted
      case YAML_DOUBLE_QUOTED_SCALAR_STYLE: .doubleQuoted
      case YAML_LITERAL_SCALAR_STYLE: .literal
      case YAML_FOLDED_SCALAR_STYLE: .folded
      default: .plain
      }
    let start = offsets[event.start_mark.index]
    var end = offsets[event.end_mark.index]
    let first = tag == nil && anchor == nil ? start : valueStart(after: start, upTo: end)
    if style == .literal || style == .folded { end = trimmed(first..<end) }
    let id = append(
      Node(content: .scalar(value, style), tag: tag, anchor: anchor, range: first..<max(first, end), start: start),
      weight: 1)
    if let anchor { anchors[anchor] = id }
    try place(id, weight: 1)
  }

  private mutating func alias(_ event: yaml_event_t) throws(YAMLError) {
    let name = string(event.data.alias.anchor) ?? ""
    let start = offsets[event.start_mark.index]
    guard let target = anchors[name] else {
      throw YAMLError(
        kind: .syntax, position: text.position(at: start), message: "there is no anchor &\(name) before this alias",
        lyaml: "\(event.start_mark.line + 1):\(event.start_mark.column + 1): invalid reference: \(name)")
    }
    guard weights[target] > 0 else { throw limit("the alias *\(name) stands inside the node it names", at: start) }
    aliases += 1
    guard aliases <= limits.aliases else { throw limit("more than \(limits.aliases) aliases", at: start) }
    let node = Node(
      content: .alias(target), tag: nil, anchor: nil, range: start..<offsets[event.end_mark.index], start: start)
    let id = append(node, weight: weights[target])
    try place(id, weight: weights[target])
  }

  private mutating func begin(
    _ event: yaml_event_t, mapping: Bool, flow: Bool, tag: String?, anchor: String?
  ) throws(YAMLError) {
    let start = offsets[event.start_mark.index]
    guard open.count < limits.depth else { throw limit("nested deeper than \(limits.depth) levels", at: start) }
    // A block collection's event ends where it starts, behind its tag; a flow collection's behind its bracket.
    let id = append(
      Node(content: .sequence([], flow: flow), tag: nil, anchor: nil, range: start..<start, start: start), weight: 0)
    if let anchor { anchors[anchor] = id }
    open.append(Collection(id: id, flow: flow, mapping: mapping, tag: tag, anchor: anchor, start: start))
  }

  private mutating func end(_ event: yaml_event_t) throws(YAMLError) {
    guard let done = open.popLast() else { return }
    var first = done.start
    var last: Int
    if done.flow {
      last = offsets[event.end_mark.index]
      if done.tag != nil || done.anchor != nil { first = valueStart(after: done.start, upTo: last) }
    } else {
      first = done.children.first.map { nodes[$0].start } ?? done.start
      last = done.children.last.map { nodes[$0].range.upperBound } ?? first
      // `- a` starts at its dash and `? a` at its question mark, which the event's own mark names.
      if done.tag == nil, done.anchor == nil { first = done.start }
    }
    last = max(first, last)
    let content: Node.Content
    if done.mapping {
      var pairs: [Node.Pair] = []
      pairs.reserveCapacity(done.children.count / 2)
      var index = 0
      while index + 1 < done.children.count {
        pairs.append(Node.Pair(key: done.children[index], value: done.children[index + 1]))
        index += 2
      }
      content = .mapping(pairs, flow: done.flow)
    } else {
      content = .sequence(done.children, flow: done.flow)
    }
    nodes[done.id] = Node(content: content, tag: done.tag, anchor: done.anchor, range: first..<last, start: done.start)
    weights[done.id] = done.weight
    try place(done.id, weight: done.weight)
  }

  private mutating func append(_ node: Node, weight: Int) -> Tree.ID {
    nodes.append(node)
    weights.append(weight)
    return nodes.count - 1
  }

  private mutating func place(_ id: Tree.ID, weight: Int) throws(YAMLError) {
    if open.isEmpty {
      root = id
    } else {
      open[open.count - 1].children.append(id)
      let (sum, overflow) = open[open.count - 1].weight.addingReportingOverflow(weight)
      open[open.count - 1].weight = sum
      if overflow || sum > limits.nodes { throw tooMany(at: nodes[id].start) }
    }
    if nodes.count > limits.nodes { throw tooMany(at: nodes[id].start) }
  }

  private func tooMany(at offset: Int) -> YAMLError {
    limit("more than \(limits.nodes) nodes with aliases expanded", at: offset)
  }

  private func limit(_ message: String, at offset: Int) -> YAMLError {
    let position = text.position(at: offset)
    return YAMLError(
      kind: .limit, position: position, message: message, lyaml: "\(position.line):\(position.column): \(message)")
  }

  private func syntaxError(_ parser: yaml_parser_t) -> YAMLError {
    let problem = parser.problem.map { String(cString: $0) } ?? "not YAML"
    let lyaml = lastMark.map { "\($0.line + 1):\($0.column + 1)" } ?? "0:0"
    let offset =
      parser.error == YAML_READER_ERROR ? Int(parser.problem_offset) : offsets[parser.problem_mark.index]
    return YAMLError(
      kind: .syntax, position: text.position(at: offset), message: problem, lyaml: "\(lyaml): \(problem)")
  }

  /// Skips a node's tag and anchor, and what stands between them and the value.
  private func valueStart(after start: Int, upTo end: Int) -> Int {
    let bytes = text.bytes
    var index = start
    while index < end {
      switch bytes[index] {
      case UInt8(ascii: "!"), UInt8(ascii: "&"):
        while index < end, bytes[index] > 0x20 { index += 1 }
      case UInt8(ascii: "#"):
        while index < end, bytes[index] != 0x0A, bytes[index] != 0x0D { index += 1 }
      case 0x20, 0x09, 0x0A, 0x0D: index += 1
      default: return index
      }
    }
    return index
  }

  /// The end of a block scalar without the blank lines behind it.
  private func trimmed(_ range: Range<Int>) -> Int {
    var end = range.upperBound
    while end > range.lowerBound, [0x20, 0x09, 0x0A, 0x0D].contains(text.bytes[end - 1]) { end -= 1 }
    return end
  }
}

private func string(_ pointer: UnsafeMutablePointer<yaml_char_t>?) -> String? {
  pointer.map { String(cString: $0) }
}

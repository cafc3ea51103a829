import CYAML
import SourceText

/// Turns libyaml's events into nodes.
struct TreeBuilder {
  let text: SourceText
  let templates: Templates?
  /// What is parsed: the text, or what stands in its place.
  let bytes: [UInt8]
  let limits: YAMLLimits
  var nodes: NodeStore
  var documents: [Tree.ID] = []

  private let offsets: CodePointOffsets
  private var open: [Collection] = []
  private var anchors: [String: Tree.ID] = [:]
  private var aliases = 0
  /// Nodes below each anchored node with aliases expanded, itself included; none while it is open.
  private var weights: [Tree.ID: Int] = [:]
  /// The finished children of all open collections, outermost first.
  private var children: [Tree.ID] = []
  private var root: Tree.ID?
  /// Where the last event started, which is where lyaml says an error is; nil before the first.
  private var lastMark: yaml_mark_t?
  /// The first alias inside the node that it names.
  private var ring: YAMLError?

  private struct Collection {
    let id: Tree.ID
    let flow: Bool
    let tag: String?
    let anchor: String?
    let start: Int
    /// Where its own children begin among those of all.
    let firstChild: Int
    var weight = 1
  }

  init(text: SourceText, _ templates: Templates?, limits: YAMLLimits) {
    self.text = text
    self.templates = templates
    self.limits = limits
    bytes = templates?.neutral ?? text.bytes
    offsets = CodePointOffsets(bytes, isASCII: text.isASCII)
    nodes = NodeStore(for: min(bytes.count, limits.bytes))
  }

  mutating func run() throws(YAMLError) {
    guard bytes.count <= limits.bytes else {
      throw limit("the file is over \(limits.bytes >> 20) MiB", at: 0)
    }
    guard let source = EventSource() else { throw limit("out of memory", at: 0) }
    let result: Result<Void, YAMLError> = bytes.withUnsafeBufferPointer { bytes in
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
    if let ring { throw ring }
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
      case YAML_DOCUMENT_END_EVENT:
        if let root { documents.append(root) }
        root = nil
      case YAML_SCALAR_EVENT: try scalar(event)
      case YAML_ALIAS_EVENT: try alias(event)
      case YAML_SEQUENCE_START_EVENT:
        let data = event.data.sequence_start
        try begin(
          event, data.style == YAML_FLOW_SEQUENCE_STYLE ? .flowSequence : .blockSequence, tag: string(data.tag),
          anchor: string(data.anchor))
      case YAML_MAPPING_START_EVENT:
        let data = event.data.mapping_start
        try begin(
          event, data.style == YAML_FLOW_MAPPING_STYLE ? .flowMapping : .blockMapping, tag: string(data.tag),
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
    let value = UnsafeBufferPointer(start: data.value, count: data.length)
    let form: NodeStore.Form =
      switch data.style {
      case YAML_SINGLE_QUOTED_SCALAR_STYLE: .singleQuoted
      case YAML_DOUBLE_QUOTED_SCALAR_STYLE: .doubleQuoted
      case YAML_LITERAL_SCALAR_STYLE: .literal
      case YAML_FOLDED_SCALAR_STYLE: .folded
      default: .plain
      }
    let start = offsets[event.start_mark.index]
    var end = offsets[event.end_mark.index]
    let first = tag == nil && anchor == nil ? start : bytes.valueStart(after: start, upTo: end)
    if form == .literal || form == .folded { end = bytes.trimmed(first..<end) }
    let range = first..<max(first, end)
    let id =
      stands(value, form, in: range)
      ? nodes.append(form, range) : nodes.append(scalar: copy(value, form, of: range), form, range)
    nodes.label(id, tag: tag, anchor: anchor, start: start)
    if let anchor { name(id, anchor, weight: 1) }
    try place(id, weight: 1)
  }

  /// Whether a scalar's text is in the file byte by byte, so that it need not be copied.
  private func stands(_ value: UnsafeBufferPointer<UInt8>, _ form: NodeStore.Form, in range: Range<Int>) -> Bool {
    guard form == .plain || ((form == .singleQuoted || form == .doubleQuoted) && range.count >= 2) else { return false }
    let place = form == .plain ? range : range.lowerBound + 1..<range.upperBound - 1
    return bytes.withUnsafeBufferPointer { isSame($0, place, value) }
  }

  /// A text with a template in it is kept as written; of a block the file that stands in it is wanted.
  private func copy(_ value: UnsafeBufferPointer<UInt8>, _ form: NodeStore.Form, of range: Range<Int>) -> String {
    let isBlock = form == .literal || form == .folded
    return !isBlock && templates?.touch(range) == true
      ? String(decoding: text.bytes[range], as: UTF8.self) : String(decoding: value, as: UTF8.self)
  }

  private mutating func alias(_ event: yaml_event_t) throws(YAMLError) {
    let name = string(event.data.alias.anchor) ?? ""
    let start = offsets[event.start_mark.index]
    guard let target = anchors[name] else {
      throw YAMLError(
        kind: .syntax, position: text.position(at: start), message: "there is no anchor &\(name) before this alias",
        mark: "\(event.start_mark.line + 1):\(event.start_mark.column + 1)", problem: "invalid reference: \(name)")
    }
    guard let weight = weights[target] else { return try cycle(name, at: start) }
    aliases += 1
    guard aliases <= limits.aliases else { throw limit("more than \(limits.aliases) aliases", at: start) }
    let id = nodes.append(.alias, start..<offsets[event.end_mark.index])
    nodes.point(id, to: target)
    try place(id, weight: weight)
  }

  /// Reads on with nothing in the alias's place, for an error of syntax would come first. A map that merges itself
  /// gains nothing by it, and is none.
  private mutating func cycle(_ name: String, at start: Int) throws(YAMLError) {
    let isMerged = children.count > (open.last?.firstChild ?? 0) && isMerge(children[children.count - 1])
    let id = nodes.append(isMerged ? .flowMapping : .plain, start..<start)
    if !isMerged, ring == nil {
      let position = text.position(at: start)
      ring = YAMLError(
        kind: .cycle, position: position, message: "the alias *\(name) stands inside the node it names",
        mark: "\(position.line):\(position.column)", problem: "stack overflow")
    }
    try place(id, weight: 1)
  }

  private mutating func begin(
    _ event: yaml_event_t, _ form: NodeStore.Form, tag: String?, anchor: String?
  ) throws(YAMLError) {
    let start = offsets[event.start_mark.index]
    guard open.count < limits.depth else { throw limit("nested deeper than \(limits.depth) levels", at: start) }
    // A block collection's event ends where it starts, behind its tag; a flow collection's behind its bracket.
    let id = nodes.append(form, start..<start)
    nodes.label(id, tag: tag, anchor: anchor, start: start)
    if let anchor { name(id, anchor, weight: nil) }
    let isFlow = form == .flowSequence || form == .flowMapping
    open.append(
      Collection(id: id, flow: isFlow, tag: tag, anchor: anchor, start: start, firstChild: children.count))
  }

  private mutating func end(_ event: yaml_event_t) throws(YAMLError) {
    guard let done = open.popLast() else { return }
    let isEmpty = children.count == done.firstChild
    var first = done.start
    var last: Int
    if done.flow {
      last = offsets[event.end_mark.index]
      if done.tag != nil || done.anchor != nil { first = bytes.valueStart(after: done.start, upTo: last) }
    } else {
      first = isEmpty ? done.start : nodes.start(children[done.firstChild])
      last = isEmpty ? first : nodes.records[children[children.count - 1]].range.upperBound
      // `- a` starts at its dash and `? a` at its question mark, which the event's own mark names.
      if done.tag == nil, done.anchor == nil { first = done.start }
    }
    nodes.close(done.id, children: children, from: done.firstChild, range: first..<max(first, last))
    children.removeLast(children.count - done.firstChild)
    if done.anchor != nil { weights[done.id] = done.weight }
    try place(done.id, weight: done.weight)
  }

  /// The document that an error cut off, with what it has up to there; nil where none was open. A key still without its
  /// value is left out, and so is a `<<` whose value has no end: what it merges is not known.
  mutating func closeAll() -> Tree.ID? {
    var inner: Tree.ID?
    while let done = open.popLast() {
      if let inner { children.append(inner) }
      if nodes.records[done.id].isMapping {
        if !(children.count - done.firstChild).isMultiple(of: 2) { children.removeLast() }
        if inner != nil, inner == children.last, isMerge(children[children.count - 2]) { children.removeLast(2) }
      }
      nodes.close(done.id, children: children, from: done.firstChild, range: nodes.records[done.id].range)
      children.removeLast(children.count - done.firstChild)
      inner = done.id
    }
    return inner ?? root
  }

  private func isMerge(_ key: Tree.ID) -> Bool {
    let record = nodes.records[key]
    guard record.style != nil else { return false }
    return nodes.labels[key]?.tag == "tag:yaml.org,2002:merge" || nodes.scalar(record, in: bytes) == "<<"
  }

  private mutating func name(_ id: Tree.ID, _ anchor: String, weight: Int?) {
    anchors[anchor] = id
    weights[id] = weight
  }

  private mutating func place(_ id: Tree.ID, weight: Int) throws(YAMLError) {
    if open.isEmpty {
      root = id
    } else {
      children.append(id)
      let (sum, overflow) = open[open.count - 1].weight.addingReportingOverflow(weight)
      open[open.count - 1].weight = sum
      if overflow || sum > limits.nodes { throw tooMany(at: nodes.start(id)) }
    }
    if nodes.records.count > limits.nodes { throw tooMany(at: nodes.start(id)) }
  }

  private func syntaxError(_ parser: yaml_parser_t) -> YAMLError {
    let problem = parser.problem.map { String(cString: $0) } ?? "not YAML"
    let mark = lastMark.map { "\($0.line + 1):\($0.column + 1)" } ?? "0:0"
    let offset =
      parser.error == YAML_READER_ERROR ? Int(parser.problem_offset) : offsets[parser.problem_mark.index]
    return YAMLError(
      kind: .syntax, position: text.position(at: offset), message: problem, mark: mark, problem: problem)
  }
}

private func string(_ pointer: UnsafeMutablePointer<yaml_char_t>?) -> String? {
  pointer.map { String(cString: $0) }
}

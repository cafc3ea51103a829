import Glibc

/// Whether these bytes stand there.
func isSame(
  _ bytes: UnsafeBufferPointer<UInt8>, _ range: Range<Int>, _ wanted: UnsafeBufferPointer<UInt8>
) -> Bool {
  guard range.count == wanted.count, let start = bytes.baseAddress, let other = wanted.baseAddress else {
    return range.count == wanted.count
  }
  return memcmp(start + range.lowerBound, other, wanted.count) == 0
}

/// The nodes of a tree in few and compact arrays: a file of megabytes has a node every eight bytes.
struct NodeStore: Sendable {
  enum Form: UInt8, Sendable {
    case plain, singleQuoted, doubleQuoted, literal, folded
    case blockSequence, flowSequence, blockMapping, flowMapping
    case alias
  }

  struct Record: Sendable {
    var lower: UInt32
    var upper: UInt32
    /// Of a collection its first child, of an alias its target, of a copied scalar its text.
    var first: UInt32 = 0
    /// Of a collection's children.
    var count: UInt32 = 0
    var form: Form
    /// The text of a scalar does not stand in the file byte by byte, as with escapes and line breaks.
    var isCopied = false
    var isLabelled = false

    init(_ form: Form, _ range: Range<Int>) {
      self.form = form
      lower = UInt32(range.lowerBound)
      upper = UInt32(range.upperBound)
    }

    var range: Range<Int> { Int(lower)..<Int(upper) }
    var children: Range<Int> { Int(first)..<Int(first) + Int(count) }
    /// Where a scalar's text stands that is not copied: inside its quotes.
    var content: Range<Int> { form == .plain ? range : Int(lower) + 1..<Int(upper) - 1 }
    var isMapping: Bool { form == .blockMapping || form == .flowMapping }
    var isSequence: Bool { form == .blockSequence || form == .flowSequence }
    var isCollection: Bool { isMapping || isSequence }
    var isFlow: Bool { form == .flowMapping || form == .flowSequence }

    var style: ScalarStyle? {
      switch form {
      case .plain: .plain
      case .singleQuoted: .singleQuoted
      case .doubleQuoted: .doubleQuoted
      case .literal: .literal
      case .folded: .folded
      default: nil
      }
    }
  }

  /// What few nodes have.
  struct Label: Sendable {
    let tag: String?
    let anchor: String?
    /// Where the first of the two stands.
    let start: Int
  }

  private(set) var records: [Record] = []
  private(set) var pairs: [Node.Pair] = []
  private(set) var items: [Tree.ID] = []
  private(set) var texts: [String] = []
  private(set) var labels: [Tree.ID: Label] = [:]
  /// Those that stand for what a template gives, in order.
  private(set) var gaps: [Tree.ID] = []

  init() {}

  /// - Parameter bytes: how long the text is.
  init(for bytes: Int) {
    records.reserveCapacity(bytes / 8 + 8)
    pairs.reserveCapacity(bytes / 24 + 8)
  }

  func start(_ id: Tree.ID) -> Int {
    let record = records[id]
    return record.isLabelled ? labels[id]?.start ?? Int(record.lower) : Int(record.lower)
  }

  func scalar(_ record: Record, in bytes: [UInt8]) -> String {
    record.isCopied ? texts[Int(record.first)] : String(decoding: bytes[record.content], as: UTF8.self)
  }

  /// Whether the record is a scalar of this text.
  func scalar(_ record: Record, is text: UnsafeBufferPointer<UInt8>, in bytes: UnsafeBufferPointer<UInt8>) -> Bool {
    guard record.style != nil else { return false }
    if record.isCopied { return texts[Int(record.first)].utf8.elementsEqual(text) }
    return isSame(bytes, record.content, text)
  }

  /// - Returns: the id of the new node.
  mutating func append(_ form: Form, _ range: Range<Int>) -> Tree.ID {
    records.append(Record(form, range))
    return records.count - 1
  }

  /// A scalar whose text has to be kept.
  mutating func append(scalar text: String, _ form: Form, _ range: Range<Int>) -> Tree.ID {
    var record = Record(form, range)
    record.isCopied = true
    record.first = UInt32(texts.count)
    texts.append(text)
    records.append(record)
    return records.count - 1
  }

  /// A node for each template that stands for nodes; in no document, and behind all others.
  mutating func addGaps(_ templates: Templates?) {
    for part in templates?.parts ?? [] where part.role == .gap || part.role == .ownedGap {
      gaps.append(append(.plain, part.range))
    }
  }

  /// `key: VALUE` around a value that is there.
  mutating func wrap(_ key: String, _ value: Tree.ID) -> Tree.ID {
    let start = start(value)
    let name = append(scalar: key, .plain, start..<start)
    let map = append(.blockMapping, start..<start)
    close(map, children: [name, value], from: 0, range: records[value].range)
    return map
  }

  mutating func label(_ id: Tree.ID, tag: String?, anchor: String?, start: Int) {
    guard tag != nil || anchor != nil else { return }
    records[id].isLabelled = true
    labels[id] = Label(tag: tag, anchor: anchor, start: start)
  }

  mutating func point(_ alias: Tree.ID, to target: Tree.ID) { records[alias].first = UInt32(target) }

  /// Gives a collection its children, keys and values in turn for a mapping: those of the list from an index on.
  /// - Parameter form: that of the collection where its children made another of it.
  mutating func close(
    _ id: Tree.ID, children: [Tree.ID], from start: Int, range: Range<Int>, as form: Form? = nil
  ) {
    if let form { records[id].form = form }
    records[id].lower = UInt32(range.lowerBound)
    records[id].upper = UInt32(range.upperBound)
    if records[id].isMapping {
      records[id].first = UInt32(pairs.count)
      records[id].count = UInt32((children.count - start) / 2)
      var index = start
      while index + 1 < children.count {
        pairs.append(Node.Pair(key: children[index], value: children[index + 1]))
        index += 2
      }
    } else {
      records[id].first = UInt32(items.count)
      records[id].count = UInt32(children.count - start)
      items += children[start...]
    }
  }
}

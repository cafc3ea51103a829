/// Takes bytes as they come and gives JSON documents one by one, and the items of a list one by one, so that a list of
/// any length is never held in memory.
///
/// Documents may follow one another with white space, or nothing, between them: a file of watch events, one object a
/// line, several lists.
///
/// One list of a document is taken apart: its member `items`, or what another way leads to. Everything else is read as
/// `JSONValue.parse` reads it, with the same limits; one member or item may be `JSONLimits.objectBytes` long.
public struct JSONStream {
  public enum Piece: Sendable, Hashable {
    /// One item of the document's list. `envelope` holds the members that stood before it: an API server writes `kind`
    /// first, kubectl writes it last.
    case item(JSONValue, envelope: JSONObject)
    /// The end of a document: the value, without its list when it had one, and how many items there were.
    case document(JSONValue, items: Int?)
  }

  private enum Place {
    case start
    case betweenDocuments
    /// In an object on the way to the list, before a member. `first`: nothing stands before it.
    case beforeMember(first: Bool)
    case afterMember
    case beforeItem(first: Bool)
    case afterItem
  }

  private let skipping: JSONSkipList
  private let limit: Int
  private let way: [String]
  private var place = Place.start
  /// Bytes not yet used, from `used`; earlier ones are given up now and then.
  private var buffer: [UInt8] = []
  private var used = 0
  /// How many bytes were given up before the buffer starts.
  private var gone = 0
  /// Do not try again before the buffer holds this many bytes: keeps a huge object from being read over and over.
  private var enough = 0
  /// The open objects on the way, from the outermost in.
  private var envelopes: [JSONObject] = []
  private var items: Int?

  /// - Parameters:
  ///   - way: the keys that lead to the list; none where the document itself is the list.
  ///   - skipping: keys whose values are dropped, at every depth.
  ///   - objectLimit: the most bytes one member or item may have.
  public init(
    listAt way: [String] = ["items"], skipping: [String] = [], objectLimit: Int = JSONLimits.objectBytes
  ) {
    self.way = way
    self.skipping = JSONSkipList(skipping)
    limit = objectLimit
  }

  /// How many bytes were given up to pieces so far.
  public var offset: Int { gone + used }

  /// Takes the next bytes and hands every piece that is now complete to `take`.
  /// - Throws: JSONError with its offset from the start of the stream, or what `take` throws. Of no use afterwards.
  public mutating func feed(_ bytes: [UInt8], _ take: (Piece) throws -> Void) throws {
    if buffer.isEmpty { buffer = bytes } else { buffer.append(contentsOf: bytes) }
    try consume(take)
  }

  public mutating func feed(_ bytes: UnsafeRawBufferPointer, _ take: (Piece) throws -> Void) throws {
    buffer.append(contentsOf: bytes)
    try consume(take)
  }

  /// Says that no more bytes come. An unfinished document throws.
  public mutating func finish(_ take: (Piece) throws -> Void) throws {
    try run(isLast: true, take)
  }

  private mutating func consume(_ take: (Piece) throws -> Void) throws {
    guard buffer.count >= enough else { return }
    try run(isLast: false, take)
    buffer.removeSubrange(..<used)
    gone += used
    used = 0
    guard buffer.count <= limit else { throw JSONError(.tooLong, at: gone) }
    // A long unfinished object is read again only when there is twice as much of it.
    enough = buffer.count > 4096 ? min(2 * buffer.count, limit + 1) : 0
  }

  private enum Step {
    case piece(Piece)
    case progress
    case exhausted
  }

  private mutating func run(isLast: Bool, _ take: (Piece) throws -> Void) throws {
    let bytes = buffer
    try bytes.withUnsafeBufferPointer { pointer in
      while true {
        switch try attempt(pointer, isLast: isLast) {
        case .piece(let piece): try take(piece)
        case .progress: continue
        case .exhausted: return
        }
      }
    }
  }

  /// One step from `used`; leaves everything as it was when more bytes are needed.
  private mutating func attempt(_ bytes: UnsafeBufferPointer<UInt8>, isLast: Bool) throws(JSONError) -> Step {
    var reader = JSONReader(bytes, skipping: skipping, depth: openLevels)
    reader.position = used
    do throws(JSONError) {
      let result = try step(&reader, isLast: isLast)
      if reader.position - used > limit { throw JSONError(.tooLong, at: used) }
      used = reader.position
      return result
    } catch {
      if error.reason == .unexpectedEnd, !isLast { return .exhausted }
      throw JSONError(error.reason, at: gone + error.offset)
    }
  }

  private var openLevels: Int {
    switch place {
    case .start, .betweenDocuments: 0
    case .beforeMember, .afterMember: envelopes.count
    case .beforeItem, .afterItem: envelopes.count + 1
    }
  }

  private mutating func step(_ reader: inout JSONReader, isLast: Bool) throws(JSONError) -> Step {
    switch place {
    case .start:
      // A byte order mark may come in pieces.
      if !isLast, buffer.count < 3, buffer.first == 0xEF { throw reader.error(.unexpectedEnd) }
      reader.skipByteOrderMark()
      place = .betweenDocuments
      return .progress
    case .betweenDocuments: return try document(&reader, isLast: isLast)
    case .beforeMember(let isFirst):
      if try reader.next() == UInt8(ascii: "}"), isFirst { return try endObject(&reader) }
      return try member(&reader, isLast: isLast)
    case .afterMember:
      if try reader.next() == UInt8(ascii: "}") { return try endObject(&reader) }
      try reader.expect(UInt8(ascii: ","))
      place = .beforeMember(first: false)
      return .progress
    case .beforeItem(let isFirst):
      if try reader.next() == UInt8(ascii: "]"), isFirst { return try endItems(&reader) }
      let value = try complete(&reader, isLast: isLast)
      items = (items ?? 0) + 1
      place = .afterItem
      return .piece(.item(value, envelope: envelopes.first ?? JSONObject()))
    case .afterItem:
      if try reader.next() == UInt8(ascii: "]") { return try endItems(&reader) }
      try reader.expect(UInt8(ascii: ","))
      place = .beforeItem(first: false)
      return .progress
    }
  }

  private mutating func document(_ reader: inout JSONReader, isLast: Bool) throws(JSONError) -> Step {
    reader.skipSpace()
    guard let byte = reader.peek() else { return .exhausted }
    items = nil
    if byte == UInt8(ascii: "["), way.isEmpty { return try beginItems(&reader) }
    guard byte == UInt8(ascii: "{"), !way.isEmpty else {
      return .piece(.document(try complete(&reader, isLast: isLast), items: nil))
    }
    try reader.expect(byte)
    envelopes = [JSONObject()]
    place = .beforeMember(first: true)
    return .progress
  }

  private mutating func member(_ reader: inout JSONReader, isLast: Bool) throws(JSONError) -> Step {
    let start = reader.position
    let depth = envelopes.count
    if items == nil, depth <= way.count, try reader.next() == UInt8(ascii: "\""),
      try reader.string() == way[depth - 1]
    {
      try reader.expect(UInt8(ascii: ":"))
      switch (try reader.next(), isLast: depth == way.count) {
      case (UInt8(ascii: "["), true): return try beginItems(&reader)
      case (UInt8(ascii: "{"), false):
        try reader.expect(UInt8(ascii: "{"))
        envelopes.append(JSONObject())
        place = .beforeMember(first: true)
        return .progress
      default: break
      }
    }
    reader.position = start
    if let member = try reader.member() {
      if case .number = member.value, reader.peek() == nil, !isLast { throw reader.error(.unexpectedEnd) }
      envelopes[depth - 1].members.append(member)
    }
    place = .afterMember
    return .progress
  }

  /// A value; a number that touches the end of the bytes may go on.
  private func complete(_ reader: inout JSONReader, isLast: Bool) throws(JSONError) -> JSONValue {
    let value = try reader.value()
    if case .number = value, reader.peek() == nil, !isLast { throw reader.error(.unexpectedEnd) }
    return value
  }

  private mutating func beginItems(_ reader: inout JSONReader) throws(JSONError) -> Step {
    try reader.expect(UInt8(ascii: "["))
    items = 0
    place = .beforeItem(first: true)
    return .progress
  }

  private mutating func endItems(_ reader: inout JSONReader) throws(JSONError) -> Step {
    try reader.expect(UInt8(ascii: "]"))
    guard envelopes.isEmpty else {
      place = .afterMember
      return .progress
    }
    place = .betweenDocuments
    return .piece(.document([], items: items))
  }

  private mutating func endObject(_ reader: inout JSONReader) throws(JSONError) -> Step {
    try reader.expect(UInt8(ascii: "}"))
    let object = JSONValue.object(envelopes.removeLast())
    if !envelopes.isEmpty {
      envelopes[envelopes.count - 1].members.append(.init(key: way[envelopes.count - 1], value: object))
      place = .afterMember
      return .progress
    }
    place = .betweenDocuments
    return .piece(.document(object, items: items))
  }
}

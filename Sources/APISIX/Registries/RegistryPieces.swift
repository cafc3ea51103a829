public import JSON

/// How an answer of a registry holds its services.
struct RegistryList: Sendable {
  /// The keys that lead to the list of them, or of their instances; none: the answer is the list. nil: it is of one
  /// service.
  let way: [String]?
  /// Whose an item of it is, by the URL that was asked.
  let name: @Sendable (_ item: JSONValue, _ url: String) -> String?
  /// What the server would leave of an item that was asked for in another way than APISIX's; nil: nothing.
  var narrowed: @Sendable (_ item: JSONValue, Release) -> JSONValue? = { item, _ in item }

  /// Whether an item that names none is of the service that was asked for, as the server sends no others.
  var isOfOne = false
  /// Whether what it says of others tells why one is missing.
  var keepsAll = false
  /// The answer with nothing in it, where it is of one service.
  var nothing = JSONValue.object([:])

  /// The same answer with these items alone.
  fileprivate func document(_ items: [JSONValue], in rest: JSONValue = .object([:])) -> JSONValue {
    guard let way else { return items.first ?? nothing }
    return document(items, way[...], rest)
  }

  private func document(_ items: [JSONValue], _ way: ArraySlice<String>, _ rest: JSONValue) -> JSONValue {
    guard let key = way.first else { return .array(items) }
    let others = rest.object?.members.filter { $0.key != key } ?? []
    let inner = document(items, way.dropFirst(), rest[key] ?? .object([:]))
    return .object(JSONObject(others + [.init(key: key, value: inner)]))
  }
}

/// An answer with many services, taken apart as it comes. What is of others than the one in question is read, as an
/// error in it takes all with it, and let go: it needs no more memory than its longest item.
public struct RegistryPieces {
  /// Is given each service and the answer as if it had only that one; what is in several places comes several times.
  public typealias Take = (_ name: String, _ answer: JSONValue) -> Void

  private let kind: RegistryKind
  private let lookup: RegistryLookup
  private let url: String
  private let isAll: Bool
  private let narrows: Bool
  private let answers: RegistryAnswers
  private var stream: JSONStream
  private var current: (name: String?, items: [JSONValue])?
  private var kept: [JSONValue] = []
  private var document: JSONValue?
  /// The services that were there, in its order.
  public private(set) var names: [String] = []

  /// - Parameters:
  ///   - url: what was asked.
  ///   - isAll: whether all services are in question, not only that of the lookup.
  ///   - narrows: whether it may hold what the server would not send APISIX.
  ///   - answers: what the registry said before.
  public init(
    _ kind: RegistryKind, _ lookup: RegistryLookup, of url: String, isAll: Bool, narrows: Bool,
    after answers: RegistryAnswers
  ) {
    (self.kind, self.lookup, self.url) = (kind, lookup, url)
    (self.isAll, self.narrows, self.answers) = (isAll, narrows, answers)
    // What no key leads to stays whole.
    stream = JSONStream(listAt: kind.model.list.way ?? [""])
  }

  public mutating func feed(_ bytes: [UInt8], _ take: Take) throws {
    var pieces: [JSONStream.Piece] = []
    try stream.feed(bytes) { pieces.append($0) }
    for piece in pieces { self.take(piece, take) }
  }

  /// Says that no more comes.
  /// - Returns: what is left of the answer for the one service; nil where there was nothing.
  public mutating func finish(_ take: Take) throws -> JSONValue? {
    var pieces: [JSONStream.Piece] = []
    try stream.finish { pieces.append($0) }
    for piece in pieces { self.take(piece, take) }
    flush(take)
    // An answer of another form stays as it is.
    let isOther = kind.model.list.way != nil && kept.isEmpty
    return document.map { isOther ? $0 : kind.model.list.document(kept, in: $0) }
  }

  private mutating func take(_ piece: JSONStream.Piece, _ take: Take) {
    switch piece {
    case .item(let item, _): self.take(item, take)
    case .document(let rest, let items):
      if kind.model.list.way == nil { self.take(rest, take) }
      document = items == nil ? rest : kind.model.list.document([], in: rest)
    }
  }

  private mutating func take(_ item: JSONValue, _ take: Take) {
    let name = kind.model.list.name(item, url) ?? (kind.model.list.isOfOne ? asked : nil)
    if current == nil || current?.name != name {
      flush(take)
      current = (name, [])
      if let name { names.append(name) }
    }
    guard let item = narrows ? kind.model.list.narrowed(item, lookup.release) : item else { return }
    current?.items.append(item)
  }

  /// The service in question where that is one, else the one before.
  private var asked: String? { current?.name ?? (isAll ? nil : lookup.serviceName) }

  /// Nacos takes `GROUP@@NAME` too.
  private func isMeant(_ name: String?) -> Bool {
    guard let name else { return kind.model.list.way == nil }
    return lookup.serviceName == name || lookup.serviceName.hasSuffix("@@" + name)
  }

  private mutating func flush(_ take: Take) {
    guard let (name, items) = current else { return }
    current = nil
    let part = kind.model.list.document(items)
    if isAll, let name {
      take(name, part)
    } else if kind.model.list.keepsAll || isMeant(name)
      || kind.nodes(lookup, by: part, after: answers)?.isUnread ?? false
    {
      kept += items
    }
  }
}

extension Resolution {
  /// Whether APISIX's Lua cannot read the answer.
  public var isUnread: Bool { if case .form = none { true } else { exception != nil } }
}

extension RegistryKind {
  /// Whether one answer has all services.
  public var answersWhole: Bool { model.answersWhole }

  /// What APISIX makes of the answer that has the nodes; nil where it asks for an address that stands in it.
  public func nodes(_ lookup: RegistryLookup, by answer: JSONValue, after answers: RegistryAnswers) -> Resolution? {
    var answers = answers
    while true {
      switch step(lookup, after: answers) {
      case .gives(let found): return found
      case .asks(let questions):
        for question in questions {
          guard case .http = question else { return nil }
          answers[question] = .read(answer)
        }
      }
    }
  }
}

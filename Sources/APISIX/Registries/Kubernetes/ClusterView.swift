public import JSON

/// One cluster, fed with documents: those that an API server answers with, that kubectl prints, or that stand in a
/// file.
///
/// Taken are an EndpointsList or EndpointSliceList, kubectl's `List`, single objects, and watch events, in any order
/// and number. Objects of the kind that APISIX does not look at are observed, never stored.
public struct ClusterView: Sendable {
  public var store: ClusterStore { content.store }
  /// What was seen of the service in question, whether or not APISIX would hold it.
  public var observation: Observation { content.observation }
  /// The `resourceVersion` that APISIX would watch from: the list's, or the last event's.
  public private(set) var resourceVersion: String?
  /// The object at which APISIX stops reading, as `KIND NAMESPACE/NAME`; nil while it does not.
  public var brokenObject: String? { content.brokenObject }
  /// How many objects came that are none of those above, by their kind; "" for what has none, and for all kinds beyond
  /// the first hundred: their names are anybody's.
  public private(set) var unknownKinds: [String: Int] = [:]
  /// Whether there was any object of those above.
  public private(set) var hasKnownObjects = false
  /// A watch ended with 410 or an error: the next list replaces everything.
  private var listsAgain = false
  /// The namespaces of the lists that APISIX asks for and of the events behind them; nil before the end of the first.
  private var listed: Set<String>?
  /// One of these lists was of several namespaces.
  private var isOfAll = false
  /// Those of the list that is being read.
  private var listing: Set<String> = []
  private var content: Content
  /// The same if the list that is being read comes in the place of those before it, which only its end tells: its kind
  /// may stand there, and its namespaces are known there. nil where there is none before it.
  private var anew: Content?

  /// - Parameter key: `namespace/name` of the service in question; nil when all are.
  public init(_ store: ClusterStore, observing key: String? = nil) {
    content = Content(store: store, observation: Observation(key: key))
  }

  private var settings: ClusterSettings { content.store.settings }

  /// What comes now was written elsewhere: a list of it is beside those before it, but after 410.
  public mutating func beginSource() { (listed, isOfAll) = (nil, false) }

  /// The token of the page behind this one of a list; nil for the last.
  public static func continuation(of list: JSONValue) -> String? {
    list["metadata"]?["continue"]?.string.flatMap { $0.isEmpty ? nil : $0 }
  }

  /// Keys whose values nobody here looks at, for JSONStream and JSONValue.parse.
  public static let uselessKeys = ["managedFields", "targetRef"]

  /// Takes a piece of a stream of JSON documents.
  public mutating func take(_ piece: JSONStream.Piece) {
    switch piece {
    case .item(let item, let envelope): takeItem(item, of: .object(envelope))
    case .document(let document, let items):
      if items != nil { endList(document) } else { take(document: document) }
    }
  }

  /// Takes a whole document.
  public mutating func take(document: JSONValue) {
    if let items = document.array {
      // What kubectl's jsonpath prints of a list.
      for item in items {
        guard item["kind"] == nil, let kind = Self.kind(of: item, in: nil) else {
          take(document: item)
          continue
        }
        if isKnown(kind) { take(item, kind: kind) }
      }
      return
    }
    if let items = document["items"]?.array {
      for item in items { takeItem(item, of: document) }
      return endList(document)
    }
    if document["type"] != nil, document["object"] != nil { return takeEvent(document) }
    let kind = document["kind"]?.string
    if kind == "EndpointsList" || kind == "EndpointSliceList" || kind == "List" {
      if kind == settings.listKind, let items = document["items"], Lua.isTrue(items), !content.store.hasFailed {
        do throws(LuaError) { _ = try Lua.list(items, line: 82, file: .factory) } catch { content.store.raise(error) }
      }
      return endList(document)
    }
    guard isKnown(kind ?? "") else { return }
    take(document, kind: kind)
  }

  /// Nothing more comes for now: what was read in pieces is put together.
  public mutating func settle() {
    content.store.settle()
    anew?.store.settle()
  }

  private mutating func takeItem(_ item: JSONValue, of envelope: JSONValue) {
    beginList()
    let kind = item["kind"]?.string ?? Self.kind(of: item, in: envelope["kind"]?.string) ?? settings.kind
    guard isKnown(kind) else { return }
    if kind == settings.kind, let namespace = item["metadata"]?["namespace"]?.string { listing.insert(namespace) }
    take(item, kind: kind)
  }

  private mutating func isKnown(_ kind: String) -> Bool {
    guard kind == "Endpoints" || kind == "EndpointSlice" || kind == "Service" else {
      unknownKinds[unknownKinds[kind] != nil || unknownKinds.count < 100 ? kind : "", default: 0] += 1
      return false
    }
    hasKnownObjects = true
    return true
  }

  private mutating func beginList() {
    guard anew == nil, listed != nil || listsAgain else { return }
    anew = content.emptied
  }

  private mutating func endList(_ envelope: JSONValue) {
    beginList()
    settle()
    let kind = envelope["kind"]?.string
    guard kind != (settings.source == .endpoints ? "EndpointSliceList" : "EndpointsList") else {
      (anew, listing) = (nil, [])
      if !content.store.hasFailed { content.store.refuseList() }
      return
    }
    if let version = envelope["metadata"]?["resourceVersion"]?.string { resourceVersion = version }
    guard Self.continuation(of: envelope) == nil else { return }
    if var anew, replaces(kind) {
      anew.replace(content)
      content = anew
      (listed, isOfAll, listsAgain) = (nil, false, false)
    }
    if kind == settings.listKind {
      if listed == nil { listed = [] }
      listed?.formUnion(listing)
      isOfAll = isOfAll || listing.count > 1
    }
    (anew, listing) = (nil, [])
  }

  /// Whether a list comes in the place of those before it. kubectl's own say nothing of what there is beside, nor does
  /// one of another namespace: `/api/v1/namespaces/NAME/endpoints`.
  private func replaces(_ kind: String?) -> Bool {
    guard kind == settings.listKind else { return listsAgain && (kind == nil || kind == "List") }
    guard !listsAgain, let listed else { return listsAgain }
    if listing.isEmpty || isOfAll && listing.count > 1 { return true }
    return listed.isEmpty ? content.store.hasFailed : !listing.isDisjoint(with: listed)
  }

  private mutating func takeEvent(_ event: JSONValue) {
    let object = event["object"] ?? .null
    let kind = object["kind"]?.string ?? settings.kind
    let type = event["type"]?.string
    let change = ClusterStore.Change(event: type)
    guard kind == settings.kind || type == "ERROR" else {
      guard isKnown(kind), let change else { return }
      return content.observation.note(object, change, kind: kind, isOther: true, hidden: nil)
    }
    hasKnownObjects = true
    guard !content.store.hasFailed else { return }
    if let namespace = object["metadata"]?["namespace"]?.string { listed?.insert(namespace) }
    let outcome = content.store.take(event: event)
    if type == "ERROR" || content.store.hasFailed { listsAgain = true }
    if type != "ERROR" { content.noteFailure(at: object, kind) }
    if let version = object["metadata"]?["resourceVersion"]?.string { resourceVersion = version }
    if let outcome, let change {
      content.observation.note(object, change, kind: kind, isOther: false, hidden: outcome.hidden)
    }
  }

  private mutating func take(_ object: JSONValue, kind: String?) {
    let kind = kind ?? settings.kind
    content.take(object, kind)
    anew?.take(object, kind)
  }

  /// The items of an API server's list do not say what they are.
  private static func kind(of item: JSONValue, in list: String?) -> String? {
    switch list {
    case "EndpointsList": "Endpoints"
    case "EndpointSliceList": "EndpointSlice"
    case "ServiceList": "Service"
    case "List", nil: item["subsets"] != nil ? "Endpoints" : item["addressType"] != nil ? "EndpointSlice" : nil
    case let other?: other.hasSuffix("List") ? String(other.dropLast(4)) : other
    }
  }

  /// From now on other services are looked at for nothing but what stops APISIX: for a watch, which has no end.
  public mutating func forgetOtherServices() { content.observation.isOfOneService = true }

  /// From now on the ports of all services are noted, not only those of the one in question.
  public mutating func noteAllPorts() { content.observation.notesPorts = true }

  /// Says which pods the Service in question selects.
  public mutating func note(_ pods: Observation.Pods) { content.observation.pods = pods }

  mutating func refuse(_ words: Words, _ error: LuaError) { content.store.refuse(words, error) }
}

extension ClusterView {
  /// What a list may replace.
  private struct Content: Sendable {
    var store: ClusterStore
    var observation: Observation
    var brokenObject: String?

    /// For a list that starts anew.
    var emptied: Content {
      var observation = observation
      observation.forgetObjects()
      return Content(store: store.emptied, observation: observation)
    }

    /// - Parameter other: what came before, and this list as well.
    mutating func replace(_ other: Content) {
      store.replace(other.store)
      if !store.settings.release.has(.dropsUnlisted) { observation = other.observation }
    }

    mutating func take(_ object: JSONValue, _ kind: String) {
      let isOurs = kind == store.settings.kind
      let couldRead = !store.hasFailed
      let hidden = isOurs ? store.take(object, .listed).hidden : nil
      if couldRead { noteFailure(at: object, kind) }
      observation.note(object, .listed, kind: kind, isOther: !isOurs, hidden: hidden)
    }

    mutating func noteFailure(at object: JSONValue, _ kind: String) {
      guard store.hasFailed, let name = object["metadata"]?["name"]?.string else { return }
      brokenObject = "\(kind) \(object["metadata"]?["namespace"]?.string.map { $0 + "/" } ?? "")\(name)"
    }
  }
}

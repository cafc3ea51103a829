public import JSON

/// One cluster, fed with documents: those that an API server answers with, that kubectl prints, or that stand in a
/// file.
///
/// Taken are an EndpointsList or EndpointSliceList, kubectl's `List`, single objects, and watch events, in any order
/// and number. Objects of the kind that APISIX does not look at are observed, never stored.
public struct ClusterView: Sendable {
  public private(set) var store: ClusterStore
  /// What was seen of the service in question, whether or not APISIX would hold it.
  public private(set) var observation: Observation
  /// The `resourceVersion` that APISIX would watch from: the list's, or the last event's.
  public private(set) var resourceVersion: String?
  /// The object at which APISIX stops reading, as `KIND NAMESPACE/NAME`; nil while it does not.
  public private(set) var brokenObject: String?
  /// How many objects came that are none of those above, by their kind; "" for what has none, and for all kinds beyond
  /// the first hundred: their names are anybody's.
  public private(set) var unknownKinds: [String: Int] = [:]
  /// Whether there was any object of those above.
  public private(set) var hasKnownObjects = false
  /// A watch ended with 410 or an error: the next list replaces everything.
  private var listsAgain = false
  /// The list that APISIX asks for was read to its last page. It is asked for again after 410 and after an error.
  private var isListed = false
  private var isReplacing = false
  private var isInList = false

  /// - Parameter key: `namespace/name` of the service in question; nil when all are.
  public init(_ store: ClusterStore, observing key: String? = nil) {
    self.store = store
    observation = Observation(key: key)
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
        if isKnown(kind) { take(item, .listed, kind: kind) }
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
      if kind == store.settings.listKind, let items = document["items"], Lua.isTrue(items), !store.hasFailed {
        do throws(LuaError) { _ = try Lua.list(items, line: 82, file: .factory) } catch { store.raise(error) }
      }
      return endList(document)
    }
    guard isKnown(kind ?? "") else { return }
    take(document, .listed, kind: kind)
  }

  private mutating func takeItem(_ item: JSONValue, of envelope: JSONValue) {
    beginList(envelope)
    let kind = item["kind"]?.string ?? Self.kind(of: item, in: envelope["kind"]?.string)
    guard isKnown(kind ?? store.settings.kind) else { return }
    take(item, .listed, kind: kind)
  }

  private mutating func isKnown(_ kind: String) -> Bool {
    guard kind == "Endpoints" || kind == "EndpointSlice" || kind == "Service" else {
      unknownKinds[unknownKinds[kind] != nil || unknownKinds.count < 100 ? kind : "", default: 0] += 1
      return false
    }
    hasKnownObjects = true
    return true
  }

  /// kubectl's own lists say nothing of what there is beside: they replace none but after 410.
  private mutating func beginList(_ envelope: JSONValue) {
    guard !isInList else { return }
    isInList = true
    let kind = envelope["kind"]?.string
    guard kind == store.settings.listKind ? isListed || listsAgain : listsAgain && kind != otherListKind else { return }
    (isListed, listsAgain, isReplacing) = (false, false, true)
    brokenObject = nil
    store.beginList()
    if store.settings.release.has(.dropsUnlisted) { observation.forgetObjects() }
  }

  private var otherListKind: String { store.settings.source == .endpoints ? "EndpointSliceList" : "EndpointsList" }

  private mutating func endList(_ envelope: JSONValue) {
    beginList(envelope)
    isInList = false
    let kind = envelope["kind"]?.string
    guard kind != otherListKind else {
      if !store.hasFailed { store.refuseList() }
      return
    }
    if let version = envelope["metadata"]?["resourceVersion"]?.string { resourceVersion = version }
    guard envelope["metadata"]?["continue"]?.string?.isEmpty ?? true else { return }
    if kind == store.settings.listKind { isListed = true }
    if isReplacing {
      store.endList()
      isReplacing = false
    }
  }

  private mutating func takeEvent(_ event: JSONValue) {
    let object = event["object"] ?? .null
    let kind = object["kind"]?.string ?? store.settings.kind
    let change: ClusterStore.Change = event["type"] == "DELETED" ? .deleted : .modified
    guard kind == store.settings.kind || event["type"] == "ERROR" else {
      guard isKnown(kind) else { return }
      return observation.note(object, change, kind: kind, isOther: true, hidden: nil)
    }
    hasKnownObjects = true
    guard !store.hasFailed else { return }
    let outcome = store.take(event: event)
    if event["type"] == "ERROR" || store.hasFailed { listsAgain = true }
    if event["type"] != "ERROR" { noteFailure(at: object, kind) }
    if let version = object["metadata"]?["resourceVersion"]?.string { resourceVersion = version }
    if let outcome { observation.note(object, change, kind: kind, isOther: false, hidden: outcome.hidden) }
  }

  private mutating func take(_ object: JSONValue, _ change: ClusterStore.Change, kind: String?) {
    let isOurs = kind == nil || kind == store.settings.kind
    let couldRead = !store.hasFailed
    let hidden = isOurs ? store.take(object, change).hidden : nil
    if couldRead { noteFailure(at: object, kind ?? store.settings.kind) }
    observation.note(object, change, kind: kind ?? store.settings.kind, isOther: !isOurs, hidden: hidden)
  }

  private mutating func noteFailure(at object: JSONValue, _ kind: String) {
    guard store.hasFailed, let name = object["metadata"]?["name"]?.string else { return }
    brokenObject = "\(kind) \(object["metadata"]?["namespace"]?.string.map { $0 + "/" } ?? "")\(name)"
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
  public mutating func forgetOtherServices() { observation.isOfOneService = true }

  /// Says which pods the Service in question selects.
  public mutating func note(_ pods: Observation.Pods) { observation.pods = pods }

  mutating func refuse(_ words: Words, _ error: LuaError) { store.refuse(words, error) }
}

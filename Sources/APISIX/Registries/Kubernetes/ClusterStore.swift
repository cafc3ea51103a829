public import JSON

/// What APISIX would hold in memory for one cluster: `namespace/name` to port to nodes, kept up to date by the objects
/// and events it is given, in their order.
///
/// An object that makes APISIX's Lua raise an error stops everything, as it does there: `failure` is set, what was
/// stored stays, and nothing is taken any more.
public struct ClusterStore: Sendable {
  public let settings: ClusterSettings
  public let interest: Interest
  /// Ports by `namespace/name`, as far as `interest` goes.
  public var services: [String: [Port]] { settled.ports }
  /// How many addresses are not ready, by `namespace/name` and port, where there are any. Of a store that keeps
  /// everything or counts.
  public var notReady: [String: [String: Int]] { settled.waiting }
  /// What listing and watching would log at level warn or above, each line once.
  public private(set) var log: [Words] = []
  /// Nothing is taken any more; the last line of `log` says why.
  public private(set) var hasFailed = false
  /// Why the API server would refuse the label selector, with status 400.
  public let labelSelectorFault: LabelSelector.Fault?

  /// What the last list no longer held; before 3.15.0 its nodes are served on.
  public private(set) var unlisted: Set<String> = []

  /// An object or event was to blame, and the next list may be another.
  private var canRetry = false
  private let labels: LabelSelector?
  private let appliesServerSelectors: Bool
  private var namespaces: NamespaceFilter
  private var slices: [String: [String: StoredSlice]] = [:]
  /// `services` and `notReady`, but for services of `unmerged`.
  private var ports: [String: [Port]] = [:]
  private var waiting: [String: [String: Int]] = [:]
  /// Whose slices a list is still telling: put together once, not with each of what may be a hundred thousand.
  private(set) var unmerged: Set<String> = []
  /// Some slice of these has a node with which a sort may fail, which stops APISIX at that slice.
  private var odd: Set<String> = []

  /// - Parameter appliesServerSelectors: judge field and label selector here, for objects that no API server chose.
  public init(_ settings: ClusterSettings, interest: Interest, appliesServerSelectors: Bool = true) {
    self.settings = settings
    self.interest = interest
    self.appliesServerSelectors = appliesServerSelectors
    namespaces = settings.namespaces
    var selector: LabelSelector?
    var fault: LabelSelector.Fault?
    do throws(LabelSelector.Fault) {
      if let text = settings.labelSelector { selector = try LabelSelector(text) }
    } catch {
      fault = error
    }
    labels = selector
    labelSelectorFault = fault
    if fault != nil, appliesServerSelectors { fail(.listFailed, "Bad Request") }
  }

  /// What the services take of APISIX's shared dict. Of a store that keeps everything or counts.
  public var sharedDict: SharedDict { SharedDict(services) }

  // MARK: Lists

  /// For a list that starts anew. What stopped the one before is forgotten, as APISIX tries again.
  var emptied: ClusterStore {
    var store = self
    (store.ports, store.waiting, store.slices) = ([:], [:], [:])
    (store.unlisted, store.unmerged, store.odd) = ([], [], [])
    if canRetry { (store.hasFailed, store.canRetry) = (false, false) }
    return store
  }

  /// The list that was read into this store has ended, and comes in the place of another. What it does not hold is
  /// dropped from 3.15.0 on; earlier it stayed.
  mutating func replace(_ other: ClusterStore) {
    settle()
    if !hasFailed {
      unlisted = Set(other.services.keys).subtracting(services.keys)
      if settings.release.has(.dropsUnlisted) { return }
    }
    waiting.merge(other.notReady.filter { ports[$0.key] == nil }) { own, _ in own }
    ports.merge(other.services) { own, _ in own }
  }

  /// Puts slices together, once no more are told.
  mutating func settle() {
    // Of these no sort fails.
    for key in unmerged { try? merge(key) }
    unmerged = []
  }

  /// A list of another kind came where `settings.listKind` was asked for.
  public mutating func refuseList() { fail(.listFailed, "UnexpectedBody", stops: false) }

  /// A line from outside, such as a token that can not be read; APISIX gets no list.
  mutating func refuse(_ words: Words, _ error: LuaError) {
    log.note(words)
    raise(error)
  }

  private mutating func fail(_ sentence: Sentence, _ reason: String, stops: Bool = true) {
    log.note(Words(sentence, settings.kind, reason, "{...}"))
    if stops { hasFailed = true }
  }

  mutating func raise(_ error: LuaError) {
    log.note(Words(.listWatchFailed, settings.kind, "RuntimeException", cause: error.words(in: settings.release)))
    hasFailed = true
  }

  // MARK: Objects and events

  /// Takes a watch event, `{"type", "object"}`. An ERROR ends the watch: silently with code 410 (APISIX lists again at
  /// once), else as a failure.
  /// - Returns: nil when the event changes no object.
  @discardableResult
  public mutating func take(event: JSONValue) -> Outcome? {
    guard !hasFailed else { return nil }
    guard Lua.isTrue(event["type"]), let object = event["object"], Lua.isTrue(object) else {
      fail(.watchFailed, "UnexpectedBody")
      canRetry = true
      return nil
    }
    let type = event["type"]?.string
    if type == "ERROR" {
      if object["code"]?.number == 410 { return nil }
      fail(.watchFailed, "UnexpectedBody")
      canRetry = true
      return nil
    }
    do throws(LuaError) {
      _ = try Lua.index(object["metadata"], "resourceVersion", (174, "field 'metadata'"), file: .factory)
    } catch {
      raise(error)
      canRetry = true
      return nil
    }
    return Change(event: type).map { take(object, $0) }
  }

  /// Takes one object: an item of a list, or the object of an event.
  @discardableResult
  public mutating func take(_ object: JSONValue, _ change: Change) -> Outcome {
    guard !hasFailed else { return Outcome(key: nil, hidden: nil) }
    let hidden = appliesServerSelectors ? hiddenByServer(object) : nil
    if let hidden {
      let key = plainKey(object)
      // An object that is no longer selected is sent as deleted.
      guard change == .modified || change == .deleted, let key, services[key] != nil else {
        return Outcome(key: key, hidden: hidden)
      }
    }
    do throws(LuaError) {
      let outcome = try apply(object, hidden == nil ? change : .deleted)
      return Outcome(key: outcome.key, hidden: hidden ?? outcome.hidden)
    } catch {
      raise(error)
      canRetry = true
      return Outcome(key: plainKey(object), hidden: nil)
    }
  }

  private mutating func apply(_ object: JSONValue, _ change: Change) throws(LuaError) -> Outcome {
    switch settings.source {
    case .endpoints: return try takeEndpoints(object, change)
    case .slices: return try takeSlice(object, change)
    case .slicesMisread: return try takeMisread(object, change)
    }
  }

  private func hiddenByServer(_ object: JSONValue) -> Hidden? {
    let metadata = object["metadata"]
    if !namespaces.isSent(metadata?["namespace"]?.string ?? "") { return .fieldSelector }
    if let labels, !labels.selects({ metadata?["labels"]?[$0]?.string }) { return .labelSelector }
    return nil
  }

  /// `namespace/name` of the service an object belongs to, without APISIX's errors.
  private func plainKey(_ object: JSONValue) -> String? {
    let metadata = object["metadata"]
    let name =
      settings.source == .slices ? metadata?["labels"]?[ObjectIdentity.serviceLabel]?.string : metadata?["name"]?.string
    guard let namespace = metadata?["namespace"]?.string, let name else { return nil }
    return "\(namespace)/\(name)"
  }

  private mutating func isKept(_ namespace: JSONValue?) -> Bool {
    var log = log
    defer { self.log = log }
    return namespaces.isKept(Lua.text(namespace)) { log.note($0) }
  }

  private mutating func takeEndpoints(_ object: JSONValue, _ change: Change) throws(LuaError) -> Outcome {
    let isCareful = settings.release.has(.skipsNameless)
    if isCareful, try !ObjectIdentity.isNamed(object, deleting: change == .deleted, &log) {
      return Outcome(key: nil, hidden: .nameless)
    }
    let metadata = object["metadata"]
    guard isKept(metadata?["namespace"]) else { return Outcome(key: plainKey(object), hidden: .namespaceSelector) }
    func key() throws(LuaError) -> String {
      if !isCareful { _ = try Lua.index(metadata, "namespace", (57, "field 'metadata'")) }
      return try Lua.key(metadata?["namespace"], metadata?["name"], variables: isCareful ? "local" : "field")
    }
    if change == .deleted {
      let key = try key()
      remove(key)
      return Outcome(key: key, hidden: nil)
    }
    var table = try ObjectReader.endpoints(object, weight: settings.defaultWeight)
    // The sort comes before the key is made, and either may fail. Of nodes that are only counted the order does not
    // matter.
    let isWanted = isWanted(plainKey(object) ?? "")
    if settings.release.has(.sortsNodes), isWanted && interest != .counts || !table.isPlain { try table.sort() }
    let key = try key()
    if isWanted { store(table, key, notReady: notReady(object)) }
    return Outcome(key: key, hidden: nil)
  }

  private mutating func takeSlice(_ object: JSONValue, _ change: Change) throws(LuaError) -> Outcome {
    guard let found = try ObjectIdentity.slice(object, &log) else { return Outcome(key: nil, hidden: .nameless) }
    guard isKept(found.namespace) else { return Outcome(key: plainKey(object), hidden: .namespaceSelector) }
    var table: PortTable?
    if change != .deleted {
      table = try ObjectReader.slice(object, weight: settings.defaultWeight, misread: false)
    }
    let key = try Lua.key(found.namespace, found.service)
    guard isWanted(key) else {
      // Of other services only an error matters.
      if var table, !table.isPlain { try table.sort() }
      return Outcome(key: key, hidden: nil)
    }
    if let table, !table.isPlain { odd.insert(key) }
    slices[key, default: [:]][Lua.text(found.name)] = table.map {
      StoredSlice($0, keepsNodes: interest != .counts, notReady: notReady(object))
    }
    if change == .listed, !odd.contains(key) { unmerged.insert(key) } else { try merge(key) }
    return Outcome(key: key, hidden: nil)
  }

  private mutating func merge(_ key: String) throws(LuaError) {
    let parts = (slices[key] ?? [:]).values
    let waiting = StoredSlice.sum(parts.map(\.notReady))
    if parts.allSatisfy({ $0.table == nil }) {
      store(StoredSlice.merged(parts.map(\.ports)), key, notReady: waiting)
    } else {
      var merged = PortTable()
      for part in parts { merged.append(part.table ?? part.standIn) }
      if interest != .counts || !merged.isPlain { try merged.sort() }
      store(merged, key, notReady: waiting)
    }
  }

  /// 3.14: no look at the label, and every slice stands for itself.
  private mutating func takeMisread(_ object: JSONValue, _ change: Change) throws(LuaError) -> Outcome {
    let metadata = object["metadata"]
    guard isKept(metadata?["namespace"]) else {
      return Outcome(key: plainKey(object), hidden: .namespaceSelector)
    }
    let key = try Lua.key(metadata?["namespace"], metadata?["name"], variables: "field")
    if change == .deleted {
      remove(key)
    } else {
      let table = try ObjectReader.slice(object, weight: settings.defaultWeight, misread: true)
      if isWanted(key) { store(table, key, notReady: notReady(object)) }
    }
    return Outcome(key: key, hidden: nil)
  }

  private func isWanted(_ key: String) -> Bool {
    switch interest {
    case .everything, .counts: true
    case .key(let wanted): wanted == key
    case .nothing: false
    }
  }

  private func notReady(_ object: JSONValue) -> NotReady.Counts {
    interest == .counts || interest == .everything
      ? NotReady.counts(object, isSlice: settings.source != .endpoints) : [:]
  }

  private mutating func store(_ table: PortTable, _ key: String, notReady: NotReady.Counts) {
    store(table.stored().ports.map { Port($0.key, $0.nodes, keepsNodes: interest != .counts) }, key, notReady: notReady)
  }

  private mutating func store(_ ports: [Port], _ key: String, notReady counts: NotReady.Counts) {
    self.ports[key] = ports
    unlisted.remove(key)
    waiting[key] = counts.isEmpty ? nil : counts
  }

  private mutating func remove(_ key: String) {
    ports[key] = nil
    waiting[key] = nil
  }
}

import JSON

/// What was seen of one service, and which services there are: the facts behind "why are there no nodes?".
public struct Observation: Sendable {
  public struct Port: Sendable, Hashable {
    /// What would stand after the colon of a service name.
    public let key: String
    public let number: Int?
    public let isNamed: Bool
    public var ready: Int
    public var notReady: Int
  }

  /// The service in question; nil when all are.
  public let key: String?
  /// Every `namespace/name` that has an object of the kind APISIX reads or would read, and why it is hidden, if it is.
  public private(set) var names: [String: ClusterStore.Hidden?] = [:]
  /// Slices that belong to no service.
  public private(set) var slicesWithoutLabel = 0
  /// Those of them that are called like the service in question: its name, or what Kubernetes makes of it.
  public private(set) var unlabelled: Set<String> = []
  /// Objects without a controller that are of a service of this name in another namespace, or in none: ten at most.
  public private(set) var strays: Set<Stray> = []
  public private(set) var service: Service?
  /// nil where they were not looked at.
  public internal(set) var pods: Pods?
  /// The Endpoints have over 1000 addresses. From 1.22 on Kubernetes cuts them off there; 1.21 only warned.
  public private(set) var isOverCapacity = false
  public private(set) var isTruncated = false
  /// Endpoints of slices whose `ready` is not said: Kubernetes takes them for ready, APISIX does not.
  public var readyUnsaid: Int { objects.values.reduce(0) { $0 + $1.readyUnsaid } }
  /// Objects of the other kind for this service: slices where Endpoints are read, or the reverse.
  public var otherKind: Int { others.count }
  /// How many of the addresses that are ready are of which family.
  public var families: [AddressFamily: Int] { Self.families(objects) }
  /// The same in the objects of the other kind.
  public var otherFamilies: [AddressFamily: Int] { Self.families(others) }

  public struct Stray: Sendable, Hashable {
    public let kind: String
    public let name: String
    /// nil where the object names none.
    public let namespace: String?
  }

  /// An address that would be a node if it were ready.
  public struct Address: Sendable, Hashable {
    public let host: String
    public let port: Int?
  }

  /// Notes no names but that of the service in question, so that memory does not grow with what comes and goes beside
  /// it.
  var isOfOneService = false
  /// Notes the ports of all services, for whoever looks for what else a name may mean.
  var notesPorts = false

  fileprivate struct Part: Sendable {
    var ports: [Port] = []
    /// By the ports' keys.
    var notReady: [(key: String, address: Address)] = []
    /// Of what is ready. No dictionary, as there may be very many parts.
    var (ipv4, ipv6) = (0, 0)
    var countsFamilies = true
    var countsPorts = true
    var readyUnsaid = 0
  }

  /// By `namespace/name` of the service, then by kind and name.
  private var parts: [String: [String: Part]] = [:]
  private var objects: [String: Part] { key.flatMap { parts[$0] } ?? [:] }
  private var others: [String: Part] = [:]

  init(key: String?) { self.key = key }

  /// The ports of a service, also of another than the one in question where those were to be noted.
  public func ports(of key: String) -> [Port] {
    Self.ports(parts[key] ?? [:])
  }

  /// Is there any object for the service?
  public var isSeen: Bool { !objects.isEmpty }

  /// Why APISIX does not hold the service though it is there.
  public var hidden: ClusterStore.Hidden? { key.flatMap { names[$0] } ?? nil }

  /// The ports of the service, with counts over all its objects.
  public var ports: [Port] { Self.ports(objects) }

  private static func ports(_ parts: [String: Part]) -> [Port] {
    // A port is where the first part in order has it. All parts are not put in order for that: there may be very many.
    var found: [(part: String, place: Int, port: Port)] = []
    for (name, part) in parts {
      for (place, port) in part.ports.enumerated() {
        guard let index = found.firstIndex(where: { $0.port.key == port.key }) else {
          found.append((name, place, port))
          continue
        }
        let (other, count) = (found[index], found[index].port)
        if name < other.part { found[index] = (name, place, port) }
        found[index].port.ready = count.ready + port.ready
        found[index].port.notReady = count.notReady + port.notReady
      }
    }
    return found.sorted { ($0.part, $0.place) < ($1.part, $1.place) }.map(\.port)
  }

  private static func families(_ parts: [String: Part]) -> [AddressFamily: Int] {
    let count = parts.values.reduce((0, 0)) { ($0.0 + $1.ipv4, $0.1 + $1.ipv6) }
    return [.ipv4: count.0, .ipv6: count.1].filter { $0.value > 0 }
  }

  /// What stands behind a port and is not ready, in the order of nodes.
  public func notReady(behind key: String) -> [Address] {
    objects.values.flatMap(\.notReady).filter { $0.key == key }.map(\.address).sorted { left, right in
      left.host == right.host
        ? (left.port ?? 0) < (right.port ?? 0) : left.host.utf8.lexicographicallyPrecedes(right.host.utf8)
    }
  }

  /// Names that look like `wanted`, nearest first: the same name in another namespace, swapped parts, a few typos.
  public func nearest(to wanted: String, limit: Int = 3) -> [String] {
    let parts = wanted.split(separator: "/").map(String.init)
    let scored = names.compactMap { name, hidden -> (Int, String)? in
      let other = name.split(separator: "/").map(String.init)
      // What APISIX does not see helps nobody.
      guard name != wanted, hidden == nil else { return nil }
      if parts.count == 2, other == parts.reversed() { return (0, name) }
      if name == wanted.lowercased() { return (0, name) }
      if let last = parts.last, other.last == last { return (1, name) }
      guard let distance = EditDistance.between(wanted, name, most: max(2, wanted.utf8.count / 5)) else { return nil }
      return (1 + distance, name)
    }
    return scored.sorted { ($0.0, $0.1) < ($1.0, $1.1) }.prefix(limit).map(\.1)
  }

  mutating func note(
    _ object: JSONValue, _ change: ClusterStore.Change, kind: String, isOther: Bool, hidden: ClusterStore.Hidden?
  ) {
    let metadata = object["metadata"]
    guard let name = metadata?["name"]?.string else { return }
    guard let namespace = metadata?["namespace"]?.string else { return noteStray(object, kind, name, nil) }
    if kind == "Service" {
      if key == "\(namespace)/\(name)" { service = Self.service(object) }
      return
    }
    let isSlice = kind == "EndpointSlice"
    guard isSlice || kind == "Endpoints" else { return }
    guard let owner = isSlice ? metadata?["labels"]?[ObjectIdentity.serviceLabel]?.string : name else {
      slicesWithoutLabel += 1
      noteUnlabelled(namespace, name)
      return
    }
    let key = "\(namespace)/\(owner)"
    if key != self.key { noteStray(object, kind, name, namespace) }
    if isOfOneService, key != self.key { return }
    let part = "\(kind)/\(name)"
    if isOther {
      guard key == self.key else { return }
      var seen = Part()
      seen.countsPorts = false
      if isSlice { seen.take(slice: object) } else { seen.take(endpoints: object) }
      others[part] = change == .deleted ? nil : seen
      return
    }
    if change != .deleted { names[key] = .some(hidden) } else if !isSlice { names[key] = nil }
    guard key == self.key || notesPorts else { return }
    var seen = Part()
    if change != .deleted {
      seen.countsFamilies = key == self.key
      if isSlice { seen.take(slice: object) } else { seen.take(endpoints: object) }
    }
    parts[key, default: [:]][part] = change == .deleted ? nil : seen
    guard key == self.key, change != .deleted else { return }
    let capacity = metadata?["annotations"]?["endpoints.kubernetes.io/over-capacity"]
    isOverCapacity = isOverCapacity || capacity != nil
    isTruncated = isTruncated || (capacity != nil && capacity != "warning")
  }

  /// A list starts anew.
  mutating func forgetObjects() {
    names = [:]
    parts = [:]
    (slicesWithoutLabel, unlabelled, strays) = (0, [], [])
    (isOverCapacity, isTruncated) = (false, false)
  }

  private mutating func noteUnlabelled(_ namespace: String, _ name: String) {
    guard let parts = key?.split(separator: "/"), parts.count == 2, parts[0] == namespace, unlabelled.count < 10,
      name == parts[1] || name.hasPrefix(parts[1] + "-")
    else { return }
    unlabelled.insert(name)
  }

  private mutating func noteStray(_ object: JSONValue, _ kind: String, _ name: String, _ namespace: String?) {
    // Endpoints with a namespace may be a controller's, and what is a controller's is of a Service there.
    guard let key, strays.count < 10, namespace == nil || kind == "EndpointSlice" else { return }
    let labels = object["metadata"]?["labels"]
    let owner =
      kind == "EndpointSlice" ? labels?[ObjectIdentity.serviceLabel]?.string : kind == "Endpoints" ? name : nil
    guard let owner, key.hasSuffix("/" + owner) else { return }
    let isMade = labels?["endpointslice.kubernetes.io/managed-by"]?.string?.hasSuffix("-controller.k8s.io") ?? false
    guard namespace == nil || !isMade else { return }
    strays.insert(Stray(kind: kind, name: name, namespace: namespace))
  }

  private static func service(_ object: JSONValue) -> Service {
    let spec = object["spec"]
    return Service(
      type: spec?["type"]?.string ?? "ClusterIP",
      selector: (spec?["selector"]?.object?.members ?? []).map { ($0.key, $0.value.string ?? "") },
      externalName: spec?["externalName"]?.string,
      ports: (spec?["ports"]?.array ?? []).map { port in
        ServicePort(
          name: port["name"]?.string, port: port["port"]?.int,
          targetPort: port["targetPort"].map { $0.string ?? $0.text() })
      }, families: (spec?["ipFamilies"]?.array ?? []).compactMap { $0.string.flatMap { AddressFamily(rawValue: $0) } },
      isHeadless: spec?["clusterIP"] == "None")
  }
}

extension Observation.Part {
  fileprivate mutating func take(endpoints object: JSONValue) {
    for subset in object["subsets"]?.array ?? [] {
      let ready = subset["addresses"]?.array ?? []
      for address in ready { count(address["ip"]) }
      let notReady = (subset["notReadyAddresses"]?.array ?? []).map { $0["ip"] }
      add(subset["ports"], ready: ready.count, notReady: notReady)
    }
  }

  fileprivate mutating func take(slice object: JSONValue) {
    var (ready, notReady): (Int, [JSONValue?]) = (0, [])
    for endpoint in object["endpoints"]?.array ?? [] {
      let addresses = endpoint["addresses"]?.array ?? []
      if endpoint["conditions"]?["ready"] == nil { readyUnsaid += addresses.count }
      if NotReady.isReady(endpoint) {
        ready += addresses.count
        for address in addresses { count(address) }
      } else {
        notReady += addresses
      }
    }
    add(object["ports"], ready: ready, notReady: notReady)
  }

  /// Of what is ready.
  private mutating func count(_ host: JSONValue?) {
    guard countsFamilies else { return }
    switch host?.string.flatMap({ AddressFamily($0) }) {
    case .ipv4: ipv4 += 1
    case .ipv6: ipv6 += 1
    case nil: break
    }
  }

  private mutating func add(_ ports: JSONValue?, ready: Int, notReady: [JSONValue?]) {
    for port in countsPorts ? ports?.array ?? [] : [] { add(port, ready: ready, notReady: notReady) }
  }

  private mutating func add(_ port: JSONValue, ready: Int, notReady: [JSONValue?]) {
    let key = NotReady.key(of: port)
    let number = port["port"]?.int
    let isNamed = !(port["name"]?.string ?? "").isEmpty
    ports.add(.init(key: key, number: number, isNamed: isNamed, ready: ready, notReady: notReady.count))
    self.notReady += notReady.compactMap { host in host?.string.map { (key, .init(host: $0, port: number)) } }
  }
}

extension [Observation.Port] {
  /// Ports of one key are one.
  fileprivate mutating func add(_ port: Observation.Port) {
    guard let index = firstIndex(where: { $0.key == port.key }) else { return append(port) }
    self[index].ready += port.ready
    self[index].notReady += port.notReady
  }
}

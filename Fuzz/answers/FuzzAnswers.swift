import APISIX
import DNS
import JSON
import Kubernetes
import Registries

/// Who answers; scripts/fuzz-seeds.py has them in this order.
private enum Reader: Int, CaseIterable {
  case endpoints, slices, events, registry, pieces, dns, dig, znode, etcd, upstreams, credentials
}

/// What servers answer: Kubernetes' lists and watch events, registries, name servers, the znodes and the etcd of
/// apisix-seed, the Admin and the control API, and the programs that give credentials. The first byte says who answers,
/// the second to which release, the third to which question.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ data: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  let all = UnsafeBufferPointer(start: data, count: count)
  guard count >= 3 else { return 0 }
  let bytes = Array(all.dropFirst(3))
  let release = Release.known[Int(all[1]) % Release.known.count]
  let choice = Int(all[2])
  switch Reader(rawValue: Int(all[0]) % Reader.allCases.count) {
  case .endpoints: list(bytes, wantsSlices: false, release)
  case .slices: list(bytes, wantsSlices: true, release)
  case .events: events(bytes, release)
  case .registry: registry(bytes, lookup(choice, release))
  case .pieces: pieces(bytes, lookup(choice, release))
  case .dns: message(bytes, lookup(choice, release))
  case .dig: dig(bytes, lookup(choice, release))
  case .znode: znode(bytes)
  case .etcd: etcd(bytes)
  case .upstreams: upstreams(bytes)
  case .credentials: credentials(bytes)
  case nil: break
  }
  return 0
}

private let names = ["default/web:http", "shop/cart:8080", "a:b", ""]

private func settled(_ found: Resolution) -> Resolution {
  if let nodes = found.nodes { settle(nodes) }
  return found
}

private func settle(_ nodes: [UpstreamNode]) {
  precondition(nodes.allSatisfy { (try? JSONValue.parse($0.json.text())) != nil })
}

/// However the answer is cut, it says the same.
private func list(_ bytes: [UInt8], wantsSlices: Bool, _ release: Release) {
  func read(size: Int) -> [Resolution] {
    var found = KubernetesDiscovery([ClusterSettings(wantsSlices: wantsSlices, release: release)])
    found.clusters[0].beginSource()
    var stream = JSONStream(skipping: ClusterView.uselessKeys)
    do {
      for start in stride(from: 0, to: bytes.count, by: max(size, 1)) {
        try stream.feed(Array(bytes[start..<min(bytes.count, start + max(size, 1))])) { found.clusters[0].take($0) }
      }
      try stream.finish { found.clusters[0].take($0) }
    } catch {}
    _ = (found.services, found.log, found.clusters[0].store.sharedDict)
    return names.map { settled(found.resolve($0)) }
  }
  precondition(read(size: bytes.count) == read(size: bytes.count / 5))
}

private func events(_ bytes: [UInt8], _ release: Release) {
  var store = ClusterStore(ClusterSettings(release: release), interest: .everything)
  for line in bytes.split(separator: 0x0A) {
    if let event = try? JSONValue.parse(Array(line)) { _ = store.take(event: event) }
  }
  _ = (store.services, store.notReady, store.log.map { $0.text(in: release) }, store.sharedDict)
}

private let config = DiscoveryConfig(
  Array(
    """
    discovery:
      nacos: {host: ["http://127.0.0.1:8848"], prefix: /nacos/v1/, weight: 1}
      consul: {servers: ["http://127.0.0.1:8500"]}
      consul_kv: {servers: ["http://127.0.0.1:8500"], prefix: upstreams}
      eureka: {host: ["http://127.0.0.1:8761"], prefix: /eureka/}
      dns: {servers: ["127.0.0.1:53"]}
    """.utf8), Conditions()
).verdict.root?["discovery"]

/// What is asked of which registry.
private let questions: [(kind: RegistryKind, name: String)] = [
  (.nacos, "svc"), (.nacos, "G@@svc"), (.consul, "svc"), (.consul, "a/../b"), (.consul, "web"),
  (.consulKV, "http://127.0.0.1:8500/v1/kv/upstreams/web/"), (.eureka, "USER-SERVICE"), (.eureka, "USER"),
  (.dns, "srv.test.example"), (.dns, "a.test.example:8080"), (.dns, "alias.test.example"), (.dns, "localhost:80"),
  (.nacos, ""),
]

private func lookup(_ choice: Int, _ release: Release) -> (RegistryKind, RegistryLookup) {
  let (kind, name) = questions[choice % questions.count]
  return (kind, RegistryLookup(name, of: kind, config?[kind.rawValue], in: release))
}

private func resolve(
  _ kind: RegistryKind, _ lookup: RegistryLookup, _ answer: (RegistryQuestion) -> RegistryReply
) -> Resolution {
  var answers = RegistryAnswers()
  var count = 0
  while true {
    switch kind.step(lookup, after: answers) {
    case .gives(let found): return settled(found)
    case .asks(let questions):
      count += questions.count
      precondition(!questions.isEmpty && count < 10_000, "it never comes to an end")
      for question in questions { answers[question] = answer(question) }
    }
  }
}

/// Each question gets one of the texts between NUL bytes; the lookup comes to an end, twice the same one.
private func registry(_ bytes: [UInt8], _ asked: (kind: RegistryKind, lookup: RegistryLookup)) {
  let bodies = bytes.split(separator: 0, omittingEmptySubsequences: false).map(Array.init)
  func ask() -> Resolution {
    var count = 0
    return resolve(asked.kind, asked.lookup) { question in
      defer { count += 1 }
      return reply(to: question, bodies[count % bodies.count])
    }
  }
  precondition(ask() == ask())
}

private func reply(to question: RegistryQuestion, _ body: [UInt8]) -> RegistryReply {
  let text = String(decoding: body.prefix(40), as: UTF8.self)
  let number = body.first.map(Int.init) ?? 0
  switch question {
  case .http: return .http(status: number == 0x21 ? 500 : 200, body: body)
  case .address: return .addresses([text])
  case .dns(_, let type):
    return .dns(
      code: number & 3,
      [.address(type, text), .cname(text), .srv(priority: number, weight: body.count, port: number << 9, target: text)])
  }
}

/// However a long answer is cut, it has the same services; the nodes are those of the answer as a whole.
private func pieces(_ bytes: [UInt8], _ asked: (kind: RegistryKind, lookup: RegistryLookup)) {
  let (kind, lookup) = asked
  func read(size: Int, isAll: Bool, narrows: Bool) -> (names: [String], told: [JSONValue], rest: JSONValue?)? {
    var pieces = RegistryPieces(kind, lookup, of: "http://a/", isAll: isAll, narrows: narrows, after: .init())
    var told: [JSONValue] = []
    do {
      for start in stride(from: 0, to: bytes.count, by: max(size, 1)) {
        try pieces.feed(Array(bytes[start..<min(bytes.count, start + max(size, 1))])) { told.append($1) }
      }
      let rest = try pieces.finish { told.append($1) }
      return (pieces.names, told, rest)
    } catch { return nil }
  }
  for (isAll, narrows) in [(false, false), (true, false), (false, true)] {
    let (whole, cut) = (
      read(size: bytes.count, isAll: isAll, narrows: narrows), read(size: 7, isAll: isAll, narrows: narrows)
    )
    precondition(whole?.names == cut?.names && whole?.told == cut?.told && whole?.rest == cut?.rest)
    guard kind.answersWhole, !isAll, !narrows, let rest = whole?.rest, let document = try? JSONValue.parse(bytes) else {
      continue
    }
    precondition(resolve(kind, lookup) { _ in .read(rest) } == resolve(kind, lookup) { _ in .read(document) })
  }
}

/// A datagram answers every question; what it says of names is the same each time.
private func message(_ bytes: [UInt8], _ asked: (kind: RegistryKind, lookup: RegistryLookup)) {
  func ask() -> Resolution {
    resolve(.dns, asked.lookup) { question in
      guard case .dns(let name, let type) = question,
        let answer = DNSAnswer(bytes, to: DNSQuestion(name, type), of: "127.0.0.1:53")
      else { return .nothing }
      return .dns(code: answer.code, answer.records)
    }
  }
  precondition(ask() == ask())
}

private func dig(_ bytes: [UInt8], _ asked: (kind: RegistryKind, lookup: RegistryLookup)) {
  let text = DigText(bytes)
  let found = resolve(.dns, asked.lookup) { question in
    guard case .dns(let name, let type) = question else { return .nothing }
    let (code, records) = text.answer(name, type)
    return .dns(code: code, records)
  }
  precondition(text.isAnswer || found.nodes?.isEmpty != false || asked.lookup.serviceName.hasPrefix("localhost"))
}

/// What is told to be written in place of it is read.
private func znode(_ bytes: [UInt8]) {
  if let nodes = try? SeedNodes.read(bytes) {
    settle(nodes)
    _ = NodeCheck.message(nodes)
  }
  precondition(SeedNodes.weightless(bytes).allSatisfy { $0 > 0 })
  if let mended = SeedNodes.mended(bytes) {
    precondition(
      (try? SeedNodes.read(Array(mended.utf8)))?.isEmpty == false && SeedNodes.weightless(Array(mended.utf8)).isEmpty)
  }
}

/// A page of a range, or the rights of a role.
private func etcd(_ bytes: [UInt8]) {
  guard let page = try? JSONValue.parse(bytes) else { return }
  var inventory = UpstreamInventory()
  for entry in EtcdClient.entries(of: page) ?? [] {
    let end = EtcdClient.end(of: entry.key)
    precondition(end == [0] || entry.key.utf8.lexicographicallyPrecedes(end))
    guard let value = try? JSONValue.parse(entry.value) else { continue }
    inventory.take(["key": .string(entry.key), "value": value], from: "e")
    _ = SeedUpstream(key: entry.key, value)?.nodes?.map(\.address)
  }
  inventory.finish()
  let rights = page["perm"]?.array ?? []
  precondition(!EtcdClient.mayWrite(by: rights, below: "/apisix/") || !rights.isEmpty)
}

private func upstreams(_ bytes: [UInt8]) {
  guard let document = try? JSONValue.parse(bytes) else { return }
  var inventory = UpstreamInventory()
  inventory.take(document, from: "f")
  inventory.finish()
  _ = (inventory.upstreams, inventory.conflicts)
  for kind in RegistryKind.allCases {
    if let dump = DiscoveryDump(document, of: kind) {
      _ = dump.compared(with: KubernetesDiscovery([ClusterSettings()]).everything)
    }
  }
}

private func credentials(_ bytes: [UInt8]) {
  for version in ["client.authentication.k8s.io/v1", "client.authentication.k8s.io/v1beta1"] {
    if let credential = try? ExecCredential(bytes, expecting: version) {
      precondition(credential.token != nil || credential.clientCertificate != nil)
    }
  }
  _ = TokenText(bytes).mended
  _ = Words(line: String(decoding: bytes, as: UTF8.self))
}

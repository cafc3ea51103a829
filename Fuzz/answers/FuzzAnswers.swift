import APISIX
import JSON
import Kubernetes

/// What servers answer: Kubernetes' lists and watch events, registries, the Admin and the control API, and the
/// programs that give credentials. The first byte says who answers, and to which release.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ data: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  let all = UnsafeBufferPointer(start: data, count: count)
  guard let choice = all.first.map(Int.init) else { return 0 }
  let bytes = Array(all.dropFirst())
  let release = Release.known[choice / 6 % Release.known.count]
  switch choice % 6 {
  case 0, 1: list(bytes, wantsSlices: choice % 6 == 1, release)
  case 2: events(bytes, release)
  case 3: registries(bytes, release)
  case 4: upstreams(bytes)
  default: credentials(bytes)
  }
  return 0
}

private let names = ["default/web:http", "shop/cart:8080", "a:b", ""]

private func settled(_ found: Resolution) -> Resolution {
  precondition(found.nodes?.allSatisfy { (try? JSONValue.parse($0.json.text())) != nil } ?? true)
  return found
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

/// Each question gets one of the texts between NUL bytes; the lookup comes to an end, twice the same one.
private func registries(_ bytes: [UInt8], _ release: Release) {
  let bodies = bytes.split(separator: 0, omittingEmptySubsequences: false).map(Array.init)
  func ask(_ kind: RegistryKind, _ name: String) -> Resolution {
    var answers = RegistryAnswers()
    var count = 0
    let lookup = RegistryLookup(name, of: kind, config?[kind.rawValue], in: release)
    while true {
      switch kind.step(lookup, after: answers) {
      case .gives(let found): return settled(found)
      case .asks(let questions):
        precondition(!questions.isEmpty && count < 10_000, "it never comes to an end")
        for question in questions {
          answers[question] = reply(to: question, bodies[count % bodies.count])
          count += 1
        }
      }
    }
  }
  for kind in RegistryKind.allCases {
    for name in names { precondition(ask(kind, name) == ask(kind, name)) }
  }
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

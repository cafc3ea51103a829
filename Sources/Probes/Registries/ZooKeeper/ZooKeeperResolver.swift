import APISIX
import Findings
import HTTP
import Inputs
import JSON
import Registries
import SourceText

/// Resolves a service name as apisix-seed does: the nodes of its znode, and what became of them in etcd.
struct ZooKeeperResolver {
  let settings: SeedSettings
  /// Where the upstreams are that it writes; nil where none is known.
  let etcd: EtcdSettings?
  let access: AccessOptions
  let context: Context

  func resolve(_ name: String) -> ResolveAnswer {
    var answer = ResolveAnswer()
    answer.registry = "zookeeper"
    var unreached: [Finding] = []
    for host in settings.hosts {
      do throws(ZooKeeperConversation.Failure) {
        var conversation = try ZooKeeperConversation.begin(host, prefix: settings.prefix, access, context)
        try ask(&conversation, name, &answer)
        answer.isAnswered = true
      } catch {
        if error.isUnreached {
          unreached.append(error.finding)
          continue
        }
        answer.findings.append(error.finding)
      }
      // apisix-seed takes whichever server answers, and what one refuses the others do.
      unreached = unreached.map(\.asWarning)
      break
    }
    if settings.hosts.isEmpty { unreached.append(Self.noHosts) }
    if unreached.contains(where: { $0.severity == .error }) { answer.status = .unfinished }
    answer.findings = unreached + answer.findings
    guard answer.isAnswered else { return answer }
    let held = etcd.map { EtcdSource(settings: $0, access: access, context: context) }?
      .resources(context.http(traced: true), SeedUpstream.kinds)
    let comparison = SeedComparison(of: name, answer.nodes, held, access.release)
    answer.secrets += held?.secrets ?? []
    answer.findings += comparison.findings
    answer.notices += comparison.notices
    return answer
  }

  static let noHosts = Finding(
    RegistryRules.silent, "no server of ZooKeeper is named",
    help: "write discovery.zookeeper.hosts: [\"HOST:2181\"] into apisix-seed's conf.yaml, or give --zookeeper HOST:PORT"
  )

  /// - Returns: whether the znode is there.
  @discardableResult
  func ask(
    _ conversation: inout ZooKeeperConversation, _ name: String, _ answer: inout ResolveAnswer
  ) throws(ZooKeeperConversation.Failure) -> Bool {
    if let wrong = Self.badPrefix(settings.prefix) {
      answer.findings.append(wrong)
      return false
    }
    let path = path(of: name)
    guard case .there(let data) = try conversation.data(of: path) else {
      answer.findings.append(try conversation.absent(name))
      return false
    }
    do throws(SeedNodes.Refusal) {
      let nodes = try SeedNodes.read(data)
      answer.nodes = nodes
      if nodes.isEmpty {
        answer.findings += Finding(
          ResolveRules.emptyNodes, "\(path) holds an empty list", help: ZooKeeperConversation.example("set", path))
      }
      if let check = NodeCheck.message(nodes) {
        answer.findings += Finding(
          ResolveRules.refusedNodes,
          "APISIX refuses the nodes of \(name): \((check.cause ?? check).text(in: access.release))",
          help: "correct host, port or weight in \(path)")
      }
      let weightless = SeedNodes.weightless(data ?? [])
      if let first = weightless.first {
        answer.findings += Finding(
          ZooKeeperRules.weightless,
          "\(weightless.count == 1 ? "node \(first)" : counted(weightless.count, "node")) of \(path) without a weight: "
            + "apisix-seed writes 0, and APISIX sends nothing there",
          help: SeedNodes.mended(data ?? []).map { ZooKeeperConversation.example("set", path, $0) }
            ?? "write \"weight\":100 beside host and port")
      }
    } catch {
      answer.findings.append(try conversation.finding(error, data, path))
    }
    return true
  }

  func path(of name: String) -> String { "\(settings.prefix)/\(name)" }

  /// A prefix below which no znode can be; nil where it can.
  static func badPrefix(_ prefix: String) -> Finding? {
    guard !prefix.hasPrefix("/") || prefix.hasSuffix("/") || prefix.has("//") else { return nil }
    let right = "/" + prefix.parts(between: "/").filter { !$0.isEmpty }.map(String.init).joined(separator: "/")
    return Finding(
      ZooKeeperRules.prefix, "no znode can be below the prefix '\(prefix)': apisix-seed asks for '\(prefix)/NAME'",
      help: right == "/" ? "write prefix: /zookeeper" : "write prefix: \(right)")
  }
}

extension ZooKeeperConversation {
  /// What to type in ZooKeeper's own command line.
  static func example(
    _ verb: String, _ path: String, _ nodes: String = #"[{"host":"10.0.0.1","port":80,"weight":100}]"#
  ) -> String {
    "in zkCli.sh: \(verb) \(path) '\(nodes)'"
  }

  /// Why there is no such znode: what was meant, or where the name is kept in another form.
  mutating func absent(_ name: String) throws(Failure) -> Finding {
    let path = "\(prefix)/\(name)"
    guard let names = try ownChildren() else { return try noPrefix() }
    for other in ["/services", "/dubbo"] where other != prefix {
      if let found = try layout(of: "\(other)/\(name)") { return otherLayout("\(other)/\(name)", found, path) }
    }
    let near = names.first { $0.lowercased() == name.lowercased() } ?? nearest(name, among: names)
    return Finding(
      RegistryRules.unknownService, "ZooKeeper at \(place) has no znode \(path)",
      help: near.map { "did you mean service_name: \($0)?" } ?? Self.example("create", path))
  }

  /// The names below the prefix, but for those that ZooKeeper itself has there; nil where it is no znode.
  mutating func ownChildren() throws(Failure) -> [String]? {
    try children(of: prefix)?.filter { prefix != "/zookeeper" || !["config", "quota"].contains($0) }
  }

  mutating func noPrefix() throws(Failure) -> Finding {
    let others = (try children(of: "/") ?? []).filter { $0 != "zookeeper" }.prefix(10).map { "/\($0)" }
    return Finding(
      ZooKeeperRules.prefix, "ZooKeeper at \(place) has no znode \(prefix)",
      help: others.isEmpty
        ? "nothing is registered there; apisix-seed makes the prefix when it starts"
        : "there is \(others.joined(separator: ", ")); discovery.zookeeper.prefix of apisix-seed says which it reads")
  }

  /// Why apisix-seed takes no nodes from a znode that is there.
  mutating func finding(
    _ refusal: SeedNodes.Refusal, _ data: [UInt8]?, _ path: String
  ) throws(Failure) -> Finding {
    if let found = try layout(of: path) { return otherLayout(path, found, path) }
    let what: String
    switch refusal {
    case .nothing:
      return Finding(
        ZooKeeperRules.noData, "\(path) holds nothing; apisix-seed reads its data", help: Self.example("set", path))
    case .notJSON(let error): what = "is no JSON: \(error)"
    case .notArray(let type): what = "is \(type), not a list of nodes"
    case .noNode(let number, let type): what = "has \(type) as item \(number), not a node"
    case .wrongType(let number, let member, let wanted, let type):
      what = "has \(type) as \(member) of node \(number); it must be \(wanted)"
    }
    let mended = SeedNodes.mended(data ?? []).map { Self.example("set", path, $0) }
    return Finding(
      ZooKeeperRules.notNodes, "what \(path) holds \(what)", help: mended ?? Self.example("set", path))
  }

  /// How others than apisix-seed keep their instances below a znode.
  enum Layout {
    case dubbo
    /// With the instances' nodes, as apisix-seed would read them.
    case springCloud([UpstreamNode])
  }

  /// nil where nothing below it looks so, or it is not there.
  mutating func layout(of path: String) throws(Failure) -> Layout? {
    guard let names = try children(of: path), !names.isEmpty else { return nil }
    if names.contains("providers") { return .dubbo }
    var nodes: [UpstreamNode] = []
    for name in names.prefix(20) {
      guard case .there(let data?) = try data(of: "\(path)/\(name)"), let instance = try? JSONValue.parse(data),
        let address = instance["address"]?.string
      else { continue }
      let port = [instance["port"], instance["sslPort"]].lazy.compactMap { $0?.int }.first
      nodes.append(UpstreamNode(host: .string(address), port: port.map { JSONValue($0) }, weight: 100))
    }
    return nodes.isEmpty ? nil : .springCloud(nodes)
  }

  func otherLayout(_ path: String, _ layout: Layout, _ wanted: String) -> Finding {
    let help =
      switch layout {
      case .dubbo: "write the nodes that speak HTTP: \(Self.example(path == wanted ? "set" : "create", wanted))"
      case .springCloud(let nodes):
        Self.example(path == wanted ? "set" : "create", wanted, JSONValue.array(nodes.map(\.json)).text())
          + "\nand again whenever an instance comes or goes"
      }
    let whose = if case .dubbo = layout { "Dubbo" } else { "Spring Cloud" }
    return Finding(
      ZooKeeperRules.otherLayout,
      "\(path) is laid out as by \(whose): a znode for each instance, which apisix-seed "
        + "does not read", help: help)
  }
}

import JSON
import SourceText

/// Source: apisix/discovery/consul/init.lua, from 3.17 on client.lua.
extension ConsulModel {
  static func nodes(_ lookup: RegistryLookup, _ answers: RegistryAnswers) throws(RegistryStop) -> Resolution {
    let release = lookup.release
    guard release.has(.consulCatalogue) else { throw .none(.notKnown) }
    var resolution = Resolution()
    var none = NoNodes.unknown
    for server in servers(lookup) {
      do throws(RegistryStop) {
        if let nodes = try nodes(of: server + "/v1", lookup, answers) { resolution.nodes = nodes }
      } catch {
        guard case .none(let reason) = error else { throw error }
        none = reason
      }
    }
    guard resolution.nodes == nil else { return resolution }
    let name = lookup.serviceName
    let key = (release.has(.consulKeys) ? "default/" : "") + name
    let words =
      release.has(.consulSharedSize)
      ? Words(.nodesUnfetched, name, cause: Words(.consulUnknown, key)) : Words(.defaultTaken, name)
    return Resolution(nodes: defaultService(lookup), log: [words], none: none)
  }

  static let list = RegistryList(
    way: [], name: { item, _ in item["Service"]?["Service"]?.string ?? item["ServiceName"]?.string },
    narrowed: { item, release in
      let checks = release.has(.consulHealth) ? item["Checks"]?.array ?? [] : []
      return checks.allSatisfy { $0["Status"] == "passing" } ? item : nil
    }, isOfOne: true)

  static func isPerWorker(_ release: Release) -> Bool { !release.has(.consulSharedSize) }

  static func names(_ lookup: RegistryLookup, _ answers: RegistryAnswers) throws(RegistryStop) -> [String]? {
    guard lookup.release.has(.consulCatalogue) else { throw .none(.notKnown) }
    let skipped = skipped(lookup)
    var (found, seen, none): ([String], Set<String>, NoNodes?) = ([], [], nil)
    for server in servers(lookup) {
      do throws(RegistryStop) {
        let services = try answers.reply(to: .get(server + "/v1/catalog/services", token(lookup))).json()
        found += (services.object?.members ?? []).map(\.key).filter {
          !skipped.contains($0) && seen.insert($0).inserted
        }
      } catch {
        guard case .none(let reason) = error else { throw error }
        none = reason
      }
    }
    if let none, found.isEmpty { throw .none(none) }
    return found
  }

  /// A service whose own request fails is gone.
  static func keeps(_ none: NoNodes, in release: Release) -> Bool {
    if case .form = none { true } else { none == .unanswered }
  }

  /// None where one of them keeps the registry from starting.
  static func servers(_ lookup: RegistryLookup) -> [String] {
    let all = lookup.texts("servers")
    return all.contains { ConsulStart.problem($0) != nil } ? [] : all
  }

  /// Of consul_kv, and of consul before 3.16, only one of the workers knows it.
  static func defaultService(_ lookup: RegistryLookup) -> [UpstreamNode]? {
    guard let service = lookup.section["default_service"] else { return nil }
    let json = JSONValue(service)
    let node = UpstreamNode(
      host: json["host"], port: json["port"], weight: weight(lookup), details: ["metadata": json["metadata"]])
    return [node]
  }

  static func weight(_ lookup: RegistryLookup) -> JSONValue { .number(lookup.number("weight") ?? 1) }

  static func token(_ lookup: RegistryLookup) -> [RegistryRequest.Credential] {
    guard lookup.release.has(.consulToken) else { return [] }
    return [.header(name: "X-Consul-Token", value: lookup.section["token"]?.string ?? "")]
  }

  /// The arguments of a query that waits for a change; it answers the first time at once.
  static func waiting(_ lookup: RegistryLookup) -> String {
    guard lookup.section["keepalive"]?.bool != false else { return "" }
    return "index=0&wait=\(LuaNumber.text(lookup.section["timeout"]?["wait"]?.number ?? 60))s"
  }

  /// With several servers one that waits would hide what another has.
  static func waiting(_ url: String, since index: String, _ lookup: RegistryLookup) -> (url: String, seconds: Double)? {
    servers(lookup).count == 1 ? blocking(url, since: index, lookup) : nil
  }

  static func blocking(_ url: String, since index: String, _ lookup: RegistryLookup) -> (url: String, seconds: Double)?
  {
    guard lookup.section["keepalive"]?.bool != false else { return nil }
    let seconds = lookup.section["timeout"]?["wait"]?.number ?? 60
    let parts = url.split(separator: "?", maxSplits: 1)
    let kept = (parts.count > 1 ? parts[1] : "").parts(between: "&").filter {
      !$0.isEmpty && !$0.hasPrefix("index=") && !$0.hasPrefix("wait=")
    }
    let arguments = kept.map { String($0) } + ["index=\(index)", "wait=\(LuaNumber.text(seconds))s"]
    return ("\(parts[0])?\(arguments.joined(separator: "&"))", seconds)
  }

  // MARK: One server

  private static func nodes(
    of server: String, _ lookup: RegistryLookup, _ answers: RegistryAnswers
  ) throws(RegistryStop) -> [UpstreamNode]? {
    let names = try names(server, lookup, answers)
    let hasHealth = lookup.release.has(.consulHealth)
    // All at once: those that APISIX no longer asks after an error as well.
    let questions = names.map { name in
      RegistryQuestion.get(
        server + (hasHealth ? "/health/service/\(name)?passing" : "/catalog/service/\(name)"), token(lookup))
    }
    let replies = try answers.replies(to: questions)
    var found: [UpstreamNode]?
    for (name, reply) in zip(names, replies) {
      let answer: JSONValue
      do throws(RegistryStop) { answer = try reply.json(without: hasHealth ? beside : []) } catch {
        if name == lookup.serviceName { throw error }
        continue
      }
      // The others are read as well: an error in one takes all with it.
      let nodes = try lookup.reading { () throws(LuaError) in
        hasHealth ? try healthy(answer, lookup) : try catalogued(answer, lookup)
      }
      if name == lookup.serviceName { found = nodes }
    }
    return found
  }

  /// What stands in an entry beside its Service, or in that beside Address and Port: most of an answer.
  private static let beside: JSONSkipList = [
    "Node", "Checks", "Meta", "TaggedAddresses", "Weights", "Proxy", "Connect", "PeerMeta",
  ]

  /// What it never asks for.
  private static func skipped(_ lookup: RegistryLookup) -> Set<String> {
    Set(["", "consul"] + lookup.texts("skip_services"))
  }

  /// The services that are asked for.
  private static func names(
    _ server: String, _ lookup: RegistryLookup, _ answers: RegistryAnswers
  ) throws(RegistryStop) -> [String] {
    let name = lookup.serviceName
    // What is another path or query in a URL is asked for only where the catalogue has it.
    guard lookup.asksAll || !isPlain(name) else {
      return ["", "consul"].contains(name) || lookup.texts("skip_services").contains(name) ? [] : [name]
    }
    let hasHealth = lookup.release.has(.consulHealth)
    let paths = ["/catalog/services"] + (hasHealth ? ["/health/state/any"] : [])
    let waiting = waiting(lookup)
    var replies: [RegistryReply] = []
    if !waiting.isEmpty {
      replies = try answers.replies(to: paths.map { .get("\(server)\($0)?\(waiting)", token(lookup)) })
      for reply in replies { _ = try reply.json() }
    }
    if hasHealth || waiting.isEmpty {
      replies = try answers.replies(to: paths.map { .get(server + $0, token(lookup)) })
      for reply in replies { _ = try reply.json() }
    }
    let skipped = skipped(lookup)
    let all = try (replies.first?.json().object?.members ?? []).map(\.key).filter { !skipped.contains($0) }
    return lookup.asksAll ? all : all.filter { $0 == name }
  }

  private static func isPlain(_ name: String) -> Bool {
    var hasSlash = false
    for byte in name.utf8 {
      if byte == UInt8(ascii: "?") || byte == UInt8(ascii: "#") { return false }
      if byte == UInt8(ascii: "/") { hasSlash = true }
    }
    let steps = hasSlash ? name.parts(between: "/") : [name[...]]
    return !steps.contains { ["", ".", ".."].contains($0) }
  }

  private static func healthy(_ answer: JSONValue, _ lookup: RegistryLookup) throws(LuaError) -> [UpstreamNode]? {
    let release = lookup.release
    var nodes: [UpstreamNode] = []
    var seen: Set<String> = []
    guard answer != .null, answer != "" else { return nil }
    for entry in try Lua.list(answer, line: 0, file: nil) {
      let service = try Lua.index(entry, "Service", (0, "local 'node'"), file: nil)
      guard Lua.isTrue(service) else {
        if release.has(.consulSkipsNameless) { continue }
        return nodes.isEmpty ? nil : nodes
      }
      let host = try Lua.index(service, "Address", (0, "field 'Service'"), file: nil)
      var port = try Lua.index(service, "Port", (0, "field 'Service'"), file: nil)
      if release.has(.consulDefaultPort), !Lua.isTrue(port) || port == 0 { port = 80 }
      if release.has(.consulSort) {
        let key = try Lua.joined(host, "svc_address") + ":" + Lua.joined(port, "svc_port")
        guard seen.insert(key).inserted else { continue }
      }
      nodes.append(UpstreamNode(host: host, port: Lua.number(port), weight: weight(lookup)))
    }
    if release.has(.consulSort) { sort(&nodes, lookup.section["sort_type"]?.string) }
    return nodes.isEmpty ? nil : nodes
  }

  private static func catalogued(_ answer: JSONValue, _ lookup: RegistryLookup) throws(LuaError) -> [UpstreamNode]? {
    var nodes: [UpstreamNode] = []
    for entry in try Lua.list(answer, line: 0, file: nil) {
      let own = try Lua.index(entry, "ServiceAddress", (0, "local 'node'"), file: nil)
      let host = Lua.isTrue(own) ? own : entry["Address"]
      nodes.append(UpstreamNode(host: host, port: Lua.number(entry["ServicePort"]), weight: weight(lookup)))
    }
    return nodes.isEmpty ? nil : nodes
  }

  /// What is equal stays as it came; APISIX's order of those is not fixed.
  private static func sort(_ nodes: inout [UpstreamNode], _ type: String?) {
    func host(_ node: UpstreamNode) -> String { Lua.text(node.host) }
    func port(_ node: UpstreamNode) -> Double { node.port?.number ?? 0 }
    func isBefore(_ left: String, _ right: String) -> Bool { left.utf8.lexicographicallyPrecedes(right.utf8) }
    switch type {
    case "port_sort": nodes.sort { port($0) < port($1) }
    case "host_sort": nodes.sort { isBefore(host($0), host($1)) }
    case "combine_sort":
      nodes.sort { host($0) == host($1) ? port($0) < port($1) : isBefore(host($0), host($1)) }
    default: return
    }
  }
}

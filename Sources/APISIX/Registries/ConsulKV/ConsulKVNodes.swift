import JSON
import SourceText

/// Source: apisix/discovery/consul_kv/init.lua.
extension ConsulKVModel {
  static func nodes(_ lookup: RegistryLookup, _ answers: RegistryAnswers) throws(RegistryStop) -> Resolution {
    let name = lookup.serviceName
    let prefix = lookup.consulPrefix
    let arguments = ["recurse", ConsulModel.waiting(lookup)].filter { !$0.isEmpty }
    // As Lua makes them, in order.
    let query = arguments.joined(separator: "&").split(separator: "&").sorted().joined(separator: "&")
    var resolution = Resolution(none: .unknown)
    for server in ConsulModel.servers(lookup).map({ $0 + "/v1/kv/" }) where lookup.asksAll || name.hasPrefix(server) {
      do throws(RegistryStop) {
        let answer = try answers.reply(to: .get("\(server)\(prefix)?\(query)", ConsulModel.token(lookup))).json()
        guard name.hasPrefix(server) else { continue }
        let (nodes, isThere) = try lookup.reading { () throws(LuaError) in
          try self.nodes(answer, of: String(name.dropFirst(server.count)), lookup)
        }
        if !nodes.isEmpty { return Resolution(nodes: nodes) }
        if isThere { resolution.none = .noneUsable }
      } catch {
        guard case .none(let reason) = error else { throw error }
        resolution.none = reason
      }
    }
    resolution.nodes = ConsulModel.defaultService(lookup)
    resolution.log = [Words(.defaultTaken, name)]
    return resolution
  }

  /// The service's name is the URL of its folder.
  static let list = RegistryList(
    way: [],
    name: { item, url in
      guard let key = item["Key"]?.string, let end = key.lastIndex(of: "/"),
        let start = url.firstBytes(of: "/v1/kv/")?.upperBound
      else { return nil }
      return String(url[..<start]) + key[...end]
    }, keepsAll: true)
  static let answersWhole = true

  static func waiting(_ url: String, since index: String, _ lookup: RegistryLookup) -> (url: String, seconds: Double)? {
    ConsulModel.blocking(url, since: index, lookup)
  }

  /// - Returns: the nodes, and whether there was any key below the service.
  private static func nodes(
    _ answer: JSONValue, of service: String, _ lookup: RegistryLookup
  ) throws(LuaError) -> (nodes: [UpstreamNode], isThere: Bool) {
    guard let rule = lookup.consulKey else { return ([], false) }
    let skipped = lookup.texts("skip_keys")
    var nodes: [UpstreamNode] = []
    var isThere = false
    for entry in try Lua.list(answer, line: 0, file: nil) {
      let key = try Lua.index(entry, "Key", (0, "local 'node'"), file: nil)?.string ?? ""
      if !service.isEmpty, key.hasPrefix(service) { isThere = true }
      guard let groups = try? rule.groups(of: Array(key.utf8))?.map({ String(decoding: $0, as: UTF8.self) }),
        !skipped.contains(groups[0]), let value = entry["Value"]?.string, !value.isEmpty,
        let bytes = Base64.decode(value.utf8), let metadata = try? JSONValue.parse(bytes)
      else { continue }
      // Read for the other services too: an error in one takes all with it.
      let status = try Lua.index(metadata, "check_status", (0, "local 'metadata'"), file: nil)
      guard groups[0] == service, status != false, status != "false" else { continue }
      let weight = metadata["weight"].flatMap { Lua.isTrue($0) ? $0 : nil }
      nodes.append(
        UpstreamNode(
          host: .string(groups[1]), port: Lua.number(.string(groups[2])), weight: weight ?? ConsulModel.weight(lookup)))
    }
    return (nodes, isThere)
  }
}

extension RegistryLookup {
  /// Below which APISIX reads the keys of consul_kv. It is a part of an expression, too.
  public var consulPrefix: String { section["prefix"]?.string ?? "upstreams" }

  /// Service, host and port of a key; nil where the prefix makes no expression.
  fileprivate var consulKey: PCRE? { try? PCRE("(\(consulPrefix)/.*/)([a-zA-Z0-9.]+):([0-9]+)") }

  /// The services that consul_kv's keys belong to; nil for a key whose name APISIX cannot read.
  public func consulServices(of keys: [String]) -> [String?] {
    let rule = consulKey
    return keys.map { key in
      (try? rule?.groups(of: Array(key.utf8)))?.flatMap { $0 }?.first.map { String(decoding: $0, as: UTF8.self) }
    }
  }
}

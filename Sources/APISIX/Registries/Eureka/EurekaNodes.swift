import Inputs
import JSON
import SourceText

/// Source: apisix/discovery/eureka/init.lua.
extension EurekaModel {
  static func nodes(_ lookup: RegistryLookup, _ answers: RegistryAnswers) throws(RegistryStop) -> Resolution {
    var none = NoNodes.unanswered
    for host in lookup.hosts {
      do throws(RegistryStop) {
        let answer = try answers.reply(to: question(host, lookup)).json()
        let found = try lookup.reading { () throws(LuaError) in try instances(answer, of: lookup.serviceName) }
        let nodes = try nodes(found, lookup, answers)
        let none: NoNodes? = nodes.isEmpty ? found.isEmpty ? .unknown : .noneUsable : nil
        return Resolution(nodes: none == nil ? nodes : nil, none: none, instances: found.map(\.value))
      } catch {
        guard case .none(let reason) = error else { throw error }
        none = reason
        // What answers is not asked again of another.
        if case .form = reason { break }
        if case .notJSON = reason { break }
      }
    }
    return Resolution(log: [Words(.eurekaUnfetched, lookup.serviceName)], none: none)
  }

  static let list = RegistryList(way: ["applications", "application"]) { item, _ in item["name"]?.string }
  static let answersWhole = true

  /// The first `@` ends the user, so that a password with one in it goes to another host.
  private static func question(_ host: String, _ lookup: RegistryLookup) -> RegistryQuestion {
    var url = host
    var credentials: [RegistryRequest.Credential] = []
    if let mark = host.firstIndex(of: "@"), let start = host.firstBytes(of: "://")?.upperBound, start <= mark {
      url = String(host[..<start] + host[host.index(after: mark)...])
      credentials = [.header(name: "Authorization", value: "Basic " + Base64.encode(Array(host[start..<mark].utf8)))]
    }
    url += lookup.section["prefix"]?.string ?? ""
    return .get(url + (url.hasSuffix("/") ? "" : "/") + "apps", acceptsJSON: true, credentials)
  }

  /// An instance that is up and has a port.
  private struct Instance {
    let value: JSONValue
    let host: JSONValue?
    let port: JSONValue?
    let isUp: Bool
    let metadata: JSONValue?
  }

  /// Those of one application. All are read, as an error in one takes all with it.
  private static func instances(_ answer: JSONValue, of name: String) throws(LuaError) -> [Instance] {
    let applications = try Lua.index(answer, "applications", (0, "local 'data'"), file: nil)
    let list = try Lua.index(applications, "application", (0, "field 'applications'"), file: nil)
    guard let list, list.array != nil || list.object != nil || list.string != nil else {
      throw LuaError(nil, 0, Words(.badLength, "local 'apps'", Lua.type(list)))
    }
    var found: [Instance] = []
    for application in try Lua.list(list, line: 0, file: nil) {
      let instances = try Lua.index(application, "instance", (0, "local 'app'"), file: nil)
      guard let instances else { throw LuaError(nil, 0, Words(.badArgument, "1", "ipairs", "table", "nil")) }
      for instance in try Lua.list(instances, line: 0, file: nil) {
        let read = try self.instance(instance)
        if application["name"]?.string == name { found.append(read) }
      }
    }
    return found
  }

  private static func instance(_ value: JSONValue) throws(LuaError) -> Instance {
    var status = try Lua.index(value, "status", (0, "local 'instance'"), file: nil)
    let overridden = [value["overriddenstatus"], value["overriddenStatus"]].first { Lua.isTrue($0) } ?? nil
    if let overridden, overridden != "UNKNOWN" { status = overridden }
    guard status == "UP" else { return Instance(value: value, host: nil, port: nil, isUp: false, metadata: nil) }
    var port: JSONValue?
    for key in ["port", "securePort"] {
      let enabled = try Lua.index(value[key], "@enabled", (0, "field '\(key)'"), file: nil)
      if Lua.text(enabled) == "true", let number = value[key]?["$"], Lua.isTrue(number) { port = number }
    }
    let metadata = value["metadata"]
    if let metadata, Lua.isTrue(metadata), port != nil {
      _ = try Lua.index(metadata, "weight", (0, "local 'metadata'"), file: nil)
    }
    return Instance(value: value, host: value["ipAddr"], port: port, isUp: true, metadata: metadata)
  }

  private static func nodes(
    _ instances: [Instance], _ lookup: RegistryLookup, _ answers: RegistryAnswers
  ) throws(RegistryStop) -> [UpstreamNode] {
    let fallback = JSONValue.number(lookup.number("weight") ?? 100)
    var nodes: [UpstreamNode] = []
    for instance in instances where instance.isUp && instance.port != nil {
      guard let host = instance.host?.string else { continue }
      var address = host
      if addressBytes(host) == nil {
        guard lookup.release.has(.eurekaHostNames),
          case .addresses(let all) = try answers.reply(to: .address(of: host)), let first = all.first
        else { continue }
        address = first
      }
      var (metadata, weight) = (instance.metadata, fallback)
      if case .object(var object)? = metadata {
        if let own = object["weight"], Lua.isTrue(own) { weight = own }
        object.members.removeAll { $0.key == "weight" }
        metadata = .object(object)
      }
      let details: JSONObject = ["metadata": metadata, "domain": address == host ? nil : .string(host)]
      nodes.append(UpstreamNode(host: .string(address), port: instance.port, weight: weight, details: details))
    }
    return nodes
  }
}

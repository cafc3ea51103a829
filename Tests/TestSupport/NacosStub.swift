import Foundation

/// A contract stub of Nacos' HTTP API, version 1, and of what 3.x has beside it: not Nacos. It keeps registrations in
/// memory and answers with the bodies of 1.4.7, 2.4.3 or 3.x. What is not in the contract (heartbeats' time,
/// clusters of servers, gRPC) it does not do.
public final class NacosStub: Sendable {
  public enum Dialect: Sendable {
    case first, second
    /// 3.0: the API for administrators is off; 3.2: only the login is left of version 1.
    case third(String)
  }

  public struct State: Sendable {
    public var dialect = Dialect.second
    /// With authentication on; nil: off. The first is the administrator.
    public var users: [(name: String, password: String)]?
    /// `ROLE USER` and `ROLE RESOURCE ACTION`
    public var roles: Set<String> = []
    public var permissions: Set<String> = []
    public var namespaces = [("", "public")]
    public var instances: [Instance] = []
    /// The services that reached their protection threshold.
    public var protected: Set<String> = []
    /// In place of everything: a status, and what is said.
    public var fault: StubServer.Answer?
    /// For the path of a question.
    public var faults: [String: StubServer.Answer] = [:]
    public var base = "/nacos/v1/"

    public init() {}
  }

  public struct Instance: Sendable {
    public var space = "public", group = "DEFAULT_GROUP", service = "web", cluster = "DEFAULT"
    public var ip = "10.0.0.1", port = 80, weight = 1.0, healthy = true, enabled = true
    public var metadata: [String: String] = [:]

    public init() {}
    public init(_ change: (inout Instance) -> Void) { change(&self) }

    fileprivate var key: [String] { [space, group, service, cluster, ip, "\(port)"] }
  }

  private let kept: KeepingStub<State>
  public var server: StubServer { kept.server }

  public init(_ change: (inout State) -> Void = { _ in }) throws {
    var initial = State()
    change(&initial)
    kept = try KeepingStub(initial) { $0.answer($1) }
  }

  public func with<T: Sendable>(_ body: @Sendable (inout State) -> T) -> T { kept.with(body) }
  public func stop() { server.stop() }
}

extension NacosStub.State {
  fileprivate mutating func answer(_ asked: StubServer.Asked) -> StubServer.Answer {
    if let fault = fault ?? faults[asked.path] { return fault }
    let given = Self.arguments(asked)
    if asked.path.hasPrefix("/nacos/v3/") { return third(asked, given) }
    guard asked.path.hasPrefix(base) else { return Self.error(404, "Not Found", asked.path) }
    let path = String(asked.path.dropFirst(base.count))
    if ["auth/login", "auth/users/login"].contains(path), asked.method == "POST" { return login(given) }
    if case .third(let version) = dialect {
      if version.hasPrefix("3.2") { return Self.error(404, "Not Found", asked.path) }
      // Of version 1 it has what clients need, unless that is switched off as well.
      if !["ns/instance/list", "ns/instance", "ns/instance/beat", "ns/service/list"].contains(path) {
        return Self.error(410, "Current API will be deprecated, please use API(s) of v3 instead", asked.path)
      }
    }
    switch (asked.method, path) {
    case ("GET", "console/namespaces"): return .init(body: Self.json(["code": 200, "data": spaces("")]))
    case ("GET", "console/server/state"):
      return .init(body: Self.json(["version": "\(isFirst ? "1.4.7" : "2.4.3")", "standalone_mode": "standalone"]))
    default: break
    }
    if let refused = refusal(asked, given, isWrite: asked.method != "GET") { return refused }
    return naming(asked, path, given)
  }

  private var isFirst: Bool { if case .first = dialect { true } else { false } }

  private mutating func naming(
    _ asked: StubServer.Asked, _ path: String, _ given: [String: String]
  ) -> StubServer.Answer {
    let (space, group, service) = Self.name(given)
    switch (asked.method, path) {
    case ("GET", "ns/instance/list"):
      if given["serviceName"] == nil { return .init(status: 400, body: "Param 'serviceName' is required.") }
      return .init(body: list(space, group, service, healthyOnly: given["healthyOnly"]?.lowercased() == "true"))
    case ("POST", "ns/instance"), ("PUT", "ns/instance"):
      var instance = NacosStub.Instance()
      (instance.space, instance.group, instance.service) = (space, group, service)
      instance.ip = given["ip"] ?? ""
      instance.port = given["port"].flatMap { Int($0) } ?? 0
      instance.cluster = given["clusterName"] ?? "DEFAULT"
      instance.weight = given["weight"].flatMap { Double($0) } ?? 1
      instance.healthy = given["healthy"]?.lowercased() != "false"
      instance.enabled = (given["enabled"] ?? given["enable"])?.lowercased() != "false"
      let metadata = given["metadata"].flatMap { try? JSONSerialization.jsonObject(with: Data($0.utf8)) }
      instance.metadata = metadata as? [String: String] ?? [:]
      instances.removeAll { $0.key == instance.key }
      instances.append(instance)
      return .init(type: "text/plain", body: "ok")
    case ("DELETE", "ns/instance"):
      instances.removeAll { $0.service == service && $0.ip == given["ip"] && "\($0.port)" == given["port"] }
      return .init(type: "text/plain", body: "ok")
    case ("PUT", "ns/instance/beat"):
      return .init(body: Self.json(["clientBeatInterval": 5000, "code": 10200, "lightBeatEnabled": true]))
    case ("GET", "ns/service/list"):
      let names = Set(instances.filter { $0.space == space && $0.group == group }.map(\.service)).sorted()
      return .init(body: Self.json(["count": names.count, "doms": names]))
    case ("GET", "ns/catalog/services"):
      let found = services(space, given["serviceNameParam"] ?? "")
      return .init(body: Self.json(["count": found.count, "serviceList": found]))
    case ("GET", "ns/catalog/instances"):
      let found = instances.filter { $0.space == space && $0.group == group && $0.service == service }
      return .init(body: Self.json(["count": found.count, "list": found.map { json($0) }]))
    case ("POST", "auth/roles"):
      roles.insert("\(given["role"] ?? "") \(given["username"] ?? "")")
      return .init(body: Self.json(["code": 200, "message": "add role ok!"]))
    case ("POST", "auth/permissions"):
      permissions.insert("\(given["role"] ?? "") \(given["resource"] ?? "") \(given["action"] ?? "")")
      return .init(body: Self.json(["code": 200, "message": "add permission ok!"]))
    default: return Self.error(404, "Not Found", asked.path)
    }
  }

  private mutating func third(_ asked: StubServer.Asked, _ given: [String: String]) -> StubServer.Answer {
    guard case .third(let version) = dialect else { return Self.error(404, "Not Found", asked.path) }
    let path = asked.path.dropFirst("/nacos/v3/".count)
    func result(_ data: Any) -> StubServer.Answer {
      .init(body: Self.json(["code": 0, "message": "success", "data": data]))
    }
    if path == "admin/core/state" { return result(["version": version]) }
    if let refused = refusal(asked, given, isWrite: true) { return refused }
    switch path {
    case "admin/core/namespace/list": return result(spaces("public"))
    case "admin/ns/service/list":
      let found = services(given["namespaceId"] ?? "public", given["serviceNameParam"] ?? "")
      return result(["totalCount": found.count, "pageItems": found])
    case "auth/role":
      roles.insert("\(given["role"] ?? "") \(given["username"] ?? "")")
      return result("add role ok!")
    case "auth/permission":
      permissions.insert("\(given["role"] ?? "") \(given["resource"] ?? "") \(given["action"] ?? "")")
      return result("add permission ok!")
    default: return Self.error(404, "Not Found", asked.path)
    }
  }

  // MARK: who asks

  private func login(_ given: [String: String]) -> StubServer.Answer {
    guard let users else { return .init(body: Self.json(["accessToken": "AUTH-OFF", "tokenTtl": 18000])) }
    let name = given["username"] ?? ""
    guard let user = users.first(where: { $0.name == name }) else {
      if case .second = dialect {
        return .init(status: 500, type: "text/plain", body: "caused: User \(name) not found;")
      }
      return .init(status: 403, type: "text/plain", body: isFirst ? "unknown user!" : "user not found!")
    }
    guard user.password == given["password"] else {
      return .init(status: 403, type: "text/plain", body: isFirst ? "unknown user!" : "user not found!")
    }
    return .init(
      body: Self.json(["accessToken": "token-of-\(name)", "tokenTtl": 18000, "globalAdmin": name == users.first?.name]))
  }

  private func refusal(
    _ asked: StubServer.Asked, _ given: [String: String], isWrite: Bool
  ) -> StubServer.Answer? {
    guard let users else { return nil }
    func refused(_ message: String, _ code: Int) -> StubServer.Answer {
      if case .third = dialect { return Self.error(403, "Code: \(code), Message: \(message).", asked.path) }
      return Self.error(403, message, asked.path)
    }
    let token = given["accessToken"] ?? asked.authorization.map { String($0.dropFirst("Bearer ".count)) }
    var name = token.map { String($0.dropFirst("token-of-".count)) }
    if token == nil, let user = users.first(where: { $0.name == given["username"] && $0.password == given["password"] })
    {
      name = user.name
    }
    guard let name else { return refused(isFirst ? "unknown user!" : "user not found!", 401) }
    guard users.contains(where: { $0.name == name }) else { return refused("token invalid!", 403) }
    if name == users.first?.name { return nil }
    let (space, group, service) = Self.name(given)
    // What 2.3 to 2.5 make of it.
    let isSecond = if case .second = dialect { true } else { false }
    let shown = space == "public" && isSecond ? "" : space
    let resource = "\(shown):\(group):naming/\(service)"
    let isAllowed = permissions.contains { permission in
      let parts = permission.components(separatedBy: " ")
      let pattern = parts[1].replacingOccurrences(of: "*", with: ".*")
      return roles.contains("\(parts[0]) \(name)") && parts[2].contains(isWrite ? "w" : "r")
        && (try? Regex(pattern).wholeMatch(in: resource)) != nil
    }
    return isAllowed ? nil : refused("authorization failed!", 403)
  }

  // MARK: bodies

  private func spaces(_ open: String) -> [[String: Any]] {
    namespaces.map { ["namespace": $0.0.isEmpty ? open : $0.0, "namespaceShowName": $0.1, "quota": 200, "type": 0] }
  }

  private func services(_ space: String, _ part: String) -> [[String: Any]] {
    let named = instances.filter { $0.space == space && (part.isEmpty || $0.service.contains(part)) }
    return Dictionary(grouping: named) { [$0.service, $0.group] }.sorted { $0.key[0] < $1.key[0] }.map { key, found in
      [
        "name": key[0], "groupName": key[1], "clusterCount": 1, "ipCount": found.count,
        "healthyInstanceCount": found.count(where: \.healthy), "triggerFlag": "false",
      ]
    }
  }

  private func list(_ space: String, _ group: String, _ service: String, healthyOnly: Bool) -> String {
    var found = instances.filter { $0.space == space && $0.group == group && $0.service == service && $0.enabled }
    let (total, isKnown) = (found.count, !found.isEmpty)
    let isProtected = protected.contains(service) || isFirst && total > 0 && !found.contains(where: \.healthy)
    if isProtected {
      found = found.map { instance in
        var instance = instance
        instance.healthy = true
        return instance
      }
    } else if healthyOnly {
      found = found.filter(\.healthy)
    }
    let name = "\(group)@@\(service)"
    var body: [String: Any] = ["name": name, "clusters": "", "hosts": found.map { json($0) }]
    if isFirst {
      body["cacheMillis"] = 3000
      if isKnown { body.merge(["dom": service, "useSpecifiedURL": false, "env": ""]) { $1 } }
    } else {
      body.merge(["groupName": group, "cacheMillis": 10000, "allIPs": false, "valid": true]) { $1 }
      body["reachProtectionThreshold"] = isProtected
    }
    return Self.json(body)
  }

  private func json(_ instance: NacosStub.Instance) -> [String: Any] {
    let name = "\(instance.group)@@\(instance.service)"
    return [
      "instanceId": "\(instance.ip)#\(instance.port)#\(instance.cluster)#\(name)", "ip": instance.ip,
      "port": instance.port, "weight": instance.weight, "healthy": instance.healthy, "enabled": instance.enabled,
      "ephemeral": true, "clusterName": instance.cluster, "serviceName": name, "metadata": instance.metadata,
    ]
  }

  private static func json(_ value: Any) -> String {
    let data = try? JSONSerialization.data(withJSONObject: value, options: [.sortedKeys, .withoutEscapingSlashes])
    return data.map { String(decoding: $0, as: UTF8.self) } ?? ""
  }

  private static func error(_ status: Int, _ message: String, _ path: String) -> StubServer.Answer {
    .init(status: status, body: json(["status": status, "error": "Error", "message": message, "path": path]))
  }

  /// Of the query and of a form.
  private static func arguments(_ asked: StubServer.Asked) -> [String: String] {
    let query = asked.target.split(separator: "?", maxSplits: 1).dropFirst().first.map(String.init) ?? ""
    let pairs = [query, asked.body.hasPrefix("{") ? "" : asked.body].flatMap { $0.split(separator: "&") }
    return Dictionary(
      pairs.map { pair in
        let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        let plain = { (text: String) in
          text.replacingOccurrences(of: "+", with: " ").removingPercentEncoding ?? text
        }
        return (plain(parts[0]), parts.count > 1 ? plain(parts[1]).trimmingCharacters(in: .whitespaces) : "")
      }, uniquingKeysWith: { $1 })
  }

  /// A group in the name goes before the one beside it.
  private static func name(_ given: [String: String]) -> (space: String, group: String, service: String) {
    let space = given["namespaceId"].map { $0.isEmpty ? "public" : $0 } ?? "public"
    let parts = (given["serviceName"] ?? "").components(separatedBy: "@@")
    if parts.count == 2 { return (space, parts[0], parts[1]) }
    return (space, given["groupName"] ?? "DEFAULT_GROUP", parts[0])
  }
}

import Foundation

/// A contract stub of Eureka's HTTP API: not Eureka. It keeps registrations in memory, writes XML unless asked for
/// JSON, and knows applications by their names in upper case. Leases do not run out by themselves.
public final class EurekaStub: Sendable {
  public struct State: Sendable {
    public var prefix = "/eureka/"
    /// `USER:PASSWORD`
    public var user: String?
    /// Instances as JSON texts, by application and ID.
    public var applications: [String: [String: String]] = [:]
    /// In place of everything.
    public var fault: StubServer.Answer?

    public init() {}
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

  /// What a client of Spring Cloud registers, with some members otherwise.
  public static func instance(_ application: String, _ address: String, _ change: [String: Any] = [:]) -> String {
    let now = Int(Date.now.timeIntervalSince1970 * 1000)
    let instance: [String: Any] = [
      "instanceId": "\(address):\(application.lowercased()):8080", "hostName": address, "app": application,
      "ipAddr": address, "status": "UP", "overriddenStatus": "UNKNOWN", "port": ["$": 8080, "@enabled": "true"],
      "securePort": ["$": 443, "@enabled": "false"], "countryId": 1,
      "leaseInfo": [
        "renewalIntervalInSecs": 30, "durationInSecs": 90, "registrationTimestamp": now - 60_000,
        "lastRenewalTimestamp": now - 10_000, "evictionTimestamp": 0, "serviceUpTimestamp": now - 60_000,
      ], "metadata": ["management.port": "8080"], "actionType": "ADDED",
    ]
    return json(instance.merging(change) { $1 })
  }

  fileprivate static func json(_ value: Any) -> String {
    let data = try? JSONSerialization.data(withJSONObject: value, options: [.sortedKeys, .withoutEscapingSlashes])
    return data.map { String(decoding: $0, as: UTF8.self) } ?? ""
  }
}

extension EurekaStub.State {
  public mutating func add(_ application: String, _ address: String, _ change: [String: Any] = [:]) {
    let text = EurekaStub.instance(application, address, change)
    applications[application, default: [:]][Self.id(Self.object(text))] = text
  }

  fileprivate mutating func answer(_ asked: StubServer.Asked) -> StubServer.Answer {
    if let fault { return fault }
    if let user, asked.authorization != "Basic \(Data(user.utf8).base64EncodedString())" {
      return .init(
        status: 401, headers: ["WWW-Authenticate: Basic realm=\"Realm\""],
        body: EurekaStub.json(["status": 401, "error": "Unauthorized", "path": asked.path]))
    }
    guard asked.path.hasPrefix(prefix + "apps") else {
      return .init(status: 404, body: EurekaStub.json(["status": 404, "error": "Not Found", "path": asked.path]))
    }
    let parts = asked.path.dropFirst(prefix.count + "apps".count).split(separator: "/").map {
      $0.removingPercentEncoding ?? String($0)
    }
    let application = parts.first?.uppercased() ?? ""
    switch (asked.method, parts.count) {
    case ("GET", 0):
      guard asked.accept?.contains("json") == true else {
        return .init(type: "application/xml", body: "<applications><versions__delta>1</versions__delta></applications>")
      }
      let all = applications.sorted { $0.key < $1.key }.map { name, instances -> [String: Any] in
        ["name": name, "instance": instances.sorted { $0.key < $1.key }.map { Self.object($0.value) }]
      }
      return .init(
        body: EurekaStub.json(["applications": ["versions__delta": "1", "apps__hashcode": "", "application": all]]))
    case ("POST", 1):
      let instance = Self.object(asked.body)["instance"] as? [String: Any] ?? [:]
      guard instance["ipAddr"] != nil else { return .init(status: 400, body: "Missing ip address") }
      applications[application, default: [:]][Self.id(instance)] = EurekaStub.json(instance)
      return .init(status: 204)
    case ("PUT", 2): return .init(status: applications[application]?[parts[1]] == nil ? 404 : 200)
    case ("DELETE", 2):
      return .init(status: applications[application]?.removeValue(forKey: parts[1]) == nil ? 404 : 200)
    case ("PUT", 3), ("DELETE", 3):
      guard let text = applications[application]?[parts[1]] else { return .init(status: 404) }
      let value = asked.target.components(separatedBy: "value=").dropFirst().first ?? "UNKNOWN"
      var instance = Self.object(text)
      instance["status"] = value
      instance["overriddenStatus"] = asked.method == "PUT" ? value : "UNKNOWN"
      applications[application]?[parts[1]] = EurekaStub.json(instance)
      return .init(status: 200)
    default: return .init(status: 404)
    }
  }

  private static func object(_ text: String) -> [String: Any] {
    (try? JSONSerialization.jsonObject(with: Data(text.utf8))) as? [String: Any] ?? [:]
  }

  private static func id(_ instance: [String: Any]) -> String { instance["instanceId"] as? String ?? "" }
}

import APISIX
public import Findings
public import HTTP
public import JSON
import Registries

/// `rbac verify`: what the identity of every target of a plan may do, against what APISIX needs.
public struct RBACVerify: Sendable {
  public let checks: [RBACCheck]
  public let findings: [Finding]
  private let hasSeveral: Bool

  /// - Parameters:
  ///   - needs: what the identity must be able to list and watch; nil: what the configuration and release ask for.
  ///   - trace: is told each request and its answer, without any secret.
  public init(
    _ plan: AccessPlan, needs: APIResourceChoice? = nil, http: HTTPClient, now: Int,
    trace: @escaping (String) -> Void = { _ in }
  ) {
    hasSeveral = plan.hasSeveral
    var findings: [Finding] = []
    checks = plan.targets.map { target in
      trace(target.summary)
      var probe = RBACProbe(target, needs: needs, http: http, now: now, trace: trace)
      probe.run()
      findings += probe.findings
      return probe.check
    }
    self.findings = findings
  }

  public var preface: [String] { checks.flatMap(\.text) }

  /// The objects that close every gap, for kubectl; nil when there is none.
  public var manifest: String? {
    let all = checks.compactMap(\.manifest)
    return all.isEmpty ? nil : all.joined(separator: "---\n")
  }

  /// The members of the JSON document.
  public var members: [JSONObject.Member] {
    guard hasSeveral else {
      return checks.first?.members ?? [
        .init(key: "identity", value: .null), .init(key: "permissions", value: []),
        .init(key: "manifest", value: .null),
      ]
    }
    let clusters = checks.map { check in
      let place: [JSONObject.Member] = [
        .init(key: "id", value: .string(check.target.id ?? "")),
        .init(key: "server", value: .string(check.target.connection.server)),
      ]
      return JSONValue.object(JSONObject(place + check.members))
    }
    return [
      .init(key: "identity", value: .null), .init(key: "permissions", value: []),
      .init(key: "clusters", value: .array(clusters)),
    ]
  }
}

/// What an identity is to be able to list and watch, where a flag says so.
public enum APIResourceChoice: Sendable {
  case endpoints, endpointSlices, both
}

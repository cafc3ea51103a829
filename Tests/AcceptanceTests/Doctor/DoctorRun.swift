import TestSupport
import Testing

extension StubServer {
  /// A Consul that is well, by a contract stub, but for what is answered in its place.
  static func consul(_ change: @escaping @Sendable (Asked) -> Answer? = { _ in nil }) throws -> StubServer {
    let web = """
      [{"Node": {"Node": "n1", "Address": "127.0.0.1"},
        "Service": {"ID": "w", "Service": "web", "Address": "127.0.0.1", "Port": 1}, "Checks": []}]
      """
    return try StubServer { asked in
      if let answer = change(asked) { return answer }
      let index = ["X-Consul-Index: 7"]
      return switch asked.path {
      case "/v1/catalog/services": .init(headers: index, body: #"{"consul": [], "web": []}"#)
      case "/v1/catalog/nodes": .init(body: #"[{"Node": "n1"}]"#)
      case "/v1/health/service/web", "/v1/health/state/any": .init(headers: index, body: web)
      default: .init(headers: index, body: "[]")
      }
    }
  }
}

extension Ended {
  /// Those of doctor's document.
  func checks() throws -> [[String: Any]] { try json()["checks"] as? [[String: Any]] ?? [] }

  /// What `-v` tells of requests to an API server, each of which only reads, or asks what one may do oneself.
  func readingRequests(sourceLocation: SourceLocation = #_sourceLocation) -> [Substring] {
    let requests = errors.split(separator: "\n").filter { $0.contains(" in ") && $0.contains("/api") }
    #expect(!requests.isEmpty, sourceLocation: sourceLocation)
    for request in requests {
      #expect(
        request.contains("gatecheck: GET /")
          || request.contains(#/gatecheck: POST /apis/auth[a-z]+\.k8s\.io/v1/self/#),
        "\(request)", sourceLocation: sourceLocation)
    }
    return requests
  }
}

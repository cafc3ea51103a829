import APISIX
import Findings
import HTTP
import Kubernetes
import SourceText

/// What the server warns of in `Warning` headers. APISIX does not read them.
struct ServerWarning: Hashable {
  let text: String

  /// No API server has more to say than so many different ones.
  static let most = 20

  /// The warnings of an answer: `299 - "text"`, each with a date behind it or without.
  static func all(of response: Response) -> [ServerWarning] {
    response.head.values(of: "warning").prefix(most).compactMap { value in
      guard let start = value.firstIndex(of: "\""), let end = value[value.index(after: start)...].firstIndex(of: "\""),
        value.hasPrefix("299 ")
      else { return nil }
      return ServerWarning(text: String(value[value.index(after: start)..<end]))
    }
  }

  var isAboutEndpoints: Bool { text.hasPrefix("v1 Endpoints is deprecated") }
  /// More than one blank stood behind `Bearer`.
  var ignoresToken: Bool { text.has("Authorization header contains extra space") }

  /// - Parameter user: whose right to EndpointSlices it takes to follow the advice.
  func finding(_ release: Release, prefix: String, for user: String?) -> Finding {
    guard isAboutEndpoints else { return Finding(ServerRules.warning, "\(prefix)the server warns: \(text)") }
    let needed = ["list", "watch"].map { AccessRequest($0, .endpointSlices) }
    let right = RBACMend(needed: needed, user: user, objects: nil).command
    let cure = "watch_endpoint_slices: true, and the right to them" + (right.map { ":\n\($0)" } ?? "")
    return Finding(
      ServerRules.endpointsDeprecated,
      "\(prefix)this server calls Endpoints, which APISIX lists, deprecated; they still work",
      help: release.has(.readsSlices) ? cure : "from APISIX \(Feature.readsSlices.since.line) on: \(cure)")
  }
}

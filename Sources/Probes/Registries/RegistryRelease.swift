import APISIX
import Findings

/// What another release of APISIX does with the registry's same answers.
enum RegistryRelease {
  static let all = [mendedLater, forgets]

  static let mendedLater: Rule = """
    registry/mended-later (warning): A newer release of APISIX makes more of the registry's answer
    Checks: Whether a newer release has nodes, from the same answers, where this one has none, or nodes that it \
    accepts where this one refuses them.
    Why: Each release reads the answers with its own code. A missing address, a null, a host name or a port of 0 that \
    one cannot read may be read by the next.
    Example: an instance of Eureka with a host name as its address, and APISIX 3.15
    Fix: Use the release that is named, or correct what registers so.
    """

  static let forgets: Rule = """
    registry/forgets (warning): After one answer that failed this release has no nodes of the service
    Checks: Whether the registry failed to answer, and this release drops the nodes that a newer one keeps.
    Why: A registry that fails for one fetch then takes the service away: 503 until it answers again.
    Example: Nacos answers 500 once, and APISIX 3.8
    Fix: Use the release that is named.
    """

  static func findings(_ inquiry: RegistryInquiry) -> [Finding] {
    [mended(inquiry), forgotten(inquiry)].compactMap { $0 }
  }

  private static func mended(_ inquiry: RegistryInquiry) -> Finding? {
    let (found, release) = (inquiry.found, inquiry.lookup.release)
    guard found.none != nil || found.nodes?.isEmpty ?? true || found.check != nil else { return nil }
    for newer in Release.known where newer > release {
      // Where it asks something else, there is no answer to that.
      guard case .gives(let other) = inquiry.kind.step(inquiry.lookup.of(newer), after: inquiry.conversation.answers),
        other.none == nil, other.check == nil, let nodes = other.nodes, !nodes.isEmpty
      else { continue }
      let told = nodes.prefix(3).map(\.address).joined(separator: ", ")
      return Finding(
        mendedLater, "APISIX \(newer) has nodes of \(inquiry.name) from the same answer: \(told)",
        help: "use APISIX \(newer) or newer, or correct what \(inquiry.kind.key) says")
    }
    return nil
  }

  private static func forgotten(_ inquiry: RegistryInquiry) -> Finding? {
    let (kind, release) = (inquiry.kind, inquiry.lookup.release)
    guard let none = inquiry.found.none ?? inquiry.missed, none.isFailure,
      !kind.keeps(none, in: release),
      let newer = Release.known.first(where: { $0 > release && kind.keeps(none, in: $0) })
    else { return nil }
    return Finding(
      forgets,
      inquiry.missed == nil
        ? "a gateway of APISIX \(release) that had nodes of \(inquiry.name) has none after such an answer"
        : "APISIX \(release) draws one of \(inquiry.lookup.draws) servers for each fetch, and has no nodes of "
          + "\(inquiry.name) after one that fails",
      help: "use APISIX \(newer) or newer, which keeps the last ones")
  }
}

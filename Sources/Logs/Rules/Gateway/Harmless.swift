import APISIX
import Findings

enum Harmless {
  static let rule: Rule = """
    log/harmless (note, since 2.13.0): A line of discovery that means nothing bad
    Checks: `skipping endpoint with missing metadata`, `config file … reloaded`, `wait for more time`, `wait init`, \
    `retry connecting consul`.
    Why: APISIX says what it does: it passes over an object that is none, has read apisix.yaml anew, waits for its \
    first fetch, or waits before it asks again. Why it asks again stands in a line of its own.
    Example: config file /usr/local/apisix/conf/apisix.yaml reloaded.
    Fix: Nothing needs to be done.
    """

  static let check = LogCheck(
    rule, .noMetadata, .noMetadataDeleted, .fileReloaded, .standaloneAwaited, .nacosAwaited, .consulRetried,
    .consulServicesRetried
  ) {
    let (message, part): (String, Explanation.Part) =
      switch $0.words?.root.sentence {
      case .fileReloaded: ("APISIX has read its file of routes anew", .harmless)
      case .standaloneAwaited: ("APISIX waits for its file of routes", .effect(nil))
      case .nacosAwaited: ("a request waits until Nacos is asked for the first time, at most 5 seconds", .harmless)
      case .consulRetried, .consulServicesRetried: ("APISIX will ask Consul again in a while", .effect(nil))
      default: ("the API server sent an object without metadata, which APISIX passes over", .harmless)
      }
    return Explanation(rule, message, part)
  }
}

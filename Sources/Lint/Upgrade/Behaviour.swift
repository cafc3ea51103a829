import APISIX
import Findings
import Inputs

/// What releases do otherwise with the same settings, where no rule of its own speaks of it.
struct Behaviour: Sendable {
  let feature: Feature
  /// What a release with the feature does, and one without it.
  let with: String
  let without: String
  /// How bad it is to come to a release that has the feature, and to one that lacks it.
  var gained = Severity.note
  var lost = Severity.warning
  var help: String?
  /// Where the configuration asks for it.
  let places: @Sendable (ConfigContext) -> [Setting]

  static let all: [Behaviour] =
    of(
      .kubernetes,
      (
        .dropsUnlisted, "what a new list no longer holds is dropped",
        "a Service that vanished meanwhile is served until APISIX is stopped", .warning
      )
    )
    + of(
      .consul,
      (.consulCatalogue, "the services of all agents are found", "only those of the agent that is asked", .warning),
      (
        .consulHealth, "instances that fail their checks get no traffic",
        "they get it as those that pass", .warning
      ),
      (.consulSort, "an address that is there twice is one node", "it is two, with twice the traffic", .note),
      (.consulDefaultPort, "an instance without a port has port 80", "its service answers 503", .warning),
      (
        .consulSharedSize, "the nodes of all services must fit into shared_size",
        "they are in the workers' own memory", .note
      ),
      (
        .consulSkipsNameless, "an entry without Service is passed over", "it hides those behind it", .warning
      )
    )
    + of(
      .nacos,
      (
        .triesOtherHosts, "a service keeps its nodes when Nacos answers with an error",
        "it has none until the next fetch", .warning
      ),
      (.nacosHostsOptional, "an answer without hosts means that there are none", "it is a Lua error", .note)
    )
    + of(
      .eureka,
      (.eurekaHostNames, "an instance whose address is a host name gets traffic", "it is left out", .warning)
    )
    + [
      Behaviour(
        feature: .dnsFinalRecords, with: "an alias (CNAME) is followed, whatever order has",
        without: "it is followed only where order has CNAME", help: "add CNAME to order"
      ) { context in
        [context[.dns]?["order"]].compactMap { $0 }.filter { order in
          !(order.items ?? []).contains { $0.string == "CNAME" }
        }
      },
      Behaviour(
        feature: .watchesSlices, with: "APISIX watches EndpointSlices and needs list and watch of endpointslices",
        without: "it watches Endpoints", gained: .warning,
        help: "grant both: gatecheck rbac generate --watch-endpoint-slices=both"
      ) { context in
        context.clusters.compactMap { $0["watch_endpoint_slices"] }.filter { $0.boolean == true }
      },
      Behaviour(
        feature: .rereadsTokenFile, with: "token_file is read again for each list and watch",
        without: "it is read once, at the start",
        help: "a token that is renewed needs 3.13 or newer, or a reload each time"
      ) { context in
        context.clusters.filter { $0["client", "token"] == nil }.compactMap { $0["client", "token_file"] }.filter {
          !TokenFileReadOnce.isRenewed($0)
        }
      },
    ]

  private static func of(
    _ kind: RegistryKind, _ rows: (Feature, with: String, without: String, lost: Severity)...
  ) -> [Behaviour] {
    rows.map { feature, with, without, lost in
      Behaviour(feature: feature, with: with, without: without, lost: lost) { context in
        context[kind].flatMap { $0.isTable ? [$0] : nil } ?? []
      }
    }
  }
}

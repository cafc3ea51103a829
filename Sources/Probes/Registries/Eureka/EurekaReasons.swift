import APISIX
import Findings
import HTTP
import JSON

extension RegistryReasons {
  static let eureka = RegistryReasons(
    refusal: eurekaRefusal, empty: eurekaEmpty, unknown: eurekaUnknown, unusable: eurekaUnusable,
    saved: "save what APISIX reads: curl -s -H 'Accept: application/json' http://HOST:8761/eureka/apps",
    hint: { _ in "Eureka writes the names of applications in upper case" })

  @Sendable private static func eurekaRefusal(_ refusal: RegistryRefusal) -> (Rule, help: String)? {
    switch refusal.response.status {
    case 403:
      return (
        RegistryRules.forbidden, "a Netflix Eureka server answers so while it starts: wait a minute, then ask again"
      )
    case 404:
      return (
        RegistryRules.notFound,
        "\(refusal.kind.path).prefix is /eureka/ for Spring Cloud, /eureka/v2/ for Netflix' server"
      )
    default: return nil
    }
  }

  @Sendable private static func eurekaEmpty(_ inquiry: RegistryInquiry) -> Finding? {
    guard inquiry.conversation.names.isEmpty else { return nil }
    return Finding(
      RegistryRules.empty, "\(inquiry.place) has no application at all",
      help: "is it the server where the services register?")
  }

  @Sendable private static func eurekaUnknown(_ inquiry: RegistryInquiry) -> Finding? {
    let names = inquiry.conversation.names
    return inquiry.unknown(
      among: names,
      names.isEmpty
        ? "this server has no application at all: is it the right one?" : inquiry.kind.reasons.hint(inquiry.lookup))
  }

  @Sendable private static func eurekaUnusable(_ inquiry: RegistryInquiry) -> Finding? {
    let application = inquiry.conversation.applications.filter { $0["name"]?.string == inquiry.name }
    let instances = application.flatMap { application in
      application["instance"]?.array ?? [application["instance"]].compactMap { $0 }
    }
    return inquiry.unusable(
      instances.map { instance in
        let over = [instance["overriddenstatus"]?.string, instance["overriddenStatus"]?.string].compactMap { $0 }
          .first { $0 != "UNKNOWN" }
        let status = over ?? instance["status"]?.string ?? "without a status"
        return "\(instance["ipAddr"]?.string ?? "?") is "
          + (status == "UP" ? "UP, with no address or port for APISIX" : status)
      })
  }
}

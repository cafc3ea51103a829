import APISIX
import Findings
import HTTP
import Inputs
import JSON
import SourceText

extension RegistryReasons {
  static let eureka = RegistryReasons(
    unsent: eurekaUnsent,
    uncompressed:
      "take the GzipEncodingEnforcingFilter out of the web.xml of Netflix' server, or unpack in the proxy before it",
    notJSON: eurekaXML, refusal: eurekaRefusal, empty: eurekaEmpty, unknown: eurekaUnknown,
    unusable: eurekaUnusable, refusedNodes: eurekaRefusedNodes, remarks: eurekaRemarks,
    saved: "save what APISIX reads: curl -s -H 'Accept: application/json' http://HOST:8761/eureka/apps",
    hint: { _ in "Eureka writes the names of applications in upper case" })

  @Sendable private static func eurekaUnsent(_ request: RegistryRequest, _ lookup: RegistryLookup) -> Finding? {
    if let finding = prefixSlash(.eureka, lookup) { return finding }
    guard let server = request.url.firstBytes(of: "://").map({ request.url[$0.upperBound...].prefix { $0 != "/" } }),
      server.utf8.contains(UInt8(ascii: "@"))
    else { return nil }
    return Finding(
      EurekaRules.atSign,
      "APISIX ends the password for \(URLText(request.url).authority) at its first @, and takes the rest for the "
        + "server's name",
      help: "give the user a password without @; %40 is not decoded")
  }

  @Sendable private static func eurekaXML(_ conversation: RegistryConversation) -> Finding? {
    guard let body = conversation.last?.body.drop(while: { $0 <= 0x20 }),
      body.starts(with: "<applications".utf8) || body.starts(with: "<?xml".utf8)
    else { return nil }
    return Finding(
      EurekaRules.xml, "\(conversation.place ?? "eureka") answers with XML, though asked for JSON",
      help: "let what stands before Eureka pass the header Accept: application/json")
  }

  @Sendable private static func eurekaRefusal(_ refusal: RegistryRefusal) -> (Rule, help: String)? {
    let path = refusal.kind.path
    switch refusal.response.status {
    case 401 where refusal.conversation.asked?.credentials.isEmpty == true:
      return (RegistryRules.unauthorized, "write user and password into \(path).host: http://USER:PASSWORD@HOST:8761")
    case 403 where refusal.response.body.isEmpty:
      return (
        EurekaRules.serverStarting,
        "Netflix' server answers so for up to five minutes after its start: wait, then ask again"
      )
    case 404:
      if let found = eurekaPrefix(refusal) {
        return (EurekaRules.prefix, "it answers under \(found): write \(path).prefix: \(found)")
      }
      return (
        RegistryRules.notFound, "\(path).prefix is /eureka/ for Spring Cloud, /eureka/v2/ for Netflix' server"
      )
    default: return nil
    }
  }

  /// Another, under which the same server has applications.
  private static func eurekaPrefix(_ refusal: RegistryRefusal) -> String? {
    let url = URLText(refusal.server)
    let place = "\(url.scheme ?? "http")://\(url.authority)"
    let asked = refusal.conversation.asked
    let credentials = asked.map { $0.url.hasPrefix(place + "/") ? $0.credentials : [] } ?? []
    return ["/eureka/", "/eureka/v2/", "/v2/", "/"].first { prefix in
      prefix + "apps" != url.path
        && refusal.conversation.json(place + prefix + "apps", credentials)?["applications"] != nil
    }
  }

  @Sendable private static func eurekaEmpty(_ inquiry: RegistryInquiry) -> Finding? {
    guard inquiry.conversation.names.isEmpty else { return nil }
    return Finding(
      RegistryRules.empty, "\(inquiry.place) has no application at all",
      help: "is it the server where the services register?")
  }

  @Sendable private static func eurekaUnknown(_ inquiry: RegistryInquiry) -> Finding? {
    if inquiry.conversation.applications.contains(where: { $0["name"]?.string == inquiry.name }) {
      return Finding(
        RegistryRules.nothingUsable, "eureka has the application \(inquiry.name), without any instance",
        help: "do the instances run, and register at \(inquiry.place)?")
    }
    let names = inquiry.conversation.names
    return inquiry.unknown(
      among: names,
      names.isEmpty
        ? "this server has no application at all: is it the right one?" : inquiry.kind.reasons.hint(inquiry.lookup))
  }

  @Sendable private static func eurekaUnusable(_ inquiry: RegistryInquiry) -> Finding? {
    let instances = inquiry.found.instances.map(EurekaInstance.init)
    let states = instances.prefix(3).map { "\($0.address) is \($0.state)" }.joined(separator: ", ")
    let message = "no instance of \(inquiry.name) is usable: \(states)"
    let up = instances.filter(\.isUp)
    if let named = up.first(where: { $0.port != nil }) {
      let release = inquiry.lookup.release
      let help =
        release.has(.eurekaHostNames)
        ? "do the servers of apisix.dns_resolver know \(named.address)? else register with the IP address"
        : "APISIX \(release) takes IP addresses alone, names from 3.16 on: register with the IP address"
      return Finding(EurekaRules.hostName, severity: .error, message, help: help)
    }
    if !up.isEmpty {
      return Finding(
        EurekaRules.noPort, message, help: "enable a port: eureka.instance.non-secure-port-enabled: true")
    }
    if instances.allSatisfy({ $0.overridden != nil }), let asked = inquiry.conversation.asked {
      let user = asked.credentials.isEmpty ? "" : "-u USER:PASSWORD "
      let commands = instances.prefix(3).map { instance in
        "curl \(user)-X DELETE "
          + Shell.quoted(
            "\(asked.url)/\(inquiry.name.percentEncoded())/\(instance.id.percentEncoded())/status?value=UP")
      }
      return Finding(
        EurekaRules.outOfService, message,
        help: (["the status was set from outside; take that back:"] + commands).joined(separator: "\n"))
    }
    if instances.contains(where: { $0.state == "STARTING" }) {
      return Finding(EurekaRules.starting, message, help: "wait until it says UP; if it does not, look at its log")
    }
    return Finding(
      RegistryRules.nothingUsable, message, help: "look at the service's own health check: it says so itself")
  }
}

/// One of an application, as Eureka says it.
struct EurekaInstance {
  let json: JSONValue

  init(_ json: JSONValue) { self.json = json }

  var address: String { json["ipAddr"]?.string ?? "?" }
  var id: String { json["instanceId"]?.string ?? json["hostName"]?.string ?? address }
  /// Set from outside; nil where nothing is.
  var overridden: String? {
    // To APISIX null is one as well.
    [json["overriddenstatus"], json["overriddenStatus"]].compactMap { $0.map { $0.string ?? $0.text() } }
      .first { $0 != "UNKNOWN" }
  }
  private var status: String { overridden ?? json["status"]?.string ?? "without a status" }
  var isUp: Bool { status == "UP" }
  var state: String {
    guard isUp else { return status }
    return port == nil ? "UP, with no port for APISIX" : "UP, a name and no address"
  }

  private func port(_ key: String) -> JSONValue? {
    let port = json[key]
    guard port?["@enabled"]?.string == "true" || port?["@enabled"]?.bool == true else { return nil }
    return port?["$"]
  }
  var secure: JSONValue? { port("securePort") }
  var plain: JSONValue? { port("port") }
  var port: JSONValue? { secure ?? plain }

  /// Seconds since it was heard of, beyond what Eureka grants: its lease counts twice, and a minute or so goes by
  /// until it is taken away and until an answer says so.
  func overdue(at now: Int) -> Int? {
    guard let heard = json["leaseInfo"]?["lastRenewalTimestamp"]?.int, heard > 0 else { return nil }
    let age = now - heard / 1000
    let granted = 2 * (json["leaseInfo"]?["durationInSecs"]?.int ?? 90) + 180
    return age > granted ? age : nil
  }
}

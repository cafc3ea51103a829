import APISIX
import Findings
import HTTP
import Inputs
import JSON
import Registries
import SourceText

/// Asks a registry what APISIX asks of it, with the credentials of its section, no more than the nodes of a name need.
struct RegistryConversation {
  /// What came of one request, where that was no answer of status 200.
  enum Trouble {
    case connection(HTTPError, Endpoint)
    case refused(Response, server: String)
    case silent(DNSClientFault)
  }

  /// Why a question of DNS, or for an address, has no answer.
  struct DNSClientFault { let name: String }

  let kind: RegistryKind
  let config: DiscoveryConfig?
  let access: AccessOptions
  let context: Context
  private let http: HTTPClient
  private(set) var troubles: [Trouble] = []
  /// The addresses that answered 200, as they may be shown.
  private(set) var servers: [String] = []
  /// The body of the last answer of status 200.
  private var last: [UInt8] = []

  init(_ kind: RegistryKind, _ config: DiscoveryConfig?, _ access: AccessOptions, _ context: Context) {
    self.kind = kind
    self.config = config
    self.access = access
    self.context = context
    http = context.http(traced: true)
  }

  /// The nodes of a name, as APISIX computes them from what the registry says now.
  mutating func nodes(_ lookup: RegistryLookup) -> Resolution {
    var answers = RegistryAnswers()
    while !context.isCancelled() {
      switch kind.step(lookup, after: answers) {
      case .gives(let found): return found
      case .asks(let questions): for question in questions { answers[question] = reply(to: question, lookup) }
      }
    }
    return kind.nodes(lookup, answers)
  }

  private mutating func reply(to question: RegistryQuestion, _ lookup: RegistryLookup) -> RegistryReply {
    switch question {
    case .http(let request): return reply(to: request)
    case .dns(let name, _), .address(let name):
      troubles.append(.silent(DNSClientFault(name: name)))
      return .nothing
    }
  }

  private mutating func reply(to asked: RegistryRequest) -> RegistryReply {
    let request = request(asked)
    let server = URLText(asked.url).withoutUser.prefix { $0 != "?" }
    do throws(HTTPError) {
      let response = try http.send(request)
      if response.status == 200 {
        servers.append(String(server))
        last = response.body
      } else {
        troubles.append(.refused(response, server: String(server)))
      }
      return .http(status: response.status, body: response.body)
    } catch {
      troubles.append(.connection(error, endpoint(asked.url)))
      return .nothing
    }
  }

  /// What is asked beyond APISIX's own questions, to say why there is nothing; nil where it is not answered.
  func json(_ url: String, _ credentials: [RegistryRequest.Credential]) -> JSONValue? {
    (try? http.send(request(RegistryRequest(url: url, credentials: credentials))))?.json(200)
  }

  /// Eureka's applications, as it answered last.
  var applications: [JSONValue] {
    (try? JSONValue.parse(last))?["applications"]?["application"]?.array ?? []
  }

  private func endpoint(_ url: String) -> Endpoint {
    var endpoint = access.endpoint(url)
    // APISIX asks these registries without a look at their certificates.
    endpoint.tls = TLSSettings(verify: false)
    endpoint.proxy = .direct
    endpoint.asksCompression = false
    endpoint.nameServers = config?.nameServers.map { NameServers($0.addresses, searches: $0.searches) }
    return endpoint
  }

  private func request(_ asked: RegistryRequest) -> Request {
    var request = endpoint(Self.sendable(asked.url)).get("", accept: asked.acceptsJSON ? "application/json" : "*/*")
    request.method = asked.method.rawValue
    request.maxBytes = 256 << 20
    for credential in asked.credentials {
      switch credential {
      case .header(_, let value) where value.isEmpty: break
      case .header(let name, let value): request.credential = .header(name: name, value: Secret(value))
      case .query(let text):
        request.url += (request.url.utf8.contains(UInt8(ascii: "?")) ? "&" : "?") + Self.sendable(text)
        request.holdsSecret = true
      case .signature: break
      case .tokenFile(let path):
        if let bytes = context.contents(path) { request.credential = .bearer(Secret(bytes: bytes)) }
      }
    }
    return request
  }

  /// APISIX sends blanks as they are, and the server refuses the line; here they are escaped.
  private static func sendable(_ url: String) -> String {
    var text: [UInt8] = []
    for byte in url.utf8 {
      if byte > 0x20, byte != 0x7F {
        text.append(byte)
      } else {
        text += "%\(byte < 16 ? "0" : "")\(String(byte, radix: 16, uppercase: true))".utf8
      }
    }
    return String(decoding: text, as: UTF8.self)
  }
}

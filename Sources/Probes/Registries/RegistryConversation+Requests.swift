import APISIX
import HTTP
import Inputs
import Registries
import SourceText

/// How its requests are sent.
extension RegistryConversation {
  /// Asks the other servers, too, of a release that draws one of them for each fetch.
  /// - Parameter found: what the first one says; then that of the first that has nodes.
  /// - Returns: why another has none, where one has some.
  mutating func drawOthers(_ found: inout Resolution) -> NoNodes? {
    var missed: NoNodes?
    for drawn in 1..<lookup.draws where !context.isCancelled() {
      var (other, lookup) = (self, lookup)
      lookup.drawn = drawn
      let nodes = other.nodes(of: lookup)
      let isBetter = found.none != nil && nodes.none == nil
      missed = missed ?? (isBetter ? found.none : nodes.none)
      let troubles = other.troubles
      if isBetter { (self, found) = (other, nodes) }
      self.troubles = troubles
    }
    return found.none == nil ? missed : nil
  }

  func endpoint(_ url: String) -> Endpoint {
    var endpoint = access.endpoint(url)
    // APISIX looks at the certificates of Nacos alone.
    endpoint.tls = TLSSettings(verify: kind == .nacos && !access.insecureSkipTLSVerify)
    if let path = access.certificateAuthority ?? config?.trustedCertificate, let bytes = context.contents(path) {
      endpoint.tls.authorities = .pem(bytes)
    }
    endpoint.proxy = .direct
    endpoint.asksCompression = false
    endpoint.nameServers = config?.nameServers.map { NameServers($0.addresses, searches: $0.searches) }
    return endpoint
  }

  func request(_ asked: RegistryRequest) -> Request {
    var request = endpoint(Self.sendable(asked.url)).get("", accept: asked.acceptsJSON ? "application/json" : "*/*")
    request.method = asked.method.rawValue
    // One answer may have all services; that on one name is kept whole.
    request.maxBytes = kind.answersWhole ? 256 << 20 : 64 << 20
    // No credential goes from here to a server that is not who it says, though.
    if asked.credentials.contains(where: \.isSecret) { request.tls.verify = !access.insecureSkipTLSVerify }
    for credential in asked.credentials {
      switch credential {
      case .header(_, let value) where value.isEmpty: break
      case .header(let name, let value): request.credential = .header(name: name, value: Secret(value))
      case .query(let text):
        request.url += (request.url.utf8.contains(UInt8(ascii: "?")) ? "&" : "?") + Self.sendable(text)
        request.holdsSecret = true
      case .signature(let accessKey, let secretKey, let text):
        request.url +=
          "&"
          + NacosSignature.query(
            accessKey: accessKey, secretKey: Secret(secretKey), text: text, milliseconds: context.now() * 1000)
        request.holdsSecret = true
      case .tokenFile(let path):
        if let bytes = context.contents(path) { request.credential = .bearer(Secret(bytes: bytes)) }
      }
    }
    return request
  }

  static func secrets(of credential: RegistryRequest.Credential) -> [String] {
    switch credential {
    case .header(_, let value):
      guard value.hasPrefix("Basic "), let bytes = Base64.decode(value.dropFirst(6).utf8) else { return [value] }
      let user = String(decoding: bytes, as: UTF8.self)
      return [String(value.dropFirst(6)), user, String(user.drop { $0 != ":" }.dropFirst())]
    case .query(let text):
      return text.parts(between: "&").filter { !$0.hasPrefix("username=") }.flatMap { part in
        let value = String(part.drop { $0 != "=" }.dropFirst())
        return [value, percentDecoded(value[...])]
      }
    case .signature(_, let secretKey, _): return [secretKey]
    case .tokenFile: return []
    }
  }

  /// APISIX sends blanks as they are, and the server refuses the line; here they are escaped.
  private static func sendable(_ url: String) -> String {
    guard url.utf8.contains(where: { $0 <= 0x20 || $0 == 0x7F }) else { return url }
    var text: [UInt8] = []
    for byte in url.utf8 {
      if byte > 0x20, byte != 0x7F {
        text.append(byte)
      } else {
        text += "%\(byte.digits(radix: 16, width: 2))".utf8
      }
    }
    return String(decoding: text, as: UTF8.self)
  }
}

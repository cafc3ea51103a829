public import JSON
import SourceText

/// One thing that APISIX asks for its nodes, as its release sends it.
public enum RegistryQuestion: Sendable, Hashable {
  case http(RegistryRequest)
  /// Of the servers of `discovery.dns`.
  case dns(name: String, DNSType)
  /// An address of a host, by APISIX's own resolver: `apisix.dns_resolver`.
  case address(of: String)

  /// Whether it is one to name servers.
  public var isOfName: Bool { if case .dns = self { true } else { false } }
}

public struct RegistryRequest: Sendable, Hashable {
  public enum Method: String, Sendable {
    case get = "GET"
    case post = "POST"
  }

  /// How a credential goes.
  public enum Credential: Sendable, Hashable {
    case header(name: String, value: String)
    /// At the end of the query, as it is sent.
    case query(String)
    /// At the end of the query as `ak`, `data` and `signature`: the access key, `MILLISECONDS@@TEXT`, and base64 of its
    /// HMAC-SHA1 by the secret key.
    case signature(accessKey: String, secretKey: String, text: String)
    /// The content of this file, as `Authorization: Bearer`.
    case tokenFile(String)

    /// An empty token proves nothing.
    public var isSecret: Bool {
      if case .header(_, let value) = self { !value.isEmpty } else { true }
    }
  }

  public var method = Method.get
  /// Without credentials. It may hold what no URL may, as APISIX encodes not all of it.
  public let url: String
  public var acceptsJSON = false
  public var credentials: [Credential] = []

  public init(method: Method = .get, url: String, acceptsJSON: Bool = false, credentials: [Credential] = []) {
    (self.method, self.url, self.acceptsJSON, self.credentials) = (method, url, acceptsJSON, credentials)
  }

  /// The rest hardly tells two requests apart.
  public func hash(into hasher: inout Hasher) { hasher.combine(url) }
}

extension String {
  /// As `ngx.encode_args` writes it: everything escaped but letters, digits and `-_.!~*'()`.
  var asArgument: String { percentEncoded(keeping: "!*'()") }
}

extension RegistryQuestion {
  static func get(
    _ url: String, acceptsJSON: Bool = false, _ credentials: [RegistryRequest.Credential] = []
  ) -> RegistryQuestion {
    .http(RegistryRequest(url: url, acceptsJSON: acceptsJSON, credentials: credentials))
  }
}

public enum DNSType: String, CaseIterable, Sendable, Hashable {
  case srv = "SRV"
  case a = "A"
  case aaaa = "AAAA"
  case cname = "CNAME"
}

public enum DNSRecord: Sendable, Hashable {
  case address(DNSType, String)
  case srv(priority: Int, weight: Int, port: Int, target: String)
  case cname(String)

  public var type: DNSType {
    switch self {
    case .address(let type, _): type
    case .srv: .srv
    case .cname: .cname
    }
  }
}

/// What came back for a question.
public enum RegistryReply: Sendable, Hashable {
  case http(status: Int, body: [UInt8])
  /// One of status 200 that is read already.
  case read(JSONValue)
  /// The code of a DNS answer, 0 where all is well, and its records.
  case dns(code: Int, [DNSRecord])
  case addresses([String])
  /// Nothing, or none in time.
  case nothing
}

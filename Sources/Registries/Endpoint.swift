public import HTTP
public import JSON

/// One server, of whatever registry, and how it is spoken to.
public struct Endpoint: Sendable {
  /// `https://10.0.0.1:6443`, perhaps with a path, without a final slash.
  public var server: String
  public var tls = TLSSettings()
  /// Nil: nobody, or whoever the client certificate of `tls` names.
  public var credential: Credential?
  /// Go with every request, beside the credential.
  public var headers: [Header] = []
  public var proxy = ProxySetting.environment
  /// For one request.
  public var requestTimeout = Duration.seconds(10)
  /// Lets a credential go over plain http to other machines.
  public var allowPlainHTTP = false
  /// Where its name is looked up; nil: as the system does.
  public var nameServers: NameServers?
  /// Whether answers may come compressed.
  public var asksCompression = true

  public init(_ server: String) { self.server = server }

  /// A GET.
  /// - Parameters:
  ///   - target: path and query.
  ///   - accept: the media type asked for.
  ///   - maxBytes: of the decoded body.
  public func get(_ target: String, accept: String = "application/json", maxBytes: Int = 64 << 20) -> Request {
    var request = Request(
      server + target, headers: [Header("Accept", accept)] + headers, credential: credential, tls: tls, proxy: proxy,
      timeout: requestTimeout, connectTimeout: requestTimeout, maxBytes: maxBytes, allowPlainHTTP: allowPlainHTTP)
    request.asksCompression = asksCompression
    request.nameServers = nameServers
    return request
  }

  /// A POST of JSON.
  public func post(_ target: String, _ body: JSONValue, maxBytes: Int = 1 << 20) -> Request {
    var request = get(target, maxBytes: maxBytes)
    request.method = "POST"
    request.headers.append(Header("Content-Type", "application/json"))
    request.body = Array(body.text().utf8)
    return request
  }
}

extension Response {
  /// What it says, where its status is this one and its body is JSON.
  public func json(_ status: Int) -> JSONValue? { self.status == status ? try? JSONValue.parse(body) : nil }
}

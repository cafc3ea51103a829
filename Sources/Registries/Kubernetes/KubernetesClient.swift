public import HTTP
public import JSON

/// Asks one API server. It sends GET, and POST of reviews, which change nothing. Use it from one thread.
public struct KubernetesClient {
  private let endpoint: Endpoint
  private let http: HTTPClient
  private let trace: (String) -> Void

  /// - Parameters:
  ///   - http: keeps its connections between requests; has the deadline of the whole command.
  ///   - trace: is told each request and its answer in one line without any secret, for `--verbose`.
  public init(_ endpoint: Endpoint, http: HTTPClient, trace: @escaping (String) -> Void = { _ in }) {
    self.endpoint = endpoint
    self.http = http
    self.trace = trace
  }

  /// - Parameters:
  ///   - target: path and query, `/api/v1/endpoints?limit=1`.
  ///   - accept: the media type asked for.
  ///   - maxBytes: of the decoded body.
  public func get(
    _ target: String, accept: String = "application/json", maxBytes: Int = 16 << 20
  ) throws(HTTPError) -> Response {
    try traced("GET", target) { () throws(HTTPError) in
      try http.send(endpoint.get(target, accept: accept, maxBytes: maxBytes))
    }
  }

  /// Asks for a review.
  public func post(_ path: String, _ body: JSONValue, maxBytes: Int = 1 << 20) throws(HTTPError) -> Response {
    try traced("POST", path) { () throws(HTTPError) in try http.send(endpoint.post(path, body, maxBytes: maxBytes)) }
  }

  /// A list or watch whose answer is handed over as it arrives.
  /// - Parameter timeout: nil for none; by default that of one request.
  public func stream(
    _ target: String, maxBytes: Int = .max, timeout: Duration?? = .none, _ handler: (StreamEvent) -> StreamFlow
  ) throws(HTTPError) -> Response {
    var request = endpoint.get(target, maxBytes: maxBytes)
    if let timeout { request.timeout = timeout }
    return try traced("GET", target) { () throws(HTTPError) in try http.stream(request, handler) }
  }

  /// The same for its status line, and of the body what comes with that: 1 MiB at most.
  public func begin(
    _ target: String, maxBytes: Int = .max, _ body: inout [UInt8]
  ) throws(HTTPError) -> Response {
    try stream(target, maxBytes: maxBytes) { event in
      switch event {
      // The status line tells all; an event that came with it may tell more.
      case .head(let head): return head.status == 200 ? .stopWhenIdle : .proceed
      case .bytes(let bytes):
        body += bytes
        return body.count < 1 << 20 ? .proceed : .stop
      }
    }
  }

  private func traced(
    _ method: String, _ target: String, _ send: () throws(HTTPError) -> Response
  ) throws(HTTPError) -> Response {
    do throws(HTTPError) {
      let response = try send()
      trace("\(method) \(target): \(response.status) in \(Int(response.milliseconds.rounded())) ms")
      return response
    } catch {
      trace("\(method) \(target): \(error)\(error.detail.isEmpty ? "" : " (\(error.detail))")")
      throw error
    }
  }
}

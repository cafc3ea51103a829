import CurlShim
import Inputs

/// Performs requests over libcurl's multi interface on the calling thread and keeps connections open between calls.
/// Use one from one thread. It follows no redirect, stores no cookie, reads no .netrc and writes nothing.
public final class HTTPClient {
  private let deadline: ContinuousClock.Instant?
  private let isCancelled: @Sendable () -> Bool
  private let trace: (@Sendable (String) -> Void)?
  private let handles = EasyHandles()
  private let origins = Origins()
  private var multi: MultiHandle?
  /// Servers, as `host:port`, whose certificate is for other names, and which were asked all the same
  /// (`TLSSettings.Name.noted`).
  public private(set) var wrongHosts: Set<String> = []
  /// Servers that compress what nobody asked to be compressed, and how: `gzip`.
  public private(set) var compressed: [String: String] = [:]
  /// Of names that were looked up, with what kept them from being found; nil: as the system has it.
  private var addresses: [String: Result<String?, NameServers.Failure>] = [:]

  /// Loads nothing yet: libcurl is looked up by the first request.
  /// - Parameters:
  ///   - deadline: when everything must have ended, whatever each request's own limits.
  ///   - isCancelled: read several times a second; once true every request ends with `cancelled`.
  ///   - trace: is told each request of `send` and its answer in one line without any secret, for `--verbose`.
  public init(
    deadline: ContinuousClock.Instant? = nil, isCancelled: @escaping @Sendable () -> Bool = { false },
    trace: (@Sendable (String) -> Void)? = nil
  ) {
    self.deadline = deadline
    self.isCancelled = isCancelled
    self.trace = trace
    self.multi = nil
  }

  /// Looks libcurl up, as the first request would: for another thread of a program that will connect and has something
  /// else to do first.
  public static func load() { _ = gc_load() }

  /// Which libcurl is used: "libcurl 7.88.1 of this system, OpenSSL/3.0.19"; or why there is none.
  public static var library: String { String(cString: gc_load() ?? gc_library()) }

  /// Sends one request and collects its answer.
  public func send(_ request: Request) throws(HTTPError) -> Response {
    let result = ask(request)
    tell(request, result)
    return try result.get()
  }

  /// Tells the trace what came of a request.
  public func tell(_ request: Request, _ result: Result<Response, HTTPError>) {
    guard let trace else { return }
    let end =
      switch result {
      case .success(let response): "\(response.status) in \(Int(response.milliseconds.rounded())) ms"
      case .failure(let error): "\(error)"
      }
    let told = "\(request.method) \(URLText(request.url).withoutUser): \(end)"
    // A server may have something that is called like the token.
    trace(request.credential?.secret.redacted(in: told) ?? told)
  }

  /// Sends one request and hands its answer over as it arrives. The response has no body then. The handler
  /// must not use this client.
  public func stream(_ request: Request, _ handler: (StreamEvent) -> StreamFlow) throws(HTTPError) -> Response {
    try withoutActuallyEscaping(handler) { ask(request, $0) }.get()
  }

  /// Sends many requests, so many of them at once, and hands each answer over when it has come, by the place of its
  /// request. `take` must not use this client.
  /// - Parameter requests: of places from 0 on; each is made when its turn comes.
  public func send(
    _ requests: LazyMapCollection<Range<Int>, Request>, concurrency: Int,
    _ take: (Int, Result<Response, HTTPError>) -> Void
  ) {
    let ended = run(requests, concurrency: concurrency) { index, transfer, code in
      let result = transfer.result(code)
      tell(transfer.request, result)
      return result.map { take(index, .success($0)) }
    }
    for (index, result) in ended.enumerated() {
      if case .failure(let error) = result { take(index, .failure(error)) }
    }
  }

  /// Where the name of the certificate alone is wrong, which shall not stop the request, it is sent again.
  private func ask(
    _ request: Request, _ handler: ((StreamEvent) -> StreamFlow)? = nil
  ) -> Result<Response, HTTPError> {
    var sent = request
    if sent.tls.name == .noted, !wrongHosts.isEmpty, wrongHosts.contains(sent.addressOrNone) {
      sent.tls.name = .ignored
    }
    let result = run([sent], handler: handler) { $1.result($2) }[0]
    if sent.tls.name == .noted, case .failure(let error) = result, error.kind == .wrongHost,
      wrongHosts.insert(error.address).inserted
    {
      return ask(request, handler)
    }
    return result.mapError { lookAgain(request, $0) }
  }

  /// The request with its server's address, where that is not for libcurl to find out.
  private func located(_ request: Request) throws(HTTPError) -> Request {
    guard let servers = request.nameServers, let origin = origins.of(request.url), addressBytes(origin.host) == nil,
      try Proxy.of(request.proxy, to: origin) == nil
    else { return request }
    let found =
      addresses[origin.host]
      ?? Result { () throws(NameServers.Failure) in
        try servers.addresses(of: origin.host, within: request.timeout, isCancelled: isCancelled)?.first
      }
    if isCancelled() { throw HTTPError(.cancelled, address: origin.address) }
    addresses[origin.host] = found
    var request = request
    do throws(NameServers.Failure) { request.located = try found.get() } catch {
      throw HTTPError(error.isUnknown ? .nameNotResolved : .nameServersSilent, address: origin.address)
    }
    return request
  }

  /// Many TLS ports hang up on plain http without a word, or before the word they say has arrived. Whether that is why
  /// shows in a handshake without a request.
  private func lookAgain(_ request: Request, _ error: HTTPError) -> HTTPError {
    guard case .connectionLost = error.kind, error.proxy == nil, let origin = Origin(request.url),
      origin.scheme == "http",
      (try? certificate(of: "https://\(origin.address)/", proxy: .direct, timeout: .seconds(1))) != nil
    else { return error }
    return HTTPError(
      .plainHTTPToTLSPort, address: error.address, milliseconds: error.milliseconds, detail: error.detail)
  }

  /// The loop under all of them: sets transfers up, keeps `concurrency` of them going, and takes each result, by its
  /// place from 0 on, when it has ended and the next one is on its way. `take` gets no code when the transfer was
  /// stopped because its handler had enough.
  /// - Parameter connectsOnly: stops before any request is written.
  func run<Output, Requests: RandomAccessCollection<Request>>(
    _ requests: Requests, concurrency: Int = 1, connectsOnly: Bool = false,
    handler: ((StreamEvent) -> StreamFlow)? = nil, take: (Int, Transfer, CURLcode?) -> Result<Output, HTTPError>
  ) -> [Result<Output, HTTPError>] where Requests.Index == Int {
    var results = [Result<Output, HTTPError>?](repeating: nil, count: requests.count)
    var waiting = requests.startIndex..<requests.endIndex
    var active: [UnsafeMutableRawPointer: (index: Int, transfer: Transfer)] = [:]
    var ended: [(index: Int, transfer: Transfer, code: CURLcode?)] = []

    func finish(_ raw: UnsafeMutableRawPointer, _ code: CURLcode?) {
      guard let (index, transfer) = active.removeValue(forKey: raw) else { return }
      ended.append((index, transfer, code))
      if !transfer.request.asksCompression, let encoding = transfer.head?.header("content-encoding"),
        encoding.lowercased() != "identity"
      {
        compressed[transfer.origin.address] = encoding
      }
    }

    func takeEnded(_ multi: UnsafeMutableRawPointer) {
      for (index, transfer, code) in ended {
        results[index] = take(index, transfer, code)
        _ = gc_multi_remove(multi, transfer.easy.raw)
      }
      ended.removeAll(keepingCapacity: true)
    }

    func failAll(_ multi: UnsafeMutableRawPointer?, _ kind: (Transfer?) -> HTTPError.Kind, _ detail: String = "") {
      for (raw, (index, transfer)) in active {
        results[index] = .failure(transfer.error(kind(transfer), detail: detail))
        if let multi { _ = gc_multi_remove(multi, raw) }
      }
      active.removeAll()
      for index in waiting {
        results[index] = .failure(HTTPError(kind(nil), address: requests[index].addressOrNone, detail: detail))
      }
      waiting = 0..<0
    }

    let began = ContinuousClock.now
    if let missing = prepare() {
      failAll(nil, { _ in .libcurlMissing }, missing)
    }
    guard let multi = multi?.raw else { return results.compactMap { $0 } }
    while !active.isEmpty || !waiting.isEmpty || !ended.isEmpty {
      if isCancelled() {
        takeEnded(multi)
        failAll(multi, { _ in .cancelled })
        break
      }
      let now = ContinuousClock.now
      if let deadline, now >= deadline {
        takeEnded(multi)
        failAll(multi, { .timedOut($0?.step ?? .connect, after: now - began, wholeCommand: true) })
        break
      }
      while active.count < concurrency, let index = waiting.popFirst() {
        do throws(HTTPError) {
          let request = try located(requests[index])
          let transfer = try Transfer(
            request, to: origins.of(request.url), from: handles, connectsOnly: connectsOnly, deadline: deadline,
            isCancelled: isCancelled, handler: handler)
          active[transfer.easy.raw] = (index, transfer)
          _ = gc_multi_add(multi, transfer.easy.raw)
        } catch {
          results[index] = .failure(error)
        }
      }
      var running: Int32 = 0
      let state = gc_multi_perform(multi, &running)
      // The server has something to do meanwhile.
      takeEnded(multi)
      guard state == CURLM_OK else {
        failAll(multi, { _ in .other(code: Int(state.rawValue)) }, "libcurl's multi interface failed")
        break
      }
      var done: UnsafeMutableRawPointer?
      var code = CURLE_OK
      while gc_multi_finished(multi, &done, &code) {
        if let done { finish(done, code) }
      }
      var wait = Self.turn
      for (raw, (_, transfer)) in active where transfer.stopsWhenIdle {
        if transfer.progressed {
          transfer.progressed = false
          wait = 0
        } else {
          finish(raw, nil)
          takeEnded(multi)
        }
      }
      if active.isEmpty || !ended.isEmpty { continue }
      if let deadline { wait = min(wait, max(0, Int32(min(Double(wait), (deadline - .now).milliseconds))) + 1) }
      _ = gc_multi_poll(multi, wait)
    }
    return results.compactMap { $0 }
  }

  /// Milliseconds between two looks at the flag and the deadline.
  private static let turn: Int32 = 100

  /// Loads libcurl on first use; what is wrong with it, or nil.
  private func prepare() -> String? {
    if multi != nil { return nil }
    if let failure = gc_load() { return String(cString: failure) }
    multi = MultiHandle()
    return multi == nil ? "libcurl gives no handle" : nil
  }
}

extension Request {
  /// For an error about a request that was never set up. libcurl may be missing then.
  fileprivate var addressOrNone: String {
    gc_load() == nil ? Origin(url)?.address ?? "" : ""
  }
}

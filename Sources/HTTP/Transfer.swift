import CurlShim
import Glibc
import Inputs
import SourceText

/// One request under way: its easy handle, what it lent libcurl, and what has arrived.
final class Transfer {
  let request: Request
  let origin: Origin
  /// Nil where the way is a direct one.
  let proxy: Proxy?
  let started = ContinuousClock.now
  let easy: EasyHandle
  private var headerLines = LineList()
  private var connectTo = LineList()
  /// Lent to libcurl.
  let expectedName: UnsafeMutablePointer<CChar>
  /// Whether the handshake names the server, and libcurl verifies that name.
  var asksName = true
  let errorText = UnsafeMutablePointer<CChar>.allocate(capacity: Int(CURL_ERROR_SIZE))

  /// Nil for a request whose body is collected.
  var handler: ((StreamEvent) -> StreamFlow)?
  private(set) var body: [UInt8] = []
  private(set) var received = 0
  private(set) var head: ResponseHead?
  private(set) var status = 0
  private var headers: [Header] = []
  private var headerBytes = 0
  /// Why a callback ended the transfer, if one did.
  private(set) var stop: Stop?
  private(set) var stopsWhenIdle = false
  /// The server asked for a client certificate (it may well do without).
  var askedForCertificate = false
  /// Set by every arrival; the loop clears it to see when nothing more comes.
  var progressed = false

  enum Stop {
    case byHandler, tooLarge, tooManyHeaders, noHead, cancelled
    case late(wholeCommand: Bool)
  }
  /// The client's.
  private let deadline: ContinuousClock.Instant?
  private let isCancelled: @Sendable () -> Bool

  /// An answer of more header bytes than this is none: libcurl limits only the single line.
  static let maxHeaderBytes = 256 << 10

  /// Checks the request and sets up its handle; nothing is sent yet. libcurl must be loaded.
  /// - Parameters:
  ///   - origin: of its URL; nil where that cannot be read.
  ///   - handles: whose handle it takes, unless the connection ends with it.
  ///   - connectsOnly: connects and shakes hands, then stops before any request is written.
  init(
    _ request: Request, to origin: Origin?, from handles: EasyHandles, connectsOnly: Bool = false,
    deadline: ContinuousClock.Instant? = nil,
    isCancelled: @escaping @Sendable () -> Bool = { false }, handler: ((StreamEvent) -> StreamFlow)? = nil
  ) throws(HTTPError) {
    guard let origin, ["http", "https"].contains(origin.scheme) else {
      throw HTTPError(.unsupportedURL, address: "")
    }
    proxy = try Proxy.of(request.proxy, to: origin)
    try request.refuseClearCredential(to: origin, by: proxy)
    guard let easy = EasyHandle(from: connectsOnly ? nil : handles) else {
      throw HTTPError(.libcurlMissing, address: origin.address, detail: "libcurl gives no handle")
    }
    self.request = request
    self.origin = origin
    self.easy = easy
    self.deadline = deadline
    self.isCancelled = isCancelled
    self.handler = handler
    expectedName = strdup(request.tls.serverName ?? origin.host)
    errorText.pointee = 0
    try configure()
    guard connectsOnly else { return }
    for option in [CURLOPT_CONNECT_ONLY, CURLOPT_CERTINFO, CURLOPT_FRESH_CONNECT] { try set(option, 1) }
  }

  deinit {
    errorText.deallocate()
    free(expectedName)
  }

  private func configure() throws(HTTPError) {
    chooseName()
    try set(CURLOPT_URL, destination())
    try check(gc_set_http_only(easy.raw))
    gc_set_quick_exit(easy.raw)
    try set(CURLOPT_NOSIGNAL, 1)
    try set(CURLOPT_FOLLOWLOCATION, 0)
    // As the gateways speak it whose connections are looked into; it also saves setting up HTTP/2 for one answer.
    try set(CURLOPT_HTTP_VERSION, Int(CURL_HTTP_VERSION_1_1))
    try set(CURLOPT_CONNECTTIMEOUT_MS, request.connectTimeout.curlMilliseconds)
    if let timeout = request.timeout { try set(CURLOPT_TIMEOUT_MS, timeout.curlMilliseconds) }
    try set(CURLOPT_BUFFERSIZE, 128 << 10)
    try set(CURLOPT_ACCEPT_ENCODING, "")
    // An answer without a status line comes as a body then, so that a TLS alert can be told from other rubbish.
    try set(CURLOPT_HTTP09_ALLOWED, 1)
    try set(CURLOPT_USERAGENT, "gatecheck")
    try check(gc_set_pointer(easy.raw, CURLOPT_ERRORBUFFER, errorText))
    try configureRoute()
    try configureTLS()
    try configureMessage()
    let context = Unmanaged.passUnretained(self).toOpaque()
    try check(gc_set_pointer(easy.raw, CURLOPT_HEADERDATA, context))
    try check(gc_set_pointer(easy.raw, CURLOPT_WRITEDATA, context))
    try check(gc_set_pointer(easy.raw, CURLOPT_DEBUGDATA, context))
    if origin.scheme == "https" { try traceHandshake() }
    try check(
      gc_set_callback(easy.raw, CURLOPT_HEADERFUNCTION) { data, size, count, context in
        Transfer.of(context)?.takeHeader(UnsafeRawBufferPointer(start: data, count: size * count)) ?? 0
      })
    try check(
      gc_set_callback(easy.raw, CURLOPT_WRITEFUNCTION) { data, size, count, context in
        Transfer.of(context)?.takeBody(UnsafeRawBufferPointer(start: data, count: size * count)) ?? 0
      })
  }

  static func of(_ context: UnsafeMutableRawPointer?) -> Transfer? {
    context.map { Unmanaged.fromOpaque($0).takeUnretainedValue() }
  }

  /// The host in the URL for libcurl, where it is not the server's own: the one that the handshake names, or none.
  private var namedHost: String? {
    guard origin.scheme == "https" else { return nil }
    return asksName ? request.tls.serverName.flatMap { $0.isEmpty ? nil : $0 } : Self.nameless
  }

  /// What CONNECT_TO leads to.
  private var whereTo: String { request.located.map { "\(bracketed($0)):\(origin.port)" } ?? origin.address }

  /// The URL to give libcurl. With another host in it CONNECT_TO leads back to the real one.
  private func destination() throws(HTTPError) -> String {
    guard let name = namedHost ?? request.located.map({ _ in origin.host }) else { return origin.url }
    guard let url = Origin.url(origin.url, withHost: name) else {
      throw HTTPError(.invalidRequest, address: origin.address, detail: "the TLS server name is not a host name")
    }
    try check(connectTo.append("\(bracketed(name)):\(origin.port):\(whereTo)"))
    try check(gc_set_list(easy.raw, CURLOPT_CONNECT_TO, connectTo.raw))
    return url
  }

  private func configureRoute() throws(HTTPError) {
    // Both set, so that libcurl itself reads no variable: what `Proxy.of` says is what happens.
    try set(CURLOPT_PROXY, proxy?.url.value ?? "")
    try set(CURLOPT_NOPROXY, "")
    // The request's headers, a token among them, are for the server only.
    try set(CURLOPT_HEADEROPT, Int(CURLHEADER_SEPARATE))
    try set(CURLOPT_SUPPRESS_CONNECT_HEADERS, 1)
  }

  private func configureMessage() throws(HTTPError) {
    try header("Expect", nil)
    if !request.asksCompression { try header("Accept-Encoding", nil) }
    if namedHost != nil, !request.headers.contains(where: { $0.name.lowercased() == "host" }) {
      try header("Host", origin.hostHeader)
    }
    let hasType = request.headers.contains { $0.name.lowercased() == "content-type" }
    if !hasType { try header("Content-Type", nil) }
    for line in request.headers { try header(line.name, line.value) }
    switch request.credential {
    case .bearer(let token): try header("Authorization", "Bearer " + token.value)
    case .header(let name, let value): try header(name, value.value)
    case .basic(let user, let password):
      guard !(user + password.value).utf8.contains(0) else { throw invalid("the user or password holds a NUL") }
      try set(CURLOPT_USERNAME, user)
      try set(CURLOPT_PASSWORD, password.value)
    case nil: break
    }
    try check(gc_set_list(easy.raw, CURLOPT_HTTPHEADER, headerLines.raw))

    guard request.method.utf8.allSatisfy(isTokenByte), !request.method.isEmpty else {
      throw invalid("the method is malformed")
    }
    let takesBody = ["POST", "PUT", "PATCH"].contains(request.method)
    if let body = request.body ?? (takesBody ? [] : nil) {
      try check(body.withUnsafeBytes { gc_set_body(easy.raw, $0.baseAddress, $0.count) })
    }
    if request.method == "HEAD" {
      try set(CURLOPT_NOBODY, 1)
    } else {
      try set(CURLOPT_CUSTOMREQUEST, request.method)
    }
  }

  /// A header line; a nil value takes away the one that libcurl would send.
  private func header(_ name: String, _ value: String?) throws(HTTPError) {
    guard !name.isEmpty, name.utf8.allSatisfy(isTokenByte) else { throw invalid("a header's name is malformed") }
    guard let value else { return try check(headerLines.append("\(name):")) }
    guard !value.utf8.contains(where: { $0 == 0 || $0 == 0x0A || $0 == 0x0D }) else {
      throw invalid("the header \(name) holds a line break")
    }
    try check(headerLines.append(value.isEmpty ? "\(name);" : "\(name): \(value)"))
  }

  private func invalid(_ detail: String) -> HTTPError {
    HTTPError(.invalidRequest, address: origin.address, detail: detail)
  }

  func set(_ option: CURLoption, _ value: Int) throws(HTTPError) {
    try check(gc_set_long(easy.raw, option, value))
  }

  func set(_ option: CURLoption, _ value: String?) throws(HTTPError) {
    try check(gc_set_text(easy.raw, option, value))
  }

  func check(_ done: Bool) throws(HTTPError) {
    if !done { throw HTTPError(.other(code: Int(CURLE_OUT_OF_MEMORY.rawValue)), address: origin.address) }
  }

  func check(_ code: CURLcode) throws(HTTPError) {
    if code != CURLE_OK {
      throw HTTPError(
        .other(code: Int(code.rawValue)), address: origin.address, detail: String(cString: gc_error_text(code)))
    }
  }

  // MARK: What arrives

  private func takeHeader(_ line: UnsafeRawBufferPointer) -> Int {
    progressed = true
    headerBytes += line.count
    guard headerBytes <= Self.maxHeaderBytes else {
      stop = .tooManyHeaders
      return -1
    }
    // After the head come only trailers.
    guard head == nil else { return line.count }
    let text = line.trimmed { $0 == 0x0D || $0 == 0x0A }
    if text.starts(with: "HTTP/".utf8) {
      status = Int(gc_get_long(easy.raw, CURLINFO_RESPONSE_CODE))
      headers = []
    } else if let colon = text.firstIndex(of: UInt8(ascii: ":")) {
      let value = text[(colon + 1)...].trimmed { $0 == 0x20 || $0 == 0x09 }
      headers.append(Header(String(decoding: text[..<colon], as: UTF8.self), String(decoding: value, as: UTF8.self)))
    } else if text.isEmpty, status >= 200 {
      let head = ResponseHead(status: status, headers: headers)
      self.head = head
      if handler != nil { return deliver(.head(head)) ? line.count : -1 }
      let length = Int(head.header("content-length") ?? "") ?? 0
      body.reserveCapacity(min(length, request.maxBytes, 8 << 20))
    }
    return line.count
  }

  private func takeBody(_ bytes: UnsafeRawBufferPointer) -> Int {
    progressed = true
    // A few bytes may unpack to many, all of which come before libcurl looks at the time.
    stop = untimely
    if stop != nil { return -1 }
    received += bytes.count
    guard received <= request.maxBytes else {
      stop = .tooLarge
      return -1
    }
    if handler != nil, head != nil { return deliver(.bytes([UInt8](bytes))) ? bytes.count : -1 }
    body.append(contentsOf: bytes)
    if head == nil, received > Self.maxHeaderBytes {
      stop = .noHead
      return -1
    }
    return bytes.count
  }

  private var untimely: Stop? {
    if isCancelled() { return .cancelled }
    let now = ContinuousClock.now
    if let deadline, now >= deadline { return .late(wholeCommand: true) }
    return request.timeout.map { now - started >= $0 } ?? false ? .late(wholeCommand: false) : nil
  }

  private func deliver(_ event: StreamEvent) -> Bool {
    switch handler?(event) {
    case .stop:
      stop = .byHandler
      return false
    case .stopWhenIdle: stopsWhenIdle = true
    case .proceed, nil: break
    }
    return true
  }
}

extension Duration {
  /// libcurl takes 0 for "no limit", and a limit below a millisecond is none.
  var curlMilliseconds: Int { max(1, Int(min(milliseconds, 1e9))) }
}

/// A byte of RFC 9110's `token`: header names and methods.
private func isTokenByte(_ byte: UInt8) -> Bool {
  byte.isAlphanumeric || byte == UInt8(ascii: "-") || "!#$%&'*+.^_`|~".utf8.contains(byte)
}

func isBlank(_ character: Character) -> Bool { character == " " || character == "\t" }

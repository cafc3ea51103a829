import CurlShim
import Glibc
import SourceText

extension HTTPClient {
  /// Connects to each target directly, past every proxy, and closes the connection; nothing is sent on it.
  /// - Parameters:
  ///   - targets: hosts (names or addresses, IPv6 without brackets) and ports.
  ///   - tls: shakes hands, too; `serverName` is asked for and verified for all of them, without one their hosts are.
  ///   - timeout: for all targets together, however many are dead: where more are given than `concurrency` or the limit
  ///     of open files allows at once, they go in equal shares of the time.
  /// - Returns: in the order of the targets the milliseconds from the name's address to the connection, or what kept it
  ///   from being made. An `unsupportedURL` has a host that nothing can be called.
  public func connections(
    to targets: [(host: String, port: Int)], tls: TLSSettings? = nil, timeout: Duration, concurrency: Int = 512
  ) -> [Result<Double, HTTPError>] {
    let slots = min(concurrency, Self.mostConnections)
    let share = timeout / max(1, (targets.count + slots - 1) / slots)
    let requests = targets.map { target in
      let host = bracketed(target.host.percentEncoded(keeping: ":"))
      return Request(
        "\(tls == nil ? "http" : "https")://\(host):\(target.port)/", tls: tls ?? TLSSettings(), proxy: .direct,
        timeout: share, connectTimeout: share)
    }
    return run(requests, concurrency: slots, connectsOnly: true) {
      $1.connected($2) { ($0.time(CURLINFO_CONNECT_TIME_T) - $0.time(CURLINFO_NAMELOOKUP_TIME_T)) }
    }
  }

  /// Two open files each, for both kinds of addresses, and some are left to the rest of the process.
  private static var mostConnections: Int {
    var limit = rlimit()
    guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return 96 }
    return max(16, (Int(clamping: limit.rlim_cur) - 64) / 2)
  }
}

extension Transfer {
  /// What is told of a connection that was made, or what kept it from being made.
  func connected<Told>(_ code: CURLcode?, _ tell: (Transfer) -> Told) -> Result<Told, HTTPError> {
    code == CURLE_OK ? .success(tell(self)) : .failure(failure(code ?? CURLE_OK))
  }
}

import CurlShim
import Glibc
import Inputs
import SourceText

/// A proxy that requests go through.
public struct Proxy: Sendable, Equatable {
  /// `http://proxy.example:3128`; a user and password are left out.
  public let address: String
  /// The variable that names it (`HTTPS_PROXY`), or nil where the request itself did.
  public let variable: String?
  /// What libcurl is given.
  let url: Secret
  /// `proxy.example:3128`
  let endpoint: String
}

extension Proxy {
  /// The proxy of a request, nil for a direct way, by the rules of libcurl (its manual, CURLOPT_PROXY and
  /// CURLOPT_NOPROXY): `https_proxy`, `HTTPS_PROXY` for https; `http_proxy`, in lower case only, for http; then
  /// `all_proxy`, `ALL_PROXY`; `no_proxy`, `NO_PROXY` against them. An empty variable counts as unset.
  /// - Throws: `unsupportedURL` where it is none.
  static func of(
    _ setting: ProxySetting, to origin: Origin,
    variable: (String) -> String? = { getenv($0).map { String(cString: $0) } }
  ) throws(HTTPError) -> Proxy? {
    func first(_ names: String...) -> (name: String, value: String)? {
      names.compactMap { name in variable(name).map { (name, $0) } }.first { !$0.1.isEmpty }
    }
    switch setting {
    case .direct: return nil
    case .url(let url): return try Proxy(url.value, variable: nil)
    case .environment:
      let own = origin.scheme == "https" ? first("https_proxy", "HTTPS_PROXY") : first("http_proxy")
      guard let named = own ?? first("all_proxy", "ALL_PROXY") else { return nil }
      let proxy = try Proxy(named.value, variable: named.name)
      return first("no_proxy", "NO_PROXY").map { NoProxy.exempts(origin.host, in: $0.value) } ?? false ? nil : proxy
    }
  }

  /// A proxy without a scheme is an http one; the port where none is given is libcurl's 1080 (443 for https).
  init(_ text: String, variable: String?) throws(HTTPError) {
    let full = text.has("://") ? text : "http://" + text
    let isHTTPS = full.lowercased().hasPrefix("https:")
    guard let origin = Origin(full, defaultPort: isHTTPS ? 443 : 1080),
      ["http", "https", "socks4", "socks4a", "socks5", "socks5h"].contains(origin.scheme)
    else {
      throw HTTPError(
        .unsupportedURL, address: "", detail: "the proxy\(variable.map { " of \($0)" } ?? "") is not a proxy URL")
    }
    self.init(
      address: "\(origin.scheme)://\(origin.address)", variable: variable, url: Secret(full), endpoint: origin.address)
  }
}

/// libcurl's reading of `NO_PROXY`.
enum NoProxy {
  static func exempts(_ host: String, in list: String) -> Bool {
    if list == "*" { return true }
    let entries = list.split { $0 == "," || $0 == " " || $0 == "\t" }
    if let address = addressBytes(host) {
      return entries.contains { covers(String($0), address) }
    }
    let host = trimmingDot(host.lowercased()[...])
    return entries.contains { entry in
      var entry = trimmingDot(entry.lowercased()[...])
      if entry.hasPrefix(".") { entry = entry.dropFirst() }
      return !entry.isEmpty && (host == entry || host.hasSuffix("." + entry))
    }
  }

  private static func trimmingDot(_ text: Substring) -> Substring { text.hasSuffix(".") ? text.dropLast() : text }

  /// An entry that is the address itself, or a network (`10.0.0.0/8`) around it.
  private static func covers(_ entry: String, _ address: [UInt8]) -> Bool {
    let parts = entry.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
    guard let network = addressBytes(String(parts[0])), network.count == address.count else { return false }
    var bits = address.count * 8
    if parts.count == 2 {
      guard let given = Int(parts[1]), given >= 0, given <= bits else { return false }
      // libcurl takes /0 for no prefix at all.
      if given > 0 { bits = given }
    }
    let whole = bits / 8
    guard network[..<whole] == address[..<whole] else { return false }
    guard bits % 8 != 0 else { return true }
    let mask = UInt8(truncatingIfNeeded: 0xFF00 >> (bits % 8))
    return network[whole] & mask == address[whole] & mask
  }
}

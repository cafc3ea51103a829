import APISIX
import Findings
import Inputs
import SourceText

enum HostInvalid {
  static let upperCase: Rule = """
    kubernetes/host-upper-case (error, since 2.13.0): The API server's host has upper-case letters
    Checks: That `service.host` is written in lower case.
    Why: APISIX's pattern for the host has no upper-case letters, though DNS does not care. The endpoint names that \
    EKS shows are the usual source. APISIX does not start: `object matches none of the required`.
    Example: host: 0A1B2C3D.gr7.eu-west-1.eks.amazonaws.com
    Fix: host: 0a1b2c3d.gr7.eu-west-1.eks.amazonaws.com
    zh: API Server 的 host 含有大写字母
    Checks: `service.host` 必须全部小写。
    Why: DNS 不区分大小写，但 APISIX 对 host 的正则里没有大写字母。最常见的来源是 EKS 显示的 endpoint 地址。APISIX \
    启动失败：`object matches none of the required`。
    """

  static let isURL: Rule = """
    kubernetes/host-is-url (error, since 2.13.0): The API server's host is a whole URL, or has a port or path
    Checks: That `service.host` is a host name or IPv4 address alone.
    Why: Scheme and port have keys of their own, and a path cannot be given at all: APISIX asks for \
    `/api/v1/endpoints` at the root of the server. With anything else in the host APISIX does not start: `object \
    matches none of the required`.
    Example:
    service:
      host: https://kube.example.org:6443
    Fix: service:
      schema: https
      host: kube.example.org
      port: "6443"
    zh: API Server 的 host 写成了完整的 URL，或者带了端口、路径
    Checks: `service.host` 只能是主机名或 IPv4 地址。
    Why: 协议和端口有各自的键，路径则根本无法指定：APISIX 固定从根路径访问 `/api/v1/endpoints`。host 里有多余的内容\
    ，APISIX 就启动失败：`object matches none of the required`。
    """

  static let isIPv6: Rule = """
    kubernetes/host-ipv6 (error, since 2.13.0): The API server's host is an IPv6 address
    Checks: That `service.host` is not an IPv6 address, with or without brackets.
    Why: APISIX's pattern for the host allows no colon and no bracket, so IPv6 addresses fail: `object matches none of \
    the required`.
    Example: host: "fd00::1"
    Fix: Give a name that resolves to the address:
      host: kubernetes.default.svc
    """

  static let invalid: Rule = """
    kubernetes/host-invalid (error, since 2.13.0): The API server's host is not a host name
    Checks: That `service.host` is a string of lower-case letters, digits, hyphens and dots that starts and ends each \
    part with a letter or digit, or a placeholder `${NAME}` as the whole value.
    Why: Anything else fails APISIX's schema: no underscore, no space, no final dot, not empty. APISIX does not start: \
    `object matches none of the required`.
    Example: host: kube_api.example.org
    Fix: host: kube-api.example.org
    """

  static let rules = [upperCase, isURL, isIPv6, invalid]

  static func check(_ cluster: KubernetesCluster) -> Finding? {
    guard let host = cluster["service", "host"], !host.isOpen else { return nil }
    guard let text = host.string else {
      // Of a variable too: ${{NAME}} makes a number of what looks like one.
      return host.finding(
        invalid, "host is \(host.described); APISIX accepts only a string here",
        help: "write the API server's name or IPv4 address in quotes")
    }
    if Placeholder.accepted(text) != nil || Pattern.host.matches(text) { return nil }
    if Placeholder.endingInDigit(text) != nil { return nil }
    let url = URLText(text)
    if let found = ServiceURL(url) {
      return host.finding(
        isURL, "host holds \(found.parts); APISIX accepts a name or IPv4 address alone", help: "write \(found.mend)")
    }
    if url.host.has(":"), !text.has("${") {
      return host.finding(
        isIPv6, "host \(quoted(url.shown)) is an IPv6 address, which APISIX does not accept here",
        help: "give a name that resolves to it, or an IPv4 address")
    }
    if Pattern.host.matches(text.lowercased()) {
      return host.finding(
        upperCase, "host \(quoted(text)) has upper-case letters; APISIX accepts only lower case",
        help: "write it in lower case: host: \(text.lowercased())",
        fix: host.replacing(withYAML: text.lowercased()))
    }
    return host.finding(
      invalid, "host \(quoted(url.shown)) is not a host name or an IPv4 address\(reason(text))",
      help: text.has("${")
        ? "use two braces, which APISIX fills in itself: "
          + (url.scheme == nil
            ? Placeholder.doubled(text) : "host: \(Placeholder.doubled(url.host)) without the scheme")
        : "use lower-case letters, digits, hyphens and dots only")
  }

  /// `: it has an underscore`
  private static func reason(_ text: String) -> String {
    if text.isEmpty { return ": it is empty" }
    if text.hasPrefix("$") || text.has("${") { return ": a variable must be ${NAME} as the whole value" }
    if SecretPatterns.isUnfilled(text) { return ": nobody filled it in" }
    if text.has("_") { return ": it has an underscore" }
    if text.hasSuffix(".") { return ": it ends in a dot" }
    if text.contains(where: \.isWhitespace) { return ": it has a space" }
    return ""
  }
}

/// A host with more than a host in it.
private struct ServiceURL {
  /// What there is too much: `a scheme and a port`.
  let parts: String
  /// `schema: https, host: kube.example.org and port: "6443"`
  let mend: String

  init?(_ url: URLText) {
    let scheme = url.scheme?.lowercased()
    let host = url.host.lowercased()
    var found = scheme == nil ? [] : ["a scheme"]
    if url.userInfo != nil { found.append("a user") }
    if url.port != nil { found.append("a port") }
    if url.path.hasPrefix("/") { found.append("a path") } else if !url.path.isEmpty { return nil }
    guard !found.isEmpty, Pattern.host.matches(host) else { return nil }
    parts = found.joined(separator: found.count == 2 ? " and " : ", ")
    var keys: [String] = []
    if let scheme, scheme == "http" || scheme == "https" { keys.append("schema: \(scheme)") }
    keys.append("host: \(host)")
    if let port = url.port, !port.isEmpty { keys.append("port: \"\(port)\"") }
    mend =
      keys.joined(separator: ", ")
      + (url.path.utf8.count > 1 ? "; a path cannot be given, APISIX needs the API server itself" : "")
  }
}

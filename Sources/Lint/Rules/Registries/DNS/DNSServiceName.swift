import Findings
import SourceText

enum DNSServiceName {
  static let rule: Rule = """
    service-name/dns-host (error): With dns the service name is a domain, with a port at most
    Checks: Service names of the dns registry: no scheme, no path, and behind a colon a port's number.
    Why: APISIX asks the DNS server for the text as it stands. `http://host` or `host/path` is not a domain name: the \
    request gets 503. A name behind the colon is not taken for a port.
    Example: service_name: http://example.com/
    Fix: service_name: example.com:80
    """

  static func check(_ use: ServiceNameUse) -> Finding? {
    let text = use.text
    let problem: String? =
      if text.has("://") {
        "is a URL"
      } else if text.has("/") {
        "has a slash in it"
      } else if text.contains(where: \.isWhitespace) {
        "has white space in it"
      } else if let colon = text.lastIndex(of: ":"), !text.has("["), text.firstIndex(of: ":") == colon,
        !text[text.index(after: colon)...].utf8.allSatisfy({ 48...57 ~= $0 })
          || text.index(after: colon) == text.endIndex
      {
        "has no number behind the colon"
      } else {
        nil
      }
    guard let problem else { return nil }
    return use.name.finding(
      rule, "'\(use.shown)' \(problem); the dns registry wants DOMAIN or DOMAIN:PORT",
      help: "write DOMAIN:PORT")
  }
}

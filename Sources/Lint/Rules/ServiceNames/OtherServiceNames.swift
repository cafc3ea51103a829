import Findings
import YAML

extension Rule {
  static let consulKVName = Rule(
    id: "service-name/consul-kv-url", severity: .error,
    summary: "With consul_kv the service name is the URL of the key",
    checks: "Service names of the consul_kv registry: `SERVER/v1/kv/PREFIX/NAME/`, with the server as config.yaml has it "
      + "and a slash at the end.",
    why: "APISIX keeps the services under this text and compares it letter by letter. Anything else is not found: "
      + "`fetch nodes failed by NAME`, and 503.",
    example: "service_name: webpages",
    fix: "service_name: http://127.0.0.1:8500/v1/kv/upstreams/webpages/")
  static let consulName = Rule(
    id: "service-name/consul-url", severity: .error,
    summary: "With consul the service name is the bare name in the catalog",
    checks: "Service names of the consul registry that are URLs.",
    why: "The consul registry looks services up by their name in Consul's catalog. A URL is the form of consul_kv, "
      + "which reads Consul's key-value store, another registry.",
    example: """
      discovery_type: consul
      service_name: http://127.0.0.1:8500/v1/kv/upstreams/webpages/
      """,
    fix: """
      discovery_type: consul
      service_name: webpages
      """)
  static let eurekaName = Rule(
    id: "service-name/eureka-case", severity: .note,
    summary: "Eureka's application names are in upper case",
    checks: "Service names of the eureka registry with lower-case letters.",
    why: "Eureka answers with application names in upper case, and APISIX compares the case as well. A name in lower "
      + "case is not found, unless the registry keeps it as it is.",
    example: "service_name: user-service",
    fix: "service_name: USER-SERVICE")
  static let dnsServiceName = Rule(
    id: "service-name/dns-host", severity: .error,
    summary: "With dns the service name is a domain, with a port at most",
    checks: "Service names of the dns registry: no scheme, no path, and behind a colon a port's number.",
    why: "APISIX asks the DNS server for the text as it stands. `http://host` or `host/path` is no domain name: the "
      + "request gets 503. A name behind the colon is not taken for a port.",
    example: "service_name: http://example.com/",
    fix: "service_name: example.com:80")
  static let nacosName = Rule(
    id: "service-name/nacos-name", severity: .warning,
    summary: "With nacos the service name is the bare name",
    checks: "Service names of the nacos registry that are URLs, or have group or namespace in them (`group@@name`, "
      + "`namespace/name:port`).",
    why: "APISIX asks Nacos for a service of exactly this name. Group and namespace go into discovery_args.",
    example: "service_name: DEFAULT_GROUP@@user-service",
    fix: """
      service_name: user-service
      discovery_args:
        group_name: DEFAULT_GROUP
      """)
}

enum ConsulServiceName {
  static func check(_ name: Field, _ text: String, _ kind: String) -> [Finding] {
    let isURL = text.contains("://")
    if kind == "consul" {
      guard isURL else { return [] }
      return [
        name.finding(
          .consulName, "'\(text.masked)' is a URL, the form of consul_kv; consul wants the name of the service",
          help: "write the service's name in Consul, or discovery_type: consul_kv")
      ]
    }
    guard !isURL || !text.contains("/v1/kv/") else {
      guard !text.hasSuffix("/") else { return [] }
      return [
        name.finding(
          .consulKVName, "the service name of consul_kv ends with a slash", help: "write \(text.masked)/",
          fix: Fix(safe: true, edits: [name.file.edit(slash(name), "/")]))
      ]
    }
    return [
      name.finding(
        .consulKVName, "'\(text.masked)' is no URL of a key in Consul", help: "write SERVER/v1/kv/PREFIX/NAME/, e.g. "
          + "http://127.0.0.1:8500/v1/kv/upstreams/webpages/")
    ]
  }

  /// Behind the last letter, within quotes.
  private static func slash(_ name: Field) -> Range<Int> {
    let quoted = name.file.tree[name.id].content.isQuoted
    let end = name.range.upperBound - (quoted ? 1 : 0)
    return end..<end
  }
}

enum EurekaServiceName {
  static func check(_ name: Field, _ text: String) -> [Finding] {
    guard text.utf8.contains(where: { 97...122 ~= $0 }) else { return [] }
    return [
      name.finding(
        .eurekaName, "'\(text)' has lower-case letters; Eureka's application names are in upper case",
        help: "write \(text.uppercased())")
    ]
  }
}

enum DNSServiceName {
  static func check(_ name: Field, _ text: String) -> [Finding] {
    let problem: String? =
      if text.contains("://") {
        "is a URL"
      } else if text.contains("/") {
        "has a slash in it"
      } else if text.contains(where: \.isWhitespace) {
        "has white space in it"
      } else if let colon = text.lastIndex(of: ":"), !text.contains("["), text.firstIndex(of: ":") == colon,
        !text[text.index(after: colon)...].utf8.allSatisfy({ 48...57 ~= $0 }) || text.index(after: colon) == text.endIndex
      {
        "has no number behind the colon"
      } else {
        nil
      }
    guard let problem else { return [] }
    return [
      name.finding(.dnsServiceName, "'\(text.masked)' \(problem); the dns registry wants DOMAIN or DOMAIN:PORT", help: "write DOMAIN:PORT")
    ]
  }
}

enum NacosServiceName {
  static func check(_ name: Field, _ text: String) -> [Finding] {
    if let group = text.firstRange(of: "@@") {
      return [
        name.finding(
          .nacosName, "'\(text)' has a group in it",
          help: "write service_name: \(text[group.upperBound...]) and discovery_args: group_name: \(text[..<group.lowerBound])")
      ]
    }
    guard text.contains("://") || (text.contains("/") && text.contains(":")) else { return [] }
    return [name.finding(.nacosName, "'\(text.masked)' is not a service's bare name", help: "write the name that Nacos shows")]
  }
}

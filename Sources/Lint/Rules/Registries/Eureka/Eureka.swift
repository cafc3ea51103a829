import APISIX
import Findings
import Inputs
import SourceText

enum Eureka {
  static let wrongAddress: Rule = """
    eureka/address (error, since 2.12.0): A Eureka server's address cannot be asked
    Checks: That every item of `host` of eureka is `http://host:port` or https, with one `@` at most.
    Why: The schema takes any text. Without a scheme, or with one in upper case, every fetch fails; with two `@` \
    APISIX cuts user and password off at the first.
    Example:
    discovery:
      eureka:
        host: ["eureka.example.org:8761"]
    Fix: discovery:
      eureka:
        host: ["http://eureka.example.org:8761"]
        prefix: /eureka/
    """

  static let wrongPrefix: Rule = """
    eureka/prefix (warning, since 2.12.0): The prefix leads away from Eureka's API
    Checks: That `prefix` of eureka starts with a slash, and that the addresses do not end in it already; a note where \
    there is none and the addresses have no path either.
    Why: APISIX puts it straight behind the address: `eureka/` gives `http://127.0.0.1:8761eureka/apps`. There is no \
    default: without a prefix it asks for `/apps`, where Spring's Eureka answers 404.
    Example: prefix: eureka/
    Fix: prefix: /eureka/
    """

  static let rules = [wrongAddress, wrongPrefix]

  static func check(_ context: ConfigContext) -> [Finding] {
    guard let eureka = context[.eureka], let hosts = eureka["host"]?.items else { return [] }
    let wrong = hosts.compactMap { host in slip(host).map { (host, $0) } }
    // Before 3.15 APISIX draws one at random, later it goes on to the next: one good address does.
    let severity: Severity = wrong.count == hosts.count ? .error : .warning
    var findings = wrong.map { host, slip in
      host.finding(wrongAddress, slip, in: URLText(host.string ?? ""), severity: severity)
    }
    findings += prefix(eureka, hosts)
    return findings + doubled(eureka, hosts)
  }

  private static func slip(_ host: Setting) -> AddressSlip? {
    // What nobody fills in has a rule of its own; a default stands in for what the environment may hold.
    guard let text = host.string, !host.substituted, !text.has("${") else { return nil }
    let address = URLText(text)
    return
      if text.isEmpty
    {
      ("is empty", "write http://host:8761", nil)
    } else if text.has(","), address.userInfo?.has(",") != true {
      ("is more than one address", "make each an item of its own", nil)
    } else if address.scheme == nil {
      ("has no scheme", "write http:// before it", "http://" + text)
    } else if let lower = address.schemeInLowerCase {
      ("has its scheme in upper case", "write \(lower)://", address.text(scheme: lower))
    } else if address.userInfo?.has("@") ?? false {
      ("has two @; APISIX cuts at the first", "use a password without @", nil)
    } else {
      nil
    }
  }

  private static func prefix(_ eureka: Setting, _ hosts: [Setting]) -> Finding? {
    let given = eureka["prefix"]
    if let given, !given.isString { return nil }
    let text = given?.string ?? ""
    if text.has("${") || text.hasPrefix("/") { return nil }
    let hosts = hosts.compactMap { $0.string.map(URLText.init) }
    if text.isEmpty {
      guard !hosts.isEmpty, hosts.allSatisfy({ $0.path.isEmpty || $0.path == "/" }) else { return nil }
      return (given ?? eureka).finding(
        wrongPrefix, severity: .note, "without a prefix APISIX asks for /apps; most servers have /eureka/apps",
        at: given == nil ? eureka.keyNode : nil, help: "add prefix: /eureka/")
    }
    guard let given, !hosts.contains(where: { $0.path.hasSuffix("/") }) else { return nil }
    return given.finding(
      wrongPrefix, severity: .error, "prefix \(quoted(text)) has no slash before it and is joined to the port",
      help: "write prefix: /\(text)", fix: given.replacing(with: "/" + text))
  }

  /// An address that ends in the prefix already.
  private static func doubled(_ eureka: Setting, _ hosts: [Setting]) -> [Finding] {
    guard let given = eureka["prefix"], let prefix = given.string, !prefix.has("${"),
      case let name = prefix.split(separator: "/").joined(separator: "/"), !name.isEmpty
    else { return [] }
    return hosts.compactMap { host in
      guard let text = host.string, !host.substituted else { return nil }
      let address = URLText(text)
      let path = address.path.hasSuffix("/") ? String(address.path.dropLast()) : address.path
      guard path.hasSuffix("/" + name), prefix.hasPrefix("/") || address.path.hasSuffix("/") else { return nil }
      let slash = prefix.hasSuffix("/") ? "" : "/"
      let left = String(path.dropLast(name.utf8.count + (prefix.hasPrefix("/") ? 1 : 0)))
      return host.finding(
        wrongPrefix, severity: .error,
        "the address ends in the prefix already; APISIX asks for \(address.path + prefix + slash)apps",
        help: "take \(left.hasSuffix("/") ? name + "/" : address.path) out of the address",
        fix: host.replacing(
          with: address.text(path: left), secret: address.userInfo != nil))
    }
  }
}

public import APISIX
public import Inputs

/// `deployment.etcd` of a config.yaml (`etcd` before 3.0), with APISIX's defaults.
public struct EtcdSettings: Sendable {
  /// `http://127.0.0.1:2379`
  public var hosts = ["http://127.0.0.1:2379"]
  /// `/apisix`
  public var prefix = "/apisix"
  public var user: String?
  public var password: Secret?
  /// Paths of the client certificate and its key.
  public var certificate: String?
  public var key: String?
  public var verifies = true
  public var serverName: String?
  /// `apisix.ssl.ssl_trusted_certificate`
  public var trustedCertificate: String?
  /// A variable in the user or password that is not set.
  public private(set) var unset: String?

  /// The defaults.
  public init() {}

  /// - Parameter config: the whole config.yaml, placeholders filled in. What it leaves out has APISIX's default.
  public init(_ config: LuaValue) {
    trustedCertificate = config["apisix"]?["ssl"]?["ssl_trusted_certificate"]?.string
    guard let etcd = config["deployment"]?["etcd"] ?? config["etcd"] else { return }
    let hosts = (etcd["host"]?.items ?? etcd["host"].map { [$0] } ?? []).compactMap(\.string)
    if !hosts.isEmpty { self.hosts = hosts.map(Self.trimmed) }
    if let prefix = etcd["prefix"]?.string { self.prefix = Self.trimmed(prefix) }
    user = text(etcd["user"])
    password = text(etcd["password"]).map { Secret($0) }
    certificate = etcd["tls"]?["cert"]?.string
    key = etcd["tls"]?["key"]?.string
    verifies = etcd["tls"]?["verify"]?.bool ?? true
    serverName = etcd["tls"]?["sni"]?.string
  }

  /// Takes this address in place of the hosts, and a user and password in it.
  public mutating func use(_ url: String) {
    let address = URLText(url)
    hosts = [Self.trimmed(address.withoutUser)]
    guard let info = address.credentials else { return }
    user = info.user
    password = info.password.map { Secret($0) }
    unset = nil
  }

  private mutating func text(_ value: LuaValue?) -> String? {
    switch value?.kind {
    case .string(let text): return text.isEmpty ? nil : text
    case .number(let number): return LuaNumber.text(number)
    case .open(let text):
      unset = text
      return nil
    default: return nil
    }
  }

  private static func trimmed(_ text: String) -> String {
    var text = text
    while text.hasSuffix("/") { text.removeLast() }
    return text
  }
}

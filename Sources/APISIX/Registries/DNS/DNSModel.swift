import Inputs

enum DNSModel: RegistryModel {
  static let failure: LoadFailure? = (Words(.badIndex, "field '\(RegistryKind.dns.key)'", "nil"), .all, nil)

  static func schema(_ release: Release) -> Schema {
    let words = Schema.word(["last", "SRV", "A", "AAAA", "CNAME"], type: nil)
    let properties =
      [("servers", .array(of: .string()))] + release.with(.resolvConf, ("resolv_conf", .string()))
      + release.with(.dnsOrder, ("order", .array(of: words, maxItems: 5, unique: true)))
    return release.has(.resolvConf)
      ? .object(properties, oneOf: [.requiring(["servers"]), .requiring(["resolv_conf"])])
      : .object(properties, required: ["servers"])
  }

  /// What it logs; nothing there is an error.
  static func start(_ section: LuaValue, _ conditions: Conditions) -> RegistryStart {
    guard let setting = section["resolv_conf"], let path = setting.string else { return RegistryStart() }
    let noServers = Remark(Words(.noNameservers), at: setting.node)
    switch path.isEmpty ? .missing : conditions.files(path) {
    case .unknown: return RegistryStart()
    case .missing: return RegistryStart(log: [Remark(Words(.resolvConfMissing, path), at: setting.node), noServers])
    case .content(let bytes):
      return RegistryStart(log: ResolvConf.servers(bytes).isEmpty ? [noServers] : [])
    }
  }
}

public enum ResolvConf {
  /// The name servers of a resolv.conf, in its order.
  public static func servers(_ bytes: [UInt8]) -> [String] {
    bytes.split(separator: 0x0A).compactMap { line in
      let words = line.split { $0 == 0x20 || $0 == 0x09 }
      guard words.count > 1, words[0].elementsEqual("nameserver".utf8) else { return nil }
      return String(decoding: words[1], as: UTF8.self)
    }
  }
}

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
      let hasServer = bytes.split(separator: 0x0A).contains { line in
        let words = line.split { $0 == 0x20 || $0 == 0x09 }
        return words.count > 1 && words[0].elementsEqual("nameserver".utf8)
      }
      return RegistryStart(log: hasServer ? [] : [noServers])
    }
  }
}

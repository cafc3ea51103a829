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
      return RegistryStart(log: ResolvConf(bytes).servers.isEmpty ? [noServers] : [])
    }
  }
}

/// What APISIX takes from a resolv.conf.
public struct ResolvConf: Sendable {
  /// Three at most, none with an IPv6 address: those it leaves out.
  public private(set) var servers: [String] = []
  /// Six at most.
  public private(set) var search: [String] = []
  /// Names with fewer dots are tried with the search list first.
  public private(set) var ndots = 1

  public init(_ bytes: [UInt8]) {
    var named = 0
    for line in bytes.split(separator: 0x0A) {
      let plain = line.prefix { $0 != UInt8(ascii: "#") && $0 != UInt8(ascii: ";") }
      let words = plain.split { $0 == 0x20 || $0 == 0x09 || $0 == 0x0D }.map { word in
        String(decoding: word, as: UTF8.self).lowercased()
      }
      guard words.count > 1 else { continue }
      switch words[0] {
      case "nameserver":
        named += 1
        if named <= 3, words[1].utf8.count(where: { $0 == UInt8(ascii: ":") }) < 2 { servers.append(words[1]) }
      case "search": search = Array(words[1...].prefix(6))
      case "domain": search = [words[1]]
      // One that stands alone is read.
      case "options":
        guard words.count == 2, words[1].hasPrefix("ndots:"), let number = Int(words[1].dropFirst(6)) else { break }
        ndots = number
      default: break
      }
    }
  }
}

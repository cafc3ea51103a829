import Inputs

/// What the dns registry logs when it starts; nothing there is an error.
enum DNSStart {
  static func log(_ value: LuaValue, files: (String) -> FileAnswer) -> [Remark] {
    guard let setting = value["resolv_conf"], let path = setting.string else { return [] }
    let noServers = Remark(Words(.noNameservers), at: setting.node)
    switch path.isEmpty ? .missing : files(path) {
    case .unknown: return []
    case .missing: return [Remark(Words(.resolvConfMissing, path), at: setting.node), noServers]
    case .content(let bytes):
      let hasServer = bytes.split(separator: 0x0A).contains { line in
        let words = line.split { $0 == 0x20 || $0 == 0x09 }
        return words.count > 1 && words[0].elementsEqual("nameserver".utf8)
      }
      return hasServer ? [] : [noServers]
    }
  }
}

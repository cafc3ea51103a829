import Inputs

/// What the dns registry logs when it starts; nothing there is an error.
enum DNSStart {
  static func log(_ value: LuaValue, files: (String) -> FileAnswer) -> [String] {
    guard let path = value["resolv_conf"]?.string else { return [] }
    let noServers = "warn: [dns-client] Invalid configuration, no valid nameservers found"
    switch path.isEmpty ? .missing : files(path) {
    case .unknown: return []
    case .missing: return ["warn: [dns-client] Resolv.conf file not found: " + path, noServers]
    case .content(let bytes):
      let hasServer = bytes.split(separator: 0x0A).contains { line in
        let words = line.split { $0 == 0x20 || $0 == 0x09 }
        return words.count > 1 && words[0].elementsEqual("nameserver".utf8)
      }
      return hasServer ? [] : [noServers]
    }
  }
}

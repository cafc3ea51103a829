import Inputs

/// How consul and consul_kv take their servers' addresses apart, which no schema checks.
enum ConsulStart {
  static func refusal(_ kind: RegistryKind, _ value: LuaValue, _ release: Release) -> Refusal? {
    for server in value["servers"]?.items ?? [] {
      guard let text = server.string, let problem = problem(text) else { continue }
      let isConsul = kind == .consul
      // Before the shared dictionary, worker 0 fetched.
      let process: Process = isConsul && release >= Release(3, 16) ? .privilegedAgent : .firstWorker
      switch problem {
      case .crash(let message):
        return Refusal(
          .worker, message, process: process,
          location: isConsul ? "apisix/discovery/consul/client.lua:252" : "apisix/discovery/consul_kv/init.lua:334")
      case .address(let message):
        return Refusal(
          .worker, isConsul ? "format consul config got error: " + message : message, process: process,
          location: isConsul ? "apisix/discovery/consul/init.lua:435" : "apisix/discovery/consul_kv/init.lua:402")
      }
    }
    return nil
  }

  /// What is logged of the dump that is loaded at start.
  static func log(_ kind: RegistryKind, _ value: LuaValue, files: (String) -> FileAnswer) -> [String] {
    guard let path = value["dump"]?["path"]?.string, value["dump"]?["load_on_init"]?.bool == true else { return [] }
    switch files(path) {
    case .unknown: return []
    case .missing:
      // consul_kv says so at level notice.
      guard kind == .consul else { return [] }
      return [
        "error: read dump file get error: failed to open file: \(path), error info:\(path): No such file or directory"
      ]
    case .content(let bytes):
      return bytes.allSatisfy { LuaNumber.isSpace($0) } ? ["error: dump file is empty"] : []
    }
  }

  enum Problem: Equatable {
    /// A Lua error with a stack trace.
    case crash(String)
    case address(String)
  }

  /// What APISIX says of an address; nil when it takes it.
  static func problem(_ text: String) -> Problem? {
    var rest = Array(text.utf8)[...]
    let scheme: String?
    if rest.starts(with: "https:".utf8) {
      scheme = "https"
      rest = rest.dropFirst(6)
    } else if rest.starts(with: "http:".utf8) {
      scheme = "http"
      rest = rest.dropFirst(5)
    } else {
      scheme = nil
    }
    guard rest.starts(with: "//".utf8), let tail = behindHost(rest.dropFirst(2)) else {
      return .crash("bad argument #1 to 'unpack' (table expected, got nil)")
    }
    guard let scheme else { return .crash("API disabled in the context of init_worker_by_lua*") }
    guard scheme == "http" else {
      return .address("only support consul http schema address, eg: http://address:port")
    }
    rest = tail
    if rest.first == UInt8(ascii: ":"), rest.count > 1, isDigit(rest[rest.startIndex + 1]) {
      rest = rest.dropFirst().drop(while: isDigit)
    }
    let path = rest.prefix { $0 != UInt8(ascii: "?") }
    // A lone question mark has no query behind it, nor has one at the end of a line.
    let query = rest.dropFirst(path.count + 1).prefix { $0 != 0x0A }
    if path.isEmpty || path.elementsEqual("/".utf8), query.isEmpty, text.utf8.last != UInt8(ascii: "/") { return nil }
    return .address("invalid consul server address, the valid format: http://address:port")
  }

  private static func behindHost(_ bytes: ArraySlice<UInt8>) -> ArraySlice<UInt8>? {
    if bytes.first == UInt8(ascii: "[") {
      let line = bytes.prefix { $0 != 0x0A }
      guard let close = line.lastIndex(of: UInt8(ascii: "]")), close > bytes.startIndex + 1 else { return nil }
      return bytes[(close + 1)...]
    }
    let tail = bytes.drop { !"[]:/?".utf8.contains($0) }
    return tail.startIndex == bytes.startIndex ? nil : tail
  }

  private static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }
}

import Inputs
import SourceText

/// How consul and consul_kv take their servers' addresses apart, which no schema checks.
public enum ConsulStart {
  static func start(_ kind: RegistryKind, _ section: LuaValue, _ conditions: Conditions) -> RegistryStart {
    RegistryStart(
      refusal: refusal(kind, section, conditions.release), log: log(kind, section, files: conditions.files))
  }

  private static func refusal(_ kind: RegistryKind, _ value: LuaValue, _ release: Release) -> Refusal? {
    for server in value["servers"]?.items ?? [] {
      guard let problem = server.string.flatMap(problem) else { continue }
      let isConsul = kind == .consul
      // Before the shared dictionary, worker 0 fetched.
      let process: Process = isConsul && release.has(.consulSharedSize) ? .privilegedAgent : .firstWorker
      let isAddress = [.onlyHTTP, .addressInvalid].contains(problem.sentence)
      let line =
        switch (isConsul, isAddress) {
        case (true, true): "consul/init.lua:435"
        case (true, false): "consul/client.lua:252"
        case (false, true): "consul_kv/init.lua:402"
        case (false, false): "consul_kv/init.lua:334"
        }
      return Refusal(
        .worker, isConsul && isAddress ? Words(.addressesUnread, cause: problem) : problem, at: server.node,
        process: process, location: "apisix/discovery/" + line)
    }
    return nil
  }

  /// What is logged of the dump that is loaded at start.
  private static func log(_ kind: RegistryKind, _ value: LuaValue, files: (String) -> FileAnswer) -> [Remark] {
    guard let dump = value["dump"], let path = dump["path"]?.string, dump["load_on_init"]?.bool == true else {
      return []
    }
    let node = dump["path"]?.node
    switch files(path) {
    case .unknown: return []
    case .missing:
      // consul_kv says so at level notice.
      guard kind == .consul else { return [] }
      return [Remark(Words(.dumpUnread, cause: .noSuchFile(path)), at: node)]
    case .content(let bytes):
      return bytes.allSatisfy(\.isSpace) ? [Remark(Words(.dumpEmpty), at: node)] : []
    }
  }

  /// What APISIX says of an item of `servers`, or the Lua error that it ends in; nil when it takes it.
  ///
  /// Source: apisix/discovery/consul/client.lua, apisix/discovery/consul_kv/init.lua.
  public static func problem(_ text: String) -> Words? {
    let scheme = ["https:", "http:"].first { text.utf8.starts(with: $0.utf8) }
    var rest = Array(text.utf8).dropFirst(scheme?.utf8.count ?? 0)
    guard rest.starts(with: "//".utf8), let tail = behindHost(rest.dropFirst(2)) else {
      return Words(.badArgument, "1", "unpack", "table", "nil")
    }
    guard let scheme else { return Words(.phaseForbids, "init_worker_by_lua*") }
    guard scheme == "http:" else { return Words(.onlyHTTP) }
    rest = tail
    if rest.first == UInt8(ascii: ":"), rest.count > 1, rest[rest.startIndex + 1].isDigit {
      rest = rest.dropFirst().drop(while: \.isDigit)
    }
    let path = rest.prefix { $0 != UInt8(ascii: "?") }
    // A lone question mark has no query behind it, nor has one at the end of a line.
    let query = rest.dropFirst(path.count + 1).prefix { $0 != 0x0A }
    if path.isEmpty || path.elementsEqual("/".utf8), query.isEmpty, text.utf8.last != UInt8(ascii: "/") { return nil }
    return Words(.addressInvalid)
  }

  private static func behindHost(_ bytes: ArraySlice<UInt8>) -> ArraySlice<UInt8>? {
    if bytes.first == UInt8(ascii: "[") {
      let line = bytes.prefix { $0 != 0x0A }
      guard let close = line.lastIndex(of: UInt8(ascii: "]")), close > bytes.startIndex + 1 else { return nil }
      return bytes[(close + 1)...]
    }
    let tail = bytes.drop { byte in
      switch byte {
      case UInt8(ascii: "["), UInt8(ascii: "]"), UInt8(ascii: ":"), UInt8(ascii: "/"), UInt8(ascii: "?"): false
      default: true
      }
    }
    return tail.startIndex == bytes.startIndex ? nil : tail
  }
}

import Inputs
import JSON
import SourceText

/// Source: apisix/discovery/dns/init.lua, core/dns/client.lua.
extension DNSModel {
  static func nodes(_ lookup: RegistryLookup, _ answers: RegistryAnswers) throws(RegistryStop) -> Resolution {
    let (host, port) = lookup.dnsName
    var reader = Reader(lookup, answers)
    let records = try reader.resolve(host)
    guard let records else {
      return Resolution(
        error: Words(.dnsFailed, cause: reader.fault), none: reader.isSilent ? .unanswered : .unknown)
    }
    var nodes: [Target] = []
    if case .srv = records.first {
      // As Lua reckons, in fractions: some weights miss the integer by a hair, and APISIX refuses them.
      var counts: [Double] = []
      for case .srv(let priority, let weight, let ownPort, let target) in records {
        guard let addresses = try reader.resolve(target) else {
          return Resolution(
            error: Words(.targetUnresolved, target, cause: reader.fault),
            none: reader.isSilent ? .unanswered : .noneUsable)
        }
        let count = Double(addresses.count)
        counts.append(count)
        for case .address(_, let text) in addresses {
          nodes.append(Target(text, weight: Double(weight == 0 ? 1 : weight) / count, ownPort, priority))
        }
      }
      let multiple = counts.dropFirst().reduce(counts.first ?? 1) { $1 * $0 / divisor($1, $0) }
      for index in nodes.indices { nodes[index].weight *= multiple }
    } else {
      for case .address(_, let text) in records { nodes.append(Target(text)) }
    }
    return Resolution(nodes: nodes.map { $0.node(port) })
  }

  /// Each request asks anew.
  static func keeps(_ none: NoNodes, in release: Release) -> Bool { false }

  private struct Target {
    let address: String
    var weight: Double
    let port: Int
    let priority: Int?

    init(_ address: String, weight: Double = 1, _ port: Int = 0, _ priority: Int? = nil) {
      (self.address, self.weight, self.port, self.priority) = (address, weight, port, priority)
    }

    /// Without a port the scheme's is taken.
    func node(_ given: Double?) -> UpstreamNode {
      UpstreamNode(
        host: .string(address), port: (given ?? (port == 0 ? nil : Double(port))).map { .number($0) },
        weight: .number(weight), details: ["priority": priority.map { .number(0 - Double($0)) }])
    }
  }

  private static func divisor(_ left: Double, _ right: Double) -> Double {
    right.isFinite && right > 0 ? divisor(right, left.truncatingRemainder(dividingBy: right)) : left
  }

  /// Asks for one type after the other, until one has records, and keeps what else came with an answer, as APISIX's
  /// client does.
  private struct Reader {
    /// nil is that which gave records last.
    private let types: [DNSType?]
    private let lookup: RegistryLookup
    private let answers: RegistryAnswers
    private var kept: [RegistryQuestion: [DNSRecord]] = [:]
    private var last: [String: DNSType] = [:]
    /// The names on the way, by their CNAME records.
    private var path: [String] = []
    /// Why the last one did not.
    private(set) var fault = Words(.dnsClientError, "101", "empty record received")
    private(set) var isSilent = false

    init(_ lookup: RegistryLookup, _ answers: RegistryAnswers) {
      let given = lookup.release.has(.dnsOrder) ? lookup.section["order"]?.items?.compactMap(\.string) : nil
      types = (given ?? ["last", "SRV", "A", "AAAA", "CNAME"]).map(DNSType.init).filter { type in
        lookup.hasIPv6 || type != .aaaa
      }
      (self.lookup, self.answers) = (lookup, answers)
      let isSixFirst = types.first { $0 == .a || $0 == .aaaa } == .aaaa
      for type in isSixFirst ? [DNSType.aaaa, .a] : [.a, .aaaa] {
        keep([.address(type, type == .a ? "127.0.0.1" : "[::1]")], of: "localhost", type)
      }
    }

    /// nil where there is none, of which `fault` tells.
    mutating func resolve(_ name: String) throws(RegistryStop) -> [DNSRecord]? {
      let literal = name.hasPrefix("[") && name.hasSuffix("]") ? String(name.dropFirst().dropLast()) : name
      if let bytes = addressBytes(literal) {
        return [.address(bytes.count == 4 ? .a : .aaaa, bytes.count == 4 ? name : "[\(literal)]")]
      }
      let name = name.lowercased()
      guard !path.contains(name), path.count < 16 else {
        fault = Words(.dnsLooped)
        return nil
      }
      path.append(name)
      defer { path.removeLast() }
      var done: Set<DNSType> = []
      for type in types {
        guard let type = type ?? last[name], done.insert(type).inserted else { continue }
        for whole in lookup.searched(name) {
          guard let own = try records(whole, type) else { continue }
          if own.allSatisfy({ if case .srv(_, _, _, whole) = $0 { true } else { false } }) {
            fault = Words(.dnsLooped)
            continue
          }
          last[whole] = type
          if case .cname(let target)? = own.first { return try resolve(target) }
          return own.map(Self.expanded)
        }
      }
      return nil
    }

    private mutating func records(_ name: String, _ type: DNSType) throws(RegistryStop) -> [DNSRecord]? {
      if let kept = kept[.dns(name: name, type)] { return kept }
      switch try answers.reply(to: .dns(name: name, type)) {
      case .dns(0, let records):
        var owner = name
        var links: [(owner: String, record: DNSRecord)] = []
        for case .cname(let target) in records where type != .cname {
          links.append((owner, .cname(target)))
          owner = target.lowercased()
        }
        let own = records.filter { $0.type == type }
        if !own.isEmpty, links.isEmpty || lookup.release.has(.dnsFinalRecords) { return own }
        for link in links { keep([link.record], of: link.owner, .cname) }
        if !own.isEmpty { keep(own, of: owner, type) }
        fault = Words(.dnsClientError, "101", "empty record received")
      case .dns(let code, _):
        let texts = ["format error", "server failure", "name error", "not implemented", "refused"]
        fault = Words(.dnsServerError, "\(code)", texts.indices.contains(code - 1) ? texts[code - 1] : "unknown")
      case .nothing, .http, .read, .addresses:
        // Those that are asked in any case are asked at once: each may take its time.
        isSilent = true
        _ = try answers.replies(to: types.compactMap { $0 }.map { .dns(name: name, $0) })
        fault = Words(.dnsRetried, "1", "timeout")
      }
      return nil
    }

    private mutating func keep(_ records: [DNSRecord], of name: String, _ type: DNSType) {
      kept[.dns(name: name, type)] = records
      if last[name] == nil, types.contains(type) { last[name] = type }
    }

    /// An IPv6 address as lua-resty-dns writes it: in brackets, with all its groups.
    private static func expanded(_ record: DNSRecord) -> DNSRecord {
      guard case .address(.aaaa, let text) = record, let bytes = addressBytes(text), bytes.count == 16 else {
        return record
      }
      let groups = stride(from: 0, to: 16, by: 2).map { String(Int(bytes[$0]) << 8 | Int(bytes[$0 + 1]), radix: 16) }
      return .address(.aaaa, "[\(groups.joined(separator: ":"))]")
    }
  }
}

extension RegistryLookup {
  /// The service name as dns takes it apart: the last colon is before the port, where it is not one of an IPv6 address.
  public var dnsName: (host: String, port: Double?) {
    let name = serviceName
    guard let colon = name.dropLast().lastIndex(of: ":"), addressBytes(name) == nil else { return (name, nil) }
    let host = name[..<colon]
    guard !name.hasPrefix("[") || host.hasSuffix("]") else { return (name, nil) }
    return (String(host), Lua.number(.string(String(name[name.index(after: colon)...])))?.number)
  }

  /// The names that APISIX tries in place of one, by the search list of its resolv.conf.
  func searched(_ name: String) -> [String] {
    guard !name.hasSuffix("."), let resolvConf else { return [name] }
    let longer = resolvConf.search.map { "\(name).\($0)" }
    let isLong = name.utf8.count { $0 == UInt8(ascii: ".") } >= resolvConf.ndots
    return isLong ? [name] + longer : longer + [name]
  }
}

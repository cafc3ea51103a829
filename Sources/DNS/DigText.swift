public import APISIX
import SourceText

/// Records as `dig` prints them, and as they stand in a zone's file: name, seconds, class, type, data.
public struct DigText: Sendable {
  private var records: [String: [DNSRecord]] = [:]
  /// That of the last answer without records: 3 for NXDOMAIN.
  private var code = 0
  /// Whether there is anything that `dig` says.
  public private(set) var isAnswer = false

  public init(_ bytes: [UInt8]) {
    for line in bytes.split(separator: 0x0A) { take(line) }
  }

  /// What its name server said to this question, as far as it is here.
  public func answer(_ name: String, _ type: DNSType) -> (code: Int, records: [DNSRecord]) {
    var (owner, found): (String, [DNSRecord]) = (name.lowercased(), [])
    for _ in 0..<16 {
      let all = records[owner] ?? []
      found += all.filter { $0.type == type }
      guard type != .cname, case .cname(let target)? = all.first(where: { $0.type == .cname }) else { break }
      found.append(.cname(target))
      owner = target.lowercased()
    }
    return (found.isEmpty && records[name.lowercased()] == nil ? code : 0, found)
  }

  private mutating func take(_ line: ArraySlice<UInt8>) {
    let text = String(decoding: line, as: UTF8.self)
    if line.first == UInt8(ascii: ";") {
      guard let start = text.firstBytes(of: "status: ")?.upperBound else { return }
      isAnswer = true
      let words = ["NOERROR", "FORMERR", "SERVFAIL", "NXDOMAIN", "NOTIMP", "REFUSED"]
      code = words.firstIndex(of: String(text[start...].prefix { $0 != "," })) ?? 0
      return
    }
    let fields = line.split { $0 == 0x20 || $0 == 0x09 || $0 == 0x0D }.map { String(decoding: $0, as: UTF8.self) }
    guard let place = fields.firstIndex(of: "IN"), place > 0, fields.count > place + 2,
      let type = DNSType(rawValue: fields[place + 1]), let record = Self.record(type, Array(fields[(place + 2)...]))
    else { return }
    isAnswer = true
    records[Self.plain(fields[0]).lowercased(), default: []].append(record)
  }

  private static func record(_ type: DNSType, _ data: [String]) -> DNSRecord? {
    switch type {
    case .a, .aaaa: return .address(type, data[0])
    case .cname: return .cname(plain(data[0]))
    case .srv:
      let numbers = data.prefix(3).compactMap { Int($0) }
      guard numbers.count == 3, data.count > 3 else { return nil }
      return .srv(priority: numbers[0], weight: numbers[1], port: numbers[2], target: plain(data[3]))
    }
  }

  /// Without the dot at the end.
  private static func plain(_ name: String) -> String { name.hasSuffix(".") ? String(name.dropLast()) : name }
}

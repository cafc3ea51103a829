public import APISIX
import Inputs

/// What a name server says.
public struct DNSAnswer: Sendable, Hashable {
  /// As it was given.
  public let server: String
  /// 0 where all is well, 2 SERVFAIL, 3 NXDOMAIN, 5 REFUSED.
  public let code: Int
  /// Those of the answer section that have a DNSType, in the server's order: of the name asked for, and those
  /// to which a CNAME before them leads.
  public private(set) var records: [DNSRecord] = []
  /// The servers that were asked before, and gave none.
  public internal(set) var silences: [String: DNSFailure.Silence] = [:]

  /// Nil where the bytes are no whole answer (RFC 1035, 4).
  package init?(_ bytes: [UInt8], to question: DNSQuestion, of server: String) {
    guard bytes.count >= 12 else { return nil }
    (self.server, code) = (server, Int(bytes[3] & 15))
    var reader = Reader(bytes: bytes, at: 4)
    do throws(Broken) {
      let (questions, count) = (try reader.number(), try reader.number())
      reader.at = 12
      for _ in 0..<questions {
        _ = try reader.name()
        try reader.skip(4)
      }
      // As they are in a question: in any case, with a dot at the end or without.
      var owner = (question.name.hasSuffix(".") ? String(question.name.dropLast()) : question.name).lowercased()
      for _ in 0..<count {
        let isOwn = try reader.name().lowercased() == owner
        let (type, isInternet) = (try reader.number(), try reader.number() == 1)
        try reader.skip(4)
        let end = try reader.number() + reader.at
        if isInternet, let type = DNSType.allCases.first(where: { $0.number == type }) {
          let record = try reader.record(type, until: end)
          if isOwn { records.append(record) }
          if isOwn, case .cname(let target) = record, question.type != .cname { owner = target.lowercased() }
        } else {
          try reader.skip(end - reader.at)
        }
        guard reader.at == end else { return nil }
      }
    } catch {
      return nil
    }
  }

  private struct Broken: Error {}

  private struct Reader {
    let bytes: [UInt8]
    var at: Int

    mutating func skip(_ count: Int) throws(Broken) {
      guard count <= bytes.count - at else { throw Broken() }
      at += count
    }

    mutating func number() throws(Broken) -> Int {
      try skip(2)
      return Int(bytes[at - 2]) << 8 | Int(bytes[at - 1])
    }

    /// Each pointer leads back, so that there is an end.
    mutating func name() throws(Broken) -> String {
      var name: [UInt8] = []
      var start = at
      var rest: Int?
      while true {
        try skip(1)
        let count = Int(bytes[at - 1])
        if count == 0 { break }
        if count < 64 {
          try skip(count)
          name += (name.isEmpty ? [] : [UInt8(ascii: ".")]) + bytes[at - count..<at]
        } else {
          try skip(1)
          let target = (count & 63) << 8 | Int(bytes[at - 1])
          guard count >= 192, target < start else { throw Broken() }
          if rest == nil { rest = at }
          (at, start) = (target, target)
        }
        guard name.count < 255 else { throw Broken() }
      }
      at = rest ?? at
      return String(decoding: name, as: UTF8.self)
    }

    mutating func record(_ type: DNSType, until end: Int) throws(Broken) -> DNSRecord {
      switch type {
      case .cname: return .cname(try name())
      case .srv:
        return .srv(priority: try number(), weight: try number(), port: try number(), target: try name())
      case .a, .aaaa:
        let start = at
        try skip(end - start)
        guard let text = addressText(bytes[start..<end]), end - start == (type == .a ? 4 : 16) else { throw Broken() }
        return .address(type, text)
      }
    }
  }
}

extension DNSType {
  /// In a question and in a record.
  var number: Int {
    switch self {
    case .a: 1
    case .cname: 5
    case .aaaa: 28
    case .srv: 33
    }
  }
}

import APISIX
import Foundation
import Synchronization
import TestSupport
import Testing

@testable import DNS

/// Faults of name servers, of which a stub says the bytes.
@Suite struct DNSClientTests {
  private static let one = Answer(records: [record(1, [10, 0, 0, 1])])
  /// Long for an answer over loopback, short to wait for.
  private static let short = Duration.milliseconds(300)

  init() {
    // As the program does.
    signal(SIGPIPE, SIG_IGN)
  }

  private func ask(
    _ servers: [StubNameServer], _ name: String = "a.test", _ type: DNSType = .a, timeout: Duration = .seconds(20)
  ) throws -> DNSAnswer {
    var client = DNSClient(servers: servers.map(\.address), timeout: timeout)
    return try client.ask(name, type)
  }

  private func failure(_ servers: [String], _ name: String = "a.test", timeout: Duration = .seconds(20)) -> DNSFailure?
  {
    var client = DNSClient(servers: servers, timeout: timeout)
    do {
      let answer = try client.ask(name, .a)
      Issue.record("\(answer)")
      return nil
    } catch { return error }
  }

  @Test("an error is an answer, told with its code", arguments: [1, 2, 3, 4, 5, 9] as [UInt8])
  func codes(code: UInt8) throws {
    let first = try StubNameServer { [Answer(code: code).bytes(to: $0)] }
    let second = try StubNameServer { [Self.one.bytes(to: $0)] }
    let answer = try ask([first, second])
    #expect(answer.code == Int(code))
    #expect(answer.records == [])
    #expect(answer.server == first.address)
    #expect(first.asked.count == 1 && second.asked.isEmpty)
  }

  @Test("records come in the server's order; other names, types and classes are none")
  func records() throws {
    let v6: [UInt8] = [0x20, 1, 0xD, 0xB8] + [UInt8](repeating: 0, count: 11) + [7]
    let records = [
      record(1, [10, 0, 0, 2], owner: wire("A.Test")), record(1, [10, 0, 0, 3], owner: wire("b.test")),
      record(1, [10, 0, 0, 9], class: 3), record(16, [1, 65]), record(28, v6),
      record(33, two(1) + two(65535) + two(8080) + [1, 0x63, 0xC0, 14]), record(33, two(0) + two(0) + two(0) + [0]),
      record(5, wire("B.Test")), record(1, [10, 0, 0, 1]), record(1, [10, 0, 0, 4], owner: wire("b.test")),
    ]
    let server = try StubNameServer { [Answer(records: records).bytes(to: $0)] }
    let answer = try ask([server])
    #expect(
      answer.records == [
        .address(.a, "10.0.0.2"), .address(.aaaa, "2001:db8::7"),
        .srv(priority: 1, weight: 65535, port: 8080, target: "c.test"),
        .srv(priority: 0, weight: 0, port: 0, target: ""), .cname("B.Test"), .address(.a, "10.0.0.4"),
      ])
  }

  @Test(
    "a name goes as it is, without EDNS",
    arguments: [
      ("a.test", wire("a.test")), ("a.test.", wire("a.test")), ("A_b-*.Test", wire("A_b-*.Test")),
      (#"a\.b\100"#, wire(#"a\.b\100"#)), (".", [0]), ("ä.test", wire("ä.test")),
      (String(repeating: "x", count: 63) + ".test", wire(String(repeating: "x", count: 63) + ".test")),
    ])
  func names(name: String, bytes: [UInt8]) throws {
    let server = try StubNameServer { [Self.one.bytes(to: $0)] }
    _ = try ask([server], name, .srv)
    #expect(server.asked.map { Array($0[2...]) } == [[1, 0, 0, 1, 0, 0, 0, 0, 0, 0] + bytes + [0, 33, 0, 1]])
  }

  @Test(
    "a name that no question can hold is told, and not sent",
    arguments: [
      "a..test", ".a.test", "..", String(repeating: "x", count: 64) + ".test", "a\0b.test",
      String(repeating: "1234567.", count: 40),
    ])
  func badNames(name: String) throws {
    let server = try StubNameServer { [Self.one.bytes(to: $0)] }
    #expect(failure([server.address], name) == .unaskable)
    #expect(server.asked.isEmpty)
  }

  @Test("a cut answer is asked for over TCP, of the same server")
  func truncated() throws {
    let many = Answer(records: (0..<4000).map { record(1, [10, 0, UInt8($0 / 250), UInt8($0 % 250)]) })
    let server = try StubNameServer(tcp: { many.framed(to: $0) }, udp: { [Answer(isCut: true).bytes(to: $0)] })
    var client = DNSClient(servers: [server.address], timeout: .seconds(20))
    for _ in 0..<3 { #expect(try client.ask("a.test", .a).records.count == 4000) }
  }

  @Test("the next server is asked where one gives no whole answer over TCP")
  func brokenTCP() throws {
    let good = try StubNameServer { [Self.one.bytes(to: $0)] }
    let kinds: [(@Sendable ([UInt8]) -> [UInt8]?)?] = [
      nil, { _ in nil }, { _ in [] }, { _ in [0, 0, 0, 1, 7] }, { _ in [0, 1, 7] }, { _ in [255, 255, 1, 2] },
      { Array(Self.one.framed(to: $0).dropLast()) },
    ]
    for tcp in kinds {
      let server = try StubNameServer(tcp: tcp, udp: { [Answer(isCut: true).bytes(to: $0)] })
      let bytes = tcp?([1, 2, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 1])
      #expect(
        failure([server.address], timeout: Self.short) == .unanswered([server.address: .cut]), "\(bytes as Any)")
      #expect(try ask([server, good], timeout: Self.short).server == good.address)
    }
  }

  @Test("one that is silent is asked three times, and last from then on")
  func silence() throws {
    let silent = try StubNameServer { _ in [] }
    let good = try StubNameServer { [Self.one.bytes(to: $0)] }
    var client = DNSClient(servers: [silent.address, good.address], timeout: Self.short)
    for _ in 0..<50 { #expect(try client.ask("a.test", .a).server == good.address) }
    // Nobody can guess them.
    #expect(Set(good.asked.map { $0[..<2] }).count > 40)
    #expect(silent.asked.count == 3)
    #expect(failure([silent.address], timeout: Self.short) == .unanswered([silent.address: .timedOut]))
  }

  @Test("many questions at once: each has its answer, and a dead server costs one timeout")
  func many() throws {
    let silent = try StubNameServer { _ in [] }
    let server = try StubNameServer { question in
      let index = Int(String(decoding: question[13..<17], as: UTF8.self)) ?? 0
      return [Answer(records: [record(1, [10, 0, UInt8(index / 250), UInt8(index % 250)])]).bytes(to: question)]
    }
    var client = DNSClient(servers: [silent.address, server.address], timeout: Self.short)
    let questions = (0..<3000).map { DNSQuestion("\(String("000\($0)".suffix(4))).test", .a) }
    let answers = client.ask(questions)
    #expect(silent.asked.count < 600, "\(silent.asked.count)")
    for (index, answer) in answers.enumerated() {
      let records = try answer.get().records
      #expect(records == [.address(.a, "10.0.\(index / 250).\(index % 250)")])
    }
    #expect(try answers[0].get().silences == [silent.address: .timedOut])
    #expect(silent.asked.count < 300 && server.asked.count >= 3000)
    #expect(try client.ask("0001.test", .a).silences.isEmpty)
  }

  @Test("with EDNS only where that is wanted")
  func withEDNS() throws {
    let server = try StubNameServer { [Self.one.bytes(to: $0[..<10] + [0, 0] + $0[12..<24])] }
    var client = DNSClient(servers: [server.address], timeout: .seconds(20))
    _ = try client.ask("a.test", .a, size: 4096)
    _ = try client.ask("a.test", .a)
    #expect(server.asked[0].suffix(11) == [0, 0, 41, 16, 0, 0, 0, 0, 0, 0, 0] && server.asked[1].count == 24)
  }

  @Test("each server's reason is told")
  func reasons() throws {
    let closed = "127.0.0.1:\(try StubNameServer.closedPort())"
    let broken = try StubNameServer { [Answer(count: 1).bytes(to: $0)] }
    let silent = try StubNameServer { _ in [] }
    let bad = ["localhost", "127.0.0.1:99999", "127.0.0.1:0", "127.0.0.1:", "", "1.2.3.4,5.6.7.8", "::1]:x"]
    var reasons: [String: DNSFailure.Silence] = [
      closed: .unreachable, broken.address: .malformed, silent.address: .timedOut,
    ]
    for text in bad { reasons[text] = .noAddress }
    #expect(failure(Array(reasons.keys), timeout: Self.short) == .unanswered(reasons))
    #expect(failure([]) == .unanswered([:]))
  }

  @Test("what answers another question is passed over")
  func strangers() throws {
    let server = try StubNameServer { question in
      var other = question
      other[0] ^= 1
      var request = Self.one.bytes(to: question)
      request[2] &= 0x7F
      return [
        [], [1], Array(question.prefix(11)), Self.one.bytes(to: other), [UInt8](repeating: 0xC0, count: 600),
        Answer(code: 5).bytes(to: question[..<12] + wire("b.test") + question.suffix(4)),
        Self.one.bytes(to: question),
      ]
    }
    #expect(try ask([server]).records == [.address(.a, "10.0.0.1")])
  }

  @Test(
    "a broken answer is none",
    arguments: [
      [record(5, [0xC0, 36])], [record(5, [1, 0x61, 0xC0, 36])], [record(1, [10, 0, 0, 1], owner: [0xC0, 24])],
      [record(5, [0xC0, 50])], [record(5, [0x80, 1])], [record(5, [40, 1])], [record(1, [10, 0, 0])],
      [record(1, [10, 0, 0, 1, 0])], [record(28, [1])], [record(33, [0, 1, 0, 1, 0, 1])], [record(33, [])],
      [record(5, wire("b.test") + [0])], [record(5, wire(String(repeating: "1234567.", count: 40)))], [[0xC0]],
    ] as [[[UInt8]]])
  func malformed(records: [[UInt8]]) throws {
    let server = try StubNameServer { [Answer(records: records).bytes(to: $0)] }
    #expect(failure([server.address]) == .unanswered([server.address: .malformed]))
  }

  @Test("no bytes are too strange to be read")
  func strange() {
    let question: [UInt8] = [7, 7, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0] + wire("a.test") + [0, 1, 0, 1]
    let whole = Answer(records: [
      record(33, two(1) + two(2) + two(3) + [1, 0x63, 0xC0, 14]), record(1, [10, 0, 0, 1]), record(5, wire("b.test")),
    ]).bytes(to: question)
    let asked = DNSQuestion("a.test", .a)
    #expect(DNSAnswer(whole, to: asked, of: "x")?.records.count == 3)
    for count in whole.indices { #expect(DNSAnswer(Array(whole[..<count]), to: asked, of: "x") == nil) }
    var state: UInt64 = 42
    func random(_ below: Int) -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int(state >> 33) % below
    }
    for _ in 0..<50_000 {
      var bytes = whole
      for _ in 0...random(4) { bytes[4 + random(bytes.count - 4)] = UInt8(random(256)) }
      _ = DNSAnswer(bytes, to: asked, of: "x")
    }
  }

  @Test("a cancelled question ends, and the client can go on")
  func cancelled() throws {
    let silent = try StubNameServer { $0.dropFirst(12).contains(0x7A) ? [Self.one.bytes(to: $0)] : [] }
    var client = DNSClient(servers: [silent.address], timeout: .seconds(1000))
    for limit in [0, 1, 3] {
      var reads = 0
      #expect(throws: DNSFailure.cancelled) {
        try client.ask("a.test", .a) {
          reads += 1
          return reads > limit
        }
      }
    }
    #expect(try client.ask("zzz.test", .a).records.count == 1)
  }
}

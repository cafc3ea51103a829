import APISIX
import DNS
import Testing

@Suite struct DigTextTests {
  private func text(_ lines: String...) -> DigText { DigText(Array(lines.joined(separator: "\n").utf8)) }

  @Test func recordsOfEachKind() {
    let zone = text(
      ";; ->>HEADER<<- opcode: QUERY, status: NOERROR, id: 1", ";web.test.\tIN\tSRV", "",
      "WEB.test.\t60\tIN\tSRV\t1 2 80 a.test.", "a.test. 60 IN A 10.0.0.1", "a.test. 60 IN AAAA fd00::1",
      "www.test. 60 IN CNAME a.test.", "x.test. 60 IN TXT \"IN A\"", "bad.test. 60 IN SRV 1 2")
    #expect(zone.isAnswer)
    #expect(zone.answer("web.test", .srv).records == [.srv(priority: 1, weight: 2, port: 80, target: "a.test")])
    #expect(zone.answer("A.test", .aaaa).records == [.address(.aaaa, "fd00::1")])
    #expect(zone.answer("www.test", .a).records == [.cname("a.test"), .address(.a, "10.0.0.1")])
    #expect(zone.answer("www.test", .cname).records == [.cname("a.test")])
    #expect(zone.answer("bad.test", .srv).records.isEmpty && zone.answer("x.test", .a).code == 0)
  }

  @Test func whatIsNone() {
    let none = text(";; ->>HEADER<<- opcode: QUERY, status: NXDOMAIN, id: 1")
    #expect(none.answer("gone.test", .a).code == 3 && none.isAnswer)
    #expect(!text("10.0.0.1", "").isAnswer)
    let loop = text("a.test. 1 IN CNAME b.test.", "b.test. 1 IN CNAME a.test.")
    #expect(loop.answer("a.test", .a).records.count == 16)
  }
}

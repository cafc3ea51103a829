import APISIX
import Findings

extension RegistryReasons {
  static let dns = RegistryReasons(
    unknown: dnsUnknown, unusable: dnsUnusable, saved: "save what APISIX reads: dig SRV NAME; dig A NAME",
    hint: { _ in "a name with its port, or one that has SRV records: HOST:PORT" })

  @Sendable private static func dnsUnknown(_ inquiry: RegistryInquiry) -> Finding? {
    guard let error = inquiry.found.error else { return nil }
    let help =
      switch error.root[.number] {
      case "3": "the server knows no such name: is it spelt right, and of the zones of this server?"
      case "2": "the server failed to find out (SERVFAIL): look at its log"
      case "5": "the server refuses to answer for this name: ask one that is meant for it"
      default: "the name is there, without a record of the types of \(inquiry.kind.path).order"
      }
    return Finding(
      RegistryRules.unknownService, "no record of \(inquiry.name): \(error.text(in: inquiry.lookup.release))",
      help: help)
  }

  @Sendable private static func dnsUnusable(_ inquiry: RegistryInquiry) -> Finding? {
    guard let error = inquiry.found.error else { return nil }
    return Finding(
      RegistryRules.nothingUsable, "no node of \(inquiry.name): \(error.text(in: inquiry.lookup.release))",
      help: "give each target of the SRV records an A or AAAA record")
  }
}

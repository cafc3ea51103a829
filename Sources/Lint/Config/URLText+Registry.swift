import Findings
import Inputs
import SourceText

/// What is wrong with an address, the cure, and the address that is plainly meant.
typealias AddressSlip = (problem: String, help: String, mended: String?)

extension Setting {
  /// A finding at a server's address.
  func finding(_ rule: Rule, _ slip: AddressSlip, in address: URLText, severity: Severity? = nil) -> Finding {
    finding(
      rule, severity: severity, "\(quoted(address.shown)) \(slip.problem)", help: slip.help,
      fix: slip.mended.flatMap { replacing(with: $0, secret: address.userInfo != nil) })
  }
}

/// What is said of the addresses of registries.
extension URLText {
  /// Whether the scheme is right but for upper case.
  var schemeInLowerCase: String? {
    guard let scheme, ["http", "https"].contains(scheme.lowercased()), scheme != scheme.lowercased() else { return nil }
    return scheme.lowercased()
  }

  /// Most texts have none of the characters that a placeholder is made of.
  static func mayHoldPlaceholder(_ text: String) -> Bool {
    text.utf8.contains { byte in
      switch byte | 0x20 {
      case UInt8(ascii: "x"), UInt8(ascii: "y"), UInt8(ascii: "<"), UInt8(ascii: ">"): true
      default: false
      }
    }
  }

  /// A host that a document left to be filled in: `192.168.xx.xx`, `<nacos>`, `your-host`.
  static func isPlaceholder(_ host: String) -> Bool {
    guard mayHoldPlaceholder(host) else { return false }
    let lower = host.lowercased()
    if lower.has("<") || lower.has(">") || lower.hasPrefix("your-") || lower.hasPrefix("your_") {
      return true
    }
    let parts = lower.split(separator: ".")
    let letters = parts.filter { part in part.allSatisfy { $0 == "x" } }
    return !letters.isEmpty && parts.count == 4
      && parts.allSatisfy { part in part.allSatisfy { $0 == "x" } || UInt8(part) != nil }
  }
}

/// The grammar of labels and annotations.
///
/// Source: Kubernetes' documentation, "Labels and Selectors" and "Annotations".
public enum LabelSyntax {
  /// Why `key` can be the key of no label or annotation; nil when it can. A key is `NAME` or `PREFIX/NAME`: the prefix
  /// a DNS subdomain, the name at most 63 of letters, digits, `-`, `_` and `.`, with a letter or digit at both ends.
  public static func objection(toKey key: String) -> String? {
    let parts = key.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
    let name = parts.last ?? ""
    if parts.count == 2 {
      if name.contains("/") { return "has more than one '/'" }
      if parts[0].isEmpty { return "has nothing before its '/'" }
      if let objection = NameRule.subdomain.objection(to: parts[0]) { return "has a prefix that \(objection)" }
    }
    if name.isEmpty { return key.isEmpty ? "is empty" : "has nothing behind its '/'" }
    return nameObjection(name)
  }

  /// Why `value` can be no label's value; nil when it can. An empty value is allowed.
  public static func objection(toLabelValue value: String) -> String? {
    value.isEmpty ? nil : nameObjection(value)
  }

  private static func nameObjection(_ name: String) -> String? {
    if let objection = NameRule.tooLong(name, 63) { return objection }
    for scalar in name.unicodeScalars {
      switch scalar {
      case "a"..."z", "A"..."Z", "0"..."9", "-", "_", ".": continue
      default: return "may hold only letters, digits, '-', '_' and '.'"
      }
    }
    return isAlphanumeric(name.utf8.first) && isAlphanumeric(name.utf8.last)
      ? nil : "must start and end with a letter or digit"
  }

  private static func isAlphanumeric(_ byte: UInt8?) -> Bool {
    guard let byte else { return false }
    return switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"):
      true
    default: false
    }
  }
}

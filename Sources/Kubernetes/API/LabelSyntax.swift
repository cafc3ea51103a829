import SourceText

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
    guard name.utf8.allSatisfy({ $0.isAlphanumeric || "-_.".utf8.contains($0) }) else {
      return "may hold only letters, digits, '-', '_' and '.'"
    }
    let ends = [name.utf8.first, name.utf8.last].compactMap { $0 }
    return ends.allSatisfy(\.isAlphanumeric) ? nil : "must start and end with a letter or digit"
  }
}

/// What Kubernetes accepts as a name, and why not, in a few words that follow "NAME ".
///
/// Source of the rules: Kubernetes' documentation, "Object Names and IDs", and what an API server answered (1.20.2).
public enum NameRule: Sendable, Hashable, CaseIterable {
  /// At most 63 of a-z, 0-9 and `-`, with a letter or digit at both ends: namespaces.
  case label
  /// At most 253; labels joined by dots: most objects, among them ServiceAccounts and Secrets.
  case subdomain
  /// Anything that can be one segment of a URL path: roles and bindings of RBAC.
  case pathSegment

  /// Why `name` is refused, `has upper-case letters; write it in lower case`; nil when it is accepted.
  public func objection(to name: String) -> String? {
    if name.isEmpty { return "is empty" }
    return switch self {
    case .label: Self.tooLong(name, 63) ?? Self.labelObjection(name, dots: false)
    case .subdomain: Self.tooLong(name, 253) ?? Self.subdomainObjection(name)
    case .pathSegment: Self.segmentObjection(name)
    }
  }

  static func tooLong(_ name: String, _ limit: Int) -> String? {
    name.utf8.count > limit ? "is \(name.utf8.count) bytes long; at most \(limit) are allowed" : nil
  }

  private static func segmentObjection(_ name: String) -> String? {
    if name == "." || name == ".." { return "must not be '\(name)'" }
    if name.utf8.contains(UInt8(ascii: "/")) { return "must not contain '/'" }
    if name.utf8.contains(UInt8(ascii: "%")) { return "must not contain '%'" }
    return nil
  }

  private static func labelObjection(_ name: String, dots: Bool) -> String? {
    for scalar in name.unicodeScalars {
      switch scalar {
      case "a"..."z", "0"..."9", "-": continue
      case "." where dots: continue
      case ".": return "must not contain a dot"
      case "A"..."Z": return "has upper-case letters; only a-z, 0-9 and '-' are allowed"
      case "_": return "must not contain '_'; '-' is allowed"
      case " ", "\t", "\n", "\r": return "must not contain white space"
      default: return "may hold only a-z, 0-9\(dots ? ", '-' and '.'" : " and '-'")"
      }
    }
    if name.utf8.first == UInt8(ascii: "-") || name.utf8.last == UInt8(ascii: "-") {
      return "must start and end with a letter or digit"
    }
    return nil
  }

  private static func subdomainObjection(_ name: String) -> String? {
    if let objection = labelObjection(name, dots: true) { return objection }
    for part in name.split(separator: ".", omittingEmptySubsequences: false) {
      if part.isEmpty { return "must not have a dot at an end or two in a row" }
      if part.utf8.first == UInt8(ascii: "-") || part.utf8.last == UInt8(ascii: "-") {
        return "must have a letter or digit on both sides of each dot"
      }
    }
    return nil
  }
}

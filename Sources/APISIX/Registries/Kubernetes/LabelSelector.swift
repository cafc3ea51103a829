/// A `labelSelector` as the API server reads it (k8s.io/apimachinery, package labels): `a=b`, `a==b`, `a!=b`,
/// `a in (b,c)`, `a notin (b,c)`, `a`, `!a`, `a>1`, `a<1`, joined by commas.
public struct LabelSelector: Sendable, Hashable {
  /// Why the API server answers 400.
  public struct Fault: Error, Sendable, Hashable {
    public let message: String
  }

  enum Test: Sendable, Hashable {
    case exists
    case absent
    case oneOf(Set<String>)
    case noneOf(Set<String>)
    case above(Int64)
    case below(Int64)
  }

  struct Requirement: Sendable, Hashable {
    let key: String
    let test: Test
  }

  let requirements: [Requirement]

  /// An empty text selects everything.
  public init(_ text: String) throws(Fault) {
    var parser = LabelSelectorParser(text)
    requirements = try parser.parse()
  }

  /// - Parameter labels: the value of a label by its key; nil when there is no such label.
  public func selects(_ labels: (String) -> String?) -> Bool {
    requirements.allSatisfy { requirement in
      let value = labels(requirement.key)
      switch requirement.test {
      case .exists: return value != nil
      case .absent: return value == nil
      case .oneOf(let values): return value.map { values.contains($0) } ?? false
      case .noneOf(let values): return value.map { !values.contains($0) } ?? true
      case .above(let bound): return value.flatMap { Int64($0) }.map { $0 > bound } ?? false
      case .below(let bound): return value.flatMap { Int64($0) }.map { $0 < bound } ?? false
      }
    }
  }
}

import APISIX
import Findings
import SourceText

/// What is wrong with the expressions of namespace_selector though the schema accepts them.
enum NamespaceExpression {
  static let broken: Rule = """
    kubernetes/expression-broken (warning, since 2.13.0): An item of match or not_match is not a regular expression
    Checks: That PCRE accepts every item of `namespace_selector.match` and `not_match`.
    Why: No schema looks into it. A broken item of `match` matches nothing and logs `ngx.re.match failed` for each \
    object; one of `not_match` hides every namespace, without a word.
    Example:
    namespace_selector:
      not_match: ["*-test"]
    Fix: namespace_selector:
      not_match: [".*-test"]
    """

  static let isGlob: Rule = """
    kubernetes/expression-is-glob (warning, since 2.13.0): An expression of match or not_match looks like a shell \
    pattern
    Checks: Whether an item of `match` or `not_match` has a bare `*` behind a letter, digit or hyphen.
    Why: The items are regular expressions: `dev-*` matches `dev` and `dev-`, but not `dev-1`, since `*` repeats the \
    hyphen.
    Example: match: [dev-*]
    Fix: match: [dev-.*]
    zh: match 或 not_match 里的表达式写成了 shell 通配符
    Checks: `match` 或 `not_match` 的各项里，是否有 `*` 直接跟在字母、数字或连字符后面。
    Why: 这里要写正则表达式：`dev-*` 匹配 `dev` 和 `dev-`，但不匹配 `dev-1`，因为 `*` 重复的是它前面的连字符。
    """

  static let firstAlternative: Rule = """
    kubernetes/expression-first-alternative (warning, since 2.13.0): An expression stops short of a name that it \
    describes
    Checks: Whether an item of `match` or `not_match` describes a namespace whose name is longer than what PCRE finds \
    first.
    Why: APISIX takes what PCRE finds first and asks whether it is the whole name. In `dev-1` the expression \
    `dev|dev-1` finds `dev`, so the namespace is not matched.
    Example: match: ["dev|dev-1"]
    Fix: Give each its own item, or anchor the end:
      match: [dev, dev-1]
      match: ["(dev|dev-1)$"]
    """

  static let neverMatches: Rule = """
    kubernetes/expression-never-matches (warning, since 2.13.0): An expression or name can belong to no namespace
    Checks: That `equal` and the items of `match` and `not_match` describe a name that a namespace can have: \
    lower-case letters, digits and hyphens.
    Why: Kubernetes allows nothing else in the name of a namespace, so the condition never holds.
    Example: equal: my_namespace
    Fix: equal: my-namespace
    """

  static let rules = [broken, isGlob, firstAlternative, neverMatches]

  static func check(_ cluster: KubernetesCluster) -> [Finding] {
    var findings: [Finding] = []
    guard let selector = cluster["namespace_selector"] else { return [] }
    for key in ["match", "not_match"] {
      guard let items = selector[key]?.items else { continue }
      // Longer lists and expressions are no person's, and to try one out may take long.
      for item in items.prefix(50) {
        guard let text = item.string, text.utf8.count <= 200, !text.hasSuffix("\n") else { continue }
        findings += finding(
          text, item, key, isAlone: items.count == 1, cluster.release)
      }
    }
    if let equal = selector["equal"], let text = equal.string,
      text.contains(where: { $0 == "_" || $0 == "." }), Pattern.namespace.matches(text)
    {
      findings += equal.finding(
        neverMatches, severity: .error,
        "no namespace can be called \(quoted(text)): names have letters, digits and hyphens",
        help: "write the namespace's name")
    }
    return findings
  }

  /// - Parameter isAlone: no other item is there, so that nothing is matched without it.
  private static func finding(
    _ text: String, _ item: Setting, _ key: String, isAlone: Bool, _ release: Release
  ) -> Finding? {
    let pattern = NamespacePattern(text, library: PCRELibrary(of: release))
    let glob = glob(text)
    switch pattern {
    case .broken(let reason):
      let consequence =
        key == "not_match" ? "APISIX hides every namespace" : "it matches nothing, and each object logs an error"
      return item.finding(
        broken, severity: key == "not_match" || isAlone ? .error : nil,
        "\(quoted(text)) is not a regular expression (\(reason)); \(consequence)",
        help: glob.map { "write \(quoted($0))" } ?? "correct the expression; these are regular expressions of PCRE",
        fix: glob.flatMap { item.replacing(with: $0) })
    case _ where glob != nil:
      return item.finding(
        isGlob, "\(quoted(text)) is a regular expression: its * repeats the character before it",
        help: "write \(quoted(glob ?? ""))", fix: glob.flatMap { item.replacing(with: $0) })
    case .impossible:
      return item.finding(
        neverMatches, severity: key == "match" && isAlone ? .error : nil,
        "\(quoted(text)) matches no name that a namespace can have",
        help: "names have lower-case letters, digits and hyphens only")
    case .missed(let name):
      return item.finding(
        firstAlternative, "\(quoted(text)) does not match the namespace \(name): PCRE stops before its end",
        help: text.has("|") ? "make each alternative an item of its own" : "end the expression with $")
    case .fine: return nil
    }
  }

  /// The expression for a shell pattern with nothing but `*`.
  private static func glob(_ text: String) -> String? {
    guard text.utf8.contains(UInt8(ascii: "*")), text.utf8.allSatisfy({ $0.isSmall || "-*".utf8.contains($0) })
    else { return nil }
    return text.split(separator: "*", omittingEmptySubsequences: false).joined(separator: ".*")
  }
}

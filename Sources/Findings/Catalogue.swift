/// All rules, by id.
public struct Catalogue: Sendable {
  /// In order of id.
  public let rules: [Rule]
  /// Ids of rules that are no more. They stay listed so that none is used again, and old ignores stay valid.
  public let retired: [String]
  private let byID: [String: Int]

  public init(_ rules: [Rule], retired: [String] = []) {
    let ordered = rules.sorted { $0.id < $1.id }
    self.rules = ordered
    self.retired = retired.sorted()
    byID = Dictionary(ordered.enumerated().map { ($1.id, $0) }, uniquingKeysWith: { first, _ in first })
  }

  /// The rule of this id; nil where there is none.
  public subscript(id: String) -> Rule? { byID[id].map { rules[$0] } }

  /// The rules that a selector stands for: one id, or all of an area by its prefix, `kubernetes/`.
  public func rules(matching selector: String) -> [Rule] {
    rules.filter { Selection.matches(selector, rule: $0.id) }
  }

  /// What was typed, with the slash of an area where it was left out.
  public func selector(_ typed: String) -> String {
    areas.contains { $0.prefix.dropLast() == typed } ? typed + "/" : typed
  }

  /// Whether `selector` names a rule, an area or a retired id.
  public func knows(_ selector: String) -> Bool {
    rules.contains { Selection.matches(selector, rule: $0.id) }
      || retired.contains { Selection.matches(selector, rule: $0) }
  }

  /// The id or area that `selector` was probably meant to be.
  public func nearest(_ selector: String) -> String? {
    let areas = Set(rules.map { area(of: $0.id) }).sorted()
    // Whoever leaves out the area means the rule of that name.
    let named = rules.filter { $0.id.drop { $0 != "/" }.dropFirst() == selector }
    if named.count == 1 { return named[0].id }
    return Findings.nearest(selector, among: rules.map(\.id) + areas)
  }

  /// What was typed for a page: one rule, the rules of an area, or those whose pages hold it as a text; none where a
  /// rule's name is mistyped.
  /// - Returns: the rules, and the words of a text that no page has.
  public func meant(by text: String) -> (rules: [Rule], missing: [String]) {
    let near = nearest(text)
    if let rule = self[text] ?? near.flatMap({ $0.hasSuffix("/" + text) ? self[$0] : nil }) { return ([rule], []) }
    let found = rules(matching: selector(text))
    return found.isEmpty && (near == nil || !text.contains("/")) ? search(text) : (found, [])
  }

  /// The areas, `kubernetes/` and so on, each with its rules, in order.
  public var areas: [(prefix: String, rules: [Rule])] {
    var areas: [(prefix: String, rules: [Rule])] = []
    for rule in rules {
      let prefix = area(of: rule.id)
      if areas.last?.prefix == prefix {
        areas[areas.count - 1].rules.append(rule)
      } else {
        areas.append((prefix, [rule]))
      }
    }
    return areas
  }
}

/// The prefix of an id up to and with its slash.
private func area(of id: String) -> String { String(id.prefix { $0 != "/" }) + "/" }

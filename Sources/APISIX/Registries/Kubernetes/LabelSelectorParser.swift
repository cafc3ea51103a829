import SourceText

struct LabelSelectorParser {
  /// Words and symbols; "" is the end.
  private var tokens: ArraySlice<String>

  private static let symbols = "=!(),><"
  private static let ends = symbols + " \t\r\n"

  init(_ text: String) {
    var tokens: [String] = []
    var rest = text.utf8[...]
    while let first = rest.first {
      let isDouble = "=!".utf8.contains(first) && rest.dropFirst().first == UInt8(ascii: "=")
      let token =
        Self.symbols.utf8.contains(first)
        ? rest.prefix(isDouble ? 2 : 1) : rest.prefix { !Self.ends.utf8.contains($0) }
      if !token.isEmpty { tokens.append(String(Substring(token))) }
      rest = rest.dropFirst(max(1, token.count))
    }
    self.tokens = tokens[...]
  }

  private func isWord(_ token: String) -> Bool {
    token.utf8.first.map { !Self.symbols.utf8.contains($0) } ?? false
  }

  private var next: String { tokens.first ?? "" }

  private mutating func take() -> String { tokens.popFirst() ?? "" }

  /// Whether the token comes next; it is passed.
  private mutating func passes(_ token: String) -> Bool {
    guard next == token else { return false }
    return tokens.popFirst() != nil
  }

  mutating func parse() throws(LabelSelector.Fault) -> [LabelSelector.Requirement] {
    var requirements: [LabelSelector.Requirement] = []
    while !next.isEmpty {
      guard isWord(next) || next == "!" else {
        throw fault("found '\(next)', expected: !, identifier, or 'end of string'")
      }
      requirements.append(try requirement())
      if next.isEmpty { break }
      guard passes(",") else { throw fault("found '\(next)', expected: ',' or 'end of string'") }
      guard isWord(next) || next == "!" else { throw fault("found '\(next)', expected: identifier after ','") }
    }
    return requirements
  }

  private func fault(_ message: String) -> LabelSelector.Fault { LabelSelector.Fault(message: message) }

  private func unable(_ message: String) -> LabelSelector.Fault { fault("unable to parse requirement: \(message)") }

  private mutating func requirement() throws(LabelSelector.Fault) -> LabelSelector.Requirement {
    let isAbsent = passes("!")
    guard isWord(next) else { throw unable("found '\(next)', expected: identifier") }
    let key = take()
    if let problem = LabelSyntax.keyProblem(key) { throw unable("<nil>: Invalid value: \"\(key)\": \(problem)") }
    if isAbsent { return .init(key: key, test: .absent) }
    if next.isEmpty || next == "," { return .init(key: key, test: .exists) }

    let sign = take()
    let test: LabelSelector.Test =
      switch sign {
      case "in": .oneOf(try values(key))
      case "notin": .noneOf(try values(key))
      case "=", "==": .oneOf([try exactValue(key)])
      case "!=": .noneOf([try exactValue(key)])
      case ">": .above(try number(key))
      case "<": .below(try number(key))
      default: throw unable("found '\(sign)', expected: in, notin, =, ==, !=, gt, lt")
      }
    return .init(key: key, test: test)
  }

  private mutating func exactValue(_ key: String) throws(LabelSelector.Fault) -> String {
    if next.isEmpty || next == "," { return "" }
    guard isWord(next) else { throw unable("found '\(next)', expected: identifier") }
    return try checked(take(), key)
  }

  private mutating func number(_ key: String) throws(LabelSelector.Fault) -> Int64 {
    let text = try exactValue(key)
    guard let number = Int64(text) else {
      throw unable(
        "values[0][\(key)]: Invalid value: \"\(text)\": for 'Gt', 'Lt' operators, the value must be an integer")
    }
    return number
  }

  /// `(a, b)`. A missing value counts as an empty one.
  private mutating func values(_ key: String) throws(LabelSelector.Fault) -> Set<String> {
    guard passes("(") else { throw unable("found '\(next)' expected: '('") }
    if next == ")" {
      throw unable("values: Invalid value: []: for 'in', 'notin' operators, values set can't be empty")
    }
    var values: Set<String> = []
    while true {
      if isWord(next) {
        values.insert(try checked(take(), key))
        if passes(")") { return values }
        guard next == "," else { throw unable("found '\(next)', expected: ',' or ')'") }
      } else if passes(",") {
        if values.isEmpty { values.insert("") }
        if passes(")") { return values.union([""]) }
        if passes(",") { values.insert("") }
      } else {
        throw unable("found '\(next)', expected: ',', or identifier")
      }
    }
  }

  private func checked(_ value: String, _ key: String) throws(LabelSelector.Fault) -> String {
    if let problem = LabelSyntax.valueProblem(value) {
      throw unable("values[0][\(key)]: Invalid value: \"\(value)\": \(problem)")
    }
    return value
  }
}

/// What a label's key and value may be.
enum LabelSyntax {
  static func keyProblem(_ key: String) -> String? {
    let parts = key.split(separator: "/", omittingEmptySubsequences: false)
    guard parts.count <= 2, let name = parts.last else { return "a qualified name has at most one slash" }
    if parts.count == 2 {
      let labels = parts[0].utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
      guard parts[0].utf8.count <= 253, labels.allSatisfy({ $0.isName(of: \.isSmall, inner: "-") }) else {
        return "prefix part must be a lowercase RFC 1123 subdomain"
      }
    }
    guard !name.isEmpty else { return "name part must be non-empty" }
    guard name.utf8.count <= 63 else { return "name part must be no more than 63 characters" }
    return name.utf8.isName(of: \.isAlphanumeric, inner: "-._")
      ? nil : "name part must consist of alphanumeric characters, '-', '_' or '.'"
  }

  static func valueProblem(_ value: String) -> String? {
    if value.utf8.count > 63 { return "must be no more than 63 characters" }
    if value.isEmpty || value.utf8.isName(of: \.isAlphanumeric, inner: "-._") { return nil }
    return "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.'"
  }
}

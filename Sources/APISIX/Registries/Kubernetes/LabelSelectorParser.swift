import SourceText

struct LabelSelectorParser {
  private enum Token: Hashable {
    case word(String)
    case symbol(String)
    case error(String)
    case end

    var text: String {
      switch self {
      case .word(let text), .symbol(let text), .error(let text): text
      case .end: ""
      }
    }
  }

  private var tokens: [Token] = []
  private var position = 0

  init(_ text: String) {
    let bytes = Array(text.utf8)
    let symbols = Array("=!(),><".utf8)
    let spaces = Array(" \t\r\n".utf8)
    var place = 0
    while place < bytes.count {
      if spaces.contains(bytes[place]) {
        place += 1
      } else if symbols.contains(bytes[place]) {
        tokens.append(Self.symbol(bytes, &place, symbols))
      } else {
        let start = place
        while place < bytes.count, !spaces.contains(bytes[place]), !symbols.contains(bytes[place]) { place += 1 }
        tokens.append(.word(String(decoding: bytes[start..<place], as: UTF8.self)))
      }
    }
  }

  /// The longest symbol here: `=`, `==`, `!=`, `!` and so on.
  private static func symbol(_ bytes: [UInt8], _ place: inout Int, _ symbols: [UInt8]) -> Token {
    let first = bytes[place]
    place += 1
    let mayDouble = first == UInt8(ascii: "=") || first == UInt8(ascii: "!")
    if mayDouble, place < bytes.count, bytes[place] == UInt8(ascii: "=") {
      place += 1
      return .symbol(String(decoding: [first, UInt8(ascii: "=")], as: UTF8.self))
    }
    return .symbol(String(decoding: [first], as: UTF8.self))
  }

  private func peek() -> Token { position < tokens.count ? tokens[position] : .end }

  private mutating func next() -> Token {
    defer { position += 1 }
    return peek()
  }

  mutating func parse() throws(LabelSelector.Fault) -> [LabelSelector.Requirement] {
    var requirements: [LabelSelector.Requirement] = []
    while true {
      switch peek() {
      case .word, .symbol("!"): requirements.append(try requirement())
      case .end: return requirements
      case let token: throw fault("found '\(token.text)', expected: !, identifier, or 'end of string'")
      }
      switch next() {
      case .end: return requirements
      case .symbol(","):
        switch peek() {
        case .word, .symbol("!"): continue
        case let token: throw fault("found '\(token.text)', expected: identifier after ','")
        }
      case let token: throw fault("found '\(token.text)', expected: ',' or 'end of string'")
      }
    }
  }

  private func fault(_ message: String) -> LabelSelector.Fault { LabelSelector.Fault(message: message) }

  private func unable(_ message: String) -> LabelSelector.Fault { fault("unable to parse requirement: \(message)") }

  private mutating func requirement() throws(LabelSelector.Fault) -> LabelSelector.Requirement {
    var isAbsent = false
    if peek() == .symbol("!") {
      isAbsent = true
      position += 1
    }
    let token = next()
    guard case .word(let key) = token else { throw unable("found '\(token.text)', expected: identifier") }
    if let problem = LabelSyntax.keyProblem(key) { throw unable("<nil>: Invalid value: \"\(key)\": \(problem)") }
    if isAbsent { return .init(key: key, test: .absent) }
    if peek() == .end || peek() == .symbol(",") { return .init(key: key, test: .exists) }

    let sign = next()
    switch sign {
    case .word("in"): return .init(key: key, test: .oneOf(try values(key)))
    case .word("notin"): return .init(key: key, test: .noneOf(try values(key)))
    case .symbol("="), .symbol("=="): return .init(key: key, test: .oneOf([try exactValue(key)]))
    case .symbol("!="): return .init(key: key, test: .noneOf([try exactValue(key)]))
    case .symbol(">"): return .init(key: key, test: .above(try number(key)))
    case .symbol("<"): return .init(key: key, test: .below(try number(key)))
    default: throw unable("found '\(sign.text)', expected: in, notin, =, ==, !=, gt, lt")
    }
  }

  private mutating func exactValue(_ key: String) throws(LabelSelector.Fault) -> String {
    switch peek() {
    case .end, .symbol(","): return ""
    case .word(let value):
      position += 1
      return try checked(value, key)
    case let token: throw unable("found '\(token.text)', expected: identifier")
    }
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
    let open = next()
    guard open == .symbol("(") else { throw unable("found '\(open.text)' expected: '('") }
    if peek() == .symbol(")") {
      throw unable("values: Invalid value: []: for 'in', 'notin' operators, values set can't be empty")
    }
    var values: Set<String> = []
    while true {
      switch next() {
      case .word(let value):
        values.insert(try checked(value, key))
        switch peek() {
        case .symbol(","): continue
        case .symbol(")"):
          position += 1
          return values
        case let token: throw unable("found '\(token.text)', expected: ',' or ')'")
        }
      case .symbol(","):
        if values.isEmpty { values.insert("") }
        if peek() == .symbol(")") {
          position += 1
          return values.union([""])
        }
        if peek() == .symbol(",") {
          position += 1
          values.insert("")
        }
      case let token: throw unable("found '\(token.text)', expected: ',', or identifier")
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

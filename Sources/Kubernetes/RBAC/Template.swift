/// Fills a template of templates/. What it is filled with can never change the shape of the YAML: scalars are quoted
/// where YAML would read them as anything but the same text.
struct Template {
  enum Value {
    /// One scalar, in its place in a line.
    case scalar(String)
    /// `[a, b]`, in its place in a line.
    case list([String])
    /// Finished lines in place of a line that holds only the placeholder, each indented as it is.
    case lines([String])
    case number(Int)
    /// Only for sections.
    case flag(Bool)

    /// Whether a `{{#key}}` section is kept.
    var isThere: Bool {
      switch self {
      case .scalar(let text): !text.isEmpty
      case .list(let items): !items.isEmpty
      case .lines(let lines): !lines.isEmpty
      case .number: true
      case .flag(let flag): flag
      }
    }
  }

  let text: String

  init(_ text: String) { self.text = text }

  /// The text with every placeholder filled. A key without a value counts as not there and stays as it is written.
  func filled(_ values: [String: Value]) -> String {
    var result: [String] = []
    var skipping: Substring?
    for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
      let content = line.drop { $0 == " " }
      if let (mark, key) = Self.section(content) {
        switch mark {
        case "/": if skipping == key { skipping = nil }
        case let mark where skipping == nil:
          if (values[String(key)]?.isThere ?? false) != (mark == "#") { skipping = key }
        default: break
        }
      } else if skipping == nil {
        if let key = Self.placeholder(content), case .lines(let lines)? = values[String(key)] {
          let indent = String(line.prefix(line.count - content.count))
          result += lines.map { $0.isEmpty ? "" : indent + $0 }
        } else {
          result.append(Self.filledLine(line, values))
        }
      }
    }
    return result.joined(separator: "\n")
  }

  /// `{{#key}}`, `{{^key}}` or `{{/key}}` on a line of its own.
  private static func section(_ content: Substring) -> (mark: Character, key: Substring)? {
    guard let inner = placeholder(content), let mark = inner.first, "#^/".contains(mark) else { return nil }
    return (mark, inner.dropFirst())
  }

  private static func placeholder(_ content: Substring) -> Substring? {
    guard content.hasPrefix("{{"), content.hasSuffix("}}") else { return nil }
    let inner = content.dropFirst(2).dropLast(2)
    return inner.contains("{") || inner.contains("}") ? nil : inner
  }

  private static func filledLine(_ line: Substring, _ values: [String: Value]) -> String {
    // A comment takes the plain text: quotes would only be in the way there.
    let comment = line.drop { $0 == " " }.hasPrefix("#")
    var result = ""
    var rest = line
    while let open = rest.firstIndex(of: "{") {
      result += rest[..<open]
      rest = rest[open...]
      guard rest.hasPrefix("{{"), let close = rest.firstIndex(of: "}") else {
        result.append("{")
        rest = rest.dropFirst()
        continue
      }
      let key = rest[rest.index(open, offsetBy: 2)..<close]
      let end = rest.index(close, offsetBy: 2, limitedBy: rest.endIndex) ?? rest.endIndex
      switch values[String(key)] {
      case .scalar(let text): result += comment ? YAMLScalar.inComment(text) : YAMLScalar.written(text)
      case .list(let items): result += "[" + items.map(YAMLScalar.written).joined(separator: ", ") + "]"
      case .number(let number): result += String(number)
      default: result += rest[..<end]
      }
      rest = rest[end...]
    }
    return result + rest
  }
}

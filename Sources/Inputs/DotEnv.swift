/// `NAME=VALUE` lines: comments, `export`, and quotes around a value.
public enum DotEnv {
  /// - Returns: the values by their names; the last of one name counts.
  public static func parse(_ text: String) -> [String: String] {
    var variables: [String: String] = [:]
    for line in text.split(whereSeparator: \.isNewline) {
      var line = line.drop { $0 == " " || $0 == "\t" }
      if line.hasPrefix("export ") { line = line.dropFirst(7).drop { $0 == " " } }
      guard !line.hasPrefix("#"), let equals = line.firstIndex(of: "=") else { continue }
      var value = line[line.index(after: equals)...]
      while let last = value.last, last == " " || last == "\t" || last == "\r" { value.removeLast() }
      if let quote = value.first, quote == "\"" || quote == "'", value.count >= 2, value.last == quote {
        value = value.dropFirst().dropLast()
      }
      variables[String(line[..<equals].filter { $0 != " " })] = String(value)
    }
    return variables
  }
}

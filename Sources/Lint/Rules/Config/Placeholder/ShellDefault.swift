import SourceText

/// `NAME:-VALUE`: a default in the shell's way, which APISIX takes for a name.
struct ShellDefault {
  let name: String
  let value: String

  /// - Parameter inner: what stands between the braces.
  init?(_ inner: String) {
    guard let mark = inner.firstBytes(of: ":-") else { return nil }
    name = String(inner[..<mark.lowerBound])
    value = String(inner[mark.upperBound...])
  }

  /// What to write, with the default itself or with a word for it.
  func help(value: String? = nil) -> String { "APISIX writes it ${{\(name):=\(value ?? self.value)}}" }
}

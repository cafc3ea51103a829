import SourceText

/// What kubectl prints for people, which people save all the same: nothing can be read out of it.
public enum KubectlOutput: Sendable, Hashable {
  /// `kubectl describe`
  case description
  /// `kubectl get`
  case table
  /// `kubectl get -o name`
  case names
  /// `kubectl get -o jsonpath` of a list or a map.
  case values
  /// The same of several tokens.
  case tokens
  /// An error, or that nothing was found.
  case message(String)

  /// nil for what looks like none of it. Only the first 64 KiB are looked at.
  public init?(_ bytes: some Sequence<UInt8>) {
    let lines = Array(bytes.prefix(1 << 16)).split(whereSeparator: { $0 == 0x0A || $0 == 0x0D }).map {
      String(decoding: $0, as: UTF8.self)
    }.filter { line in line.utf8.contains { $0 != 0x20 } }
    guard let first = lines.first else { return nil }
    if first.hasPrefix("No resources found") || first.hasPrefix("Error from server") || first.hasPrefix("error: ") {
      self = .message(String(first.prefix(120)))
    } else if first.hasPrefix("Name:  "),
      lines.contains(where: { line in ["Namespace:", "Labels:", "Annotations:"].contains { line.hasPrefix($0) } })
    {
      self = .description
    } else if Self.isHeader(first), lines.count == 1 || lines[1].has("  ") {
      self = .table
    } else if lines.allSatisfy(Self.isName) {
      self = .names
    } else if Self.isValues(lines) {
      self = .values
    } else if Self.areTokens(lines.flatMap { $0.split(separator: " ") }) {
      self = .tokens
    } else {
      return nil
    }
  }

  /// `NAMESPACE   NAME   ENDPOINTS   AGE`
  private static func isHeader(_ line: String) -> Bool {
    let words = line.split(separator: " ")
    return words.count > 1 && ["NAME", "NAMESPACE"].contains(words[0])
      && line.utf8.allSatisfy { " -()".utf8.contains($0) || $0.isAlphanumeric && !$0.isSmall }
  }

  private static let kinds: Set = [
    "secret", "serviceaccount", "endpoints", "endpointslice", "service", "pod", "configmap", "deployment", "namespace",
  ]

  /// `endpointslice.discovery.k8s.io/web-abc`
  private static func isName(_ line: String) -> Bool {
    let parts = line.split(separator: "/", omittingEmptySubsequences: false)
    return parts.count == 2 && kinds.contains(String(parts[0].prefix { $0 != "." }))
      && parts[1].utf8.isName(of: \.isSmall, inner: "-.")
  }

  /// `["a","b"]`, and as Go prints it: `[a b]`, `map[a:b]`. Objects in JSON are read.
  private static func isValues(_ lines: [String]) -> Bool {
    let first = lines[0].trimmed { $0 == " " }
    if first.hasPrefix("map[") || first.hasPrefix("[map[") { return true }
    return first.hasPrefix("[") && lines.last?.trimmed { $0 == " " }.hasSuffix("]") == true
      && !lines.contains { $0.utf8.contains(UInt8(ascii: "{")) }
  }

  private static func areTokens(_ words: [Substring]) -> Bool {
    words.count > 1
      && words.allSatisfy { word in
        word.hasPrefix("eyJ") ? word.utf8.count { $0 == UInt8(ascii: ".") } == 2 : word.hasPrefix("ZXlK")
      }
  }

  /// For a message: `what kubectl describe prints`.
  public var words: String {
    switch self {
    case .description: "what kubectl describe prints"
    case .table: "a table of kubectl get"
    case .names: "the names that kubectl get -o name prints"
    case .values: "a list or map as kubectl -o jsonpath prints it"
    case .tokens: "two tokens or more in a row"
    case .message(let text): "a message of kubectl (\(text))"
    }
  }
}

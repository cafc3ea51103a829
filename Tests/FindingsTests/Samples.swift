import JSON
import SourceText

@testable import Findings

/// Rules and reports as a command would hand them over.
enum Samples {
  static let portNotString: Rule = """
    kubernetes/port-not-string (error, since 2.15.0): The API server's port is not a string
    Checks: `discovery.kubernetes.service.port` is a number.
    APISIX takes a string there.
    Why: APISIX refuses the whole configuration and does not start.
    Example:
    discovery:
      kubernetes:
        service:
          port: 6443
    Fix: Quote it: `port: "6443"`.
    """
  static let hostUpperCase: Rule = """
    kubernetes/host-upper-case (warning): The host has upper-case letters
    Checks: x
    Why: y
    Example: z
    Fix: w
    """
  static let inlineToken: Rule = """
    token/inline (note): A token stands in the file
    Checks: x
    Why: y
    Example:
    ```
    z
    ```
    Fix: w
    """
  static let refused: Rule = """
    connect/refused (error): Nothing listens there
    Checks: x
    Why: y
    Example: z
    Fix: w
    """
  static let catalogue = Catalogue(
    [refused, portNotString, inlineToken, hostUpperCase], retired: ["kubernetes/old-name"])

  static let token = "eyJhbGciOiJSUzI1NiJ9.bm90LWEtcmVhbC10b2tlbg.c2lnbmF0dXJl"
  static let config = """
    discovery:
      kubernetes:
        service:
          host: API.example.com
          port: 6443
        client:
          token: \(token)

    """

  /// The range of the first occurrence of `needle`, in bytes.
  static func bytes(_ needle: String, in text: String) -> Range<Int> {
    let haystack = Array(text.utf8)
    let needle = Array(needle.utf8)
    let start = haystack.indices.first { haystack[$0...].starts(with: needle) } ?? 0
    return start..<(start + needle.count)
  }

  static func source(_ text: String, secrets: [String] = []) -> SourceFile {
    SourceFile(SourceText(Array(text.utf8)), secrets: secrets.map { bytes($0, in: text) })
  }

  /// A finding about the first `needle` of `text`.
  static func finding(
    _ rule: Rule = portNotString, _ message: String = "wrong", at needle: String, in text: String,
    file: String? = "config.yaml", help: String? = nil, fix: Fix? = nil
  ) -> Finding {
    let range = SourceText(Array(text.utf8)).range(bytes(needle, in: text))
    return Finding(rule: rule, message: message, file: file, range: range, help: help, fix: fix)
  }

  /// A lint of three files: one with an error, a warning and a note, one without, one that cannot be read.
  static let lint: Report = {
    let port = bytes("6443", in: config)
    let tokens = bytes(token, in: config)
    let text = SourceText(Array(config.utf8))
    let findings = [
      Finding(
        rule: inlineToken, message: "the token stands in the file", file: "config.yaml", range: text.range(tokens),
        path: "discovery.kubernetes.client.token",
        fix: Fix(
          safe: false,
          edits: [TextEdit(offset: tokens.lowerBound, length: tokens.count, text: "unwrapped")], secret: true)),
      Finding(
        rule: portNotString, message: "port is the number 6443; APISIX accepts only a string here",
        file: "config.yaml", range: text.range(port), path: "discovery.kubernetes.service.port",
        help: "quote it: port: \"6443\"",
        fix: Fix(safe: true, edits: [TextEdit(offset: port.lowerBound, length: port.count, text: "\"6443\"")])),
      finding(hostUpperCase, "host <API.example.com> has upper-case letters", at: "API.example.com", in: config),
      Finding(
        rule: refused, severity: .error, message: "cannot be read: permission denied", file: "a b/ünï,ödd:100%.yaml"),
    ]
    return Report(
      command: "lint", version: "0.1.0",
      files: [
        .init(
          path: "config.yaml", kind: "apisix-config",
          verdict: [
            "apisix": "3.18.0", "accepts": false, "stage": "cli",
            "message": "invalid discovery kubernetes configuration: object matches none of the required",
          ]),
        .init(path: "values.yaml", kind: "helm-values"),
        .init(path: "a b/ünï,ödd:100%.yaml", kind: nil),
      ],
      findings: findings + [findings[1]],
      sources: ["config.yaml": source(config, secrets: [token])])
  }()
}

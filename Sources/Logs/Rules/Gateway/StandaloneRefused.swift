import APISIX
import Findings
import SourceText

enum StandaloneRefused {
  static let rule: Rule = """
    log/standalone-refused (error, since 2.13.0): APISIX does not take apisix.yaml
    Checks: `missing valid end flag in file`, `failed to parse the content of file`, `invalid apisix.yaml file`, a \
    file that is not there, and what `apisix start` prints of a file that is no YAML.
    Why: At a start nothing is loaded: every route is answered with 404. Later the file of before stays in force.
    Example: missing valid end flag in file /usr/local/apisix/conf/apisix.yaml
    Fix: Let `#END` be the last line, with nothing but blanks behind it. `gatecheck lint apisix.yaml` names the line \
    of other mistakes.
    """

  static let check = LogCheck(
    rule, .endMissing, .standaloneUnparsed, .standaloneInvalid, .standaloneUndecoded, .standaloneMissing,
    .standaloneUnread, .yaml
  ) {
    if let words = $0.said(.yaml) {
      guard isStandalone($0.text) else { return nil }
      let mark = shown(words[.mark] ?? "")
      return Explanation(
        rule, "APISIX does not start: apisix.yaml is no YAML at \(mark) (line:column): \(words.reason)",
        help: "gatecheck lint apisix.yaml shows the line", .cause(nil),
        values: [(.object, "apisix.yaml"), (.reason, "\(mark): \(words.reason)")])
    }
    if let words = $0.said(.endMissing) ?? $0.said(.standaloneUnparsed), $0.text.has("missing valid end flag") {
      let path = path(words[.path] ?? "")
      return Explanation(
        rule, "APISIX does not load \(path): #END is not its last line",
        help: "write #END as the last line of the file, with nothing but blanks behind it", .cause(nil),
        values: [(.path, path), (.reason, "no #END")])
    }
    if let words = $0.said(.standaloneUnparsed) {
      let path = path(words[.path] ?? "")
      let reason = shown(
        (words[.path] ?? "").firstBytes(of: ": ").map { [text = words[.path] ?? ""] in text[$0.upperBound...] } ?? "")
      return Explanation(
        rule, "APISIX does not load \(path): it is no YAML\(reason.isEmpty ? "" : ", " + reason)",
        help: "gatecheck lint \(path.split(separator: "/").last ?? "apisix.yaml") shows the line", .cause(nil),
        values: [(.path, path), (.reason, reason.isEmpty ? "no YAML" : reason)])
    }
    if let words = $0.said(.standaloneMissing) {
      let path = path(words[.path] ?? "")
      return Explanation(
        rule, "APISIX finds no \(path)", help: "put the file there; it may be empty but for #END", .cause(nil),
        values: [(.path, path), (.reason, "no such file")])
    }
    if $0.said(.standaloneUndecoded) != nil {
      return Explanation(
        rule, "APISIX does not load apisix.json: it is no JSON", help: "gatecheck lint apisix.json shows the line",
        .cause(nil), values: [(.object, "apisix.json"), (.reason, "no JSON")])
    }
    if let words = $0.said(.standaloneUnread) {
      let path = path(words[.path] ?? "")
      return Explanation(
        rule, "APISIX has nothing of \(path)", help: "see the lines before it, which say what is wrong with the file",
        .effect(nil), values: [(.path, path)])
    }
    return Explanation(
      rule, "APISIX does not start: apisix.yaml is empty, or no map", help: "gatecheck lint apisix.yaml says which",
      .cause(nil), values: [(.object, "apisix.yaml"), (.reason, "invalid")])
  }

  /// The file reads config.yaml first, and apisix.yaml far below.
  private static func isStandalone(_ trace: String) -> Bool {
    guard let start = trace.firstBytes(of: "cli/file.lua:")?.upperBound,
      let line = Int(trace[start...].prefix { $0.isNumber })
    else { return trace.has("config_yaml.lua") }
    return line > 300
  }

  private static func path(_ text: String) -> String {
    shown(text.firstBytes(of: ": ").map { text[..<$0.lowerBound] } ?? text[...])
  }
}

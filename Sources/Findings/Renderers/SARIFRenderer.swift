import JSON
import SourceText

/// SARIF 2.1.0, for GitHub code scanning and other collectors.
public func renderSARIF(_ report: Report) -> String { sarif(report).text(pretty: true) + "\n" }

private func sarif(_ report: Report) -> JSONValue {
  let rules = Set(report.findings.map(\.rule)).sorted { $0.id < $1.id }
  let indices = Dictionary(uniqueKeysWithValues: rules.enumerated().map { ($1, $0) })
  var fingerprints = Fingerprints()
  let results = report.findings.map { finding in
    result(
      finding, index: indices[finding.rule] ?? 0, fingerprint: fingerprints.next(for: finding, in: report), in: report)
  }
  let driver = object(
    ("name", "gatecheck"),
    ("version", .string(report.version)),
    ("rules", .array(rules.map(descriptor))))
  let run = object(
    ("tool", object(("driver", driver))),
    ("invocations", [object(("executionSuccessful", true))]),
    ("columnKind", "unicodeCodePoints"),
    ("artifacts", artifacts(report)),
    ("results", .array(results)))
  return object(
    ("$schema", "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"),
    ("version", "2.1.0"),
    ("runs", [run]))
}

private func descriptor(_ rule: Rule) -> JSONValue {
  object(
    ("id", .string(rule.id)),
    ("shortDescription", object(("text", .string(rule.summary)))),
    ("fullDescription", object(("text", .string(rule.checks)))),
    ("help", object(("text", .string(rule.page())), ("markdown", .string(rule.markdown)))),
    ("defaultConfiguration", object(("level", .string(rule.severity.rawValue)))))
}

private func artifacts(_ report: Report) -> JSONValue? {
  let files = report.files.map { object(("location", location(ofFile: $0.path))) }
  return files.isEmpty ? nil : .array(files)
}

private func result(_ finding: Finding, index: Int, fingerprint: String, in report: Report) -> JSONValue {
  let text = [finding.message, finding.help].compactMap { $0 }.joined(separator: "\n")
  return object(
    ("ruleId", .string(finding.rule.id)),
    ("ruleIndex", number(index)),
    ("level", .string(finding.severity.rawValue)),
    ("message", object(("text", .string(text)))),
    ("locations", finding.file.map { [location(of: finding, in: $0)] }),
    ("partialFingerprints", object(("gatecheck/v1", .string(fingerprint)))),
    ("fixes", fix(of: finding, in: report).map { [$0] }))
}

private func location(of finding: Finding, in file: String) -> JSONValue {
  let physical = object(
    ("artifactLocation", location(ofFile: file)),
    ("region", region(finding.range)))
  let logical = finding.path.map { path in JSONValue.array([object(("fullyQualifiedName", .string(path)))]) }
  return object(("physicalLocation", physical), ("logicalLocations", logical))
}

/// Without a place the region is the start of the file, because viewers drop a result without a region.
private func region(_ range: SourceRange?) -> JSONValue {
  object(
    ("startLine", number(range?.start.line ?? 1)),
    ("startColumn", number(range?.start.column ?? 1)),
    ("endLine", range.map { number($0.end.line) }),
    ("endColumn", range.map { number($0.end.column) }))
}

private func location(ofFile path: String) -> JSONValue {
  path.hasPrefix("/")
    ? object(("uri", .string("file://" + percentEncoded(path))))
    : object(("uri", .string(percentEncoded(tidyPath(path)))), ("uriBaseId", "%SRCROOT%"))
}

/// A secret text stands nowhere, and SARIF has no way to leave only that out: such a fix is left to `--fix`.
private func fix(of finding: Finding, in report: Report) -> JSONValue? {
  guard let file = finding.file, let fix = finding.fix, !fix.secret, let source = report.sources[file] else {
    return nil
  }
  let replacements = fix.edits.map { edit in
    object(
      ("deletedRegion", region(source.text.range(edit.offset..<(edit.offset + max(edit.length, 0))))),
      ("insertedContent", object(("text", .string(edit.text)))))
  }
  let change = object(("artifactLocation", location(ofFile: file)), ("replacements", .array(replacements)))
  let description = finding.help.map { object(("text", .string($0))) }
  return object(("description", description), ("artifactChanges", [change]))
}

/// The path as part of a URI (RFC 3986): all but unreserved characters and `/` in percent signs.
func percentEncoded(_ path: String) -> String {
  let plain = Set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~/".utf8)
  let digits = Array("0123456789ABCDEF".unicodeScalars)
  var result = String.UnicodeScalarView()
  for byte in path.utf8 {
    if plain.contains(byte) {
      result.append(Unicode.Scalar(byte))
    } else {
      result += ["%", digits[Int(byte >> 4)], digits[Int(byte & 15)]]
    }
  }
  return String(result)
}

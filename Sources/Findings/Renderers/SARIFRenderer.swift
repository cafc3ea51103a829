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
  let driver: JSONValue = [
    "name": "gatecheck", "version": .string(report.version), "rules": .array(rules.map(descriptor)),
  ]
  let run: JSONValue = [
    "tool": ["driver": driver], "invocations": [["executionSuccessful": true]], "columnKind": "unicodeCodePoints",
    "artifacts": artifacts(report), "results": .array(results),
  ]
  return [
    "$schema": "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json",
    "version": "2.1.0", "runs": [run],
  ]
}

private func descriptor(_ rule: Rule) -> JSONValue {
  [
    "id": .string(rule.id), "shortDescription": ["text": .string(rule.summary)],
    "fullDescription": ["text": .string(rule.checks)],
    "help": ["text": .string(rule.page()), "markdown": .string(rule.markdown)],
    "defaultConfiguration": ["level": .string(rule.severity.rawValue)],
  ]
}

private func artifacts(_ report: Report) -> JSONValue? {
  let files = report.files.map { ["location": location(ofFile: $0.path)] as JSONValue }
  return files.isEmpty ? nil : .array(files)
}

private func result(_ finding: Finding, index: Int, fingerprint: String, in report: Report) -> JSONValue {
  let text = [finding.message, finding.help].compactMap { $0 }.joined(separator: "\n")
  return [
    "ruleId": .string(finding.rule.id), "ruleIndex": JSONValue(index), "level": .string(finding.severity.rawValue),
    "message": ["text": .string(viewerSafe(text))], "locations": finding.file.map { [location(of: finding, in: $0)] },
    "partialFingerprints": ["gatecheck/v1": .string(fingerprint)],
    "fixes": fix(of: finding, in: report).map { [$0] },
  ]
}

private func location(of finding: Finding, in file: String) -> JSONValue {
  [
    "physicalLocation": ["artifactLocation": location(ofFile: file), "region": region(finding.range)],
    "logicalLocations": finding.path.map { [["fullyQualifiedName": .string($0)]] },
  ]
}

/// Without a place the region is the start of the file, because viewers drop a result without a region.
private func region(_ range: SourceRange?) -> JSONValue {
  [
    "startLine": JSONValue(range?.start.line ?? 1), "startColumn": JSONValue(range?.start.column ?? 1),
    "endLine": range.map { JSONValue($0.end.line) }, "endColumn": range.map { JSONValue($0.end.column) },
  ]
}

private func location(ofFile path: String) -> JSONValue {
  path.hasPrefix("/")
    ? ["uri": .string("file://" + path.percentEncoded(keeping: "/"))]
    : ["uri": .string(tidyPath(path).percentEncoded(keeping: "/")), "uriBaseId": "%SRCROOT%"]
}

/// A secret text stands nowhere, and SARIF has no way to leave only that out: such a fix is left to `--fix`.
private func fix(of finding: Finding, in report: Report) -> JSONValue? {
  guard let file = finding.file, let fix = finding.fix, !fix.secret, let source = report.sources[file] else {
    return nil
  }
  let replacements = fix.edits.map { edit -> JSONValue in
    [
      "deletedRegion": region(source.text.range(edit.offset..<(edit.offset + max(edit.length, 0)))),
      "insertedContent": ["text": .string(edit.text)],
    ]
  }
  return [
    "description": finding.help.map { ["text": .string(viewerSafe($0))] },
    "artifactChanges": [["artifactLocation": location(ofFile: file), "replacements": .array(replacements)]],
  ]
}

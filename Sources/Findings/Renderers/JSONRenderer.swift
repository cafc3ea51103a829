public import JSON
import SourceText

/// The document for programs: one object, whatever the command and its outcome. Its schemas are in docs/schemas/.
public func renderJSON(_ report: Report) -> String { report.json.text(pretty: true) + "\n" }

extension Report {
  /// The document as a value; `--watch` and `-f` print one such line after the other.
  public var json: JSONValue {
    .object(
      [
        "schemaVersion": 1, "gatecheck": .string(version), "command": .string(command),
        "files": .array(files.map(\.json)),
      ] + members + ["findings": .array(findings.map(\.json)), "summary": summary.json])
  }
}

extension Report.File {
  var json: JSONValue {
    ["path": .string(path), "kind": JSONValue(kind), "verdict": verdict ?? .null]
  }
}

extension Summary {
  public var json: JSONValue {
    ["errors": JSONValue(errors), "warnings": JSONValue(warnings), "notes": JSONValue(notes)]
  }
}

extension Finding {
  /// As in `findings` of the document: what there is nothing to say about is absent, and no secret text is in it.
  public var json: JSONValue {
    [
      "rule": .string(rule.id), "severity": .string(severity.rawValue), "message": .string(message),
      "file": file.map { .string($0) }, "range": range?.json, "path": path.map { .string($0) },
      "help": help.map { .string($0) }, "fix": fix?.json,
    ]
  }
}

extension Fix {
  var json: JSONValue {
    let hidden: JSONValue? = secret ? true : nil
    let edits = edits.map { edit -> JSONValue in
      [
        "offset": JSONValue(edit.offset), "length": JSONValue(edit.length),
        "text": hidden == nil ? .string(edit.text) : .null, "secret": hidden,
      ]
    }
    return ["safe": .bool(safe), "secret": hidden, "edits": .array(edits)]
  }
}

extension SourceRange {
  var json: JSONValue { ["start": start.json, "end": end.json] }
}

extension Position {
  var json: JSONValue { ["line": JSONValue(line), "column": JSONValue(column), "offset": JSONValue(offset)] }
}

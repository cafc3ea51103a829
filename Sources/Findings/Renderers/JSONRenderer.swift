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
    object(("path", .string(path)), ("kind", kind.map { .string($0) } ?? .null), ("verdict", verdict ?? .null))
  }
}

extension Summary {
  public var json: JSONValue {
    object(
      ("errors", .number(Double(errors))), ("warnings", .number(Double(warnings))), ("notes", .number(Double(notes))))
  }
}

extension Finding {
  /// As in `findings` of the document: what there is nothing to say about is absent, and no secret text is in it.
  public var json: JSONValue {
    object(
      ("rule", .string(rule.id)),
      ("severity", .string(severity.rawValue)),
      ("message", .string(message)),
      ("file", file.map { .string($0) }),
      ("range", range?.json),
      ("path", path.map { .string($0) }),
      ("help", help.map { .string($0) }),
      ("fix", fix?.json))
  }
}

extension Fix {
  var json: JSONValue {
    let edits = edits.map { edit in
      object(
        ("offset", .number(Double(edit.offset))),
        ("length", .number(Double(edit.length))),
        ("text", secret ? .null : .string(edit.text)),
        ("secret", secret ? true : nil))
    }
    return object(("safe", .bool(safe)), ("secret", secret ? true : nil), ("edits", .array(edits)))
  }
}

extension SourceRange {
  var json: JSONValue { object(("start", start.json), ("end", end.json)) }
}

extension Position {
  var json: JSONValue {
    object(("line", .number(Double(line))), ("column", .number(Double(column))), ("offset", .number(Double(offset))))
  }
}

/// An object without the members whose value is nil.
func object(_ members: (String, JSONValue?)...) -> JSONValue {
  .object(JSONObject(members.compactMap { key, value in value.map { .init(key: key, value: $0) } }))
}

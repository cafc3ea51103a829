import Findings
import JSON
import SourceText

extension CheckResult {
  /// One of a document, as it was told. Nil for what is none.
  /// - Parameter texts: the files that a finding may be about.
  init?(recorded json: JSONValue, _ rules: Catalogue, _ texts: [String: SourceText]) {
    guard let category = json["category"]?.string.flatMap(Category.init(rawValue:)), let name = json["name"]?.string,
      let status = json["status"]?.string.flatMap(Status.init(rawValue:))
    else { return nil }
    self.init(category: category, name: name)
    place.workload = json["installation"]?.string
    detail = json["detail"]?.string
    isUnanswered = json["unanswered"]?.bool ?? false
    isRecorded = true
    let reason = json["reason"]?.string ?? "nothing was said"
    switch status {
    case .skipped: unmet = .skipped(reason)
    case .unknown: unmet = isUnanswered ? .unknown(reason) : .untried(reason)
    case .error: worst = .error
    case .warning: worst = .warning
    case .ok: break
    }
    findings = (json["findings"]?.array ?? []).compactMap { Finding(recorded: $0, rules, texts) }
    chain = (json["chain"]?.array ?? []).compactMap { Link(recorded: $0) }
  }
}

extension Link {
  fileprivate init?(recorded json: JSONValue) {
    guard let name = json["link"]?.string, let text = json["text"]?.string,
      let status = json["status"]?.string.flatMap(CheckResult.Status.init(rawValue:))
    else { return nil }
    self.init(name: name, text: text, status: status)
  }
}

extension Finding {
  fileprivate convenience init?(recorded json: JSONValue, _ rules: Catalogue, _ texts: [String: SourceText]) {
    guard let id = json["rule"]?.string, let message = json["message"]?.string,
      let severity = json["severity"]?.string.flatMap(Severity.init(rawValue:)),
      id.utf8.allSatisfy({ $0.isSmall || $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: "/") })
    else { return nil }
    let file = json["file"]?.string
    // One of another release of gatecheck has no page here.
    self.init(
      rule: rules[id] ?? Rule(stringLiteral: "\(id) (\(severity.rawValue)): \(id)"), severity: severity,
      message: message, file: file,
      range: json["range"].flatMap { SourceRange(recorded: $0, in: file.flatMap { texts[$0] }) },
      path: json["path"]?.string, help: json["help"]?.string)
  }
}

extension SourceRange {
  /// In a text whose lines are as they were, and whose columns may not be.
  fileprivate init?(recorded json: JSONValue, in text: SourceText?) {
    guard let start = Position(recorded: json["start"], in: text), let end = Position(recorded: json["end"], in: text)
    else { return nil }
    self.init(start: start, end: max(start, end))
  }
}

extension Position {
  fileprivate init?(recorded json: JSONValue?, in text: SourceText?) {
    guard let line = json?["line"]?.int, let column = json?["column"]?.int, let offset = json?["offset"]?.int,
      line > 0, column > 0, offset >= 0
    else { return nil }
    guard let text else {
      self.init(line: line, column: column, offset: offset)
      return
    }
    guard let bytes = text.lineBytes(line) else { return nil }
    let place = text.offset(line: line - 1, column: min(column - 1, bytes.count))
    self = text.position(at: min(place, bytes.upperBound))
  }
}

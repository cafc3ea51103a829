import Findings
public import JSON

extension DoctorAnswer {
  /// The members of the JSON document.
  public var members: JSONObject { ["checks": .array(checks.map(\.json)), "verdict": verdict.json] }
}

extension CheckResult {
  fileprivate var json: JSONValue {
    .object([
      "installation": installation.map { .string($0) }, "category": .string(category.rawValue), "name": .string(name),
      "status": .string(status.rawValue), "reason": reason.map { .string($0) },
      "unanswered": isUnanswered ? true : nil, "recorded": isRecorded ? true : nil,
      "detail": detail.map { .string($0) },
      "chain": chain.isEmpty ? nil : .array(chain.map(\.json)), "findings": .array(findings.map(\.json)),
    ])
  }
}

extension Link {
  fileprivate var json: JSONValue {
    ["link": .string(name), "text": .string(text), "status": .string(status.rawValue)]
  }
}

extension Verdict {
  fileprivate var json: JSONValue { ["word": .string(word.rawValue), "text": .string(text)] }
}

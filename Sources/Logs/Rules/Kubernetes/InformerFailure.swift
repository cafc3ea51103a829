import APISIX
import Kubernetes
import SourceText

/// A list or watch that failed.
struct InformerFailure {
  /// `Endpoints` or `EndpointSlice`
  let kind: String
  /// The status' words, `Forbidden`, or what APISIX calls it, `ReadBodyError`.
  let reason: String
  /// The body of the answer, or what the socket said.
  let text: String
  let isWatch: Bool

  init?(_ record: LogRecord) {
    guard let words = record.said(anyOf: [.listFailed, .watchFailed]) else { return nil }
    kind = shown(words[.kind] ?? "")
    isWatch = words.sentence == .watchFailed
    let said = words[.cause] ?? words.cause?.text(in: .newest) ?? ""
    text = String(said.trimmed { $0.isWhitespace })
    // Over HTTP/2, and behind some proxies, the status has no words; those of the body stand for them.
    let told = words[.reason] ?? ""
    reason = told.isEmpty ? Self.value(of: "reason", in: text) ?? "" : told
  }

  /// Something else answered: an API server answers with a Status.
  var isPage: Bool { text.hasPrefix("<") }

  /// `the list of Endpoints`
  var told: String { "the \(isWatch ? "watch" : "list") of \(kind)" }

  var values: [(name: Explanation.Value, text: String)] { [(.kind, kind), (.reason, shown(reason))] }

  /// What the API server says in its Status, or all of the text.
  var message: String { Self.value(of: "message", in: text).map(shown) ?? shown(text) }

  /// Of a text in a Status; it may be cut off.
  private static func value(of key: String, in text: String) -> String? {
    guard let start = text.firstBytes(of: "\"\(key)\":")?.upperBound else { return nil }
    let rest = text[start...].drop { $0 == " " }.dropFirst()
    var end = rest.startIndex
    while end < rest.endIndex, rest[end] != "\"" {
      end = rest.index(after: end)
      if rest[rest.index(before: end)] == "\\", end < rest.endIndex { end = rest.index(after: end) }
    }
    return rest[..<end].filter { $0 != "\\" }
  }
}

extension StringProtocol {
  fileprivate func trimmed(_ isOut: (Character) -> Bool) -> SubSequence {
    var rest = self[...]
    while let last = rest.last, isOut(last) { rest.removeLast() }
    return rest.drop(while: isOut)
  }
}

/// Where the token stands in config.yaml.
let tokenSettings = ["client.token_file", "client.token"]
/// Where the address stands.
let addressSettings = ["service.host", "service.port", "service"]

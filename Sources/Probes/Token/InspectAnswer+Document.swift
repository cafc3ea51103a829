public import Inputs
public import JSON
import Kubernetes

extension InspectAnswer.Item {
  /// What releases do with it; what is in a document is no file of APISIX's.
  fileprivate var handling: [TokenHandling] { fromDocument ? [] : TokenHandling.all(of: token, now: now) }
  fileprivate var json: JSONValue {
    tokenJSON(token.text, sent: token.text.mended == nil ? token.raw.value : nil, handling: handling)
  }
}

extension InspectAnswer {
  /// What the tokens say, a few lines for each.
  public var preface: [String] {
    items.flatMap { item -> [String] in
      let text = item.token.text
      var lines = [(item.id.map { "cluster \($0): " } ?? "") + describe(text.kind)]
      if let jwt = text.jwt {
        func time(_ seconds: Int) -> String { Timestamp.iso(seconds) ?? "\(seconds)" }
        if let subject = jwt.subject { lines.append("subject:   \(subject)") }
        if let issuer = jwt.issuer { lines.append("issuer:    \(issuer)") }
        if !jwt.audiences.isEmpty { lines.append("audiences: \(jwt.audiences.joined(separator: ", "))") }
        if let issued = jwt.issuedAt { lines.append("issued:    \(time(issued))") }
        lines.append("expires:   \(jwt.expiresAt.map(time) ?? "never")")
      }
      return lines + ["sha256:    \(item.json["sha256"]?.string ?? "")"] + item.handling.map(\.line)
    }
  }

  private func describe(_ kind: TokenKind) -> String {
    switch kind {
    case .legacy: "a ServiceAccount's token from a Secret"
    case .bound: "a ServiceAccount's token that expires (TokenRequest or projected volume)"
    case .foreign: "a JWT of somebody else's than a ServiceAccount"
    case .opaque: "an opaque token, or a damaged one"
    }
  }

  /// The members of the JSON document.
  public var members: JSONObject {
    guard items.count > 1 else { return ["token": items.first?.json ?? .null, "identity": .null, "probes": []] }
    let clusters = items.map { item -> JSONValue in
      ["id": .string(item.id ?? ""), "server": .null, "token": item.json, "identity": .null, "probes": []]
    }
    return TokenAnswer.empty + ["clusters": .array(clusters)]
  }

  /// The one token that was meant, for `--unwrap`; nil when there is none, or more than one.
  public var mended: Secret? { items.count == 1 ? items[0].token.text.mended : nil }
}

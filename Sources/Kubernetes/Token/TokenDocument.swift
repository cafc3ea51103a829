import JSON
import SourceText
import YAML

/// A token inside a whole document that somebody took for the token.
enum TokenDocument {
  /// Nil when `bytes` are no document. `token` is nil when it is one in which no token, or more than one, stands.
  static func find(_ bytes: [UInt8]) -> (kind: String, token: [UInt8]?)? {
    let found = read(bytes)
    if found?.token == nil, let output = KubectlOutput(bytes) { return (output.words, nil) }
    return found
  }

  private static func read(_ bytes: [UInt8]) -> (kind: String, token: [UInt8]?)? {
    let isJSON = bytes.first == UInt8(ascii: "{") || bytes.first == UInt8(ascii: "[")
    // A token has no `: `, so nothing is parsed for most texts.
    guard isJSON || hasKey(bytes) else { return nil }
    guard let tree = try? Tree.parse(bytes), let root = tree.documents.first else {
      return isJSON ? ("JSON", nil) : nil
    }
    let document = tree.json(root)
    guard document.object != nil || isJSON else { return nil }
    let kind = document["kind"] ?? document.array?.first?["kind"]
    let tokens = Set(tree.documents.flatMap { self.tokens(in: tree.json($0)) })
    return (kind?.string ?? (isJSON ? "JSON" : "YAML"), tokens.count == 1 ? tokens.first : nil)
  }

  private static func hasKey(_ bytes: [UInt8]) -> Bool {
    zip(bytes, bytes.dropFirst()).contains { $0 == UInt8(ascii: ":") && $1.isSpace }
  }

  private static func tokens(in document: JSONValue) -> [[UInt8]] {
    if let items = document.array { return items.flatMap { tokens(in: $0) } }
    var found: [[UInt8]] = []
    // A Secret's data is base64, always; that is no flaw of the token.
    if let data = document["data"]?["token"]?.string {
      found.append(Base64.decodeLeniently(data.utf8) ?? Array(data.utf8))
    }
    var plain = [document["stringData"]?["token"], document["status"]?["token"], document["token"]]
    plain += (document["users"]?.array ?? []).map { $0["user"]?["token"] }
    for item in document["items"]?.array ?? [] where item["items"] == nil { found += tokens(in: item) }
    return found + plain.compactMap { $0?.string }.map { Array($0.utf8) }
  }
}

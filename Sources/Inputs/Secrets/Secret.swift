import SourceText

/// A token, password or private key. It prints as `***` in every way Swift prints a value, so that it cannot reach
/// an output by accident; only `value` and `bytes` give it: for the one place that sends it, or writes it where it was
/// asked to.
public struct Secret: Sendable, Hashable, CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
  public let bytes: [UInt8]

  public init(_ text: String) { bytes = Array(text.utf8) }
  public init(bytes: [UInt8]) { self.bytes = bytes }

  public var isEmpty: Bool { bytes.isEmpty }
  public var description: String { "***" }
  public var debugDescription: String { "***" }
  public var customMirror: Mirror { Mirror(self, children: []) }

  /// Bytes that are no UTF-8 are repaired.
  public var value: String { String(decoding: bytes, as: UTF8.self) }

  /// The text with `***` for each occurrence of the secret: for words of others (curl's message) that may quote it.
  /// Secrets of fewer than four bytes are left: they would tear every text apart.
  public func redacted(in text: String) -> String { redacted(bytes, in: text) }

  /// The same for what a server says that was sent these, in each form in which it may have come there: as it is, in a
  /// URL, an Authorization header, in JSON. It has to come before the text is cut: a part of a secret is no secret that
  /// is known.
  public static func redacted(_ secrets: some Sequence<Secret>, in answer: String) -> String {
    // One may be a part of another.
    Set(secrets).sorted { $0.bytes.count > $1.bytes.count }.reduce(answer) { text, secret in
      secret.forms.reduce(text) { secret.redacted(Array($1.utf8), in: $0) }
    }
  }

  /// Each way in which a server may tell of it: as it is, in a URL, in a header, in JSON, in JSON as Go writes it, in a
  /// page; and what it stands for where it was taken out of a URL.
  private var forms: [String] {
    let (text, decoded) = (value, percentDecoded(value[...]))
    let all =
      [text, text.percentEncoded(), text.percentEncoded(small: true), Base64.encode(bytes)]
      + ([Self.json] + Self.others).map { text.escaped($0) } + [decoded, decoded.escaped(Self.json)]
    var seen: Set<String> = []
    return all.filter { $0.utf8.count >= 4 && seen.insert($0).inserted }
  }

  private static let json: [Unicode.Scalar: String] = ["\\": "\\\\", "\"": "\\\""]
  /// Of Go's JSON, and of pages, with names and with numbers.
  private static let others: [[Unicode.Scalar: String]] = [
    json.merging(["&": "\\u0026", "<": "\\u003c", ">": "\\u003e", "'": "\\u0027"]) { first, _ in first },
    ["&": "&amp;", "<": "&lt;", ">": "&gt;", "'": "&#39;", "\"": "&quot;"],
    ["&": "&amp;", "<": "&lt;", ">": "&gt;", "'": "&#x27;", "\"": "&#34;"],
  ]

  private func redacted(_ form: [UInt8], in text: String) -> String {
    guard bytes.count >= 4 else { return text }
    let found = places(of: form, in: text)
    var text = text
    return found.isEmpty ? text : text.withUTF8 { SecretPatterns.hide(found, in: $0) }
  }
}

public import YAML

/// A sentence of APISIX's with its values.
public struct Words: Sendable, Hashable {
  public let sentence: Sentence
  /// In the order of the blanks; without the cause where that is a sentence of its own.
  private let values: [String]
  private let causes: [Words]

  /// - Parameters:
  ///   - values: what fills the blanks, in their order.
  ///   - cause: what fills `<cause>`, where that is a sentence.
  public init(_ sentence: Sentence, _ values: String..., cause: Words? = nil) {
    self.init(sentence, values: values, cause: cause)
  }

  init(_ sentence: Sentence, values: [String], cause: Words?) {
    self.sentence = sentence
    self.values = values
    causes = cause.map { [$0] } ?? []
  }

  /// The sentence in this one.
  public var cause: Words? { causes.first }

  /// The innermost sentence: what all the others are about.
  public var root: Words { cause?.root ?? self }

  /// The value of a blank; nil where the sentence has no such blank, or a sentence in it.
  public subscript(blank: Blank) -> String? {
    guard let all = Form.newest[sentence]?.blanks else { return nil }
    // A cause that is a sentence is none of the values.
    let filled = causes.isEmpty ? all : all.filter { $0 != .cause }
    return filled.firstIndex(of: blank).flatMap { $0 < values.count ? values[$0] : nil }
  }

  /// Word for word as the release writes it.
  public func text(in release: Release) -> String {
    let form = Form(sentence, sentence.wording(in: release))
    var rest = values[...]
    var text = form.pieces[0]
    for (blank, piece) in zip(form.blanks, form.pieces.dropFirst()) {
      text += ((blank == .cause ? cause?.text(in: release) : nil) ?? rest.popFirst() ?? "").utf8
      text += piece
    }
    return String(decoding: text, as: UTF8.self)
  }

  /// The same with the level that error.log has it at: `error: TEXT` or `warn: TEXT`.
  public func logged(in release: Release) -> String { (sentence.isWarning ? "warn: " : "error: ") + text(in: release) }
}

extension Words {
  /// The variable that is not set, where that is the matter.
  public var variable: String? { [.variableMissing, .variableUnset].contains(root.sentence) ? root[.name] : nil }

  /// What APISIX says of a file that is not there.
  static func noSuchFile(_ path: String) -> Words { Words(.fileUnread, path, "\(path): No such file or directory") }
}

/// Words about a value of the configuration.
public struct Remark: Error, Sendable, Hashable {
  public let words: Words
  /// The value or key; nil where it is a default, or the file as a whole.
  public let node: Tree.ID?

  init(_ words: Words, at node: Tree.ID? = nil) {
    self.words = words
    self.node = node
  }
}

/// A wording of a sentence taken apart: a piece of text, a blank, a piece, and so on.
struct Form: Sendable {
  let sentence: Sentence
  /// One more than blanks.
  let pieces: [[UInt8]]
  let blanks: [Blank]

  /// As the newest release writes each.
  static let newest = Dictionary(uniqueKeysWithValues: Sentence.allCases.map { ($0, Form($0, $0.rawValue)) })

  init(_ sentence: Sentence, _ wording: String) {
    self.sentence = sentence
    let parts = wording.utf8.split(separator: UInt8(ascii: "<"), omittingEmptySubsequences: false)
    let rest = parts.dropFirst().map { $0.split(separator: UInt8(ascii: ">"), omittingEmptySubsequences: false) }
    pieces = parts.prefix(1).map(Array.init) + rest.map { Array($0[$0.count - 1]) }
    blanks = rest.compactMap { Blank(rawValue: String(decoding: $0[0], as: UTF8.self)) }
  }
}

import SourceText

/// The parts of a text that another program fills in before it is read as YAML: `{{ … }}` of Helm, Go, Jinja and
/// Ansible, `{% … %}`, `<%= … %>`. What they give is not known. APISIX's own `${{NAME}}` is none of them.
///
/// `neutral` is the text to parse: as long as the text and with the same lines, a word of unknown meaning for each part
/// beside other text, blanks for those that have lines of their own, and for what stands in an `else`.
public struct Templates: Sendable {
  /// Which of a shell's variables another program fills in.
  public enum Variables: Sendable {
    case none
    /// `${NAME}` and `$NAME`; `${{NAME}}` is APISIX's own.
    case single
    /// `${NAME}` and `${{NAME}}`.
    case braced
  }

  struct Part {
    var range: Range<Int>
    var role: Role
    /// Where it starts on its line, or will by its `nindent`; from 0.
    var column = 0
  }

  enum Role {
    /// Stands in a value or key, or beside one.
    case inline
    /// A line of its own that is replaced by others.
    case gap
    /// The same behind `key:`, as that key's value.
    case ownedGap
    /// A line of its own that leaves nothing: `{{ if … }}`, `{{ end }}`, a comment.
    case silent
  }

  /// In order and without overlap.
  private(set) var parts: [Part]
  private(set) var neutral: [UInt8]

  /// nil for a text without any, as nearly all are.
  init?(_ bytes: [UInt8], variables: Variables) {
    var scanner = TemplateScanner(bytes, variables: variables)
    guard scanner.run() else { return nil }
    parts = scanner.parts
    neutral = scanner.neutral
  }

  /// A text whose unknown parts are known already, in another text that holds this one.
  init(_ parts: [Part], neutral: [UInt8]) {
    self.parts = parts
    self.neutral = neutral
  }

  /// The parts that touch a stretch of the text.
  func parts(in range: Range<Int>) -> ArraySlice<Part> {
    parts[parts.firstIndex(sorted: { $0.range.upperBound > range.lowerBound })...]
      .prefix { $0.range.lowerBound < range.upperBound }
  }

  /// Whether a template may add lines to a stretch of the text; another branch stands in the place of one that is
  /// there.
  public func mayAdd(in range: Range<Int>) -> Bool {
    parts(in: range).contains { $0.role != .silent && $0.column != .max }
  }

  /// Whether each is a value, or a part of one.
  var areValues: Bool { parts.allSatisfy { $0.role == .inline } }

  /// Whether something in the text is filled in or left out.
  public func touch(_ range: Range<Int>) -> Bool { !parts(in: range).isEmpty }
}

extension ArraySlice<UInt8> {
  /// Whether a line ends in `|`, `>-` or the like.
  var opensBlock: Bool {
    let sign = trimmed { "+-123456789".utf8.contains($0) || $0 == 0x20 }.last
    return sign == UInt8(ascii: "|") || sign == UInt8(ascii: ">")
  }

  /// Whether a line of Ruby ends in `do` or `do |name|`.
  var opensLoop: Bool {
    split(separator: 0x20).suffix(2).contains { $0.elementsEqual("do".utf8) }
  }
}

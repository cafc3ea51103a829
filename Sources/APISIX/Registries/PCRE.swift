import CPCRE2

/// A regular expression as `ngx.re.match` takes it: over bytes, without options. libpcre2 compiles and matches it; each
/// match is bounded in steps and memory, since expressions and names are anybody's.
struct PCRE: ~Copyable {
  /// Why an expression is none, or why a match was given up.
  struct Fault: Error, Hashable {
    /// PCRE2's number: positive for an expression that it refuses.
    let code: Int32
    /// Where in the expression, in bytes.
    let offset: Int
  }

  /// As it was given to libpcre2.
  let expression: String
  private let code: OpaquePointer
  private let data: OpaquePointer?
  private let context: OpaquePointer?

  /// - Parameters:
  ///   - library: which decides on what is an expression.
  ///   - options: of `pcre2_compile`.
  ///   - steps: that a match may take; what takes more throws.
  init(
    _ expression: String, for library: PCRELibrary = .pcre2, options: UInt32 = 0, steps: UInt32 = 200_000
  ) throws(Fault) {
    var bytes = Array(expression.utf8)
    var fault: Int32 = 0
    var place = 0
    var code = pcre2_compile_8(bytes, bytes.count, options, &fault, &place, nil)
    var mendsLeft = library == .pcre ? 100 : 0
    while code == nil {
      let longer = bytes.count - expression.utf8.count
      guard mendsLeft > 0, Self.mend(&bytes, fault, place) else {
        throw Fault(code: fault, offset: max(place - longer, 0))
      }
      mendsLeft -= 1
      code = pcre2_compile_8(bytes, bytes.count, options, &fault, &place, nil)
    }
    guard let code else { throw Fault(code: PCRE2_ERROR_INTERNAL, offset: 0) }
    self.expression = String(decoding: bytes, as: UTF8.self)
    self.code = code
    data = pcre2_match_data_create_from_pattern_8(code, nil)
    context = pcre2_match_context_create_8(nil)
    pcre2_set_match_limit_8(context, steps)
    pcre2_set_heap_limit_8(context, 16_384)
  }

  /// PCRE takes two things as they stand that PCRE2 refuses: a hyphen behind a class in a class, as in `[\w-.]`, and a
  /// letter without a meaning behind a backslash.
  private static func mend(_ bytes: inout [UInt8], _ fault: Int32, _ place: Int) -> Bool {
    switch fault {
    case PCRE2_ERROR_CLASS_INVALID_RANGE where place < bytes.count && bytes[place] == UInt8(ascii: "-"):
      bytes.insert(UInt8(ascii: "\\"), at: place)
    case PCRE2_ERROR_UNKNOWN_ESCAPE where place > 0 && bytes[place - 1] == UInt8(ascii: "\\"):
      bytes.remove(at: place - 1)
    default: return false
    }
    return true
  }

  deinit {
    pcre2_code_free_8(code)
    pcre2_match_data_free_8(data)
    pcre2_match_context_free_8(context)
  }

  /// Is the leftmost match in `text` all of it?
  func findsWhole(_ text: [UInt8]) throws(Fault) -> Bool {
    guard try result(of: text) >= 0, let ends = pcre2_get_ovector_pointer_8(data) else { return false }
    return ends[0] == 0 && ends[1] == text.count
  }

  /// What the groups of the leftmost match hold; nil where there is none.
  func groups(of text: [UInt8]) throws(Fault) -> [ArraySlice<UInt8>]? {
    let count = try result(of: text)
    guard count > 0, let ends = pcre2_get_ovector_pointer_8(data) else { return nil }
    return (1..<Int(count)).map { ends[2 * $0] <= ends[2 * $0 + 1] ? text[ends[2 * $0]..<ends[2 * $0 + 1]] : [] }
  }

  /// What `pcre2_match` returns: PCRE2_ERROR_NOMATCH or PCRE2_ERROR_PARTIAL, or 0 and more for a match.
  func result(of text: [UInt8], options: UInt32 = 0) throws(Fault) -> Int32 {
    let result = pcre2_match_8(code, text, text.count, 0, options, data, context)
    guard result >= PCRE2_ERROR_PARTIAL else { throw Fault(code: result, offset: 0) }
    return result
  }

  /// Calls `visit` with `visitor` for each item of the expression that is tried, when compiled with PCRE2_AUTO_CALLOUT.
  /// What it returns below 0 ends the match with that fault.
  func report(to visitor: UnsafeMutableRawPointer, _ visit: @escaping Visit) {
    pcre2_set_callout_8(context, visit, visitor)
  }

  typealias Visit =
    @convention(c) (UnsafeMutablePointer<pcre2_callout_block_8>?, UnsafeMutableRawPointer?) -> Int32
}

/// The library behind `ngx.re`, for its words.
public enum PCRELibrary: Sendable {
  /// PCRE 8.
  case pcre
  case pcre2

  public init(of release: Release) { self = release.has(.pcre2) ? .pcre2 : .pcre }

  /// What `ngx.re.match` returns as its error: `pcre2_compile() failed: TEXT in "EXPRESSION" at "REST"`.
  func error(_ fault: PCRE.Fault, in expression: String) -> String {
    guard fault.code > 0 else { return "pcre_exec() failed: \(self == .pcre ? -8 : fault.code)" }
    let (text, offset) = reason(fault)
    let rest = String(decoding: expression.utf8.dropFirst(offset), as: UTF8.self)
    return "\(self == .pcre ? "pcre" : "pcre2")_compile() failed: \(text) in \"\(expression)\""
      + (rest.isEmpty ? "" : " at \"\(rest)\"")
  }

  /// Why the library refuses an expression, and the byte where.
  func reason(_ fault: PCRE.Fault) -> (text: String, offset: Int) {
    if self == .pcre, let (text, shift) = Self.old[fault.code] { return (text, max(fault.offset + shift, 0)) }
    let text = withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 256) { buffer in
      let count = pcre2_get_error_message_8(fault.code, buffer.baseAddress, buffer.count)
      return String(decoding: buffer.prefix(Int(max(count, 0))), as: UTF8.self)
    }
    return (text, fault.offset)
  }

  /// Where the words of PCRE 8.39 are not PCRE2's, and how far its place is from PCRE2's.
  private static let old: [Int32: (String, Int)] = [
    PCRE2_ERROR_QUANTIFIER_INVALID: ("nothing to repeat", 0),
    PCRE2_ERROR_MISSING_CLOSING_PARENTHESIS: ("missing )", 0),
    PCRE2_ERROR_BAD_SUBPATTERN_REFERENCE: ("reference to non-existent subpattern", 1),
    PCRE2_ERROR_MISSING_COMMENT_CLOSING: ("missing ) after comment", 0),
    PCRE2_ERROR_UNMATCHED_CLOSING_PARENTHESIS: ("unmatched parentheses", 0),
    PCRE2_ERROR_UNSUPPORTED_ESCAPE_SEQUENCE: ("PCRE does not support \\L, \\l, \\N{name}, \\U, or \\u", -1),
    PCRE2_ERROR_MISSING_CALLOUT_CLOSING: ("closing ) for (?C expected", 0),
    PCRE2_ERROR_MISSING_NAME_TERMINATOR: ("syntax error in subpattern name (missing terminator)", 0),
    PCRE2_ERROR_DUPLICATE_SUBPATTERN_NAME: ("two named subpatterns have the same name", -1),
    PCRE2_ERROR_INVALID_SUBPATTERN_NAME: ("group name must start with a non-digit", 0),
    PCRE2_ERROR_UNKNOWN_UNICODE_PROPERTY: ("unknown property name after \\P or \\p", -1),
    PCRE2_ERROR_CLASS_INVALID_RANGE: ("invalid range in character class", -1),
    PCRE2_ERROR_BACKSLASH_C_SYNTAX: ("\\c must be followed by an ASCII character", 0),
    PCRE2_ERROR_ALPHA_ASSERTION_UNKNOWN: ("(*VERB) not recognized or malformed", 0),
  ]
}

/// An item of `namespace_selector.match` or `not_match`, for those who judge it without a cluster.
public struct NamespacePattern: Sendable {
  public let text: String
  private let pattern: Result<PCRE, PCRE.Fault>
  private let samples: [String]?

  public init(_ text: String) {
    self.text = text
    do throws(PCRE.Fault) {
      let pattern = try PCRE(text)
      self.pattern = .success(pattern)
      samples = PCRESampler.texts(of: pattern)
    } catch {
      pattern = .failure(error)
      samples = nil
    }
  }

  /// What PCRE says of a pattern that it refuses; nil for one that it takes.
  public var broken: String? {
    if case .failure(.broken(let message)) = pattern { message } else { nil }
  }

  /// A namespace's name that the pattern describes and that APISIX passes over all the same: it compares what PCRE
  /// finds first with the whole name, so `dev|dev-1` finds `dev` in `dev-1`. nil where there is none among the forms
  /// of the pattern that were tried.
  public var missed: String? {
    guard case .success(let pattern) = pattern, !pattern.findsWhole, let samples,
      let whole = try? PCRE("^(?:\(text))$")
    else { return nil }
    for sample in samples where Self.isName(sample) {
      // What takes too long for one takes too long for all.
      guard let isDescribed = try? whole.matchesWhole(sample), let isFound = try? pattern.matchesWhole(sample) else {
        return nil
      }
      if isDescribed, !isFound { return sample }
    }
    return nil
  }

  /// Whether no namespace can have a name that the pattern describes, as with `Prod` or `my_ns`.
  public var isImpossible: Bool { samples.map { !$0.isEmpty && !$0.contains(where: Self.isName) } ?? false }

  /// A DNS label, but for its length. As a pattern it describes itself and nothing else.
  public static func isName(_ text: String) -> Bool {
    let hyphen = UInt8(ascii: "-")
    guard let first = text.utf8.first, let last = text.utf8.last, first != hyphen, last != hyphen else { return false }
    return text.utf8.allSatisfy { $0 == hyphen || ByteSet.lower.contains($0) || ByteSet.digit.contains($0) }
  }
}

/// Short texts that a pattern describes: each alternative, and each repetition at its fewest and once more.
enum PCRESampler {
  private static let limit = 32

  /// nil when there are too many, or the pattern has parts that depend on what stands around them.
  static func texts(of pattern: PCRE) -> [String]? {
    texts(pattern.root).map { $0.map { String(decoding: $0, as: UTF8.self) } }
  }

  private static func texts(_ piece: PCRE.Piece) -> [[UInt8]]? {
    switch piece {
    case .byte(let set): return representative(of: set).map { [[$0]] }
    case .sequence(let pieces): return product(pieces)
    case .alternatives(let pieces):
      var all: [[UInt8]] = []
      for piece in pieces {
        guard let some = texts(piece) else { return nil }
        all += some
      }
      return all.count <= limit ? all : nil
    case .repeated(let inner, let range, _):
      guard range.lowerBound <= 8 else { return nil }
      guard let short = product(repeatElement(inner, count: range.lowerBound)) else { return nil }
      if range.upperBound == range.lowerBound { return short }
      guard let long = product(repeatElement(inner, count: range.lowerBound + 1)), short.count + long.count <= limit
      else { return nil }
      return short + long
    case .group(_, let inner), .atomic(let inner): return texts(inner)
    case .start, .end, .absoluteEnd: return [[]]
    case .look, .reference, .wordBoundary, .keep, .call, .condition, .fail: return nil
    }
  }

  private static func product(_ pieces: some Collection<PCRE.Piece>) -> [[UInt8]]? {
    var all: [[UInt8]] = [[]]
    for piece in pieces {
      if case .byte(let set) = piece {
        guard let byte = representative(of: set) else { return nil }
        for index in all.indices { all[index].append(byte) }
        continue
      }
      guard let some = texts(piece), all.count * some.count <= limit else { return nil }
      if some.count == 1 {
        for index in all.indices { all[index] += some[0] }
        continue
      }
      all = all.flatMap { front in some.map { front + $0 } }
    }
    return all
  }

  private static let inNames = Array("abcdefghijklmnopqrstuvwxyz0123456789-".utf8)

  /// A character that names may have, where the set has one.
  private static func representative(of set: ByteSet) -> UInt8? {
    inNames.first { set.contains($0) } ?? (0...UInt8.max).first { set.contains($0) }
  }
}

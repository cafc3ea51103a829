import SourceText

/// A release of Apache APISIX, `3.18.0`.
public struct Release: Sendable, Hashable, Comparable, CustomStringConvertible {
  public let major: Int
  public let minor: Int
  public let patch: Int

  public init(_ major: Int, _ minor: Int, _ patch: Int = 0) {
    self.major = major
    self.minor = minor
    self.patch = patch
  }

  /// Takes `X.Y.Z` as it stands and `X.Y` as the last patch release of that line (`3.2` is 3.2.2), and both as they are
  /// pasted: `v3.18.0`, `3.18.0-debian`, `apache/apisix:3.18.0-debian`, `APISIX/3.18.0` as the header Server has it.
  /// - Returns: nil when the text is no release number. Whether the release is known is another question: see `judged`.
  public init?(parsing text: some StringProtocol) {
    let tag = text.prefix { $0 != "@" }.split { $0 == ":" || $0 == "/" || $0 == " " }.last ?? ""
    let number = (tag.first == "v" ? tag.dropFirst() : tag).prefix { !"-+".contains($0) }
    let parts = number.split(separator: ".", omittingEmptySubsequences: false)
    guard parts.count == 2 || parts.count == 3 else { return nil }
    let numbers = parts.compactMap { part in
      part.utf8.allSatisfy(\.isDigit) && part.utf8.count < 5 ? Int(part) : nil
    }
    guard numbers.count == parts.count else { return nil }
    if numbers.count == 3 {
      self.init(numbers[0], numbers[1], numbers[2])
    } else {
      let last = Self.known.last { $0.major == numbers[0] && $0.minor == numbers[1] }
      self = last ?? Release(numbers[0], numbers[1], 0)
    }
  }

  public var description: String { "\(line).\(patch)" }
  /// Without the patch: `3.18`.
  public var line: String { "\(major).\(minor)" }

  public static func < (left: Release, right: Release) -> Bool {
    (left.major, left.minor, left.patch) < (right.major, right.minor, right.patch)
  }

  /// The oldest release that gatecheck judges for: the first with the kubernetes registry.
  public static let oldest = Release(2, 13, 0)
  /// The newest release whose behaviour is known here.
  public static let newest = Release(3, 18, 0)
  /// How 3.0 was tried out.
  public static let preview = Release(2, 99)

  /// As it is spoken of: 3.0 for its preview.
  public var announced: Release { self == .preview ? Release(3, 0) : self }

  /// The release as which this one is judged: a newer one than known is judged as the newest, an older one as the
  /// oldest; `known` tells whether it is the release itself.
  public var judged: (release: Release, known: Bool) {
    if self > Self.newest { return (Self.newest, false) }
    if self < Self.oldest { return (Self.oldest, false) }
    return (self, true)
  }

  /// Every release from `oldest` to `newest`, in order.
  public static let known: [Release] = lines.flatMap { line in
    (0...line.2).map { Release(line.0, line.1, $0) }
  }

  /// Major, minor and last patch of each release line.
  private static let lines: [(Int, Int, Int)] = [
    (2, 13, 3), (2, 14, 1), (2, 15, 3), (2, 99, 0),
    (3, 0, 0), (3, 1, 0), (3, 2, 2), (3, 3, 0), (3, 4, 1), (3, 5, 0), (3, 6, 0), (3, 7, 0), (3, 8, 1), (3, 9, 1),
    (3, 10, 0), (3, 11, 0), (3, 12, 0), (3, 13, 0), (3, 14, 1), (3, 15, 0), (3, 16, 0), (3, 17, 0), (3, 18, 0),
  ]
}

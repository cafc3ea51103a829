/// One line of a .gitignore, or a path pattern of .gatecheck.yaml, which is read the same way.
struct IgnorePattern: Sendable {
  /// `!` before it: takes back what an earlier pattern ignored.
  let negated: Bool
  /// `/` behind it: means directories only.
  let directoriesOnly: Bool
  /// Whether it is matched against the whole path from its directory on; else against the name alone.
  private let anchored: Bool
  private let glob: Glob

  /// nil for a blank line, a comment, and what can match nothing.
  init?(line: some Collection<UInt8>) {
    var bytes = Array(line)
    if bytes.last == 0x0D { bytes.removeLast() }
    if bytes.first == UInt8(ascii: "#") { return nil }
    // Blanks at the end count only behind a backslash.
    while bytes.last == 0x20, !Self.lastIsEscaped(bytes) { bytes.removeLast() }
    negated = bytes.first == UInt8(ascii: "!")
    if negated { bytes.removeFirst() }
    directoriesOnly = bytes.last == UInt8(ascii: "/")
    if directoriesOnly { bytes.removeLast() }
    anchored = bytes.contains(UInt8(ascii: "/"))
    if bytes.first == UInt8(ascii: "/") { bytes.removeFirst() }
    guard !bytes.isEmpty, let glob = Glob(bytes) else { return nil }
    self.glob = glob
  }

  private static func lastIsEscaped(_ bytes: [UInt8]) -> Bool {
    bytes.dropLast().reversed().prefix { $0 == UInt8(ascii: "\\") }.count % 2 == 1
  }

  /// - Parameter names: the path from the pattern's directory on, cut at its slashes.
  func matches(_ names: ArraySlice<ArraySlice<UInt8>>, isDirectory: Bool) -> Bool {
    if directoriesOnly, !isDirectory { return false }
    return glob.matches(anchored ? names : names.suffix(1))
  }
}

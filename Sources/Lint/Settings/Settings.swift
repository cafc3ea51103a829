public import Findings
import SourceText

/// What a .gatecheck.yaml says.
public struct Settings: Sendable {
  /// The file's name; it is looked for in a file's directory and those above it.
  public static let fileName = ".gatecheck.yaml"

  /// Findings of `rules` in files that match `paths` do not count.
  struct PathIgnore: Sendable {
    var paths: [IgnorePattern] = []
    var rules: [String] = []
  }

  /// A rule id or an area that it names.
  struct Selector: Sendable {
    let text: String
    let place: SourceRange
  }

  /// As it is shown to the user.
  public let path: String
  /// The absolute path of its directory; all path patterns are meant from here.
  public let directory: String
  /// `apisix-version`: `3.2` or `3.2.1`, as written.
  public internal(set) var apisixVersion: String?
  /// `ignore`: ids and areas (`token/`) whose findings do not count anywhere.
  public internal(set) var ignore: [String] = []
  /// `registries`: the names of registry modules of one's own.
  public internal(set) var registries: [String] = []
  /// `fail-on`.
  public internal(set) var failOn: Severity?
  var ignores: [PathIgnore] = []
  var paths: [IgnorePattern] = []
  var exclude: [IgnorePattern] = []
  /// Every rule or area that is named, and where.
  var selectors: [Selector] = []

  init(path: String, directory: String) {
    self.path = path
    self.directory = directory
  }
}

extension Settings {
  /// Whether a walk leaves this out: `exclude` matches it or a directory above it, or it is a file and `paths` is given
  /// and matches neither. Files that are named are not asked about.
  /// - Parameter path: absolute.
  public func skips(_ path: String, isDirectory: Bool) -> Bool {
    guard let names = names(of: path) else { return false }
    if Self.any(of: exclude, match: names, isDirectory: isDirectory) { return true }
    return !isDirectory && !paths.isEmpty && !Self.any(of: paths, match: names, isDirectory: false)
  }

  /// Whether a finding of `rule` in this file does not count, by `ignore` or `ignores`.
  /// - Parameter path: absolute.
  public func ignores(_ rule: String, in path: String) -> Bool {
    if ignore.contains(where: { Selection.matches($0, rule: rule) }) { return true }
    guard !ignores.isEmpty, let names = names(of: path) else { return false }
    return ignores.contains { entry in
      entry.rules.contains { Selection.matches($0, rule: rule) }
        && Self.any(of: entry.paths, match: names, isDirectory: false)
    }
  }

  /// The path from the settings' directory on, cut at its slashes; nil for one outside.
  private func names(of path: String) -> ArraySlice<ArraySlice<UInt8>>? {
    let base = directory == "/" ? "/" : directory + "/"
    guard path.utf8.starts(with: base.utf8) else { return nil }
    return Array(path.utf8.dropFirst(base.utf8.count)).split(separator: UInt8(ascii: "/"))[...]
  }

  /// A pattern that matches a directory holds for all that is in it; the last pattern that matches decides.
  private static func any(
    of patterns: [IgnorePattern], match names: ArraySlice<ArraySlice<UInt8>>, isDirectory: Bool
  ) -> Bool {
    guard !patterns.isEmpty else { return false }
    for depth in 1..<max(names.count + 1, 2) {
      let last = depth >= names.count
      let found = patterns.last { $0.matches(names.prefix(depth), isDirectory: !last || isDirectory) }
      if let found, !found.negated { return true }
    }
    return false
  }
}

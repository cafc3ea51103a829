import APISIX
import Findings
import Lint

/// The release to judge as.
struct ReleaseChoice {
  let release: Release
  /// What there is to say about it.
  let note: String?
}

/// The release and the environment that APISIX will have.
struct ReleaseFlags: Flags {
  var apisixVersion: String?
  var env: [String] = []
  var envFile: [String] = []
  var root: String?

  static var parameters: [Parameter<Self>] {
    [
      Parameter(
        "apisix-version", \.apisixVersion, "version", "Judge as this release of APISIX does, 2.13.0 to 3.18.0."),
      Parameter(
        "env", \.env, "name=value",
        "A variable that APISIX will have; then nothing else counts as set. Repeatable."),
      Parameter(
        "env-file", \.envFile, "file",
        "A file of NAME=VALUE lines with the variables that APISIX will have. Repeatable."),
      Parameter(
        "root", \.root, "dir",
        "The file system of the APISIX host, where files that the config names are looked up."),
    ]
  }

  struct BadRelease: Error, CustomStringConvertible { let description: String }

  /// - Parameter settings: `apisix-version` of .gatecheck.yaml, for where no flag is given.
  func choice(settings: String? = nil) throws(BadRelease) -> ReleaseChoice {
    guard let text = apisixVersion ?? settings else { return ReleaseChoice(release: .newest, note: nil) }
    guard let release = Release(parsing: text) else {
      throw BadRelease(description: "--apisix-version wants X.Y or X.Y.Z, such as 3.16, not \(terminalSafe(text))")
    }
    guard release >= .oldest else {
      throw BadRelease(description: "--apisix-version: \(Release.oldest) is the oldest that gatecheck knows")
    }
    let (judged, known) = release.judged
    return ReleaseChoice(
      release: judged, note: known ? nil : "APISIX \(release) is newer than gatecheck knows; judged as \(judged)")
  }

  /// The variables of --env and --env-file; unknown without either.
  func environment() throws(FileError) -> APISIX.Environment {
    guard !env.isEmpty || !envFile.isEmpty else { return .unknown }
    var variables: [String: String] = [:]
    for file in envFile {
      let bytes = try InputFile(path: file, origin: .named).read() ?? []
      variables.merge(DotEnv.parse(String(decoding: bytes, as: UTF8.self))) { _, new in new }
    }
    for pair in env {
      let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      variables[String(parts[0])] = parts.count == 2 ? String(parts[1]) : ""
    }
    return .known(variables)
  }

  /// The file system of APISIX's host.
  var files: HostFiles { HostFiles(root: root) }
}

/// `NAME=VALUE` lines: comments, `export`, and quotes around a value.
enum DotEnv {
  static func parse(_ text: String) -> [String: String] {
    var variables: [String: String] = [:]
    for line in text.split(whereSeparator: \.isNewline) {
      var line = line.drop { $0 == " " || $0 == "\t" }
      if line.hasPrefix("export ") { line = line.dropFirst(7).drop { $0 == " " } }
      guard !line.hasPrefix("#"), let equals = line.firstIndex(of: "=") else { continue }
      var value = line[line.index(after: equals)...]
      while let last = value.last, last == " " || last == "\t" || last == "\r" { value.removeLast() }
      if let quote = value.first, quote == "\"" || quote == "'", value.count >= 2, value.last == quote {
        value = value.dropFirst().dropLast()
      }
      variables[String(line[..<equals].filter { $0 != " " })] = String(value)
    }
    return variables
  }
}

/// Files as APISIX on its host would find them: absolute paths under the root, relative ones under its home.
struct HostFiles: Sendable {
  let root: String?

  private static let home = "usr/local/apisix"

  var lookup: @Sendable (String) -> FileAnswer {
    guard let root else { return { _ in .unknown } }
    return { path in
      let place = path.hasPrefix("/") ? "\(root)\(path)" : "\(root)/\(Self.home)/\(path)"
      do throws(FileError) {
        guard let bytes = try InputFile(path: place, origin: .named).read() else { return .unknown }
        return .content(bytes)
      } catch { return .missing }
    }
  }
}

import APISIX
import Findings
import Inputs
import Lint

/// One `--env`. What it does not take may be a secret, and is not shown.
struct Variable: FlagValue {
  let pair: Pair
  var text: String { pair.text }
  static let wanted = "NAME=VALUE"

  init?(flag text: String) {
    guard let pair = Pair(flag: text), !pair.key.isEmpty else { return nil }
    self.pair = pair
  }

  static func objection(to text: String) -> String { "wants \(wanted)" }
}

/// The release and the environment that APISIX will have.
struct ReleaseFlags: Flags {
  var apisixVersion: String?
  var env: [Variable] = []
  var envFile: [String] = []
  var root: String?

  static var flags: [Parameter<Self>] {
    [
      Parameter(
        "apisix-version", \.apisixVersion, "version", "Judge as this release of APISIX does, \(known).",
        completion: .releases),
      Parameter(
        "env", \.env, "name=value",
        "A variable that APISIX will have; then nothing else counts as set. Repeatable."),
      Parameter(
        "env-file", \.envFile, "file",
        "A file of NAME=VALUE lines with the variables that APISIX will have. Repeatable.", completion: .files()),
      Parameter(
        "root", \.root, "dir",
        "The file system of the APISIX host, where files that the config names are looked up.", completion: .folders),
    ]
  }

  /// The releases that there are to choose from.
  static var known: String { "\(Release.oldest) to \(Release.newest)" }

  /// - Parameter settings: `apisix-version` of .gatecheck.yaml, for where no flag is given.
  func choice(settings: String? = nil) throws(ReleaseChoice.Bad) -> ReleaseChoice {
    try ReleaseChoice(apisixVersion ?? settings)
  }

  /// The variables of --env and --env-file; unknown without either.
  /// - Parameter read: gives the bytes of an --env-file.
  /// - Throws: for what --env-file or --root name and is not there.
  func environment(_ read: (String) throws(FileError) -> [UInt8] = InputFile.contents) throws(FileError)
    -> APISIX.Environment
  {
    try files.check()
    guard !env.isEmpty || !envFile.isEmpty else { return .unknown }
    var variables: [String: String] = [:]
    for file in envFile {
      let bytes = try read(file)
      variables.merge(DotEnv.parse(String(decoding: bytes, as: UTF8.self))) { _, new in new }
    }
    for variable in env { variables[variable.pair.key] = variable.pair.value }
    return .known(variables)
  }

  /// That what they name is there, for a command that has no use for it.
  func check() throws(FileError) { _ = try environment() }

  /// The file system of APISIX's host.
  var files: HostFiles { HostFiles(root: root) }
}

public import Findings
import Glibc
public import Inputs

/// Where a new token goes: into a file, into a config.yaml, or into a file whose path the config.yaml gets.
public struct TokenDestination: Sendable {
  private let file: String?
  private let config: String?
  private let cluster: String?

  /// - Parameter cluster: the id of the one of the config.yaml that is meant, where there are several.
  public init(file: String?, config: String?, cluster: String?) {
    self.file = file
    self.config = config
    self.cluster = cluster
  }

  /// Why there is no place for a token, so that none is issued for nothing.
  public func problem() throws(FileError) -> Finding? {
    guard let config else { return nil }
    return try place(.file("/run/token"), in: config, InputFile.contents(config)).problem
  }

  /// Writes the file first: the configuration must not name one that is not there.
  /// - Parameter tell: is told what is done.
  public func put(_ token: Secret, _ tell: (String) -> Void) -> [Finding] {
    do throws(FileError) {
      if let file {
        try SecretFile.write(token.value, to: file)
        tell("the token is in \(file)")
      }
      guard let config else { return [] }
      let old = try InputFile.contents(config)
      // APISIX starts in a folder of its own, so the path must be whole.
      let (placed, problem) = place(file.map { .file(Self.absolute($0)) } ?? .token(token), in: config, old)
      guard let placed else { return [problem].compactMap { $0 } }
      try FileWriter.replace(config, old, with: placed.bytes)
      tell("\(placed.path) of \(config) is set")
      return []
    } catch { return [error.finding] }
  }

  private func place(
    _ value: TokenPlacement.Value, in path: String, _ bytes: [UInt8]
  ) -> (placed: TokenPlacement?, problem: Finding?) {
    do throws(TokenPlacement.Failure) {
      return (try TokenPlacement(value, into: bytes, of: path, cluster: cluster), nil)
    } catch { return (nil, error.finding(in: path)) }
  }

  private static func absolute(_ path: String) -> String {
    guard let resolved = realpath(path, nil) else { return path }
    defer { free(resolved) }
    return String(cString: resolved)
  }
}

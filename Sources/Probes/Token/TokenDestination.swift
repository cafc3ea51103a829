public import Findings
import Glibc
public import Inputs
import Kubernetes

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

  /// Whether the token goes to standard output, which is not for this type to write to.
  public var isStandardOutput: Bool { file == "-" }

  /// That the file is somebody else's: a token must not take its place.
  public struct OtherFile: Error, CustomStringConvertible {
    public let description: String
  }

  /// Throws for a file that is there, and holds something else than a token.
  public func check() throws(OtherFile) {
    guard let file, file != "-", let bytes = InputFile(path: file, origin: .named).head(1 << 16) else { return }
    let text = TokenText(bytes)
    guard !bytes.isEmpty, !Self.isToken(text, bytes) else { return }
    let isDocument = text.flaws.contains { if case .document = $0 { true } else { false } }
    throw OtherFile(
      description: "\(terminalSafe(file)) holds something else than a token, which would be lost; name a new file"
        + (isDocument && config == nil ? "; token create --into FILE puts a token into a config.yaml" : ""))
  }

  /// Whether a text is a token, a spoiled one, what stands in the place of one, or the Secret that holds one.
  private static func isToken(_ text: TokenText, _ bytes: [UInt8]) -> Bool {
    for flaw in text.flaws {
      switch flaw {
      case .document(let kind): return text.mended != nil && ["Secret", "TokenRequest"].contains(kind)
      case .pem: return false
      case .truncated: return true
      default: break
      }
    }
    return text.jwt != nil || bytes.split { $0 == 0x20 || (0x09...0x0D).contains($0) }.count <= 1
  }

  /// Why there is no place for a token, so that none is issued for nothing.
  public func problem() throws(FileError) -> Finding? {
    if let file, file != "-" { try SecretFile.check(file) }
    guard let config else { return nil }
    try FileWriter.check(config)
    let bytes = try InputFile.contents(config)
    do throws(Finding) {
      _ = try TokenPlacement(.file("/run/token"), into: bytes, of: config, cluster: cluster)
      return nil
    } catch { return error }
  }

  /// Writes the file first: the configuration must not name one that is not there.
  /// - Parameter tell: is told what is done.
  public func put(_ token: Secret, _ tell: (String) -> Void) -> [Finding] {
    do {
      if let file {
        try SecretFile.write(token.value, to: file)
        tell("the token is in \(file)")
      }
      guard let config else { return [] }
      let old = try InputFile.contents(config)
      // APISIX starts in a folder of its own, so the path must be whole.
      let value = file.map { TokenPlacement.Value.file(Self.absolute($0)) } ?? .token(token)
      let placed = try TokenPlacement(value, into: old, of: config, cluster: cluster)
      try FileWriter.replace(config, old, with: placed.bytes)
      tell("\(placed.path) of \(config) is set")
      return []
    } catch { return [(error as? FileError)?.finding ?? error as? Finding].compactMap { $0 } }
  }

  private static func absolute(_ path: String) -> String {
    guard let resolved = realpath(path, nil) else { return path }
    defer { free(resolved) }
    return String(cString: resolved)
  }
}

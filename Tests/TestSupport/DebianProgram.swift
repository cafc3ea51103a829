import Foundation

/// A program that tests run beside gatecheck: Debian's, from Tests/servers/fetch.sh, else the one on PATH.
public struct DebianProgram: Sendable {
  public let path: String
  /// Where it was unpacked with what belongs to it; nil for the one on PATH.
  public let files: String?

  /// - Parameter places: where it is in its package.
  /// - Returns: nil where it cannot be had here.
  public init?(_ name: String, in places: [String] = ["/usr/bin", "/bin"]) {
    files = ServerProcess.files(of: name)
    let folders = files.map { root in places.map { root + $0 } } ?? ["/usr/local/bin"] + places
    guard let path = folders.map({ "\($0)/\(name)" }).first(where: FileManager.default.isExecutableFile(atPath:)) else {
      return nil
    }
    self.path = path
  }

  /// What it needs to find what belongs to it.
  public var environment: [String: String] {
    guard let files else { return [:] }
    let folders = (try? FileManager.default.contentsOfDirectory(atPath: files + "/usr/lib")) ?? []
    let libraries = folders.flatMap { ["\(files)/usr/lib/\($0)", "\(files)/usr/lib/\($0)/pulseaudio"] }
    return ["LD_LIBRARY_PATH": libraries.joined(separator: ":")]
  }
}

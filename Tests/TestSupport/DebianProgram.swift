import Foundation

/// A program that tests run beside gatecheck: Debian's, from Tests/servers/fetch.sh, else the one on PATH.
public struct DebianProgram: Sendable {
  public let path: String
  /// Where it was unpacked with what belongs to it; nil for the one on PATH.
  public let files: String?

  /// - Returns: nil where it cannot be had here.
  public init?(_ name: String) {
    files = ServerProcess.files(of: name)
    let folders =
      files.map { root in ["/usr/bin", "/bin"].map { root + $0 } } ?? ["/usr/local/bin", "/usr/bin", "/bin"]
    guard let path = folders.map({ "\($0)/\(name)" }).first(where: FileManager.default.isExecutableFile(atPath:)) else {
      return nil
    }
    self.path = path
  }

  /// What it needs to find what belongs to it.
  public var environment: [String: String] {
    guard let files else { return [:] }
    let libraries = try? FileManager.default.contentsOfDirectory(atPath: files + "/usr/lib").map {
      "\(files)/usr/lib/\($0)"
    }
    return ["LD_LIBRARY_PATH": (libraries ?? []).joined(separator: ":")]
  }
}

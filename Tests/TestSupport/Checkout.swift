public import Foundation

/// The checkout, and what of it the tests use.
public enum Checkout {
  public static let root = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
  public static var examples: String { path("docs/examples") }
  public static var fixtures: String { path("Tests/Fixtures") }

  public static func path(_ name: String) -> String { root.appendingPathComponent(name).path }
  public static func text(_ name: String) throws -> String { try String(contentsOfFile: path(name), encoding: .utf8) }

  /// GATECHECK_BINARY, else the one that was built with these tests.
  public static let binary: String = {
    if let named = ProcessInfo.processInfo.environment["GATECHECK_BINARY"] { return named }
    let program = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? ""
    let folders = [CommandLine.arguments[0], program].map { ($0 as NSString).deletingLastPathComponent }
    let places = folders.map { $0 + "/gatecheck" } + [path(".build/debug/gatecheck")]
    return places.first { FileManager.default.isExecutableFile(atPath: $0) } ?? "gatecheck"
  }()

  /// Files below a folder, by path.
  public static func files(below folder: String, suffix: String = "") -> [String] {
    let names = FileManager.default.enumerator(atPath: folder)?.compactMap { $0 as? String } ?? []
    return names.sorted().filter { name in
      var isDirectory: ObjCBool = false
      // A link that leads nowhere is a file, too.
      _ = FileManager.default.fileExists(atPath: folder + "/" + name, isDirectory: &isDirectory)
      return !isDirectory.boolValue && name.hasSuffix(suffix)
    }
  }
}

public import Foundation

/// A directory of its own for one test, with the files that a user would have.
public final class Folder: Sendable {
  public let path: String

  public init(_ files: [String: String] = [:]) throws {
    path =
      FileManager.default.temporaryDirectory.resolvingSymlinksInPath()
      .appendingPathComponent("gatecheck-\(UUID().uuidString)").path
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    for (name, text) in files { try write(name, text) }
  }

  /// A copy of a folder of the checkout.
  public convenience init(copyOf folder: String) throws {
    try self.init()
    for name in Checkout.files(below: folder) where !name.hasPrefix(".cluster") {
      try write(name, Data(contentsOf: URL(fileURLWithPath: folder + "/" + name)))
    }
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  public subscript(name: String) -> String { path + "/" + name }

  public func write(_ name: String, _ text: String) throws { try write(name, Data(text.utf8)) }

  public func write(_ name: String, _ data: Data) throws {
    let url = URL(fileURLWithPath: self[name])
    try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
    try data.write(to: url)
  }

  public func read(_ name: String) throws -> String { try String(contentsOfFile: self[name], encoding: .utf8) }

  /// Every file in it, by path.
  public func names() -> [String] { Checkout.files(below: path) }

  public func link(_ name: String, to target: String) throws {
    try FileManager.default.createSymbolicLink(atPath: self[name], withDestinationPath: target)
  }

  /// A program out of a file. Another process writes it: what a fork in another thread still has open for writing,
  /// nobody may run ("text file busy").
  public func install(_ name: String, as program: String) throws {
    let ended = try execute("install", ["-m", "755", name, program], in: path)
    if ended.status != 0 { throw Unusable(description: ended.errors) }
  }

  public func mode(_ name: String, _ mode: Int) throws {
    try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: self[name])
  }

  public func mode(_ name: String) throws -> Int {
    try FileManager.default.attributesOfItem(atPath: self[name])[.posixPermissions] as? Int ?? 0
  }
}

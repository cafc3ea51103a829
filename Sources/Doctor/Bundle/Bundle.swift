import Findings
public import Inputs
import JSON
import SourceText

/// What `doctor --bundle` wrote, read again. Nothing of it is written to disk.
public struct Bundle: Sendable {
  static let list = "bundle.json"
  static let document = "doctor.json"

  /// Of the gatecheck that wrote it.
  public let version: String
  /// How it was called.
  public let path: String
  let files: [(file: BundledFile, bytes: [UInt8])]
  /// The checks as they were told.
  let checks: [JSONValue]

  /// - Parameter bytes: of the file.
  public init(_ bytes: [UInt8], path: String) throws(FileError) {
    var members = Dictionary(try Archive(bytes, path: path).members.map { ($0.name, $0.bytes) }) { first, _ in first }
    let foreign = { (why: String) in FileError(.unreadable, path: path, reason: "it is no bundle of gatecheck: \(why)")
    }
    let parsed = { (bytes: [UInt8]?) in bytes.flatMap { try? JSONValue.parse($0) } }
    guard let list = parsed(members[Self.list]), let version = list["gatecheck"]?.string else {
      throw foreign("no \(Self.list)")
    }
    guard list["bundle"]?.int == 1 else { throw foreign("a newer gatecheck wrote it") }
    guard let checks = parsed(members[Self.document])?["checks"]?.array else { throw foreign("no \(Self.document)") }
    var files: [(BundledFile, [UInt8])] = []
    for item in list["files"]?.array ?? [] {
      // One that is named a thousand times would be judged as often.
      guard let file = BundledFile(item), let bytes = members.removeValue(forKey: file.member) else {
        throw foreign("a file is missing, or named twice")
      }
      // What is read is in the bundle, and nothing else.
      guard !file.path.isEmpty, !file.path.hasPrefix("http://"), !file.path.hasPrefix("https://"),
        file.path != "cluster"
      else { throw foreign("a file is none") }
      files.append((file, bytes))
    }
    (self.version, self.path, self.files, self.checks) = (version, path, files, checks)
  }
}

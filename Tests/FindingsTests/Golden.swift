import Foundation
import Testing

/// What the user sees, kept as a file in Tests/Golden/findings. A test that differs shows both; with the variable
/// UPDATE_GOLDEN set the file is written anew, to be looked at and committed.
func expectGolden(_ actual: String, _ name: String, sourceLocation: SourceLocation = #_sourceLocation) throws {
  let url = repository.appending(path: "Tests/Golden/findings/\(name)")
  if ProcessInfo.processInfo.environment["UPDATE_GOLDEN"] != nil {
    try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(actual.utf8).write(to: url)
  }
  let expected = try String(decoding: Data(contentsOf: url), as: UTF8.self)
  #expect(actual == expected, sourceLocation: sourceLocation)
}

let repository = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
  .deletingLastPathComponent()

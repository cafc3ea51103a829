import Foundation
import Testing

/// What stands in the checkout's text, and what a test gave: GATECHECK_UPDATE=1 writes the latter into the checkout, to
/// be looked at and committed.
/// - Parameter name: the file's path in the checkout.
public func expectGolden(
  _ text: String, _ name: String, file: String = #filePath, id: String = #fileID, line: Int = #line,
  column: Int = #column
) throws {
  let path = Checkout.path(name)
  if ProcessInfo.processInfo.environment["GATECHECK_UPDATE"] == "1" {
    try FileManager.default.createDirectory(
      atPath: (path as NSString).deletingLastPathComponent, withIntermediateDirectories: true)
    try text.write(toFile: path, atomically: true, encoding: .utf8)
    return
  }
  let expected = try? String(contentsOfFile: path, encoding: .utf8)
  guard expected != text else { return }
  Issue.record(
    "\(name) differs; GATECHECK_UPDATE=1 writes what is now:\n\(text)\n--- in place of:\n\(expected ?? "no file")",
    sourceLocation: SourceLocation(fileID: id, filePath: file, line: line, column: column))
}

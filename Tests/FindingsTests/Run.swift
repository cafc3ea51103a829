import Foundation

/// Runs a program to its end. What it prints is kept in a file, so that it never waits for a reader.
func run(_ program: String, _ arguments: [String], input: String = "") throws -> (status: Int32, output: String) {
  let folder = FileManager.default.temporaryDirectory.appending(path: "gatecheck-run-\(UUID().uuidString)")
  try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  defer { try? FileManager.default.removeItem(at: folder) }
  let inputFile = folder.appending(path: "in")
  let outputFile = folder.appending(path: "out")
  try Data(input.utf8).write(to: inputFile)
  try Data().write(to: outputFile)
  let process = Process()
  process.executableURL = URL(filePath: program)
  process.arguments = arguments
  process.standardInput = try FileHandle(forReadingFrom: inputFile)
  let output = try FileHandle(forWritingTo: outputFile)
  process.standardOutput = output
  process.standardError = output
  try process.run()
  process.waitUntilExit()
  return (process.terminationStatus, String(decoding: try Data(contentsOf: outputFile), as: UTF8.self))
}

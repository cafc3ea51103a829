import Foundation
import Inputs

/// Looks a log through for secrets, line by line as it comes, and tells how many there are.
@main
enum Redact {
  static func main() throws {
    let bytes = Array(try Data(contentsOf: URL(fileURLWithPath: CommandLine.arguments[1])))
    var count = 0
    bytes.withUnsafeBufferPointer { bytes in
      for line in bytes.split(separator: 0x0A) {
        count += SecretPatterns.ranges(in: UnsafeBufferPointer(rebasing: line), keys: true).count
      }
    }
    print(count)
  }
}

import Glibc
import Inputs
import Synchronization

/// Writes whole texts to a file descriptor. A reader that went away ends the program quietly, as `head` expects.
struct Output: Sendable {
  let descriptor: Int32

  static let standard = Output(descriptor: 1)
  static let error = Output(descriptor: 2)

  /// How writing to standard output failed first, as errno; 0 as long as it did not.
  static let failure = Atomic<Int32>(0)

  /// What looks like a secret is `***`, line by line: no sentence gets out past this.
  /// - Returns: false when it could not be written, and errno says why.
  @discardableResult
  func write(_ text: String) -> Bool {
    let shown = SecretPatterns.hiddenByLine(text)
    return self.descriptor == Self.error.descriptor ? tell(shown) : writeAsIs(shown)
  }

  /// For what people read that is without secrets already.
  @discardableResult
  func tell(_ text: String) -> Bool { writeAsIs(Program.spoken(text)) }

  /// For a report, which is without secrets already; a page; and what is a secret and was asked for.
  @discardableResult
  func writeAsIs(_ text: String) -> Bool {
    var text = text
    return text.withUTF8 { bytes in
      var rest = UnsafeRawBufferPointer(bytes)
      while !rest.isEmpty {
        let count = Glibc.write(descriptor, rest.baseAddress, rest.count)
        if count < 0 {
          let code = errno
          if code == EINTR { continue }
          if descriptor == 1 { _ = Self.failure.compareExchange(expected: 0, desired: code, ordering: .relaxed) }
          errno = code
          return false
        }
        rest = UnsafeRawBufferPointer(rebasing: rest[count...])
      }
      return true
    }
  }

  var isTerminal: Bool { isatty(descriptor) == 1 }
}

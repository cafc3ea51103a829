import Glibc

/// What was typed behind the program's name.
public enum ProgramArguments {
  /// Swift reads them from /proc, which a chroot may lack. Then those are taken that the kernel puts before the
  /// environment: their number, each of them, a null.
  /// - Returns: nil where they cannot be told.
  public static var all: [String]? {
    if !CommandLine.arguments.isEmpty { return Array(CommandLine.arguments.dropFirst()) }
    guard environ[-1] == nil else { return nil }
    var count = 0
    while Int(bitPattern: environ[-2 - count]) != count {
      count += 1
      if count > 1 << 20 { return nil }
    }
    return (0..<count).dropFirst().compactMap { index in environ[index - count - 1].map { String(cString: $0) } }
  }
}

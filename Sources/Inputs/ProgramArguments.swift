import Glibc

/// What was typed.
public enum ProgramArguments {
  /// What stands behind the program's name; nil where it cannot be told.
  public static var all: [String]? { words.map { Array($0.dropFirst()) } }

  /// The program's own name, without its folder.
  public static var program: String? { words?.first.map { String(LocalPath.name(of: $0)) } }

  /// Swift reads them from /proc, which a chroot may lack. Then those are taken that the kernel puts before the
  /// environment: their number, each of them, a null.
  private static var words: [String]? {
    if !CommandLine.arguments.isEmpty { return CommandLine.arguments }
    guard environ[-1] == nil else { return nil }
    var count = 0
    while Int(bitPattern: environ[-2 - count]) != count {
      count += 1
      if count > 1 << 20 { return nil }
    }
    return (0..<count).compactMap { index in environ[index - count - 1].map { String(cString: $0) } }
  }
}

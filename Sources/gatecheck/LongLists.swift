import Synchronization

/// ArgumentParser takes time that grows with the square of the number of positional arguments: 8,000 paths need
/// 2.4 s. Long lists of paths for `lint`, as pre-commit and xargs make them, are therefore taken off before it parses.
enum LongLists {
  private static let threshold = 32
  private static let paths = Mutex<[String]>([])

  /// The paths that were taken off.
  static var aside: [String] { paths.withLock { $0 } }

  static func set(aside arguments: [String]) -> [String] {
    guard arguments.count > threshold, arguments.first == "lint" else { return arguments }
    let valued = LintCommand.valueOptions
    var kept: [String] = []
    var taken: [String] = []
    var rest = false
    var previousTakesValue = false
    for argument in arguments.dropFirst() {
      if rest {
        taken.append(argument)
      } else if argument == "--" {
        rest = true
      } else if previousTakesValue || (argument.hasPrefix("-") && argument != "-") {
        kept.append(argument)
        previousTakesValue = !previousTakesValue && valued.contains(argument)
      } else {
        taken.append(argument)
      }
    }
    paths.withLock { $0 = taken }
    return ["lint"] + kept
  }
}

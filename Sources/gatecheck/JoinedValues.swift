/// ArgumentParser 1.8 forgets the value of `--flag=value`, for an option that may also stand alone, when another option
/// follows. `--flag value` it reads rightly, so that is what it is given.
enum JoinedValues {
  private static let options = ["--probe", "--etcd", "--watch-endpoint-slices"]

  static func split(_ arguments: [String]) -> [String] {
    let end = arguments.firstIndex(of: "--") ?? arguments.endIndex
    return arguments[..<end].flatMap { argument -> [String] in
      let parts = argument.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
      return parts.count == 2 && !parts[1].isEmpty && options.contains(parts[0]) ? parts : [argument]
    } + arguments[end...]
  }
}

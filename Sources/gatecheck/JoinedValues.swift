/// ArgumentParser 1.8 forgets the value of `--flag=value`, for an option that may also stand alone, when another option
/// follows. `--flag value` it reads rightly, so that is what it is given.
enum JoinedValues {
  private static let options = ["--probe", "--etcd", "--watch-endpoint-slices"]

  static func split(_ arguments: [String]) -> [String] {
    let end = arguments.firstIndex(of: "--") ?? arguments.endIndex
    return arguments[..<end].flatMap { argument -> [String] in
      let parts = argument.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
      guard parts.count == 2, options.contains(parts[0]) else { return [argument] }
      // A word that --probe does not have would count as the next argument; the sign keeps the two together.
      if parts[0] == "--probe", !ProbeKind.words.contains(parts[1]) { return [parts[0], "=" + parts[1]] }
      return parts[1].isEmpty ? [argument] : parts
    } + arguments[end...]
  }
}

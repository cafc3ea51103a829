public import Inputs

extension FileError {
  /// What the user is told.
  public var finding: Finding {
    switch kind {
    case .notFound:
      Finding(
        rule: InputRules.notFound, message: "there is \(reason)", file: SecretPatterns.hidden(path),
        help: SecretPatterns.hidden(path) == path
          ? "check the path; it is taken from the directory gatecheck runs in"
          : "put the token into a file, and name that")
    case .unreadable:
      Finding(rule: InputRules.unreadable, message: "cannot read this: \(reason)", file: path)
    case .tooLarge:
      Finding(
        rule: InputRules.tooLarge, message: "not checked: \(reason)", file: path,
        help: "split it, or name the file that APISIX really reads")
    case .notWritten:
      Finding(
        rule: InputRules.notWritten, message: "cannot write the fix, the file is as it was: \(reason)", file: path)
    }
  }
}

public import Inputs

extension FileError {
  private static let token =
    "this is the token itself: put it into a file and name that, or use - and give it on standard input"

  /// What the user is told.
  public var finding: Finding {
    switch kind {
    case .notFound:
      Finding(
        rule: InputRules.notFound, message: "there is \(reason)", file: shownPath,
        help: isToken ? Self.token : "check the path; it is taken from the directory gatecheck runs in")
    case .unreadable:
      Finding(
        rule: InputRules.unreadable, message: "cannot read this: \(reason)", file: shownPath,
        help: isToken ? Self.token : nil)
    case .tooLarge:
      Finding(
        rule: InputRules.tooLarge, message: "not checked: \(reason)", file: path,
        help: "split it, or name the file that APISIX really reads")
    case .notWritten:
      Finding(
        rule: InputRules.notWritten, message: "cannot write the fix, the file is as it was: \(reason)",
        file: shownPath)
    }
  }
}

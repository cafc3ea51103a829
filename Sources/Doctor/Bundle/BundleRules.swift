import Findings

/// The rules of what is passed on.
enum BundleRules {
  static let all = [secret]

  static let secret: Rule = """
    bundle/secret (error): What a bundle would take in still holds a secret
    Checks: With `doctor --bundle FILE`, the finished members, before anything is written: whether a credential of the \
    configuration, of the routes or of this run is in them, or what looks like one.
    Why: A bundle is passed on to others. It is not written then.
    Example: uri: /login/PASSWORD, with the password of the registry
    Fix: Write it as a variable there, uri: /login/${{NAME}}, or leave the file out.
    """

  /// - Parameter key: what stands before it on its line; nil where that is no key.
  static func found(in member: String, line: Int, key: String?) -> Finding {
    Finding(
      rule: secret,
      message:
        "\(member) of the bundle holds a secret on line \(line)\(key.map { ", at \($0)" } ?? ""): nothing is written",
      help: "write a variable in its place, ${{NAME}}, or leave that file out")
  }
}

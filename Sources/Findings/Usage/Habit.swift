/// What users of other programs type, and what gatecheck has for it.
public enum Habit {
  private static let token = "no flag takes a token, which `ps` would show: --token-file FILE, or set GATECHECK_TOKEN"
  private static let login =
    "APISIX logs in with a token only: --token-file FILE, or --kubeconfig FILE for your own user"

  /// Flags of others: in `names` a flag of gatecheck, in `answers` a sentence.
  private static let names = [
    "format": "output", "output-format": "output", "cacert": "certificate-authority", "ca": "certificate-authority",
    "ca-file": "certificate-authority", "insecure": "insecure-skip-tls-verify", "k": "insecure-skip-tls-verify",
    "no-verify": "insecure-skip-tls-verify", "host": "server", "url": "server", "api-server": "server",
    "f": "config", "file": "config", "filename": "config", "c": "config", "p": "probe",
    "version": "apisix-version", "release": "apisix-version", "user": "as", "exclude": "ignore", "disable": "ignore",
    "enable": "select", "only": "select", "rule": "select", "strict": "fail-on", "write": "fix",
    "all-namespaces": "all",
  ]
  private static let answers = [
    "token": token, "bearer-token": token, "t": token, "username": login, "password": login, "client-key": login,
    "client-certificate": login, "no-color": "write --color never, or set NO_COLOR",
    "no-colour": "write --color never, or set NO_COLOR", "json": "write -o json", "sarif": "write -o sarif",
    "dry-run": "nothing is changed unless a flag such as --fix or --confirm says so",
    "namespace": "APISIX asks for all namespaces; namespace_selector of config.yaml says which of them count",
    "n": "APISIX asks for all namespaces; namespace_selector of config.yaml says which of them count",
  ]

  /// What is told of a flag that there is not.
  /// - Parameters:
  ///   - name: the flag as it was typed, without a value.
  ///   - known: the flags that there are.
  ///   - word: all that was typed, where that may be a long flag with one dash.
  public static func unknown(_ name: Substring, among known: [String], in word: String = "") -> String {
    let plain = String(name.drop { $0 == "-" })
    let long = String(word.drop { $0 == "-" }.prefix { $0 != "=" })
    let told = "There is no flag \(terminalSafe(String(name.prefix(64))))"
    if long.count > 1, known.contains(long) { return "There is no flag -\(long); did you mean --\(long)?" }
    let whole = known.filter { plain.count > 2 && $0.hasPrefix(plain) }
    let others = (Array(names.keys) + Array(answers.keys)).sorted().filter { $0.count > 2 }
    let habit =
      names[plain] == nil && answers[plain] == nil
      ? whole.count == 1 ? whole[0] : nearest(plain, among: known + others) : plain
    guard let habit else { return "\(told)." }
    if known.contains(habit) { return "\(told); did you mean --\(habit)?" }
    if let answer = answers[habit] { return "\(told): \(answer)." }
    guard let meant = names[habit], known.contains(meant) else { return "\(told)." }
    return "\(told); did you mean --\(meant)?"
  }
}

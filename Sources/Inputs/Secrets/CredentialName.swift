import SourceText

/// Names that people give to variables, entries of a ConfigMap, parameters and flags.
public enum CredentialName {
  /// Whether what bears the name is a credential: `DB_PASSWORD`, `redis.password`, `apiToken`, `--admin-key`.
  public static func isOne(_ name: some Sequence<UInt8>) -> Bool {
    var words: [[UInt8]] = [[]]
    var wasSmall = false
    // How many capitals stand last: of an acronym the last one begins the next word, as in `adminAPIToken`.
    var capitals = 0
    for byte in name {
      let isUpper = (0x41...0x5A).contains(byte)
      if isUpper && wasSmall || !isUpper && !(0x61...0x7A).contains(byte) { words.append([]) }
      if !isUpper, (0x61...0x7A).contains(byte), capitals > 1, let first = words[words.count - 1].popLast() {
        words.append([first])
      }
      capitals = isUpper ? capitals + 1 : 0
      if isUpper || (0x61...0x7A).contains(byte) { words[words.count - 1].append(byte | 0x20) }
      wasSmall = !isUpper
    }
    let texts = words.lazy.filter { !$0.isEmpty }.map { String(decoding: $0, as: UTF8.self) }
    guard let last = texts.last else { return false }
    switch (last, texts.dropLast().last) {
    case ("key", let name): return name.map { !names.contains($0) } ?? false
    case ("secret", let name?): return !references.contains(name)
    case ("pass", "proxy"), ("pass", "by"): return false
    default: return secrets.contains(last)
    }
  }

  private static let secrets: Set = [
    "token", "password", "passwd", "pwd", "pass", "passphrase", "requirepass", "secret", "credential", "credentials",
    "auth", "apikey", "adminkey", "accesskey", "secretkey", "authkey", "privatekey", "keyring", "authorization",
  ]

  /// What stands before the `KEY` of a name that names something.
  private static let names: Set = [
    "public", "partition", "primary", "foreign", "sort", "routing", "topology", "cache", "hash", "group", "label",
    "password", "token", "object", "index", "message", "row", "tag", "field", "header", "annotation",
  ]

  /// What stands before the `SECRET` of a name that names one.
  private static let references: Set = [
    "existing", "tls", "ssl", "pull", "ca", "image", "certificate", "cert", "external",
  ]
}

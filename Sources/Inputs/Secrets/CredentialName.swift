import SourceText

/// Names that people give to variables, entries of a ConfigMap, parameters and flags.
public enum CredentialName {
  /// Whether what bears the name is a credential: `DB_PASSWORD`, `redis.password`, `apiToken`, `--admin-key`.
  public static func isOne(_ name: some BidirectionalCollection<UInt8>) -> Bool {
    guard mayBeOne(name) else { return false }
    // The last two of its words, in small letters.
    var (before, last): ([UInt8], [UInt8]) = ([], [])
    var (isOver, wasSmall) = (false, false)
    // How many capitals stand last: of an acronym the last one begins the next word, as in `adminAPIToken`.
    var capitals = 0
    for byte in name {
      let isUpper = (0x41...0x5A).contains(byte)
      guard isUpper || (0x61...0x7A).contains(byte) else {
        (isOver, capitals) = (true, 0)
        continue
      }
      if isOver || isUpper && wasSmall {
        if !last.isEmpty { (before, last) = (last, []) }
      } else if !isUpper, capitals > 1, let first = last.popLast() {
        (before, last) = (last, [first])
      }
      last.append(byte | 0x20)
      (isOver, wasSmall) = (false, !isUpper)
      capitals = isUpper ? capitals + 1 : 0
    }
    switch (String(decoding: last, as: UTF8.self), String(decoding: before, as: UTF8.self)) {
    case ("key", let name): return !name.isEmpty && !names.contains(name)
    case ("secret", let name): return !references.contains(name)
    case ("pass", "proxy"), ("pass", "by"): return false
    case (let word, _): return secrets.contains(word)
    }
  }

  /// Whether it ends as one of them does, or in no word: most names need no closer look.
  public static func mayBeOne(_ name: some BidirectionalCollection<UInt8>) -> Bool { ends.mayBeOne(name) }

  private static let ends = WordEnds(words)

  /// With which a name ends that is one.
  static let words = secrets.union(["key"])

  private static let secrets: Set = [
    "token", "password", "passwd", "pwd", "pass", "passphrase", "requirepass", "secret", "credential", "credentials",
    "auth", "apikey", "adminkey", "accesskey", "secretkey", "authkey", "privatekey", "keyring", "authorization",
    "passwords", "bearer", "psk", "salt", "pw",
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

/// With which three letters words end; of a name that ends in fewer nothing is known.
struct WordEnds {
  /// For each two letters a bit for each that may stand behind them.
  private var table = [UInt32](repeating: 0, count: 32 * 32)

  init(_ words: Set<String>) {
    for word in words where word.utf8.count >= 3 {
      let letters = word.utf8.suffix(3).map { Int($0 & 0x1F) }
      table[letters[0] << 5 | letters[1]] |= 1 << UInt32(letters[2])
    }
  }

  /// Whether the last word of a name may be one of them; what is no letter behind it does not matter.
  func mayBeOne(_ name: some BidirectionalCollection<UInt8>) -> Bool {
    var letters = name.reversed().makeIterator()
    while let last = letters.next() {
      guard last & 0xC0 == 0x40, last != UInt8(ascii: "_") else { continue }
      guard let second = letters.next() else { return false }
      guard second & 0xC0 == 0x40, let first = letters.next(), first & 0xC0 == 0x40, first != UInt8(ascii: "_") else {
        return true
      }
      return table[Int(first & 0x1F) << 5 | Int(second & 0x1F)] & 1 << UInt32(last & 0x1F) != 0
    }
    return false
  }
}

public import Findings
import Inputs
import SourceText
public import YAML

extension SourceFile {
  /// A file with its credentials marked.
  /// - Parameter isBroken: it is no YAML; then lines that look like a credential's are marked as well.
  public init(_ tree: Tree, isBroken: Bool) {
    var secrets = CredentialRanges.find(in: tree, broken: isBroken)
    // Where tinyyaml stops, or reads otherwise, libyaml may know what a value belongs to.
    if tree.reader != .libyaml {
      secrets += CredentialRanges.find(in: Tree.partial(tree.text.bytes).tree, broken: false)
    }
    self.init(tree.text, secrets: secrets)
  }
}

/// Where credentials stand in a file, so that no finding quotes them.
public enum CredentialRanges {
  /// Keys whose value is a credential whatever it looks like, in lower case without `_` and `-`.
  static let keys: Set<String> = [
    "token", "password", "passwd", "secret", "secretkey", "accesskey", "clientsecret", "apikey", "xapikey", "key",
    "privatekey", "accesstoken", "refreshtoken", "clientkeydata", "bearertoken", "credential", "credentials", "authkey",
    "adminkey", "sslkey", "keys", "auth", "sessionsecret",
  ]

  /// Below these a map or a list holds nothing but credentials.
  private static let holders: Set<String> = ["token", "password", "passwd", "secretkey", "accesskey", "apikey"]

  /// Whether what bears this key is a credential, whatever it looks like.
  public static func isCredential(_ key: String) -> Bool {
    key != "key" && isKnown(folded(Array(key.utf8)[...])) || CredentialName.isOne(key.utf8)
  }

  public static func find(in tree: Tree, broken: Bool) -> [Range<Int>] {
    var ranges: [Range<Int>] = []
    var secretMaps: Set<Tree.ID> = []
    var variableMaps: Set<Tree.ID> = []
    let mayHoldUser = tree.text.holds("@")
    for id in tree.ids {
      if let items = tree.items(id) { addArguments(items, in: tree, to: &ranges) }
      guard tree[id].isMapping else { continue }
      let kind = tree.value("kind", in: id).flatMap { tree.scalar($0) }
      let isSecret = kind == "Secret"
      let isSecretMap = !secretMaps.isEmpty && secretMaps.contains(id)
      let hasVariables = !variableMaps.isEmpty && variableMaps.contains(id)
      for pair in tree.pairs(id) ?? [] {
        let written = tree.scalarBytes(pair.key) ?? []
        // Most keys need no closer look.
        guard kind != nil || isSecretMap || hasVariables || mayHoldUser || mayBeCredential(written) else { continue }
        let key = folded(written)
        if mayHoldUser, addresses.contains(key) { addUser(pair.value, in: tree, to: &ranges) }
        if isSecret, key == "data" || key == "stringdata" { secretMaps.insert(tree.resolved(pair.value)) }
        if kind == "ConfigMap", key == "data" { variableMaps.insert(tree.resolved(pair.value)) }
        let name = hasVariables ? written : key == "value" ? nameBeside(id, tree) : nil
        if let name, CredentialName.isOne(name) { addVariable(pair.value, in: tree, to: &ranges) }
        if key == "key", isName(pair.value, in: id, tree) || isFile(pair.value, tree) { continue }
        if key == "credentials" {
          for role in ["admin", "viewer"] {
            if let value = tree.value(role, in: pair.value) { add(value, in: tree, to: &ranges) }
          }
        }
        // Of APISIX's chart: which entries of a Secret hold them.
        if key == "secretadminkey" || key == "secretviewerkey" { continue }
        if files.contains(key), let name = tree.scalar(pair.value), SecretPatterns.isToken(name) {
          add(pair.value, in: tree, to: &ranges)
        }
        if isSecretMap || isKnown(key) {
          // Nobody's token is `xxx`.
          if key == "token", let text = tree.scalar(pair.value), SecretPatterns.isUnfilled(text) { continue }
          if key == "auth", let text = tree.scalar(pair.value), ways.contains(text) { continue }
          add(pair.value, in: tree, to: &ranges)
          addLabel(of: pair.value, in: tree, to: &ranges)
          // `token: {value: …}` is no token to APISIX, and still one to hide, as a map in a Secret is.
          if isSecretMap || holders.contains(where: key.hasSuffix) { addAll(below: pair.value, in: tree, to: &ranges) }
          // Whatever stands beside it, a key of the Admin API is no name.
          if key == "adminkey" {
            for inner in (tree.items(pair.value) ?? [pair.value]).flatMap({ tree.pairs($0) ?? [] })
            where tree.scalar(inner.key) == "key" { add(inner.value, in: tree, to: &ranges) }
          }
        } else if CredentialName.isOne(written) {
          addNamed(pair.value, in: tree, to: &ranges)
          addLabel(of: pair.value, in: tree, to: &ranges)
          if holders.contains(where: key.hasSuffix) { addAll(below: pair.value, in: tree, to: &ranges) }
        }
      }
    }
    tree.text.bytes.withUnsafeBufferPointer { bytes in
      ranges += SecretPatterns.ranges(in: bytes)
      if tree.text.holds("：") { addFullWidth(in: bytes, to: &ranges) }
      // Most files have neither a token nor an address with a password; then only what is written with escapes or over
      // several lines needs a look.
      let mayHoldToken = SecretPatterns.mayHoldToken(bytes)
      for id in tree.ids {
        let node = tree[id]
        if node.style == .doubleQuoted || node.style == .singleQuoted {
          addWithin(node.range, of: bytes, to: &ranges)
        }
        guard node.style != nil, mayHoldToken || mayHoldUser || node.isCopied else { continue }
        if mayHoldToken || node.isCopied, let text = tree.scalarBytes(id),
          text.withUnsafeBufferPointer(SecretPatterns.mayHoldToken)
        {
          // Of an address or of a variable with a default the rest stays readable.
          let isPart = !node.isCopied && (text.starts(with: "${".utf8) || text.contains(UInt8(ascii: "?")))
          if !isPart || SecretPatterns.ranges(in: UnsafeBufferPointer(rebasing: bytes[node.range])).isEmpty {
            ranges.append(node.range)
          }
        } else if mayHoldUser, let user = SecretPatterns.userInfo(in: bytes, node.range) {
          ranges.append(user)
        }
      }
    }
    if broken { ranges += lines(of: tree.text.bytes) }
    return ranges
  }

  /// Beside these a `key` is the name of something: of an entry of a Secret or ConfigMap, a label, a taint, a variable
  /// that is hashed or counted, and, in jwt-auth, of the consumer.
  private static let besideNames = [
    "operator", "values", "effect", "tolerationSeconds", "topologyKey", "path", "mode", "optional", "property",
    "hash_on", "nodes", "service_name", "discovery_type", "count", "rate", "conn", "key_type", "secret", "public_key",
  ]

  private static func isName(_ value: Tree.ID, in map: Tree.ID, _ tree: Tree) -> Bool {
    if tree.has(besideNames, in: map) { return true }
    // `{name: apisix, key: TOKEN}` is a reference, and the same with a credential in it none.
    return tree.has(["name", "value", "namespace"], in: map)
      && tree.value("role", in: map) == nil && tree.scalarBytes(value).map { !SecretPatterns.isRandom($0) } ?? false
  }

  /// Where the key of a certificate lies: `key: /usr/local/apisix/conf/cert/etcd.key`.
  private static func isFile(_ value: Tree.ID, _ tree: Tree) -> Bool {
    guard let text = tree.scalar(value), text.hasPrefix("/") else { return false }
    return [".key", ".pem"].contains(where: text.hasSuffix) && !SecretPatterns.isRandom(text.utf8)
  }

  /// In lower case without `_` and `-`.
  private static func folded(_ key: ArraySlice<UInt8>) -> String {
    guard key.allSatisfy({ $0 < 0x80 }) else {
      return String(decoding: key, as: UTF8.self).lowercased().filter { $0 != "_" && $0 != "-" }
    }
    return String(unsafeUninitializedCapacity: key.count) { buffer in
      var count = 0
      for byte in key where byte != UInt8(ascii: "_") && byte != UInt8(ascii: "-") {
        buffer[count] = (0x41...0x5A).contains(byte) ? byte | 0x20 : byte
        count += 1
      }
      return count
    }
  }

  /// With which two letters `keys` and `files` begin, slips of `token` and the value beside a name: for each first
  /// letter a bit for each second.
  private static let initials = keys.union(files).union(["value", "tkoen", "tnoke", "teokn"]).reduce(
    into: [UInt32](repeating: 0, count: 32)
  ) { table, key in
    let letters = Array(key.utf8.prefix(2)).map { Int($0 & 0x1F) }
    table[letters[0]] |= 1 << UInt32(letters[1])
  }

  private static func mayBeCredential(_ key: ArraySlice<UInt8>) -> Bool {
    guard key.count >= 3 else { return false }
    let (first, second) = (key[key.startIndex], key[key.startIndex + 1])
    if CredentialName.mayBeOne(key) { return true }
    return first & 0xC0 != 0x40 || second & 0xC0 != 0x40 || first == UInt8(ascii: "_") || second == UInt8(ascii: "_")
      || initials[Int(first & 0x1F)] & 1 << UInt32(second & 0x1F) != 0
  }

  private static func isKnown(_ key: String) -> Bool {
    (3...13).contains(key.utf8.count) && (keys.contains(key) || isMisspeltToken(key))
  }

  /// `tokne`, `toekn`, `tokens`: the finding about such a key quotes its line.
  private static func isMisspeltToken(_ key: String) -> Bool {
    guard (4...6).contains(key.utf8.count), key.utf8.first == UInt8(ascii: "t") else { return false }
    return key.hasPrefix("tok") || key.utf8.sorted() == "token".utf8.sorted()
  }

  /// Where the name of a file is wanted.
  private static let files: Set = ["tokenfile", "certificateauthority", "clientcertificate", "clientkey"]

  /// How somebody is known, which is no credential.
  private static let ways: Set = ["basic", "bearer", "digest", "jwt", "key", "none", "oauth2", "oidc", "token"]

  /// What says where a credential is to be found is none.
  private static let places: Set = [
    "name", "namespace", "key", "path", "file", "type", "kind", "from", "optional", "mountpath", "secretname",
    "audience", "expirationseconds",
  ]

  private static func addAll(below id: Tree.ID, in tree: Tree, to ranges: inout [Range<Int>], depth: Int = 0) {
    guard depth < 16 else { return }
    for item in tree.items(id) ?? [] { addAll(below: item, in: tree, to: &ranges, depth: depth + 1) }
    for pair in tree.pairs(id) ?? [] {
      let written = tree.scalarBytes(pair.key)
      // `{TOKEN}` is a key without a value.
      if written == nil || tree[pair.value].range.isEmpty || SecretPatterns.isRandom(written ?? []) {
        add(pair.key, in: tree, to: &ranges)
      }
      let key = folded(written ?? [])
      if places.contains(key) || key.hasSuffix("from") || key.hasSuffix("ref") { continue }
      add(pair.value, in: tree, to: &ranges)
      addAll(below: pair.value, in: tree, to: &ranges, depth: depth + 1)
    }
  }

  /// Where a server's address is written, of which the user and password are none of anybody's.
  private static let addresses: Set = [
    "host", "hosts", "server", "servers", "address", "addr", "url", "urls", "endpoints",
  ]

  private static func addUser(_ id: Tree.ID, in tree: Tree, to ranges: inout [Range<Int>]) {
    for item in tree.items(id) ?? [id] where tree[item].style != nil {
      let range = tree[item].range
      let user = tree.text.bytes.withUnsafeBufferPointer { SecretPatterns.userInfo(in: $0, range, isAddress: true) }
      if let user { ranges.append(tree[item].isCopied ? range : user) }
    }
  }

  private static func add(_ id: Tree.ID, in tree: Tree, to ranges: inout [Range<Int>], depth: Int = 0) {
    guard depth < 16 else { return }
    let value = tree.resolved(id)
    // Where an alias stands and where its anchor does.
    if value != id { add(value, in: tree, to: &ranges, depth: depth + 1) }
    if let items = tree.items(id) {
      for item in items { add(item, in: tree, to: &ranges, depth: depth + 1) }
      return
    }
    guard let text = tree.scalar(id), !text.isEmpty, !isReference(text), tree[id].range.count > 0 else { return }
    ranges.append(tree[id].range)
  }

  /// `${NAME}`, `$(NAME)`, `$NAME`, `$secret://vault/1/token`: names the credential that somebody else fills in.
  private static func isReference(_ text: String) -> Bool {
    guard text.hasPrefix("$") else { return false }
    if text.hasPrefix("${") || text.hasPrefix("$(") {
      // Also with an empty default: `${TOKEN:-}`, `${{TOKEN:=}}`.
      let name = [":=}", ":-}", "=}", "-}"].reduce(text) { $0.replacing($1, with: "}") }
      return name.utf8.allSatisfy { $0.isWord || "${()} .".utf8.contains($0) }
        && !mayBePassword(text.utf8.drop { $0 != UInt8(ascii: "}") && $0 != UInt8(ascii: ")") }.dropFirst())
    }
    let name = text.dropFirst().utf8
    return text.lowercased().hasPrefix("$secret://") || text.lowercased().hasPrefix("$env://")
      || name.allSatisfy { $0.isWord && !(0x61...0x7A).contains($0) } || !name.contains { $0.isDigit }
  }

  /// `{name: DB_PASSWORD, value: …}`, `{key: password, value: …}`
  private static func nameBeside(_ map: Tree.ID, _ tree: Tree) -> ArraySlice<UInt8>? {
    ["name", "key"].lazy.compactMap { tree.value($0, in: map).flatMap(tree.scalarBytes) }.first
  }

  /// The value of something that is called as a credential.
  static func addVariable(_ id: Tree.ID, in tree: Tree, to ranges: inout [Range<Int>]) {
    for inner in tree.pairs(id) ?? [] { addVariable(inner.value, in: tree, to: &ranges) }
    guard let text = tree.scalar(id), mayBeSecret(text) else { return }
    add(id, in: tree, to: &ranges)
  }

  /// The value, or the values of the list, of a key whose last words say so. What is below a map has names of its own:
  /// `jwt-auth: {…}`.
  private static func addNamed(_ id: Tree.ID, in tree: Tree, to ranges: inout [Range<Int>], depth: Int = 0) {
    guard depth < 16 else { return }
    let value = tree.resolved(id)
    for item in tree.items(value) ?? [] { addNamed(item, in: tree, to: &ranges, depth: depth + 1) }
    guard let text = tree.scalar(value), mayBeSecret(text) else { return }
    let scheme = text.prefix { $0 != " " }
    let node = tree[value]
    if !node.isCopied, ["bearer", "basic"].contains(scheme.lowercased()), scheme.endIndex != text.endIndex,
      let blank = tree.text.bytes[node.range].firstIndex(of: 0x20)
    {
      let end = tree.text.bytes[node.range.upperBound - 1]
      let isQuoted = end == UInt8(ascii: "\"") || end == UInt8(ascii: "'")
      ranges.append(blank + 1..<max(blank + 1, node.range.upperBound - (isQuoted ? 1 : 0)))
    } else {
      add(id, in: tree, to: &ranges)
    }
  }

  /// `ALLOW_EMPTY_PASSWORD: yes`, and the path of a key's file.
  static func mayBeSecret(_ text: String) -> Bool {
    if ["true", "false", "yes", "no", "on", "off"].contains(text.lowercased()) { return false }
    return !SecretPatterns.isUnfilled(text) && (!text.hasPrefix("/") || SecretPatterns.isRandom(text.utf8))
  }
}

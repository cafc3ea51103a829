import SourceText

/// What stands behind names.
extension SecretFinder {
  /// The value of a key: `password=…`, `"token": "…"`, `X-API-KEY: …`, `token = '…'`.
  mutating func value() {
    let isColon = bytes[index] == UInt8(ascii: ":")
    var gap = isColon ? index : bytes[..<index].lastIndex { $0 != 0x20 }.map { $0 + 1 } ?? 0
    // `["Authorization"]="…"`, as Lua has it.
    if !isColon, gap > 2, bytes[gap - 1] == UInt8(ascii: "]"), isQuote(bytes[gap - 2]) { gap -= 1 }
    let key = bytes[..<gap].lastIndex { !isQuote($0) }.map { $0 + 1 } ?? 0
    let first = bytes[..<key].lastIndex { !$0.isWord && $0 != UInt8(ascii: "-") }.map { $0 + 1 } ?? 0
    guard Self.ends.mayBeOne(bytes[first..<key]) || isAuthHeader(first..<key) else {
      return keys && isColon && first < key && bytes[first] == UInt8(ascii: "f") ? refused(before: first) : ()
    }
    let name = letters(first..<key)
    if keys, name == "fail", first >= 12, starts("nacos login ", at: first - 12) { return login() }
    let start = end(from: index + 1) { $0 == 0x20 || $0 == UInt8(ascii: "[") || $0 == UInt8(ascii: ">") }
    if keys, name == "key", start < bytes.count, isOfPlugin(first), let inside = quoted(from: start) {
      return add(inside)
    }
    // `value` is that of a form.
    let isOfForm = keys && !isColon && name == "value" && start < bytes.count && isQuote(bytes[start])
    guard start < bytes.count, isOfForm || isSecretKey(first..<key, name) else { return }
    if let inside = quoted(from: start) { return add(inside) }
    if starts("${", at: start) || names && (bytes[start] == UInt8(ascii: "/") || isVariable(start)) { return }
    if bytes[start] == UInt8(ascii: "{"), start + 1 < bytes.count, isQuote(bytes[start + 1]) {
      // What lies in a plugin's settings has names of its own.
      return name.hasSuffix("auth") ? () : add(start + 1..<close(of: start))
    }
    if keys, isColon, isHeader(first..<key, name) {
      // All of a header: its value has blanks.
      return add(start..<end(from: start) { $0 >= 0x20 && !isQuote($0) && $0 != UInt8(ascii: ",") })
    }
    let end = end(from: start, while: isUnquoted)
    let isThoughtUp = keys && Self.isThoughtUp(name)
    if isThoughtUp, let phrase = phrase(start..<end, isSentence: isColon), phrase > end { return add(start..<phrase) }
    // Behind a colon a sentence may go on.
    let value = bytes[start..<end]
    let isLast = index < commentEnd && end >= commentEnd
    let isShort = value.count < (isLast ? 6 : 8)
    // All that a comment says, in one word, is a token.
    let isOne = isLast && value.count >= 16 && value.allSatisfy(\.isAlphanumeric)
    let hasDigit = isOne || value.contains(where: \.isDigit)
    // `pwd` is often a folder.
    let isPassword = isThoughtUp && !name.hasSuffix("pwd")
    let isWords = isPassword ? end < bytes.count && bytes[end] == 0x20 && !hasDigit : isShort || !hasDigit
    if !isColon || !isWords { add(start..<end) }
  }

  /// `$TOKEN`, `$token`: capitals, or no digit.
  private func isVariable(_ start: Int) -> Bool {
    guard bytes[start] == UInt8(ascii: "$") else { return false }
    let name = bytes[start + 1..<end(from: start + 1, while: \.isWord)]
    return !name.contains(where: \.isSmall) || !name.contains(where: \.isDigit)
  }

  /// The inside of quotation marks: with a backslash before each, as of JSON inside JSON, with as many behind it.
  private func quoted(from start: Int) -> Range<Int>? {
    let mark = end(from: start) { $0 == UInt8(ascii: "\\") }
    guard mark < bytes.count, bytes[mark] == UInt8(ascii: "\"") || bytes[mark] == UInt8(ascii: "'") else { return nil }
    var run = 0
    for place in mark + 1..<bytes.count {
      if bytes[place] == bytes[mark], mark == start ? run % 2 == 0 : run <= mark - start {
        return mark + 1..<place - (mark - start)
      }
      run = bytes[place] == UInt8(ascii: "\\") ? run + 1 : 0
    }
    return mark + 1..<bytes.count
  }

  /// Where the brackets of a JSON object end, or the text.
  private func close(of start: Int) -> Int {
    var depth = 0
    for place in start..<bytes.count {
      if bytes[place] == UInt8(ascii: "{") { depth += 1 }
      if bytes[place] == UInt8(ascii: "}") { depth -= 1 }
      if depth == 0 { return place }
    }
    return bytes.count
  }

  /// Whether a name stands in the settings of a plugin whose `key` is a credential: `"key-auth":{"key":"…"}`.
  private func isOfPlugin(_ place: Int) -> Bool {
    var depth = 0
    let near = max(0, place - 160)
    guard
      let open = bytes[near..<place].lastIndex(where: { byte in
        if byte == UInt8(ascii: "}") { depth += 1 }
        if byte == UInt8(ascii: "{") { depth -= 1 }
        return depth < 0
      })
    else { return false }
    let isPart = { (byte: UInt8) in byte.isWord || byte == UInt8(ascii: "-") }
    guard let end = bytes[near..<open].lastIndex(where: isPart) else { return false }
    let start = bytes[near..<end].lastIndex { !isPart($0) }.map { $0 + 1 } ?? near
    let name = letters(start..<end + 1)
    return name.hasSuffix("auth") || name == "csrf"
  }

  /// `property "NAME" validation failed: failed to match pattern "…" with "…"`, of a credential.
  private mutating func refused(before failed: Int) {
    guard starts(": failed to match pattern \"", at: index), failed >= 13, starts("\" validation ", at: failed - 13),
      let quote = bytes[max(0, failed - 70)..<failed - 13].lastIndex(of: UInt8(ascii: "\"")),
      isSecretKey(quote + 1..<failed - 13) || letters(quote + 1..<failed - 13) == "key",
      let with = (index..<min(bytes.count, index + 1000)).first(where: { starts("\" with \"", at: $0) }),
      let inside = quoted(from: with + 7)
    else { return }
    add(inside)
  }

  /// Before 3.17 APISIX writes the password of a refused login: `nacos login fail:NAME PASSWORD desc:`.
  private mutating func login() {
    let name = end(from: index + 1) { $0 != 0x20 && $0 != 0x0A }
    let end = (name..<bytes.count).first { starts(" desc:", at: $0) || bytes[$0] == 0x0A } ?? bytes.count
    if name + 1 < end { add(name + 1..<end) }
  }

  /// In lower case, without `_` and `-`.
  func letters(_ range: Range<Int>) -> String {
    guard range.count <= 48 else { return "" }
    return String(unsafeUninitializedCapacity: range.count) { letters in
      var count = 0
      for byte in bytes[range] where byte != UInt8(ascii: "_") && byte != UInt8(ascii: "-") {
        letters[count] = byte | 0x20
        count += 1
      }
      return count
    }
  }

  /// Whether a name can only be that of a header.
  private func isHeader(_ range: Range<Int>, _ letters: String) -> Bool {
    ["authorization", "cookie", "apikey"].contains(letters) || bytes[range].contains(UInt8(ascii: "-"))
  }

  /// - Parameter name: its letters, where they are at hand.
  func isSecretKey(_ range: Range<Int>, _ name: String? = nil) -> Bool {
    guard (3...48).contains(range.count) else { return false }
    if CredentialName.isOne(bytes[range]) { return true }
    return Self.secretKeys.contains(name ?? letters(range)) || isAuthHeader(range)
  }

  /// `auth_header`. Its end is that of too many words to be looked for as the others are.
  private func isAuthHeader(_ range: Range<Int>) -> Bool {
    range.count >= 10 && range.count <= 11 && bytes[range.lowerBound] | 0x20 == UInt8(ascii: "a")
      && letters(range) == "authheader"
  }

  private static let secretKeys: Set<String> = [
    "token", "accesstoken", "refreshtoken", "idtoken", "xconsultoken", "apikey", "xapikey", "adminkey", "password",
    "passwd", "pwd", "secret", "secretkey", "accesskey", "clientsecret", "privatekey", "authorization", "cookie",
    "setcookie", "signature", "jwt", "session", "sessionid", "jsessionid", "phpsessid",
  ]

  /// Of all names that are looked for here: most names need no closer look.
  private static let ends = WordEnds(secretKeys.union(CredentialName.words).union(["fail", "value"]))

  /// Of what APISIX itself asks for: what a client sent in a query is nobody else's business.
  static let openParameters: Set<String> = [
    "servicename", "namespaceid", "groupname", "healthyonly", "clusters", "pageno", "pagesize", "passing", "index",
    "wait", "recurse", "stale", "dc", "near", "limit", "watch", "resourceversion", "labelselector", "fieldselector",
    "timeoutseconds", "allowwatchbookmarks", "pretty",
  ]
}

/// What a value without quotes may have, but for blanks.
func isUnquoted(_ byte: UInt8) -> Bool { isVisible(byte) && !"',;&)}]".utf8.contains(byte) }

/// Around a name or a value, also in JSON inside JSON, whose quotes have a backslash.
private func isQuote(_ byte: UInt8) -> Bool {
  byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") || byte == UInt8(ascii: "'")
}

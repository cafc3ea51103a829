import Glibc
import SourceText

/// The one pass of `SecretPatterns` over a text. No byte is looked at again and again, however the text was made.
struct SecretFinder {
  private(set) var found: [Range<Int>] = []
  /// Of comments, see there.
  private var words: [Range<Int>] = []
  let bytes: UnsafeBufferPointer<UInt8>
  let keys: Bool
  let names: Bool
  private let isPiece: Bool
  var index = 0
  /// Where the comment ends that was begun last: what bears a name there is nobody's value, and still a secret.
  private(set) var commentEnd = 0
  /// Where the word began that the last `@` stood in, its first colon, and how far it was looked through.
  private var word = 0
  private var colon: Int?
  private var seen = 0
  /// Where the URL ends that was looked at last, and its last `@`.
  private var urlEnd = 0
  private var urlAt: Int?

  /// - Parameter isPiece: its end may be in the middle of a URL, as that of a line of a log may.
  init(_ bytes: UnsafeBufferPointer<UInt8>, keys: Bool, names: Bool = false, isPiece: Bool = false) {
    self.bytes = bytes
    self.keys = keys
    self.names = names
    self.isPiece = isPiece || keys
  }

  mutating func run() {
    (keys ? Self.logTriggers : Self.triggers).withUnsafeBufferPointer { isTrigger in
      while true {
        var place = index
        while place < bytes.count, !isTrigger[Int(bytes[place])] { place += 1 }
        index = place
        guard index < bytes.count else { break }
        look()
        index += 1
      }
    }
    if keys { findWords(in: bytes.indices) }
    addWords()
  }

  private static let triggers = table("@:?&;JZWBb-=#")
  /// Of lines of a log also letters that are rare, and stand in the words of `prose`.
  private static let logTriggers = table("@:?&;JZWBb-=#kKwczC")

  private static func table(_ bytes: String) -> [Bool] { (0...UInt8.max).map(bytes.utf8.contains) }

  private mutating func look() {
    switch bytes[index] {
    case UInt8(ascii: ":"): if bytes.isURLMark(at: index) { url() } else if isNamed { value() }
    case UInt8(ascii: "="): if isNamed { value() }
    case UInt8(ascii: "#"): if index > 0, bytes[index - 1] > 0x20 { parameter() } else { comment() }
    case UInt8(ascii: "@"): address()
    case UInt8(ascii: "?"), UInt8(ascii: "&"), UInt8(ascii: ";"): parameter()
    case UInt8(ascii: "B"), UInt8(ascii: "b"): authorization()
    case UInt8(ascii: "-"): privateKey()
    case UInt8(ascii: "J"), UInt8(ascii: "Z"): token()
    default:
      if bytes[index] == UInt8(ascii: "W") { token() }
      if keys { prose() }
    }
  }

  private var isNamed: Bool { keys || names || index < commentEnd }

  /// From a `#` behind a blank to the end of the line. Words in it that nobody would write are hidden.
  private mutating func comment() {
    guard index >= commentEnd else { return }
    commentEnd = end(from: index) { $0 != 0x0A && $0 != 0x0D }
    if !keys { findWords(in: index..<commentEnd) }
  }

  /// Words of 20 bytes or more that nobody would write. Of most words only the end is looked at.
  private mutating func findWords(in range: Range<Int>) {
    var start = range.lowerBound
    while start + 20 <= range.upperBound {
      if let sign = bytes[start..<start + 20].lastIndex(where: { !Self.inWords[Int($0)] }) {
        start = sign + 1
        continue
      }
      let stop = bytes[start..<range.upperBound].firstIndex { !Self.inWords[Int($0)] } ?? range.upperBound
      if SecretPatterns.isMixed(bytes[start..<stop]) { words.append(start..<stop) }
      start = stop + 1
    }
  }

  private static let inWords = (0...UInt8.max).map { $0.isWord || "-.~+!$".utf8.contains($0) }

  private mutating func addWords() {
    guard !words.isEmpty else { return }
    var rest = found[...]
    var all: [Range<Int>] = []
    for word in words {
      while let next = rest.first, next.upperBound <= word.lowerBound { all.append(rest.removeFirst()) }
      if rest.first?.overlaps(word) != true { all.append(word) }
    }
    found = all + rest
  }

  /// Whose name or address stands in front stays readable: what is a secret already is not one again.
  mutating func add(_ range: Range<Int>) {
    guard !range.isEmpty, range.upperBound > found.last?.upperBound ?? 0 else { return }
    index = max(index, range.upperBound - 1)
    // Also by a name of `SecretNames`.
    let stem = bytes[range].lastIndex { !$0.isDigit }.map { bytes[range.lowerBound...$0] }
    let isMasked = stem?.suffix(3).elementsEqual(SecretPatterns.mask.utf8) ?? false
    guard !isMasked, !SecretPatterns.isPlaceholder(bytes[range]) else { return }
    // It may take in several that stand in it, as tokens within a password.
    var start = range.lowerBound
    while let last = found.last, start < last.upperBound {
      start = min(start, last.lowerBound)
      found.removeLast()
    }
    found.append(start..<range.upperBound)
  }

  func starts(_ text: StaticString, at index: Int) -> Bool {
    let count = text.utf8CodeUnitCount
    guard index >= 0, index + count <= bytes.count, let base = bytes.baseAddress else { return false }
    return memcmp(base + index, text.utf8Start, count) == 0
  }

  /// The end of what `isPart` lets through from `start` on.
  func end(from start: Int, while isPart: (UInt8) -> Bool) -> Int {
    bytes[start...].firstIndex { !isPart($0) } ?? bytes.count
  }

  /// A URL in running text ends at white space, a double quote, angle brackets, and the quote that it stands in.
  private mutating func url() {
    let scheme = bytes[..<index].lastIndex { !$0.isWord && $0 != UInt8(ascii: "+") }
    let quote = scheme.map { bytes[$0] == UInt8(ascii: "'") || bytes[$0] == UInt8(ascii: "`") ? bytes[$0] : 0 } ?? 0
    if index >= urlEnd {
      urlEnd = end(from: index + 3) { isVisible($0) && $0 != quote }
      urlAt = bytes[index..<urlEnd].lastIndex(of: UInt8(ascii: "@"))
    }
    // Cut off within the password.
    if isPiece, urlAt == nil, urlEnd == bytes.count, bytes[index...].dropFirst(3).first != UInt8(ascii: "["),
      let colon = bytes[(index + 3)...].firstIndex(where: { ":/?#".utf8.contains($0) }),
      bytes[colon] == UInt8(ascii: ":"), let other = bytes[(colon + 1)...].first(where: { !$0.isDigit }),
      !bytes[colon...].contains(UInt8(ascii: "/")), !",;)".utf8.contains(other)
    {
      return add(colon + 1..<urlEnd)
    }
    guard let urlAt, urlAt > index + 3, let user = URLText.userInfo(bytes, index + 3..<urlAt) else { return }
    let colon = bytes[user].firstIndex(of: UInt8(ascii: ":"))
    let isOpen = colon.map { SecretPatterns.isPlaceholder(bytes[$0 + 1..<user.upperBound]) } ?? false
    // As gatecheck itself says what to write.
    if isOpen || bytes[user].elementsEqual("USER:PASSWORD".utf8) { index = user.upperBound } else { add(user) }
  }

  /// `user:password@host:port`. Without the port it may be anything, an image, somebody's name: then the password is
  /// one that nobody takes for a word.
  private mutating func address() {
    for place in seen..<index {
      if !isVisible(bytes[place]) || bytes[place] == UInt8(ascii: "'") {
        (word, colon) = (place + 1, nil)
      } else if colon == nil, bytes[place] == UInt8(ascii: ":"), !bytes.isURLMark(at: place) {
        colon = place
      }
    }
    seen = index
    guard let colon, colon + 1 < index else { return }
    let isName = { (byte: UInt8) in byte.isWord || byte == UInt8(ascii: ".") || byte == UInt8(ascii: "-") }
    let isIPv6 = index + 1 < bytes.count && bytes[index + 1] == UInt8(ascii: "[")
    let host =
      isIPv6
      ? end(from: index + 2) { $0.isAlphanumeric || $0 == UInt8(ascii: ":") || $0 == UInt8(ascii: ".") } + 1
      : end(from: index + 1, while: isName)
    guard host > index + 1, !isIPv6 || host <= bytes.count && bytes[host - 1] == UInt8(ascii: "]") else { return }
    let user = bytes[max(word, colon - 256)..<colon].lastIndex { !isName($0) }.map { $0 + 1 } ?? word
    if host < bytes.count, bytes[host] == UInt8(ascii: ":") {
      let port = end(from: host + 1, while: \.isDigit)
      guard (2...5).contains(port - host - 1), port == bytes.count || !isName(bytes[port]) else { return }
    } else {
      let password = bytes[colon + 1..<index]
      // `tcp(10.0.0.1:3306)` is one as well. Behind what nobody would write anything is.
      let isHost =
        isIPv6 || bytes[index + 1..<host].contains(UInt8(ascii: ".")) || starts("localhost", at: index + 1)
        || starts("tcp(", at: index + 1) || SecretPatterns.isRandom(password)
      guard isHost, colon > user, password.count >= 8, password.contains(where: \.isDigit),
        password.contains(where: { (0x41...0x5A).contains($0) || !$0.isWord && $0 != UInt8(ascii: ".") })
          || password.allSatisfy(\.isDigit) || SecretPatterns.isRandom(password),
        !["mailto", "mail", "email"].contains(String(decoding: bytes[user..<colon], as: UTF8.self))
      else { return }
    }
    if bytes[user..<colon].elementsEqual("system".utf8) { return }
    let isOpen = SecretPatterns.isPlaceholder(bytes[colon + 1..<index])
    if !isOpen { add(user..<index) }
  }

  /// `?token=…`, `&access_token=…`, `#id_token=…`, `;token[]=…`
  private mutating func parameter() {
    let sign = bytes[index]
    let isQuery = sign == UInt8(ascii: "?") || sign == UInt8(ascii: "&")
    let name = index + 1..<end(from: index + 1) { $0.isWord || $0 == UInt8(ascii: "-") }
    let equals = name.upperBound + (starts("[]", at: name.upperBound) ? 2 : 0)
    guard equals < bytes.count, bytes[equals] == UInt8(ascii: "="),
      isSecretKey(name) || keys && isQuery && !Self.openParameters.contains(letters(name))
    else { return }
    let last = end(from: equals + 1) {
      isVisible($0) && $0 != UInt8(ascii: "&") && $0 != UInt8(ascii: "#") && (isQuery || $0 != UInt8(ascii: ";"))
    }
    let value = equals + 1..<last
    // A URL has no blanks; the body of a form, written down as it is, may have some.
    let isForm = keys && Self.isThoughtUp(letters(name)) && !isInURL
    add(value.lowerBound..<((isForm ? phrase(value, isSentence: false) : nil) ?? value.upperBound))
  }

  /// Whether a `?` or a `/` stands before it in its word.
  private var isInURL: Bool {
    let word = bytes[max(0, index - 256)...index].reversed().prefix(while: isVisible)
    return word.contains { $0 == UInt8(ascii: "?") || $0 == UInt8(ascii: "/") }
  }

  /// A JWT (`eyJ…`), or base64 of one, once or twice over.
  private mutating func token() {
    let isJWT = bytes[index] == UInt8(ascii: "J")
    let start = isJWT ? index - 2 : index
    guard isJWT ? start >= 0 && starts("eyJ", at: start) : starts("ZXlK", at: start) || starts("WlhsS", at: start)
    else { return }
    let end = end(from: index) { byte in
      byte.isWord || byte == UInt8(ascii: "-")
        || (isJWT
          ? byte == UInt8(ascii: ".") || byte == UInt8(ascii: "%")
          : byte == UInt8(ascii: "+") || byte == UInt8(ascii: "/") || byte == UInt8(ascii: "="))
    }
    // A file's extension behind it is none of it.
    let last = bytes[start..<end].lastIndex(of: UInt8(ascii: ".")).map { bytes[$0 + 1..<end] }
    let isNamed = isJWT && last.map { (2...4).contains($0.count) && $0.allSatisfy(\.isSmall) } ?? false
    let stop = isNamed ? end - (last?.count ?? 0) - 1 : end
    if stop - start >= 24 { add(start..<stop) }
  }

  /// `Bearer TOKEN`, and `Basic` with base64 of `user:password`.
  private mutating func authorization() {
    guard index + 1 < bytes.count, [UInt8(ascii: "e"), UInt8(ascii: "a")].contains(bytes[index + 1] | 0x20) else {
      return
    }
    let rest = UnsafeBufferPointer(rebasing: bytes[(index + 1)...].prefix(6))
    let isBearer = rest.elementsEqual("earer ".utf8, by: { $0 | 0x20 == $1 })
    guard isBearer || rest.prefix(5).elementsEqual("asic ".utf8, by: { $0 | 0x20 == $1 }) else { return }
    let start = index + (isBearer ? 7 : 6)
    let end = end(from: start) { $0.isWord || "-.~+/=".utf8.contains($0) }
    let text = bytes[start..<end]
    if starts("uthorization: ", at: index - 14) {
      // Whatever it is.
      if text.count >= 6 { add(start..<end) }
    } else if isBearer {
      if text.count >= 16, text.contains(where: \.isDigit) || text.count >= 20 { add(start..<end) }
    } else if let pair = Base64.decodeLeniently(text), pair.contains(UInt8(ascii: ":")),
      pair.allSatisfy({ (0x20...0x7E).contains($0) })
    {
      add(start..<end)
    }
  }

  private mutating func privateKey() {
    guard starts("-----BEGIN ", at: index) else { return }
    let title = end(from: index + 11) { $0.isWord || $0 == 0x20 }
    guard starts("-----", at: title),
      ["PRIVATE KEY", " KEY BLOCK"].contains(String(decoding: bytes[..<title].suffix(11), as: UTF8.self))
    else { return }
    let body = title + 5
    add(body..<(bytes[body...].indices.first { starts("-----END", at: $0) } ?? bytes.count))
  }
}

/// Neither white space nor what text is quoted in.
func isVisible(_ byte: UInt8) -> Bool {
  byte > 0x20 && byte != 0x7F && byte != UInt8(ascii: "\"") && byte != UInt8(ascii: "<") && byte != UInt8(ascii: ">")
}

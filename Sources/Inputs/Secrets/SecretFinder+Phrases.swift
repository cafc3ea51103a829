import SourceText

/// Passwords of several words: what people think up has blanks, what is generated has none.
extension SecretFinder {
  /// Whether people think up what bears a name: in lower case, without `_` and `-`.
  static func isThoughtUp(_ name: String) -> Bool {
    ["password", "passwd", "pwd", "passphrase"].contains(where: name.hasSuffix)
  }

  /// The end of a password whose first word is known: as far as words follow that no sentence has. A key, an address, a
  /// path and a bracket are none of it. nil where a sentence goes on: which of its words are secret, nobody can tell.
  /// - Parameter isSentence: whether the first word may be one of a sentence, too: behind a colon.
  func phrase(_ first: Range<Int>, isSentence: Bool) -> Int? {
    guard !bytes[first].starts(with: SecretPatterns.mask.utf8), !isSentence || !Self.isSaid(bytes[first]) else {
      return nil
    }
    var last = first.upperBound
    while last < bytes.count, bytes[last] == 0x20 {
      let start = end(from: last) { $0 == 0x20 }
      let stop = end(from: start) { isUnquoted($0) && $0 != UInt8(ascii: "\\") }
      let word = bytes[start..<stop]
      guard word.contains(where: \.isWord), word.first != UInt8(ascii: "/"), !word.starts(with: "HTTP/".utf8),
        !word.contains(where: "=:([{|".utf8.contains)
      else { break }
      if Self.isSaid(word) { return nil }
      last = stop
    }
    return last
  }

  /// Whether a word is one of those that sentences about passwords are made of.
  private static func isSaid(_ word: Slice<UnsafeBufferPointer<UInt8>>) -> Bool {
    word.count <= 16
      && said.contains(String(decoding: word.filter { $0.isAlphanumeric }.map { $0 | 0x20 }, as: UTF8.self))
  }

  /// Not `correct`, `my`, `new` and the like, which passwords have as well.
  private static let said = Set(
    """
    is isnt was wasnt are were be been must should shall can cannot cant could may might will would wont need needs
    needed has have had do does doesnt did didnt not no none never for of in on at by from to with without via as
    into over under after before during since until against between through because due per and or but if when while
    then than that this these those which its there so only yet already the an any all each too failed fails fail
    failing failure error errors wrong invalid incorrect expired expires denied refused rejected accepted missing
    empty blank null nil undefined unset required expected expects mismatch match matches matched unknown
    unsupported unauthorized forbidden found changed reset updated set given provided supplied specified configured
    used using sent received read loaded stored saved ignored skipped hidden retry retrying retried timed timeout
    closed connection connect connected connecting reached returned answered locked disabled ended user username
    users account login logon host server client upstream request response status message reason type number string
    characters character bytes length short long policy format encoding hash hashed session authentication
    authorization authenticated auth verification verified verify validation validated validate check checked
    property field value include includes contain contains least most please try again
    """.utf8.split { $0 == 0x20 || $0 == 0x0A }.map { String(decoding: $0, as: UTF8.self) })
}

import SourceText

/// Credentials within a sentence: `bad token … given`, `the password is …`.
extension SecretFinder {
  /// Whether the word that a rare letter stands in is the name of a credential, and what follows it one.
  mutating func prose() {
    // Of `secret` and `credential` the letter is no rare one.
    if bytes[index] | 0x20 == UInt8(ascii: "c"), index + 1 < bytes.count, bytes[index + 1] | 0x20 != UInt8(ascii: "r") {
      return
    }
    let isPart = { (byte: UInt8) in byte.isWord || byte == UInt8(ascii: "-") }
    // No name is longer, and nothing is looked at again and again.
    let near = max(0, index - 40)..<min(bytes.count, index + 40)
    guard let end = bytes[index..<near.upperBound].firstIndex(where: { !isPart($0) }),
      " >\"'\\".utf8.contains(bytes[end])
    else { return }
    let first = bytes[near.lowerBound..<index].lastIndex { !isPart($0) }.map { $0 + 1 } ?? near.lowerBound
    guard isSecretKey(first..<end) || isKey(first..<end) else { return }
    var value = word(from: end)
    for _ in 0..<2 where Self.between.contains(letters(value)) { value = word(from: value.upperBound) }
    if isCredential(bytes[value], isPassword: Self.isThoughtUp(letters(first..<end))) { add(value) }
  }

  /// `api key`, in two words.
  private func isKey(_ name: Range<Int>) -> Bool {
    guard letters(name) == "key", name.lowerBound > 4, bytes[name.lowerBound - 1] == 0x20 else { return false }
    let end = name.lowerBound - 1
    let start = bytes[max(0, end - 8)..<end].lastIndex { !$0.isWord }.map { $0 + 1 } ?? max(0, end - 8)
    return ["api", "access", "admin", "secret", "private"].contains(letters(start..<end))
  }

  /// The next word, without the signs around it.
  private func word(from place: Int) -> Range<Int> {
    let start = end(from: place) { " \"'\\<>([{|=-".utf8.contains($0) }
    let end = end(from: start) { isUnquoted($0) && $0 != UInt8(ascii: "\\") }
    let last = bytes[start..<end].lastIndex { !".:!?".utf8.contains($0) }.map { $0 + 1 } ?? start
    return start..<last
  }

  private static let between: Set = ["is", "was", "value", "given", "used", "sent", "got", "with", "named", "header"]

  /// Whether it is no word, name, path or address: a sentence has those as well.
  private func isCredential(_ word: Slice<UnsafeBufferPointer<UInt8>>, isPassword: Bool) -> Bool {
    guard word.count >= 6, word.contains(where: \.isDigit), !word.contains(UInt8(ascii: ":")) else { return false }
    let isOnePiece = !word.contains(UInt8(ascii: "/"))
    if isPassword, isOnePiece, word.first?.isAlphanumeric ?? false, !word.allSatisfy(\.isDigit) { return true }
    return word.count >= 10 && SecretPatterns.isMixed(word.filter { $0 != UInt8(ascii: "/") })
      || isOnePiece && SecretPatterns.isRandom(word)
  }
}

import SourceText

extension Sentence {
  /// What `apisix init` and `apisix start` print on a terminal, each at the beginning of a line.
  fileprivate static let printed: [Sentence] = [
    .configUnread, .configUnparsed, .configEmpty, .configInvalid, .mergeTypes, .variableMissing, .registryInvalid,
    .entryInvalid, .certificateMissing, .etcdUnavailable, .standaloneInvalid,
  ]
}

/// A line of what `apisix init` and `apisix start` print. It has no front of nginx', by which those of error.log are
/// known.
public enum PrintedLine {
  /// So much may stand before it, or be a program's path.
  private static let limit = 260
  /// So much of it tells whether it is a sentence, and so many places are looked at, however hostile the line is.
  private static let longest = 1024
  private static let places = 4

  /// Where such a line begins in one that may have something before it: the first place; nil where none does.
  public static func start(in line: UnsafeRawBufferPointer) -> Int? {
    var left = places
    for place in 0..<min(line.count, limit) {
      let byte = line[place]
      guard isFirst[Int(byte)], place == 0 || !line[place - 1].isWord else { continue }
      let isOne =
        switch byte {
        case UInt8(ascii: "/"): isProgram(line, at: place)
        case UInt8(ascii: "n"): isServer(line, at: place)
        default: isSentence(line, at: place, &left)
        }
      if isOne { return place }
    }
    return nil
  }

  private static let openings = Sentence.printed.map { Form($0, $0.rawValue).pieces[0] }
  private static let isFirst = {
    var table = [Bool](repeating: false, count: 256)
    for byte in openings.compactMap(\.first) + Array("/n".utf8) { table[Int(byte)] = true }
    return table
  }()

  /// `/usr/local/openresty/luajit/bin/luajit: ` before an error, or the call that `apisix` makes.
  private static func isProgram(_ line: UnsafeRawBufferPointer, at start: Int) -> Bool {
    // The first slash of a path.
    guard start == 0 || !"/.".utf8.contains(line[start - 1]) else { return false }
    let rest = line[start...].prefix(limit)
    guard let end = rest.firstIndex(where: { $0 == UInt8(ascii: ":") || $0 == 0x20 }) else { return false }
    return rest[..<end].suffix(7).elementsEqual("/luajit".utf8)
      && (rest[end...].starts(with: ": ".utf8) || rest[end...].starts(with: " ./apisix/cli/apisix.lua".utf8))
  }

  /// `nginx: [emerg] `
  private static func isServer(_ line: UnsafeRawBufferPointer, at start: Int) -> Bool {
    let rest = line[start...].prefix(limit)
    guard rest.starts(with: "nginx: [".utf8) else { return false }
    return rest.dropFirst(8).drop(while: \.isSmall).starts(with: "] ".utf8)
  }

  private static func isSentence(_ line: UnsafeRawBufferPointer, at start: Int, _ left: inout Int) -> Bool {
    let rest = line[start...].prefix(longest)
    guard left > 0, openings.contains(where: rest.starts) else { return false }
    left -= 1
    return WordsReader.read(Array(rest)[...]).map { Sentence.printed.contains($0.sentence) } ?? false
  }
}

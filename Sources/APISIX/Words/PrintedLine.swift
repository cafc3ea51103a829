import SourceText

extension Sentence {
  /// What `apisix init` and `apisix start` print on a terminal, each at the beginning of a line.
  fileprivate static let printed: [Sentence] = [
    .configUnread, .configUnparsed, .configEmpty, .configInvalid, .mergeTypes, .variableMissing, .registryInvalid,
    .entryInvalid, .certificateMissing, .etcdUnavailable, .standaloneInvalid,
  ]
}

/// A line of what `apisix init` and `apisix start` print: nginx' front, by which lines of error.log are known, is
/// not in it.
public enum PrintedLine {
  /// So much may stand before it.
  private static let limit = 260

  /// Where such a line begins in one that may have something before it: the first place; nil where none does.
  public static func start(in line: UnsafeRawBufferPointer) -> Int? {
    for place in 0..<min(line.count, limit) {
      let byte = line[place]
      guard isFirst[Int(byte)], place == 0 || !line[place - 1].isWord else { continue }
      let isOne =
        switch byte {
        case UInt8(ascii: "/"): isProgram(line, at: place)
        case UInt8(ascii: "n"): isServer(line, at: place)
        default: isSentence(line, at: place)
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
    let rest = line[start...]
    guard let end = rest.firstIndex(where: { $0 == UInt8(ascii: ":") || $0 == 0x20 }) else { return false }
    return rest[..<end].suffix(7).elementsEqual("/luajit".utf8)
      && (rest[end...].starts(with: ": ".utf8) || rest[end...].starts(with: " ./apisix/cli/apisix.lua".utf8))
  }

  /// `nginx: [emerg] `
  private static func isServer(_ line: UnsafeRawBufferPointer, at start: Int) -> Bool {
    let rest = line[start...]
    guard rest.starts(with: "nginx: [".utf8) else { return false }
    return rest.dropFirst(8).drop(while: \.isSmall).starts(with: "] ".utf8)
  }

  private static func isSentence(_ line: UnsafeRawBufferPointer, at start: Int) -> Bool {
    let rest = line[start...]
    return openings.contains(where: rest.starts)
      && WordsReader.read(Array(rest)[...]).map { Sentence.printed.contains($0.sentence) } ?? false
  }
}

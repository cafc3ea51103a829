import Inputs
public import SourceText

/// A file that findings quote, and where its credentials stand.
public struct SourceFile: Sendable {
  public let text: SourceText
  /// Byte ranges of tokens, passwords and keys, in order and without overlap. They are shown as `***`.
  public let secrets: [Range<Int>]

  /// - Parameter secrets: in any order; ranges that reach past the end are cut there.
  public init(_ text: SourceText, secrets: [Range<Int>] = []) {
    self.text = text
    let whole = 0..<text.bytes.count
    self.secrets = Self.merged(secrets.map { $0.clamped(to: whole) })
  }

  /// In order, those that touch as one, without empty ones.
  static func merged(_ ranges: [Range<Int>]) -> [Range<Int>] {
    var merged: [Range<Int>] = []
    for range in ranges.sorted(by: { $0.lowerBound < $1.lowerBound }) where !range.isEmpty {
      if let last = merged.last, range.lowerBound <= last.upperBound {
        merged[merged.count - 1] = last.lowerBound..<max(last.upperBound, range.upperBound)
      } else {
        merged.append(range)
      }
    }
    return merged
  }

  /// A stretch of the file, either to be shown or to be hidden.
  struct Piece {
    let bytes: Range<Int>
    let isSecret: Bool
  }

  /// Cuts `range` at the borders of credentials.
  func pieces(of range: Range<Int>) -> [Piece] {
    var pieces: [Piece] = []
    var done = range.lowerBound
    // A file may hold thousands of credentials and be quoted thousands of times.
    var index = secrets.firstIndex(sorted: { $0.upperBound > range.lowerBound })
    while index < secrets.count, secrets[index].lowerBound < range.upperBound {
      let secret = secrets[index].clamped(to: range)
      if secret.lowerBound > done { pieces.append(Piece(bytes: done..<secret.lowerBound, isSecret: false)) }
      if !secret.isEmpty { pieces.append(Piece(bytes: secret, isSecret: true)) }
      done = max(done, secret.upperBound)
      index += 1
    }
    if done < range.upperBound { pieces.append(Piece(bytes: done..<range.upperBound, isSecret: false)) }
    return pieces
  }

  /// The credentials, however short, in what edits take out: they may write them again.
  func secrets(under edits: [TextEdit]) -> [[UInt8]] {
    guard !secrets.isEmpty else { return [] }
    return edits.flatMap { edit in
      pieces(of: edit.offset..<edit.offset + edit.length).filter(\.isSecret).map { piece in
        Array(text.bytes[unquoted(piece.bytes)])
      }
    }.filter { !$0.isEmpty }
  }

  /// Without the quotes around it.
  func unquoted(_ range: Range<Int>) -> Range<Int> {
    text.bytes[range].trimmed { $0 == UInt8(ascii: "\"") || $0 == UInt8(ascii: "'") }.indices
  }

  /// The bytes of `range` with `***` for each credential in it.
  func masked(_ range: Range<Int>) -> [UInt8] {
    pieces(of: range).reduce(into: []) { result, piece in
      if piece.isSecret { result += Array(mask.utf8) } else { result += text.bytes[piece.bytes] }
    }
  }
}

/// What stands in place of a credential, everywhere.
let mask = SecretPatterns.mask

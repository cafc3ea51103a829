import SourceText

/// What rounds of fixes make of a file, and where credentials stand in it before and after.
public struct FileChange: Sendable {
  let path: String
  private var before: SourceFile
  private var after: SourceFile
  private(set) var replaced = Replacements()

  /// - Parameters:
  ///   - path: as the user named the file.
  ///   - source: the file as it is.
  public init(_ path: String, _ source: SourceFile) {
    self.path = path
    before = source
    after = source
  }

  /// Makes another round of fixes. A credential that was known stays one wherever they write it again.
  /// - Parameters:
  ///   - fixes: whose edits are applied as `TextEdit.apply` does.
  ///   - seen: what comes of them, as it was read then; it may show more credentials.
  public mutating func make(_ fixes: [Fix], seen: SourceFile? = nil) {
    let (bytes, edits) = TextEdit.apply(fixes.flatMap(\.edits), to: after.text.bytes)
    let secret = Set(fixes.filter(\.secret).flatMap(\.edits))
    let known = fixes.reduce(into: [TextEdit: [[UInt8]]]()) { known, fix in
      let texts = after.secrets(under: fix.edits)
      if !texts.isEmpty { for edit in fix.edits { known[edit, default: []] += texts } }
    }
    let step = Replacements(edits)
    var secrets = after.secrets.flatMap(step.kept)
    for (edit, place) in zip(edits, step.places) {
      if secret.contains(edit) {
        secrets.append(place.after)
      } else {
        secrets += known[edit, default: []].flatMap { places(of: $0, in: edit.text) }
          .map { place.after.lowerBound + $0.lowerBound..<place.after.lowerBound + $0.upperBound }
      }
    }
    if let seen, seen.text.bytes == bytes { secrets += seen.secrets.map(seen.unquoted) }
    after = SourceFile(SourceText(bytes), secrets: secrets)
    replaced = replaced.followed(by: step)
    // Before the next round writes over them.
    before = SourceFile(before.text, secrets: before.secrets + after.secrets.flatMap(replaced.reversed.kept))
  }

  /// The file before and after, with each credential marked in both, whichever of them told it.
  var marked: (before: SourceFile, after: SourceFile) {
    let scrubbers = [before, after].map { Scrubber(sources: [path: $0], others: []) }
    let mark = { (source: SourceFile) in
      let bytes = source.text.bytes
      let again = bytes.withUnsafeBufferPointer { bytes in
        scrubbers.flatMap { $0.occurrences(in: bytes, of: path) }
      }
      return SourceFile(source.text, secrets: source.secrets + again)
    }
    return (mark(before), mark(after))
  }
}

import Findings
import Inputs
import SourceText
import YAML

/// Source: how APISIX 2.13 to 3.18 read apisix.yaml.
enum EndMarker {
  static let rule: Rule = """
    standalone/end-marker (error): The file does not end with #END
    Checks: The last 10 bytes of standalone YAML files: `#END` must be in them, with nothing but white space behind \
    it. Without any sign of the marker it is a note when the file is not called apisix.yaml, or the config.yaml beside \
    it does not have APISIX read it. JSON files need no marker.
    Why: APISIX takes a file without the marker for half written: `missing valid end flag in file`. It loads nothing, \
    or keeps what it had.
    Example:
    routes:
      - uri: /hello
        upstream_id: 1
    Fix: routes:
      - uri: /hello
        upstream_id: 1
    #END
    """

  static func check(_ file: LintFile, in project: Project) -> Finding? {
    let bytes = file.tree.text.bytes
    guard !isJSON(file, bytes), !isMarked(bytes), !isLeftToTemplate(file.tree) else { return nil }
    let end = content(of: bytes)
    let isRead = isRead(file, in: project)
    // White space that is there stays, as long as it is not too much.
    let rest = bytes.count - end > 6 ? end..<bytes.count : end..<end
    var edits = [(rest, rest.isEmpty ? "\n#END" : "\n#END\n")]
    var problem: String?
    if bytes[..<end].hasSuffix("#END") {
      problem = "more than 6 spaces or line breaks stand behind #END"
      edits = [(end..<bytes.count, "\n")]
    } else if let comment = file.tree.comments().last(where: { $0.text.uppercased().hasPrefix("END") && $0.ownLine }) {
      let text = String(decoding: bytes[comment.range], as: UTF8.self)
      // `# END of the routes` is a remark.
      let isMarker = comment.text.utf8.count == 3 || text.hasPrefix("#END ")
      if text == "#END" {
        problem = "text stands behind #END; APISIX reads only the last 10 bytes"
      } else if isMarker, comment.range.upperBound == end {
        problem = "'\(text)' is not the end marker; APISIX wants #END"
        edits = rest.isEmpty ? [(comment.range, "#END")] : [(comment.range, "#END"), (rest, "\n")]
      }
    }
    return file.finding(
      rule, severity: problem != nil || isRead ? .error : .note,
      problem
        ?? (isRead
          ? "the file does not end with #END; APISIX loads nothing of it"
          : "the file does not end with #END; if APISIX reads it itself (conf/apisix.yaml), it loads nothing"),
      range: lastLine(file, end), help: "end the file with #END",
      fix: Fix(safe: true, edits: edits.map { file.edit($0.0, $0.1) }))
  }

  /// Whether APISIX reads the file itself, so far as the config.yaml beside it and its name tell.
  static func isRead(_ file: LintFile, in project: Project) -> Bool {
    project.configs(beside: file)?.readsStandaloneYAML ?? isNamed(file)
  }

  /// Whether a file ends as APISIX wants it of apisix.yaml.
  static func isMarked(_ bytes: [UInt8]) -> Bool {
    bytes.suffix(10).dropLast(bytes.count - content(of: bytes)).hasSuffix("#END")
  }

  /// Whether templates stand around the marker, or where it would be.
  private static func isLeftToTemplate(_ tree: Tree) -> Bool {
    guard let templates = tree.templates else { return false }
    let text = tree.parsedBytes[..<content(of: tree.parsedBytes)]
    let line = text[((text.lastIndex { $0 == 0x0A } ?? -1) + 1)...]
    let isTemplate =
      line.first { $0 != 0x20 } == UInt8(ascii: "#") && templates.touch(line.startIndex..<line.endIndex)
    let rest = (isTemplate ? line.startIndex : text.endIndex)..<tree.text.bytes.count
    return text.hasSuffix("#END") || templates.mayAdd(in: rest)
      || (templates.touch(rest) && String(decoding: tree.text.bytes[rest], as: UTF8.self).has("#END"))
  }

  /// Where the white space at the end begins.
  private static func content(of bytes: [UInt8]) -> Int {
    var end = bytes.count
    while end > 0, bytes[end - 1].isSpace { end -= 1 }
    return end
  }

  private static func isJSON(_ file: LintFile, _ bytes: [UInt8]) -> Bool {
    bytes.first { !$0.isSpace } == UInt8(ascii: "{") || file.path.hasSuffix(".json")
  }

  private static func isNamed(_ file: LintFile) -> Bool {
    let name = file.host?.name ?? String(LocalPath.name(of: file.path))
    return name == "apisix.yaml" || name == "apisix.yml"
  }

  /// The last line with something on it.
  private static func lastLine(_ file: LintFile, _ end: Int) -> Range<Int> {
    let line = file.tree.text.position(at: max(0, end - 1)).line
    return file.tree.text.lineBytes(line) ?? end..<end
  }
}

extension RandomAccessCollection<UInt8> {
  fileprivate func hasSuffix(_ text: String) -> Bool { suffix(text.utf8.count).elementsEqual(text.utf8) }
}

import SourceText

/// What a log is made of, by its first bytes.
enum LogLayout {
  case lines, json, journal, csv

  /// nil where more bytes are needed.
  init?(_ bytes: Bytes) {
    let start = bytes.drop(while: \.isSpace)
    guard let first = start.first else { return nil }
    let next = start.dropFirst().drop(while: \.isSpace).first
    switch first {
    case UInt8(ascii: "{"), UInt8(ascii: "["):
      guard let next else { return nil }
      let isJSON = "\"{}[]".utf8.contains(next) && !(first == next && first == UInt8(ascii: "{"))
      self = isJSON ? .json : .lines
    case UInt8(ascii: "_"):
      guard bytes.count > 30 || bytes.contains(0x0A) else { return nil }
      self = JournalExport.begins(bytes) ? .journal : .lines
    default: self = CSVLines.begins(bytes) ? .csv : .lines
    }
  }
}

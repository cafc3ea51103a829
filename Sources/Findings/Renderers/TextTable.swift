/// Rows of cells in columns, for people.
public struct TextTable {
  private let rows: [[String]]
  /// In characters.
  private let widths: [Int]

  /// - Parameter rows: as many cells in each.
  public init(_ rows: [[String]]) {
    self.rows = rows
    widths = (0..<(rows.first?.count ?? 0)).map { column in rows.map { Self.length(of: $0[column]) }.max() ?? 0 }
  }

  /// One line for each row, without blanks at its end.
  public var lines: [String] { rows.map { row in Self.text { write(row, to: &$0) } } }

  /// The lines, each with its end.
  public var text: String {
    Self.text { bytes in
      for row in rows {
        write(row, to: &bytes)
        bytes.append(UInt8(ascii: "\n"))
      }
    }
  }

  private static func text(_ write: (inout [UInt8]) -> Void) -> String {
    var bytes: [UInt8] = []
    write(&bytes)
    return String(decoding: bytes, as: UTF8.self)
  }

  private func write(_ row: [String], to bytes: inout [UInt8]) {
    let blank = UInt8(ascii: " ")
    for (cell, width) in zip(row, widths) {
      bytes.append(contentsOf: cell.utf8)
      bytes.append(contentsOf: repeatElement(blank, count: width - Self.length(of: cell) + 2))
    }
    while bytes.last == blank { bytes.removeLast() }
  }

  private static func length(of cell: String) -> Int { isPlain(cell.utf8) ? cell.utf8.count : cell.count }
}

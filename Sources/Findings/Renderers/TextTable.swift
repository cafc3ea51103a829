/// Rows of cells in columns, for people.
public struct TextTable {
  private let rows: [[String]]
  /// In characters.
  private let widths: [Int]
  private let blanks: String

  /// - Parameter rows: as many cells in each.
  public init(_ rows: [[String]]) {
    self.rows = rows
    widths = (0..<(rows.first?.count ?? 0)).map { column in rows.map { Self.length(of: $0[column]) }.max() ?? 0 }
    blanks = String(repeating: " ", count: widths.reduce(0) { $0 + $1 + 2 })
  }

  /// One line for each row, without blanks at its end.
  public var lines: [String] {
    rows.map { row in
      var line = ""
      write(row, to: &line)
      return line
    }
  }

  /// The lines, each with its end.
  public var text: String {
    var text = ""
    for row in rows {
      write(row, to: &text)
      text += "\n"
    }
    return text
  }

  private func write(_ row: [String], to text: inout String) {
    // Blanks come with what stands behind them.
    var missing = 0
    for (cell, width) in zip(row, widths) {
      if !cell.isEmpty {
        text += Substring(blanks.utf8.prefix(missing))
        text += cell
        missing = 0
      }
      missing += width - Self.length(of: cell) + 2
    }
    while text.utf8.last == UInt8(ascii: " ") { text.removeLast() }
  }

  private static func length(of cell: String) -> Int { isPlain(cell.utf8) ? cell.utf8.count : cell.count }
}

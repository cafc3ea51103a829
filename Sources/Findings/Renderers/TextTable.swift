/// Rows of cells in columns, for people.
public enum TextTable {
  /// One line for each row, without blanks at its end.
  public static func lines(_ rows: [[String]]) -> [String] {
    let widths = (0..<(rows.first?.count ?? 0)).map { column in rows.map { length(of: $0[column]) }.max() ?? 0 }
    return rows.map { row in
      let cells = row.enumerated().map { $1 + String(repeating: " ", count: widths[$0] - length(of: $1)) }
      let line = cells.joined(separator: "  ")
      return String(line[..<(line.lastIndex { $0 != " " }.map(line.index(after:)) ?? line.startIndex)])
    }
  }

  /// In characters.
  private static func length(of cell: String) -> Int { isPlain(cell.utf8) ? cell.utf8.count : cell.count }
}

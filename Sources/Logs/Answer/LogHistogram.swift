/// When a group's entries came, in a row of bars.
enum LogHistogram {
  /// The time that all rows span, so that bars of one time stand below each other.
  struct Frame {
    private let start: Int
    private let end: Int
    /// How many there are at most.
    private var columns = 0

    /// - Parameter width: of the terminal.
    /// - Returns: nil where there is no time to speak of, or no room.
    init?(_ groups: [LogGroup], width: Int) {
      guard let start = groups.compactMap(\.first).min(), let end = groups.compactMap(\.last).max(), end - start > 1
      else {
        return nil
      }
      (self.start, self.end) = (start, end)
      // The label, both times and what stands between them.
      columns = min(64, width - "  when:   ".count - 2 * clock(start).count)
      if columns < 8 { return nil }
    }

    /// `03:01 ▁▂····█ 03:21`; a dot where nothing came. nil for a group of one entry.
    func row(_ group: LogGroup) -> String? {
      guard group.count > 1 else { return nil }
      let count = min(columns, end - start + 1)
      var sums = [Double](repeating: 0, count: count)
      let spans = group.histogram
      // In units of which both a second and a column are so many whole ones: each gets what lies in it.
      let column = end - start + 1
      for (index, number) in spans.counts.enumerated() where number > 0 {
        let first = spans.start + index * spans.width
        let from = (max(first, start) - start) * count
        let to = (min(first + spans.width - 1, end) - start + 1) * count
        for index in from / column..<(to + column - 1) / column {
          let part = min(to, (index + 1) * column) - max(from, index * column)
          sums[index] += Double(number) * Double(part) / Double(to - from)
        }
      }
      let most = sums.max() ?? 0
      guard most > 0 else { return nil }
      let bars = Array("▁▂▃▄▅▆▇█")
      let row = sums.map { $0 == 0 ? "·" : String(bars[min(7, Int($0 / most * 7.999))]) }.joined()
      return "\(clock(start)) \(row) \(clock(end))"
    }

    /// With the day where it spans more than one.
    private func clock(_ time: Int) -> String {
      let text = LogTimes.text(time)
      return String(end - start < 86_400 ? text.suffix(8) : text.prefix(16))
    }
  }
}

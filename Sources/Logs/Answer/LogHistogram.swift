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
      columns = min(Histogram.size, width - "  when:   ".count - 2 * clock(start).count)
      if columns < 8 { return nil }
    }

    /// `03:01 ▁▂····█ 03:21`; a dot where nothing came. nil for a group of one entry.
    func row(_ group: LogGroup) -> String? {
      guard group.count > 1 else { return nil }
      let count = min(columns, end - start + 1)
      var sums = [Double](repeating: 0, count: count)
      let spans = group.histogram
      for (index, number) in spans.counts.enumerated() where number > 0 {
        let first = spans.start + index * spans.width
        let from = column(first, count)
        let to = max(from, column(min(first + spans.width - 1, group.last ?? first), count))
        for index in from...to { sums[index] += Double(number) / Double(to - from + 1) }
      }
      let most = sums.max() ?? 0
      guard most > 0 else { return nil }
      let bars = Array("▁▂▃▄▅▆▇█")
      let row = sums.map { $0 == 0 ? "·" : String(bars[min(7, Int($0 / most * 7.999))]) }.joined()
      return "\(clock(start)) \(row) \(clock(end))"
    }

    private func column(_ time: Int, _ count: Int) -> Int {
      min(max((time - start) * count / (end - start + 1), 0), count - 1)
    }

    /// With the day where it spans more than one.
    private func clock(_ time: Int) -> String {
      let text = LogTimes.text(time)
      return String(end - start < 86_400 ? text.suffix(8) : text.prefix(16))
    }
  }
}

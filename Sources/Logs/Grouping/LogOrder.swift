/// In which order a log's times come.
struct LogOrder {
  /// Times as they came, and how often one was less, or more, than the one before.
  struct Times {
    private(set) var first, last: Int?
    private(set) var falls = 0
    private(set) var rises = 0

    mutating func add(_ time: Int) {
      if first == nil { first = time }
      if let last, time != last { if time < last { falls += 1 } else { rises += 1 } }
      last = time
    }
  }

  /// Of entries, in seconds.
  var entries = Times()
  /// Of lines, by what wraps them, in nanoseconds.
  var lines = Times()

  var hasTime: Bool { entries.first != nil }

  /// Whether the newest entry came first.
  var runsBackwards: Bool {
    // The clocks of several workers may be a second or two apart.
    if entries.falls > 4 * entries.rises, (entries.first ?? 0) > (entries.last ?? 0) + 2 { return true }
    // However short it is: three times at least, each less than the one before.
    return entries.rises == 0 && lines.rises == 0 && max(entries.falls, lines.falls) > 1
  }

  /// When what was read began.
  var start: Int? { runsBackwards ? entries.last : entries.first }
}

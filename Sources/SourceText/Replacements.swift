/// Stretches of a text in whose place others stand in a later one; what lies between them is the same in both.
public struct Replacements: Sendable, Equatable {
  public struct Place: Sendable, Equatable {
    public let before: Range<Int>
    public let after: Range<Int>
  }

  /// In order.
  public private(set) var places: [Place] = []

  public init() {}

  /// One for each edit.
  /// - Parameter edits: as `TextEdit.apply` applied them.
  public init(_ edits: [TextEdit]) {
    var moved = 0
    for edit in edits {
      let start = edit.offset + moved
      let after = start..<start + edit.text.utf8.count
      places.append(Place(before: edit.offset..<edit.offset + edit.length, after: after))
      moved += after.count - edit.length
    }
  }

  /// The way back.
  public var reversed: Replacements {
    var reversed = Replacements()
    reversed.places = places.map { Place(before: $0.after, after: $0.before) }
    return reversed
  }

  /// These, and those that come after them in the later text, as one step. Those that touch are one.
  public func followed(by next: Replacements) -> Replacements {
    var result = Replacements()
    var (mine, others) = (places[...], next.places[...])
    // By how much the text in the middle has moved against the first, and the last against it.
    var (moved, movedOn) = (0, 0)
    while let low = [mine.first?.after.lowerBound, others.first?.before.lowerBound].compactMap({ $0 }).min() {
      let (start, end) = (low - moved, low + movedOn)
      var high = low
      while true {
        if let place = mine.first, place.after.lowerBound <= high {
          high = max(high, place.after.upperBound)
          moved = place.after.upperBound - place.before.upperBound
          mine.removeFirst()
        } else if let place = others.first, place.before.lowerBound <= high {
          high = max(high, place.before.upperBound)
          movedOn = place.after.upperBound - place.before.upperBound
          others.removeFirst()
        } else {
          break
        }
      }
      result.places.append(Place(before: start..<high - moved, after: end..<high + movedOn))
    }
    return result
  }

  /// Where what is the same of a stretch stands in the later text.
  public func kept(_ range: Range<Int>) -> [Range<Int>] {
    var kept: [Range<Int>] = []
    var index = places.firstIndex(sorted: { $0.before.upperBound > range.lowerBound })
    var done = range.lowerBound
    var moved = index > 0 ? places[index - 1].after.upperBound - places[index - 1].before.upperBound : 0
    while index < places.count, places[index].before.lowerBound < range.upperBound {
      let place = places[index]
      if done < place.before.lowerBound { kept.append(done + moved..<place.before.lowerBound + moved) }
      done = max(done, place.before.upperBound)
      moved = place.after.upperBound - place.before.upperBound
      index += 1
    }
    if done < range.upperBound { kept.append(done + moved..<range.upperBound + moved) }
    return kept
  }
}

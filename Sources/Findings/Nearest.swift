/// The candidate that `text` was probably meant to be, for "did you mean".
///
/// - Returns: the one with the smallest edit distance (insert, delete, replace, swap of neighbours; case counts half),
///   the earlier of two equals; nil when none is within a third of its length, or when `text` is one of them.
public func nearest(_ text: String, among candidates: some Sequence<String>) -> String? {
  let wanted = Array(text.unicodeScalars)
  // What no person would mistype is not compared: the work grows with the square of the length.
  guard !wanted.isEmpty, wanted.count <= 256 else { return nil }
  var best: (candidate: String, distance: Int)?
  for candidate in candidates {
    if candidate == text { return nil }
    let scalars = Array(candidate.unicodeScalars)
    // Twice the number of edits, so that a change of case alone can count half.
    let longest = max(wanted.count, scalars.count)
    let limit = longest < 3 ? 1 : 2 * (longest / 3)
    let bound = min(limit, best.map { $0.distance - 1 } ?? limit)
    guard scalars.count <= 256, 2 * abs(scalars.count - wanted.count) <= bound else { continue }
    let distance = editDistance(wanted, scalars)
    if distance <= bound { best = (candidate, distance) }
  }
  return best?.candidate
}

/// Twice the Damerau-Levenshtein distance (optimal string alignment); a change of case counts one.
private func editDistance(_ left: [Unicode.Scalar], _ right: [Unicode.Scalar]) -> Int {
  if left.isEmpty || right.isEmpty { return 2 * max(left.count, right.count) }
  var beforeLast = [Int](repeating: 0, count: right.count + 1)
  var last = (0...right.count).map { 2 * $0 }
  for row in 1...left.count {
    var current = [Int](repeating: 2 * row, count: right.count + 1)
    for column in 1...right.count {
      let one = left[row - 1]
      let other = right[column - 1]
      let replace = one == other ? 0 : (lowercased(one) == lowercased(other) ? 1 : 2)
      var cost = min(last[column] + 2, current[column - 1] + 2, last[column - 1] + replace)
      if row > 1, column > 1, one == right[column - 2], left[row - 2] == other {
        cost = min(cost, beforeLast[column - 2] + 2)
      }
      current[column] = cost
    }
    beforeLast = last
    last = current
  }
  return last[right.count]
}

private func lowercased(_ scalar: Unicode.Scalar) -> Unicode.Scalar {
  (65...90).contains(scalar.value) ? Unicode.Scalar(UInt8(scalar.value + 32)) : scalar
}

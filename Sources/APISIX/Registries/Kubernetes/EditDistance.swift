/// How many letters must be put in, left out or changed to make one text from another.
enum EditDistance {
  /// nil when it is more than `most`. Texts over 256 bytes are not compared.
  static func between(_ left: String, _ right: String, most: Int) -> Int? {
    let (first, second) = (Array(left.utf8), Array(right.utf8))
    guard abs(first.count - second.count) <= most, first.count <= 256, second.count <= 256 else { return nil }
    var row = Array(0...second.count)
    for (index, byte) in first.enumerated() {
      var diagonal = row[0]
      row[0] = index + 1
      for place in second.indices {
        let change = diagonal + (byte == second[place] ? 0 : 1)
        diagonal = row[place + 1]
        row[place + 1] = min(change, row[place] + 1, diagonal + 1)
      }
    }
    return row[second.count] <= most ? row[second.count] : nil
  }
}

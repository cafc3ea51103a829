/// Texts of which a part is secret, found wherever they stand in another one: in one pass, however many there are.
struct MarkedTexts: Sendable {
  /// From a node, and a byte in the lowest eight bits, to the next one; 0 is where all begin.
  private var steps: [Int: Int] = [:]
  private var nodes = 1
  /// By the node at which a text ends, how many of its bytes stand before its secret, and how many behind it.
  private var ends: [Int: (before: Int, behind: Int)] = [:]
  private var isFirst = [Bool](repeating: false, count: 256)

  /// Longer ones are none of it: each byte takes memory of its own.
  private static let limit = 1 << 10

  var isEmpty: Bool { ends.isEmpty }

  mutating func add(_ text: some Collection<UInt8>, before: Int, behind: Int = 0) {
    guard let first = text.first, before + behind < text.count, text.count <= Self.limit else { return }
    isFirst[Int(first)] = true
    var node = 0
    for byte in text {
      let step = node << 8 | Int(byte)
      if let next = steps[step] {
        node = next
      } else {
        steps[step] = nodes
        node = nodes
        nodes += 1
      }
    }
    ends[node] = (before, behind)
  }

  /// The secrets of the longest of them at each place, in the order of their texts.
  func occurrences(in bytes: UnsafeBufferPointer<UInt8>) -> [Range<Int>] {
    var found: [Range<Int>] = []
    for start in bytes.indices where isFirst[Int(bytes[start])] {
      var (node, index, longest) = (0, start, nil as Range<Int>?)
      while index < bytes.count, let next = steps[node << 8 | Int(bytes[index])] {
        (node, index) = (next, index + 1)
        if let end = ends[node] { longest = start + end.before..<index - end.behind }
      }
      if let longest { found.append(longest) }
    }
    return found
  }
}

/// What edits of the text make of a tree.
extension Tree {
  /// Whether another tree holds the same but where the text was edited: what stands elsewhere has its text, style and
  /// tag, in its place.
  /// - Parameters:
  ///   - isEdited: whether an edit touches a stretch of this tree's text.
  ///   - isWritten: whether what an edit wrote touches a stretch of the other's.
  public func isSame(
    as other: Tree, but isEdited: (Range<Int>) -> Bool, _ isWritten: (Range<Int>) -> Bool
  ) -> Bool {
    guard documents.count == other.documents.count else { return false }
    var open = Array(zip(documents, other.documents).reversed())
    var anchored: [ID: ID] = [:]
    while let (one, two) = open.popLast() {
      let (here, there) = (nodes.records[one], other.nodes.records[two])
      if here.isLabelled { anchored[one] = two }
      let isTagged = self[one].tag == other[two].tag
      if here.form == .alias, there.form == .alias, anchored[Int(here.first)] == Int(there.first) { continue }
      if isTagged, here.isMapping, there.isMapping {
        guard let pairs = members(one, other, two, isEdited, isWritten) else { return false }
        open += pairs.reversed()
      } else if isTagged, here.isSequence, there.isSequence {
        guard let pairs = items(one, other, two, isEdited, isWritten) else { return false }
        open += pairs.reversed()
      } else if here.style == nil || there.style == nil || !isTagged || !isScalar(one, other, two) {
        guard here.isCollection ? !there.isCollection && isWritten(there.range) : isEdited(here.range) else {
          return false
        }
      }
    }
    return true
  }

  /// The aliases that stand for something in which an edit was made.
  public func aliases(of isEdited: (Range<Int>) -> Bool) -> [(alias: ID, target: ID)] {
    nodes.records.indices.lazy.filter { self.nodes.records[$0].form == .alias }
      .map { (alias: $0, target: self.resolved($0)) }.filter { isEdited(self.nodes.records[$0.target].range) }
  }

  /// The member of the first document's map in which a node stands.
  public func section(of id: ID) -> Node.Pair? {
    let place = nodes.records[id].range.lowerBound
    return documents.first.flatMap(pairs)?.last { nodes.records[$0.key].range.lowerBound <= place }
  }

  private func isScalar(_ one: ID, _ other: Tree, _ two: ID) -> Bool {
    (nodes.records[one].form == .plain) == (other.nodes.records[two].form == .plain) && isText(one, other, two)
  }

  /// Keys and values that have to be the same; nil where a member came, went or has another name without an edit.
  private func members(
    _ one: ID, _ other: Tree, _ two: ID, _ isEdited: (Range<Int>) -> Bool, _ isWritten: (Range<Int>) -> Bool
  ) -> [(ID, ID)]? {
    var (here, there) = (nodes.pairs[nodes.records[one].children], other.nodes.pairs[other.nodes.records[two].children])
    var pairs: [(ID, ID)] = []
    while let old = here.first, let new = there.first {
      let wasNamed = isEdited(nodes.records[old.key].range) || isWritten(other.nodes.records[new.key].range)
      if scalarBytes(old.key) == nil || isText(old.key, other, new.key) {
        pairs += [(old.key, new.key), (old.value, new.value)]
      } else if !wasNamed {
        return nil
      } else if here.count == there.count {
        // Another name, or the member as it was in a map of its own.
        let inner = other.pairs(new.value).flatMap { $0.count == 1 ? $0.first : nil }
        let moved = inner.flatMap { isText(old.key, other, $0.key) ? $0.value : nil }
        pairs.append((old.value, moved ?? new.value))
      } else if here.count > there.count {
        here.removeFirst()
        continue
      } else {
        there.removeFirst()
        continue
      }
      here.removeFirst()
      there.removeFirst()
    }
    let isEnd =
      here.allSatisfy { isEdited(nodes.records[$0.key].range) }
      && there.allSatisfy { isWritten(other.nodes.records[$0.key].range) }
    return isEnd ? pairs : nil
  }

  private func isText(_ one: ID, _ other: Tree, _ two: ID) -> Bool {
    guard let text = scalarBytes(one), let same = other.scalarBytes(two) else { return false }
    return text.elementsEqual(same)
  }

  private func items(
    _ one: ID, _ other: Tree, _ two: ID, _ isEdited: (Range<Int>) -> Bool, _ isWritten: (Range<Int>) -> Bool
  ) -> [(ID, ID)]? {
    let here = nodes.items[nodes.records[one].children]
    let there = other.nodes.items[other.nodes.records[two].children]
    let both = min(here.count, there.count)
    let isEnd =
      here.dropFirst(both).allSatisfy { isEdited(nodes.records[$0].range) }
      && there.dropFirst(both).allSatisfy { isWritten(other.nodes.records[$0].range) }
    return isEnd ? Array(zip(here, there)) : nil
  }
}

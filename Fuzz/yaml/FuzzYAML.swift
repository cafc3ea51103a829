import Lint
import SourceText
import YAML

/// Whatever the bytes: the tree is consistent with the text it came from.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ data: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  let bytes = Array(UnsafeBufferPointer(start: data, count: count))
  let (tree, error) = Tree.partial(bytes)
  // UTF-16 is read as UTF-8, which may be longer.
  let (text, count) = (tree.text.bytes, tree.text.bytes.count)
  if let error { precondition(0...count ~= error.position.offset) }
  for id in tree.ids {
    let node = tree[id]
    precondition(0 <= node.start && node.start <= node.range.lowerBound && node.range.upperBound <= count)
    let place = tree.range(id)
    precondition(place.start <= place.end && place.start.line >= 1 && place.start.column >= 1)
    switch node.content {
    case .alias(let target): precondition(target < id)
    case .sequence(let items, _): precondition(items.allSatisfy { $0 > id })
    case .mapping(let pairs, _): precondition(pairs.allSatisfy { $0.key > id && $0.value > id })
    case .scalar: break
    }
  }
  for comment in tree.comments() {
    precondition(text[comment.range.lowerBound] == UInt8(ascii: "#") && 1...tree.text.lineCount ~= comment.line)
  }
  _ = FileKind.detect(tree, path: "config.yaml")
  return 0
}

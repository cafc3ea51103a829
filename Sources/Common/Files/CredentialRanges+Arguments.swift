import Inputs
import SourceText
import YAML

/// Credentials among the words of a command line.
extension CredentialRanges {
  /// `--password`, `SECRET`; `--password=SECRET`; `DB_PASSWORD=SECRET`.
  static func addArguments(_ items: ArraySlice<Tree.ID>, in tree: Tree, to ranges: inout [Range<Int>]) {
    let dash = UInt8(ascii: "-")
    var follows = false
    for item in items {
      let text = tree.scalarBytes(item) ?? []
      let isFlag = text.first == dash
      if follows, !isFlag { addVariable(item, in: tree, to: &ranges) }
      let name = text.prefix { $0.isWord || $0 == dash || $0 == UInt8(ascii: ".") }
      let value = text[name.endIndex...].dropFirst()
      follows = isFlag && name.count == text.count && CredentialName.isOne(name)
      guard !value.isEmpty, text[name.endIndex] == UInt8(ascii: "="), CredentialName.isOne(name),
        mayBeSecret(String(decoding: value, as: UTF8.self))
      else { continue }
      ranges.append(tree[item].isCopied ? tree[item].range : value.indices)
    }
  }
}

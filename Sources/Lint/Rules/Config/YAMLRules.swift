import Findings
import SourceText
import YAML

enum YAMLRules {
  static let syntax: Rule = """
    yaml/syntax (error): The file is not YAML
    Checks: That the file can be read as YAML 1.1, the way APISIX and Kubernetes tools read it. Before 3.10 APISIX \
    reads with tinyyaml, which goes by lines and knows no JSON, no anchors and no `{}` on a line of its own.
    Why: APISIX stops with a Lua error and a stack trace while it starts.
    Example: service: {host: ${KUBERNETES_SERVICE_HOST}}
    Fix: Inside braces quote what has braces itself:
      service: {host: "${KUBERNETES_SERVICE_HOST}"}
    """

  static let limit: Rule = """
    yaml/limit (error): The file is beyond what gatecheck reads
    Checks: That a file has at most 16 MiB, 100 levels, 10,000 aliases and 1,000,000 nodes with aliases expanded.
    Why: A small file with nested aliases can stand for billions of nodes. gatecheck does not look at such files.
    Example:
    a: &a [x, x]
    b: &b [*a, *a]
    c: &c [*b, *b]   and so on
    Fix: Write out the aliases, or split the file.
    """

  static let duplicateKey: Rule = """
    yaml/duplicate-key (warning): A key is there twice in one map
    Checks: That no map has the same key twice.
    Why: APISIX takes the last one without a word, before 3.10 the first; whatever stands under the other is lost.
    Example:
    discovery:
      kubernetes: {}
    discovery:
      dns: {servers: ["127.0.0.1:53"]}
    Fix: discovery:
      kubernetes: {}
      dns: {servers: ["127.0.0.1:53"]}
    """

  static let severalDocuments: Rule = """
    yaml/several-documents (warning): APISIX reads only the first document
    Checks: That config.yaml is one YAML document.
    Why: What stands behind the second `---` is never looked at.
    Example:
    apisix: {node_listen: 9080}
    ---
    discovery:
      kubernetes: {}
    Fix: Take out the `---` between them.
    """

  static let rules = [syntax, limit, duplicateKey, severalDocuments, InputMethod.rule]

  static func check(_ context: ConfigContext) -> [Finding] {
    errors(of: context.file) + [later(context.file)].compactMap { $0 } + documents(in: context.file)
      + duplicates(in: context.file)
  }

  /// What keeps a text from being the YAML that was meant, by its cause where that is seen.
  static func errors(of file: LintFile) -> [Finding] {
    let slips = InputMethod.check(file)
    return slips.isEmpty ? [error(of: file)].compactMap { $0 } : slips
  }

  private static func error(of file: LintFile) -> Finding? {
    guard let error = file.error else { return nil }
    let offset = error.position.offset
    if error.kind == .limit { return file.finding(limit, error.message, range: offset..<offset) }
    guard file.tree.reader == .libyaml else { return TinySlips(error, in: file).finding }
    if error.kind == .syntax,
      let other = (file.tree.mayHeal(error, in: file.path) ? YAMLSlips.template(file.tree.text) : nil)
        ?? YAMLSlips.otherLanguage(file.tree, in: file.path)
    {
      return file.finding(syntax, "\(other.what), not YAML", range: offset..<offset, help: other.help)
    }
    return file.finding(
      syntax, error.kind == .syntax ? "not YAML: \(error.message)" : error.message, range: offset..<offset,
      help: error.kind == .syntax ? YAMLSlips(error, in: file).help : nil)
  }

  /// What an old release takes and newer ones refuse.
  private static func later(_ file: LintFile) -> Finding? {
    guard file.tree.reader != .libyaml, file.error == nil, file.tree.templates == nil,
      let error = Tree.partial(file.tree.text.bytes).error, error.kind == .syntax
    else { return nil }
    let offset = error.position.offset
    return file.finding(
      syntax, severity: .note, "this is not YAML, though APISIX takes it before 3.10: \(error.message)",
      range: offset..<offset)
  }

  /// Documents behind the first that hold something.
  private static func documents(in file: LintFile) -> [Finding] {
    file.tree.documents.dropFirst().prefix(1).compactMap { document in
      guard let pairs = file.tree.pairs(document), let first = pairs.first else { return nil }
      return file.finding(
        severalDocuments, "APISIX reads only the first document; what stands from here on does nothing",
        at: first.key, help: "remove the --- before it")
    }
  }

  private static func duplicates(in file: LintFile) -> [Finding] {
    let tree = file.tree
    // Of a section only what it holds; of a broken file all that could be read.
    let mappings =
      tree.documents.isEmpty ? tree.ids.filter { tree[$0].isMapping } : tree.documents.flatMap(tree.mappings)
    var findings: [Finding] = []
    var dropped: [Range<Int>] = []
    for id in mappings {
      guard let pairs = tree.pairs(id), pairs.count > 1 else { continue }
      let again = repeated(pairs, in: tree)
      // Of what is dropped as a whole no part is taken.
      guard let one = again.first, !dropped.contains(where: { $0.contains(tree[id].range.lowerBound) }) else {
        continue
      }
      if tree.reader == .libyaml {
        let firsts = Set(again.map(\.first))
        dropped += pairs.filter { firsts.contains($0.key) }.map { tree[$0.value].range }
      }
      let line = file.place(tree[one.first].range).start.line
      var names: [String] = []
      for name in again.lazy.compactMap({ tree.scalar($0.second) }) where !names.contains(name) { names.append(name) }
      let list = names.prefix(8).map { quoted($0) }.joined(separator: ", ")
      let isFirst = tree.reader != .libyaml
      let taken =
        isFirst
        ? "that of line \(line), and this one for \(quoted(names[0] + "_1"))"
        : "this one and drops that of line \(line)"
      let message =
        names.count == 1
        ? "\(list) is here a second time; APISIX takes \(taken)"
        : "\(list) are in this map twice; APISIX takes the \(isFirst ? "first" : "last") of each and drops the "
          + "\(isFirst ? "other" : "first"), from line \(line) on"
      findings += file.finding(
        duplicateKey, message, at: one.second, help: names.count == 1 ? "merge the two" : "keep one of each")
    }
    return findings
  }

  /// Whether a template stands between two keys, which may leave one of them out.
  private static func isBranch(_ one: Tree.ID, _ other: Tree.ID, in tree: Tree) -> Bool {
    tree.templates?.touch(tree[one].range.upperBound..<max(tree[one].range.upperBound, tree[other].range.lowerBound))
      ?? false
  }

  /// Each key that stands again, with the first of its name.
  private static func repeated(_ pairs: ArraySlice<Node.Pair>, in tree: Tree) -> [(first: Tree.ID, second: Tree.ID)] {
    var found: [(Tree.ID, Tree.ID)] = []
    var seen: [String: Tree.ID] = [:]
    for (index, pair) in zip(pairs.indices, pairs) {
      let first: Tree.ID?
      if pairs.count <= 8 {
        first = pairs[..<index].first { tree.isSameScalar($0.key, pair.key) }?.key
      } else {
        guard let name = tree.scalar(pair.key) else { continue }
        first = seen[name]
        if first == nil { seen[name] = pair.key }
      }
      guard let first, tree.reader != .libyaml || tree.scalar(first) != "<<" else { continue }
      if !isBranch(first, pair.key, in: tree) { found.append((first, pair.key)) }
    }
    return found
  }
}

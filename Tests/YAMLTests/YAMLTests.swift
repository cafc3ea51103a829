import SourceText
import Testing

@testable import YAML

private func parse(_ text: String) throws -> Tree { try Tree.parse(Array(text.utf8)) }

/// The text that a node covers.
private func covered(_ tree: Tree, _ id: Tree.ID) -> String {
  String(decoding: tree.text.bytes[tree[id].range], as: UTF8.self)
}

private func value(_ tree: Tree, _ path: String...) throws -> Tree.ID {
  var id = try #require(tree.documents.first)
  for key in path { id = try #require(tree.value(key, in: id)) }
  return id
}

@Suite("YAML: places")
struct Places {
  @Test(
    "scalars cover exactly their text, quotes included",
    arguments: [
      ("a: 6443 # number", "6443"), ("a: \"64\\\"43\"   ", "\"64\\\"43\""), ("a: 'x''y'\n", "'x''y'"),
      ("a: !!str 6443\n", "6443"), ("a: &x !!str '6'\n", "'6'"), ("a: *z\n", nil), ("a: \u{1F600} b\n", "\u{1F600} b"),
      ("\u{FEFF}a: b\n", "b"), ("a: |\n  one\n  two\n\n# end\nb: 1\n", "|\n  one\n  two"), ("a:\nb: 1\n", ""),
      ("a: [1, 2] # x\n", "[1, 2]"), ("a: &n [1]\n", "[1]"), ("a:\n  - 1\n  - 2\n\n# c\nb: 2\n", "- 1\n  - 2"),
      ("a: &x\n  k: v\nb: *x\n", "k: v"),
    ] as [(String, String?)])
  func ranges(text: String, expected: String?) throws {
    guard let expected else {
      #expect(throws: YAMLError.self) { try parse(text) }
      return
    }
    let tree = try parse(text)
    #expect(covered(tree, try value(tree, "a")) == expected)
  }

  @Test("lines and columns count from 1 in scalars, also behind CR, NEL, tabs and wide characters")
  func positions() throws {
    let tree = try parse("\u{1F600}\u{1F600}: x\rb:\t\"y\"\u{85}c: z\n")
    #expect(tree.range(try value(tree, "\u{1F600}\u{1F600}")).start == Position(line: 1, column: 5, offset: 10))
    #expect(tree.range(try value(tree, "b")).start == Position(line: 2, column: 4, offset: 15))
    #expect(tree.range(try value(tree, "c")).start == Position(line: 3, column: 4, offset: 23))
  }

  @Test("comments are found, and a # inside a scalar is none")
  func comments() throws {
    let tree = try parse("# top\na: 'x # y' # one\nb: |  # header\n  # text\nc: p#q # two\n")
    #expect(tree.comments().map(\.text) == ["top", "one", "header", "two"])
    #expect(tree.comments().map(\.ownLine) == [true, false, false, false])
  }
}

@Suite("YAML: structure")
struct Structure {
  @Test("every duplicate key is kept, the last one counts")
  func duplicates() throws {
    let tree = try parse("a: 1\na: 2\n")
    #expect(tree.pairs(tree.documents[0])?.count == 2)
    #expect(tree.scalar(try value(tree, "a")) == "2")
  }

  @Test("an alias stays an alias and can be followed")
  func aliases() throws {
    let tree = try parse("a: &x [1]\nb: *x\n")
    let b = try value(tree, "b")
    #expect(covered(tree, b) == "*x")
    #expect(tree.items(b)?.count == 1)
  }

  @Test("documents before an error are kept")
  func partial() {
    let (tree, error) = Tree.partial(Array("a: 1\n---\nb: [\n".utf8))
    #expect(tree.documents.count == 1)
    #expect(error?.kind == .syntax)
  }
}

@Suite("YAML: errors and limits")
struct Errors {
  @Test(
    "errors read as APISIX's loader prints them",
    arguments: [
      ("a:\n\tb: 1\n", "1:1: found character that cannot start any token"),
      ("a: [\"x]\n", "1:4: found unexpected end of stream"),
      ("a: b\n c: *nope\n", "1:4: mapping values are not allowed in this context"),
      ("a:\n  b: *nope\n", "2:6: invalid reference: nope"),
      ("a: \"\u{1}\"\n", "0:0: control characters are not allowed"),
    ])
  func lyaml(text: String, expected: String) {
    #expect(Tree.partial(Array(text.utf8)).error.map { "\($0.mark): \($0.problem)" } == expected)
  }

  @Test("limits are errors, not crashes")
  func limits() {
    let bomb = (0..<40).reduce("a0: &a0 x\n") { text, n in text + "a\(n + 1): &a\(n + 1) [*a\(n), *a\(n), *a\(n)]\n" }
    #expect(Tree.partial(Array(bomb.utf8)).error?.kind == .limit)
    #expect(Tree.partial(Array(String(repeating: "[", count: 80_000).utf8)).error?.kind == .limit)
    #expect(Tree.partial(Array("a: &x [*x]\n".utf8)).error?.kind == .cycle)
    #expect(Tree.partial(Array("a: &x [*x, }\n".utf8)).error?.kind == .syntax)
    #expect(Tree.partial(Array("a: &x {<<: *x, b: 1}\n".utf8)).error == nil)
    var small = YAMLLimits()
    small.bytes = 4
    #expect((try? Tree.parse(Array("a: bcd".utf8), limits: small)) == nil)
    let many = "a: &a 1\n" + (0..<10_001).map { "b\($0): *a\n" }.joined()
    #expect(Tree.partial(Array(many.utf8)).error?.kind == .limit)
  }

  @Test(
    "invalid UTF-8 and NUL have a place",
    arguments: [[0x61, 0x3A, 0x20, 0xFF], [0x61, 0x3A, 0x20, 0x00, 0x0A]] as [[UInt8]])
  func encoding(bytes: [UInt8]) {
    let error = Tree.partial(bytes).error
    #expect(error?.kind == .syntax)
    #expect(error?.position.line == 1)
  }

  @Test("an empty file is an empty stream")
  func empty() throws {
    #expect(try Tree.parse([]).documents.isEmpty)
  }
}

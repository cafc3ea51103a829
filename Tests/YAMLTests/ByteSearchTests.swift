import SourceText
import Testing
import YAML

/// Searches by bytes, and what is known of a text before it is looked through.
@Suite struct ByteSearchTests {
  @Test func `a text is found by its bytes`() {
    let text = "a://b://c"
    #expect(text.has("://") && text.has("") && !text.has("://d") && !"".has("a"))
    #expect(text.firstBytes(of: "://").map { String(text[$0.upperBound...]) } == "b://c")
    #expect(text.dropFirst(3).firstBytes(of: "://").map { String(text[..<$0.lowerBound]) } == "a://b")
    #expect(text.parts(between: "://") == ["a", "b", "c"])
    #expect("::x::".parts(between: "::") == ["", "x", ""] && "".parts(between: "::") == [""])
    #expect("a//b///c".replacing("//", with: "/") == "a/b//c")
    #expect("ü：8080 ü".replacing("：", with: ":") == "ü:8080 ü")
  }

  @Test(arguments: [0, 1, 2])
  func `the rare byte of some leads to all of them`(_ rare: Int) {
    func stands(_ text: String) -> Bool {
      let wanted: StaticString = "eyJ"
      return Array(text.utf8).withUnsafeBufferPointer { bytes in
        wanted.withUTF8Buffer { place(of: $0, in: bytes, rare: rare) != nil }
      }
    }
    #expect(stands("eyJ") && stands("xxeyJ") && stands("eyJx") && stands("eyeyeJeyJ"))
    #expect(!stands("") && !stands("ey") && !stands("yJe") && !stands("eyxJ") && !stands("xey"))
  }

  @Test(arguments: [
    "", "\n", "a\nb", "a\r\nb\rc\n", "ä\nb", "a\u{85}b\u{2028}c\n", "\u{FEFF}a\nb", "seven77\neight888\nä",
  ])
  func `lines are the same however they are found`(_ text: String) {
    // A letter that is not ASCII behind all lines makes the slow way of a text that takes the quick one.
    let (quick, slow) = (SourceText(Array(text.utf8)), SourceText(Array((text + "é").utf8)))
    #expect(quick.lineStarts == slow.lineStarts)
    #expect(quick.isASCII == text.utf8.allSatisfy { $0 < 0x80 })
    for offset in 0...text.utf8.count { #expect(quick.position(at: offset) == slow.position(at: offset)) }
  }

  @Test func `a tree tells what its scalars may hold`() throws {
    let tree = try Tree.parse(Array("a: [x, \"re\\x67istry\"]\nhelm: {b: c}\n".utf8))
    #expect(tree.holds(anyOf: ["registry"]) && tree.holds(anyOf: ["none", "helm"]) && !tree.holds(anyOf: ["release"]))
    #expect(tree.mayHold("anything at all"), "a scalar is written with escapes")
    let plain = try Tree.parse(Array("a: ${{B}}\n".utf8))
    #expect(plain.mayHold("${{") && !plain.mayHold("${C"))
  }

  @Test func `maps are told in their order, whatever stands between them`() throws {
    let tree = try Tree.parse(Array("a: [{b: {c: 1}}, x]\n{d: e}: [y, [{f: g}]]\n".utf8))
    let maps = tree.mappings(in: tree.documents[0])
    #expect(maps == tree.ids.filter { tree[$0].isMapping } && maps.count == 5)
  }
}

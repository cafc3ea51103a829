import SourceText
import Testing

@testable import YAML

/// Whether a text means the same but where it was edited.
@Suite struct SamenessTests {
  private func isSame(_ old: String, _ edits: (Int, Int, String)...) -> Bool {
    let bytes = Array(old.utf8)
    let (new, applied) = TextEdit.apply(edits.map { TextEdit(offset: $0.0, length: $0.1, text: $0.2) }, to: bytes)
    let places = EditedPlaces(applied)
    return Tree.partial(bytes).tree.isSame(as: Tree.partial(new).tree) {
      EditedPlaces.touch(places.before, $0)
    } _: {
      EditedPlaces.touch(places.after, $0)
    }
  }

  @Test func whatIsEditedMayChange() {
    #expect(isSame("a: 1\nb: 2\n", (3, 1, "\"1\"")))
    #expect(isSame("a: 1\nb: 2\n", (0, 1, "c")))
    #expect(isSame("a: 1\nb: 2\n", (3, 1, "[1]")))
    #expect(isSame("a: [1]\nb: 2\n", (5, 0, ", 2")))
    #expect(isSame("a: 1\nb: 2\n", (5, 5, "")))
    #expect(isSame("a: 1\nb: 2\n", (10, 0, "c: 3\n")))
  }

  @Test func aMemberMayMoveIntoAMapOfItsOwn() {
    #expect(isSame("a:\n  b: 1\nc: 2\n", (0, 0, "p:\n  "), (3, 0, "  ")))
    #expect(isSame("a: |\n  b\nc: 2\n", (0, 0, "p:\n  "), (5, 0, "  ")))
    // What follows has gone along.
    #expect(!isSame("a: 1\nb: 2\n", (0, 0, "p:\n  "), (5, 0, "  ")))
  }

  @Test func whatStandsElsewhereMayNot() {
    // The end of a quoted text goes to the next one.
    #expect(!isSame("a: 'x'\nb: 'y'\nc: 1\n", (3, 3, "'x")))
    // An anchor that is gone, or another.
    #expect(!isSame("a: &x 1\nb: &x 2\nc: *x\n", (11, 3, "")))
  }

  @Test func aliasesOfWhatIsEditedAreNamed() {
    let tree = Tree.partial(Array("a: &x {b: 1}\nc: *x\nd: &y 2\ne: *y\n".utf8)).tree
    let aliases = tree.aliases { EditedPlaces.touch([10..<11], $0) }
    #expect(aliases.count == 1)
    #expect(aliases.first.map { tree.section(of: $0.alias).flatMap { tree.scalar($0.key) } } == "c")
    #expect(aliases.first.map { tree.section(of: $0.target).flatMap { tree.scalar($0.key) } } == "a")
  }
}

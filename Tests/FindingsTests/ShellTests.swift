import SourceText
import TestSupport
import Testing

@Suite struct ShellTests {
  @Test(arguments: [
    "", "plain", "two words", "it's", "a\\nb", "a\nb", "a\r\nb", "it's\n", "a\\\nb", "$HOME\n`x`", "'\\''\n'",
    "\u{E9}\n",
  ])
  func aShellGivesTheTextBack(text: String) throws {
    let quoted = Shell.quoted(text)
    #expect(!quoted.utf8.contains { $0 == 0x0A || $0 == 0x0D })
    let ended = try execute("/bin/bash", ["-c", "printf %s \(quoted)"])
    #expect(Array(ended.output.utf8) == Array(text.utf8), "\(quoted)")
  }
}

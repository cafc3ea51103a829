import Foundation
import TestSupport
import Testing

@testable import gatecheck

/// README.zh-CN.md and docs/zh beside their English twins: docs/zh/NAME is docs/NAME in Chinese.
@Suite struct ChineseDocumentTests {
  struct Pair: CustomTestStringConvertible, Sendable {
    let english: String
    let chinese: String
    var testDescription: String { chinese }
  }

  static let pairs =
    [Pair(english: "README.md", chinese: "README.zh-CN.md")]
    + Checkout.files(below: Checkout.path("docs/zh")).map { Pair(english: "docs/" + $0, chinese: "docs/zh/" + $0) }

  /// What only they need.
  private static let forChinese = ["--lang zh", "LANG=zh_CN.UTF-8"]

  @Test func whatReadersOfChineseAskForIsThere() {
    let pages = Set(Self.pairs.map(\.chinese))
    for name in ["install", "logs", "token", "service-name", "registries/nacos", "registries/consul", "ci"] {
      #expect(pages.contains("docs/zh/\(name).md"))
    }
    #expect((try? Checkout.text("README.md").contains("](README.zh-CN.md)")) == true)
  }

  @Test(arguments: pairs) func aPageHasTheSameInBoth(pair: Pair) throws {
    let (english, chinese) = (Page(try Checkout.text(pair.english)), Page(try Checkout.text(pair.chinese)))
    for (here, there) in [(english.code, chinese.code), (english.spans, chinese.spans)] {
      #expect(here.subtracting(there) == [], "only in \(pair.english)")
      #expect(there.subtracting(here) == [], "only in \(pair.chinese)")
    }
    #expect(Twin.missing(of: english.prose, in: chinese.text) == [], "only in \(pair.english)")
    #expect(
      Twin.missing(of: chinese.prose, in: english.text + Self.forChinese.joined()) == [], "only in \(pair.chinese)")
    #expect(english.sections == chinese.sections, "as many sections")
    #expect(Twin.strangers(in: chinese.prose, beside: english.text + Self.forChinese.joined()) == [])
    #expect(Twin.slips(in: chinese.prose) == [])
  }

  /// Sessions are run by `DocumentTests`; what stands in the text or in another block is a right call as well. The name
  /// of a command alone is only mentioned.
  @Test(arguments: pairs) func everyCommandIsARightCall(pair: Pair) throws {
    let page = Page(try Checkout.text(pair.chinese))
    let names = Commands.all.map { "gatecheck " + $0.name }
    for command in page.spans.union(page.code) where command.hasPrefix("gatecheck ") && !names.contains(command) {
      let folder = try Folder(copyOf: Checkout.examples)
      let ended = try bash(command.replacing("RULE", with: "token/expired"), in: folder.path)
      #expect(!ended.errors.contains("Usage:"), "\(command)\n\(ended.errors)")
    }
  }

  /// What stands in a page, taken apart.
  private struct Page {
    let text: String
    /// Outside of code blocks, without where links lead, be it said as well or not.
    let prose: String
    /// The lines of its code blocks; of a session on a terminal what is typed. Sentences behind `#` may be in any
    /// language, and `explain` may be asked for Chinese.
    private(set) var code: Set<String> = []
    let sections: [Int]

    var spans: Set<String> { Twin.spans(in: prose).subtracting(ChineseDocumentTests.forChinese) }

    init(_ text: String) {
      self.text = text
      var prose: [Substring] = []
      var block: Substring?
      for line in text.replacing(" --lang zh", with: "").split(separator: "\n", omittingEmptySubsequences: false) {
        if line.hasPrefix("```") {
          block = block == nil ? line : nil
        } else if let block {
          guard !block.hasPrefix("```console") || line.hasPrefix("$ ") else { continue }
          let said = line.replacing(#/(^|\s)# .*[ \u{4E00}-\u{9FFF}].*/#, with: "").trimmingCharacters(in: .whitespaces)
          if !said.isEmpty { code.insert(said) }
        } else {
          prose.append(line)
        }
      }
      sections = prose.filter { $0.hasPrefix("#") }.map { $0.prefix { $0 == "#" }.count }
      self.prose = prose.joined(separator: "\n").replacing(#/\[[^\]]*\/[^\]]*\]\([^)]*\)/#, with: "…")
        .replacing(#/\]\([^)]*\)/#, with: "]")
    }
  }
}

import JSON
import Testing

@testable import APISIX

/// What APISIX writes is read by what writes it.
@Suite struct WordsTests {
  private static let head = "2026/11/28 11:24:14 [error] 41#41: *78 [lua] init.lua:400: nodes(): "
  private static let tail = #", client: 127.0.0.1, server: _, request: "GET /cms HTTP/1.1", host: "127.0.0.1:26320""#

  private static func sample(_ blank: Blank) -> String {
    switch blank {
    case .file: "apisix/discovery/kubernetes/core.lua"
    case .line, .number: "463"
    case .mark: "3:14"
    // No host has a colon with a blank behind it, which ends it in a sentence.
    case .host: "a.host.example.org"
    default: "a \(blank.rawValue): of some kind"
    }
  }

  @Test(arguments: Sentence.allCases)
  func isReadAsItIsWritten(_ sentence: Sentence) {
    for release in Release.known {
      let form = Form(sentence, sentence.wording(in: release))
      #expect(form.pieces.count == form.blanks.count + 1)
      let words = Words(sentence, values: form.blanks.map(Self.sample), cause: nil)
      let text = words.text(in: release)
      #expect(!text.contains("<") && !text.contains(">"), "each blank is a known one")
      #expect(Words(line: text) == words)
      #expect(Words(line: Self.head + text + Self.tail)?.cause == words)
      #expect(Words(line: Self.head + text + "\n, context: ngx.timer")?.cause == words)
      guard form.blanks.contains(.cause) else { continue }
      let others = form.blanks.filter { $0 != .cause }
      let holding = Words(sentence, values: others.map(Self.sample), cause: Words(.idTwice))
      #expect(Words(line: holding.text(in: release)) == holding)
      #expect(holding.root == Words(.idTwice))
    }
  }

  @Test func whatTheJudgeSaysIsReadBack() throws {
    for entry in try Case.all {
      guard let message = entry.message else { continue }
      let said = judge(Array(entry.yaml.utf8), entry.conditions).refusal?.exact
      #expect(Words(line: message) == said, "\(entry.id)")
    }
  }

  @Test func predictedLogsAreReadBack() throws {
    for entry in try NodesCase.all {
      let discovery = entry.discovery(for: nil)
      for words in discovery.clusters.flatMap(\.store.log) + discovery.resolve(entry.serviceName).log {
        #expect(Words(line: words.text(in: .newest)) == words, "\(entry.id)")
      }
    }
  }

  @Test func aNewerAndAnOlderWordingAreOneSentence() {
    let words = Words(.nameUnexpected, "cms.default.svc.cluster.local")
    #expect(Words(line: "get unexpected upstream service_name:\u{3000}cms.default.svc.cluster.local") == words)
    #expect(Words(line: "get unexpected upstream service_name: cms.default.svc.cluster.local") == words)
  }

  @Test(arguments: [
    "", "id not", "a text of its own", "#", "1#1: ", "2026/11/28 11:00:01 [notice] 40#40: start worker processes",
    "2026/11/28 11:10:01 [error] 41#41: *77 [lua] limit-count.lua:119: phase_func(): failed to limit count: rejected, "
      + "client: 127.0.0.1, server: _",
  ])
  func othersSayNothing(_ line: String) { #expect(Words(line: line)?.root.sentence ?? .raised == .raised) }
}

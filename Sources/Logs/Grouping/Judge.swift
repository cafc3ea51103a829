import APISIX
import Findings
import SourceText

/// Takes an entry apart and asks the checks.
struct Judge {
  private let checks: [LogCheck]
  private let bySentence: [Sentence: [Int]]
  /// Those that are asked of every entry.
  private let general: [Int]

  init(_ checks: [LogCheck]) {
    self.checks = checks
    var bySentence: [Sentence: [Int]] = [:]
    for (index, check) in checks.enumerated() {
      for sentence in check.sentences { bySentence[sentence, default: []].append(index) }
    }
    self.bySentence = bySentence
    general = checks.indices.filter { checks[$0].sentences.isEmpty }
  }

  /// - Parameters:
  ///   - message: between front and tail.
  ///   - tail: where that begins in the entry.
  func explain(_ record: RawRecord, _ message: Bytes, _ tail: Int) -> (LogRecord, Explanation)? {
    let kept = Array(message.part(0..<min(message.count, LogRecord.limit)))
    let words = Words(line: kept[...])
    let asked = Set(sentences(of: words).flatMap { bySentence[$0] ?? [] } + general).sorted()
    guard !asked.isEmpty else { return nil }
    var entry = LogRecord(
      head: record.front.head, text: String(decoding: kept, as: UTF8.self),
      tail: TailReader.read(record.bytes.part(tail..<record.bytes.count)), words: words,
      isCut: Self.isCut(record.bytes))
    for index in asked {
      if let explanation = checks[index].explain(entry) {
        entry.text = String(decoding: kept.prefix(LogGroup.sampleLimit), as: UTF8.self)
        return (entry, explanation)
      }
    }
    return nil
  }

  private func sentences(of words: Words?) -> [Sentence] {
    guard let words else { return [] }
    return [words.sentence] + sentences(of: words.cause)
  }

  /// nginx writes at most 2,048 bytes of an entry, OpenResty 4,096, line break and all.
  private static func isCut(_ bytes: Bytes) -> Bool {
    [2047, 2048, 4095, 4096].contains(bytes.count)
  }

  /// FNV-1a of the rule's id and the values in order.
  static func id(_ explanation: Explanation) -> String {
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    for text in [explanation.rule.id] + explanation.values.map(\.text) {
      for byte in text.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
      // Behind each, so that no two lists look the same.
      hash = hash &* 0x100_0000_01B3
    }
    return "v1:" + hash.digits(radix: 16, width: 16)
  }
}

import APISIX
import Findings
import SourceText

/// Takes an entry apart and asks what it means.
enum Judge {
  /// - Parameters:
  ///   - message: between front and tail.
  ///   - tail: where that begins in the entry.
  static func explain(_ record: RawRecord, _ message: Bytes, _ tail: Int) -> (LogRecord, Explanation)? {
    let kept = Array(message)
    let isCut = isCut(record.bytes)
    var entry = LogRecord(
      head: record.front.head, text: String(decoding: kept, as: UTF8.self),
      tail: TailReader.read(record.bytes.part(tail..<record.bytes.count)), words: Words(line: kept[...], isCut: isCut),
      isCut: isCut)
    guard let explanation = LogRules.explanation(of: entry) else { return nil }
    entry.text = String(decoding: kept.prefix(LogGroup.sampleLimit), as: UTF8.self)
    return (entry, explanation)
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

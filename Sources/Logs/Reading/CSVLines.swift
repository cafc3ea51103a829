import JSON
import SourceText

/// Reads CSV as Kibana and others export it: the first record names the fields. Each one is handed on as JSON.
struct CSVLines {
  private var names: [String] = []
  private var fields: [[UInt8]] = [[]]
  private var isQuoted = false
  /// The byte before was a quote that may have ended the field; a second one stands for one.
  private var hasEnded = false
  private var breaks = 0

  private static let limit = LogRecord.limit + 1024
  private static let fieldLimit = 200

  /// Whether a log begins with the names of fields, of which one is that of the line.
  static func begins(_ bytes: Bytes) -> Bool {
    guard let end = Scan.place(of: 0x0A, in: bytes), end < 4096 else { return false }
    let names = bytes.part(0..<end).split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false)
      .map { $0.filter { $0 != UInt8(ascii: "\"") && $0 != 0x0D } }
    return names.allSatisfy { name in !name.isEmpty && name.allSatisfy { $0.isWord || "@.-".utf8.contains($0) } }
      && names.contains { LogField($0).isText }
  }

  /// The records that end in these bytes.
  mutating func json(of bytes: Bytes) -> [UInt8] {
    var json: [UInt8] = []
    for byte in bytes {
      let isSecond = hasEnded && byte == UInt8(ascii: "\"")
      hasEnded = false
      if byte == 0x0A { breaks += 1 }
      if isSecond {
        isQuoted = true
        append(byte)
      } else if isQuoted {
        if byte == UInt8(ascii: "\"") { (isQuoted, hasEnded) = (false, true) } else { append(byte) }
      } else {
        switch byte {
        case UInt8(ascii: "\""): isQuoted = true
        case UInt8(ascii: ","): if fields.count < Self.fieldLimit { fields.append([]) }
        case 0x0A: json += record()
        case 0x0D: break
        default: append(byte)
        }
      }
    }
    return json
  }

  /// What the end of the file cut off.
  mutating func finish() -> [UInt8] { fields == [[]] ? [] : record() }

  private mutating func append(_ byte: UInt8) {
    if fields[fields.count - 1].count < Self.limit { fields[fields.count - 1].append(byte) }
  }

  private mutating func record() -> [UInt8] {
    let texts = fields.map { String(decoding: $0, as: UTF8.self) }
    // So that the lines behind it have their numbers.
    let rest = [UInt8](repeating: 0x0A, count: breaks)
    (fields, isQuoted, breaks) = ([[]], false, 0)
    if names.isEmpty {
      names = texts
      return rest
    }
    let members = zip(names, texts).map { JSONObject.Member(key: $0, value: .string($1)) }
    return Array(JSONValue.object(JSONObject(members)).text().utf8) + rest
  }
}

/// Reads what nginx writes behind the message: `, client: 10.0.0.1, server: _, request: "GET /a HTTP/1.1", host: "h"`.
enum TailReader {
  static func read(_ bytes: Bytes) -> LogTail {
    var tail = LogTail()
    var place = 0
    while place + 2 < bytes.count, bytes[place] == UInt8(ascii: ","), bytes[place + 1] == 0x20,
      let colon = Scan.place(of: UInt8(ascii: ":"), in: bytes, from: place), colon + 1 < bytes.count
    {
      let name = String(decoding: bytes.part(place + 2..<colon), as: UTF8.self)
      let isQuoted = colon + 2 < bytes.count && bytes[colon + 2] == UInt8(ascii: "\"")
      let start = min(colon + (isQuoted ? 3 : 2), bytes.count)
      var end = start
      while end < bytes.count, !ends(bytes, end, isQuoted) { end += 1 }
      let value = String(decoding: bytes.part(start..<end), as: UTF8.self)
      switch name {
      case "client": tail.client = value
      case "server": tail.server = value
      case "request": tail.request = value
      case "upstream": tail.upstream = value
      case "host": tail.host = value
      case "request_id": tail.requestID = value
      default: break
      }
      place = min(end + (isQuoted ? 1 : 0), bytes.count)
    }
    return tail
  }

  /// A quote in a value is not escaped: the one that ends it stands before a comma and a blank, or last.
  private static func ends(_ bytes: Bytes, _ place: Int, _ isQuoted: Bool) -> Bool {
    let comma = isQuoted ? place + 1 : place
    if isQuoted, bytes[place] != UInt8(ascii: "\"") { return false }
    if comma >= bytes.count { return isQuoted }
    return bytes[comma] == UInt8(ascii: ",") && comma + 1 < bytes.count && bytes[comma + 1] == 0x20
      || bytes[comma] == 0x0A || bytes[comma] == 0x0D
  }

  /// Where `GET /path` stands, without the query and the version.
  static func request(in bytes: Bytes) -> Range<Int>? {
    guard
      let comma = Scan.place(
        ofCommaAnd: UInt8(ascii: "r"), in: bytes, from: 0, where: { bytes.starts(with: "request: \"", at: $0 + 2) })
    else { return nil }
    let start = comma + 12
    guard let blank = Scan.place(of: 0x20, in: bytes, from: start) else { return nil }
    var end = blank + 1
    while end < bytes.count, bytes[end] != 0x20, bytes[end] != UInt8(ascii: "?"), bytes[end] != UInt8(ascii: "\"") {
      end += 1
    }
    return start..<end
  }
}

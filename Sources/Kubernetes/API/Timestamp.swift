import Glibc
import SourceText

/// Times as whole seconds since 1970-01-01T00:00:00Z.
public enum Timestamp {
  /// `2026-11-23T00:58:44Z`. Years outside 0 to 9999 give nil.
  public static func iso(_ seconds: Int) -> String? {
    guard (-62_167_219_200...253_402_300_799).contains(seconds) else { return nil }
    var (time, date) = (seconds, tm())
    gmtime_r(&time, &date)
    let day = [date.tm_mon + 1, date.tm_mday].map { $0.digits(width: 2) }.joined(separator: "-")
    let clock = [date.tm_hour, date.tm_min, date.tm_sec].map { $0.digits(width: 2) }.joined(separator: ":")
    return "\((date.tm_year + 1900).digits(width: 4))-\(day)T\(clock)Z"
  }

  /// RFC 3339, as Kubernetes writes times: with `Z` or an offset, with or without a fraction (which is cut off).
  public static func parse(_ text: String) -> Int? {
    let bytes = Array(text.utf8)
    guard bytes.count >= 20, bytes[4] == UInt8(ascii: "-"), bytes[7] == UInt8(ascii: "-"),
      bytes[10] | 0x20 == UInt8(ascii: "t"), bytes[13] == UInt8(ascii: ":"), bytes[16] == UInt8(ascii: ":"),
      let year = number(bytes[0..<4]), let month = number(bytes[5..<7]), let day = number(bytes[8..<10]),
      let hour = number(bytes[11..<13]), let minute = number(bytes[14..<16]), let second = number(bytes[17..<19]),
      let time = seconds(year, month, day, hour, minute, second)
    else { return nil }
    var index = 19
    if bytes[index] == UInt8(ascii: ".") {
      index += 1
      while index < bytes.count, number(bytes[index...index]) != nil { index += 1 }
      guard index > 20 else { return nil }
    }
    guard let offset = offset(bytes[index...]) else { return nil }
    return time - offset
  }

  /// The `Date` header of HTTP, `Mon, 23 Nov 2026 00:58:44 GMT`.
  public static func parseHTTPDate(_ text: String) -> Int? {
    let words = text.split(separator: " ")
    guard words.count == 6, words[5] == "GMT", let day = number(words[1].utf8),
      let month = months.firstIndex(of: String(words[2])), let year = number(words[3].utf8)
    else { return nil }
    let clock = words[4].split(separator: ":").map { number($0.utf8) }
    guard clock.count == 3, let hour = clock[0], let minute = clock[1], let second = clock[2] else { return nil }
    return seconds(year, month + 1, day, hour, minute, second)
  }

  private static let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]

  private static func offset(_ bytes: ArraySlice<UInt8>) -> Int? {
    guard let sign = bytes.first else { return nil }
    if sign | 0x20 == UInt8(ascii: "z") { return bytes.count == 1 ? 0 : nil }
    let start = bytes.startIndex
    guard bytes.count == 6, sign == UInt8(ascii: "+") || sign == UInt8(ascii: "-"),
      bytes[start + 3] == UInt8(ascii: ":"), let hours = number(bytes[(start + 1)..<(start + 3)]),
      let minutes = number(bytes[(start + 4)..<(start + 6)]), hours < 24, minutes < 60
    else { return nil }
    return (sign == UInt8(ascii: "-") ? -1 : 1) * (hours * 3600 + minutes * 60)
  }

  private static func number(_ bytes: some Collection<UInt8>) -> Int? {
    guard bytes.count <= 4, bytes.allSatisfy(\.isDigit) else { return nil }
    return Int(String(decoding: bytes, as: UTF8.self))
  }

  /// Of a day of the Gregorian calendar and a time of it; nil when there is no such day or time.
  private static func seconds(
    _ year: Int, _ month: Int, _ day: Int, _ hour: Int, _ minute: Int, _ second: Int
  ) -> Int? {
    var date = tm()
    (date.tm_year, date.tm_mon, date.tm_mday) = (Int32(year - 1900), Int32(month - 1), Int32(day))
    let start = timegm(&date)
    // A day that is none has become another.
    guard (Int(date.tm_mon), Int(date.tm_mday)) == (month - 1, day), hour < 24, minute < 60, second <= 60 else {
      return nil
    }
    return start + hour * 3600 + minute * 60 + second
  }
}

import Findings
import Inputs
import JSON
import Logs

/// Any bytes as a log: whatever wraps the lines, and however the bytes are cut, it says the same, and as JSON.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ data: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  let bytes = Array(UnsafeBufferPointer(start: data, count: count))
  // Gzip that is damaged is damaged however it is cut.
  precondition(read(bytes, pieces: bytes.count + 1) == read(bytes, pieces: Int(bytes.first ?? 0) % 50 + 1))
  return 0
}

private func read(_ bytes: [UInt8], pieces: Int) -> [String] {
  var reading = LogReading()
  do { try reading.read(ByteStream(bytes, name: "log", pieces: pieces), named: "log") } catch { return [] }
  let (groups, counts) = (reading.groups, reading.counts)
  precondition(counts.explained <= counts.read && counts.explained >= 0 && groups.count <= 1024)
  precondition(Set(groups.map(\.id)).count == groups.count)
  return groups.map { group in
    precondition(group.count > 0 && group.sample.utf8.count <= 3 * LogGroup.sampleLimit)
    precondition(group.histogram.counts.reduce(0, +) <= group.count)
    let text = JSONValue.object([
      "id": .string(group.id), "rule": .string(group.explanation.rule.id),
      "message": .string(group.explanation.message),
      "count": .number(Double(group.count)), "sample": .string(group.sample),
      "values": .array(group.explanation.values.map { .string($0.text) }),
    ]).text()
    precondition((try? JSONValue.parse(text)) != nil)
    return "\(text) \(group.first ?? 0) \(group.last ?? 0) \(group.place) \(group.explained.sorted { $0.key < $1.key })"
  }
}

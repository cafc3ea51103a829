import Doctor
import Findings
import Inputs
import JSON
import Lint
import Probes

/// What `doctor --from-bundle` makes of any archive. The first byte says what the others are: a gzip, a tar, or names
/// and texts of members with NUL bytes between them.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ data: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  let bytes = Array(UnsafeBufferPointer(start: data, count: count))
  let packed =
    switch (bytes.first ?? 0) % 3 {
    case 0: Array(bytes.dropFirst())
    case 1: Gzip.packed(summed(Array(bytes.dropFirst())))
    default: Archive(members(bytes.dropFirst())).packed
    }
  guard let archive = try? Archive(packed, path: "b") else { return 0 }
  let names = archive.members.map(\.name)
  precondition(Set(names).count == names.count)
  precondition(names.allSatisfy { !$0.hasPrefix(".") && !$0.utf8.contains(UInt8(ascii: "/")) })
  precondition((try? Archive(Archive(archive.members).packed, path: "b"))?.members == archive.members)
  if let bundle = try? Bundle(packed, path: "b") { tell(bundle) }
  return 0
}

private let catalogue = Catalogue(LintRules.all)

/// In each format. No file is read.
private func tell(_ bundle: Bundle) {
  let context = Context(environment: [:], now: { 0 }, files: { path, _ in preconditionFailure("it reads \(path)") })
  let answer = BundleQuestion(bundle) { catalogue }.ask(in: context)
  let report = answer.report(version: "1")
  for format in DoctorFormat.allCases {
    let text = answer.rendered(report, as: format, RenderOptions())
    precondition(format != .json || (try? JSONValue.parse(Array(text.utf8))) != nil)
  }
}

private func members(_ bytes: ArraySlice<UInt8>) -> [Archive.Member] {
  let parts = bytes.split(separator: 0, maxSplits: 63, omittingEmptySubsequences: false).map(Array.init)
  return stride(from: 0, to: parts.count - 1, by: 2).map { index in
    Archive.Member(String(decoding: parts[index], as: UTF8.self), parts[index + 1])
  }
}

/// With the sum that each header should have, which no change of it hits.
private func summed(_ bytes: [UInt8]) -> [UInt8] {
  var tar = bytes
  var place = 0
  while place + 512 <= tar.count {
    let field = place + 148..<place + 156
    tar.replaceSubrange(field, with: "        ".utf8)
    let sum = String(tar[place..<place + 512].reduce(0) { $0 + Int($1) }, radix: 8)
    tar.replaceSubrange(field, with: (String(repeating: "0", count: 6 - sum.utf8.count) + sum + "\0 ").utf8)
    let digits = tar[place + 124..<place + 136].prefix { (0x30...0x37).contains($0) }
    let size = Int(String(decoding: digits, as: UTF8.self), radix: 8) ?? 0
    place += 512 + (size + 511) / 512 * 512
  }
  return tar
}

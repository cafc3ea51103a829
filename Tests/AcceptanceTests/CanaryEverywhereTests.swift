import Foundation
import TestSupport
import Testing

/// Every place, style, format and way of lint, of what `CanaryGenerator` makes. A run is one output of one file's
/// credential that was searched: a process looks at the files of one key at once, and each has a credential of its own.
@Suite struct CanaryEverywhereTests {
  private static let formats = ["json", "sarif", "junit", "github", "codeclimate", "short"]
  private static let ways: [[String]] = [
    ["-v", "-o", "text"] + formats.flatMap { ["-o", "\($0)=out.\($0)"] }, ["--diff", "--unsafe-fixes"],
    ["--apisix-version", "3.2", "--upgrade-to", "3.18"], ["--fix", "--unsafe-fixes", "-v"],
  ]

  /// Places of 12 bytes of a secret in a text; all of one that is shorter, and of digits.
  private static func shown(of secrets: [[UInt8]], in text: String) -> [String] {
    var pieces: [UInt64: [ArraySlice<UInt8>]] = [:]
    for secret in secrets {
      for start in 0...max(0, secret.count - 12) {
        let piece = secret[start..<min(start + 12, secret.count)]
        pieces[piece.prefix(8).reduce(0) { $0 << 8 | UInt64($1) }, default: []].append(piece)
      }
    }
    var key: UInt64 = 0
    let bytes = Array(text.utf8).filter { $0 != 0 }
    return bytes.indices.compactMap { index in
      key = key << 8 | UInt64(bytes[index])
      guard index >= 7, let found = pieces[key], let piece = found.first(where: bytes[(index - 7)...].starts)
      else { return nil }
      return String(decoding: piece, as: UTF8.self) + " in: "
        + String(decoding: bytes[max(0, index - 60)..<min(bytes.count, index + 20)], as: UTF8.self)
    }
  }

  @Test(arguments: CanaryGenerator.keys + [""]) func nothingIsShown(of key: String) throws {
    var generator = CanaryGenerator(seed: key.utf8.reduce(7) { $0 &* 31 &+ UInt64($1) })
    generator.make(key.isEmpty ? nil : key)
    let folder = try Folder()
    for file in generator.files { try folder.write(file.name, file.text) }
    let names = generator.files.map(\.name)
    let secrets = generator.files.map { Array($0.secret.utf8) }
    var runs = 0
    for way in Self.ways {
      let ended = try gatecheck(["lint", "--fail-on", "note"] + way + names, in: folder.path)
      #expect(ended.status == 1 || ended.status == 0, "\(way) ends with \(ended.status): \(ended.errors.suffix(300))")
      let written = Self.formats.compactMap { try? folder.read("out.\($0)") }
      for format in Self.formats { try? FileManager.default.removeItem(atPath: folder["out.\(format)"]) }
      for text in [ended.output, ended.errors] + written {
        for leak in Self.shown(of: secrets, in: text).prefix(5) { Issue.record("\(key) \(way.prefix(2)): \(leak)") }
      }
      runs += (1 + written.count) * names.count
    }
    // Commands that take one file: of each kind of place and style one.
    for (index, name) in names.enumerated() where index % 12 == 0 {
      for command in [
        ["token", "inspect", "-v", "--config"], ["rbac", "generate", "--config"], ["token", "inspect"],
      ] {
        let ended = try gatecheck(command + [name], in: folder.path)
        for leak in Self.shown(of: [secrets[index]], in: ended.output + ended.errors) {
          Issue.record("\(command) \(name): \(leak)")
        }
        runs += 1
      }
    }
    // 17 keys make 2,000 and more.
    #expect(runs >= 500)
  }
}

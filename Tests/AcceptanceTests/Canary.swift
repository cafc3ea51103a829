import Findings
import Foundation
import TestSupport
import Testing

/// A credential that is put in, to see whether any of it comes out.
struct Canary: Sendable {
  let name: String
  let text: String
  /// Every piece of 12 bytes, as it is, backwards, and in base64 at each of the three alignments: none of them stands
  /// in a program's output by chance. By their first eight bytes, as a text is read.
  private let pieces: [UInt64: [ArraySlice<UInt8>]]

  static func base64(_ text: String) -> String { Data(text.utf8).base64EncodedString() }

  init(_ name: String, _ text: String) {
    self.name = name
    self.text = text
    let encodings = (0..<3).map { Self.base64(String(repeating: "x", count: $0) + text) }
    let whole = encodings.map { String($0.dropFirst(4).dropLast(4)) }
    let all = ([text, String(text.reversed())] + whole).flatMap { form -> [ArraySlice<UInt8>] in
      let bytes = Array(form.utf8)
      return bytes.count < 12 ? [] : (0...(bytes.count - 12)).map { bytes[$0..<$0 + 12] }
    }
    pieces = Dictionary(grouping: all) { $0.prefix(8).reduce(0) { $0 << 8 | UInt64($1) } }
  }

  /// Records an issue when `text` shows a piece of it.
  func expectAbsent(_ text: String, _ what: String) {
    let bytes = Array(text.utf8)
    var key: UInt64 = 0
    for (index, byte) in bytes.enumerated() {
      key = key << 8 | UInt64(byte)
      guard index >= 7, let candidates = pieces[key], let piece = candidates.first(where: bytes[(index - 7)...].starts)
      else { continue }
      Issue.record("\(what) shows \(String(decoding: piece, as: UTF8.self)) of \(name)")
      return
    }
  }
}

extension Canary {
  /// Runs a call in a folder of its own and looks for them in all that it says and writes.
  static func expectNone(
    of canaries: [Canary], by arguments: [String], in files: [String: String], _ about: String
  ) throws {
    let folder = try Folder(files)
    let ended = try gatecheck(arguments, in: folder.path)
    let what = "\(about): gatecheck \(arguments.joined(separator: " "))"
    #expect((0...3).contains(ended.status), "\(what) ends with \(ended.status): \(ended.errors)")
    let written = try folder.names().filter { files[$0] == nil }.map { ($0, try folder.read($0)) }
    for canary in canaries {
      canary.expectAbsent(ended.output, what)
      canary.expectAbsent(ended.errors, what + " (standard error)")
      for (name, text) in written { canary.expectAbsent(text, "\(what) in \(name)") }
    }
  }

  private static let formats = OutputFormat.allCases.map(\.rawValue).filter { $0 != "text" }

  /// `registry verify` with `-v` in every format.
  static func verify(_ arguments: [String]) -> [String] {
    ["registry", "verify", "-v", "-o", "text"] + formats.flatMap { ["-o", "\($0)=written.\($0)"] } + arguments
  }

  /// `resolve` with `-v`, a call for each format that it has, of one name or of many.
  static func resolve(_ arguments: [String], ofOne: Bool = false) -> [[String]] {
    (["table", "yaml", "text"] + (ofOne ? ["apisix", "hosts"] : []) + formats).map {
      ["resolve", "-v", "--timeout", "20", "-o", $0] + arguments
    }
  }
}

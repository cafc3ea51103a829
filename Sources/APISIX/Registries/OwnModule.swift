import Inputs
import SourceText

/// A registry module of the user's own, as `require("apisix.discovery.NAME")` finds it on APISIX's host.
public struct OwnModule: Sendable, Hashable {
  /// The key under `discovery`.
  public let name: String
  /// The file, as APISIX's host has it; relative to APISIX's home.
  public let path: String
  /// What APISIX calls and the file never names: `init_worker` at start-up, `nodes` for each request.
  public let missing: [String]

  /// nil when the host is not known, or has no such file.
  /// - Parameters:
  ///   - extraPath: `apisix.extra_lua_path`; its patterns go before APISIX's own folders in nginx.conf's
  ///     `lua_package_path`.
  ///   - files: asked with each place where Lua would look.
  static func find(_ name: String, extraPath: String?, files: (String) -> FileAnswer) -> OwnModule? {
    let module = "apisix/discovery/" + name.map { $0 == "." ? "/" : String($0) }.joined()
    let patterns = (extraPath ?? "").split(separator: ";").map(String.init) + ["?.lua", "?/init.lua"]
    for pattern in patterns where pattern.utf8.contains(UInt8(ascii: "?")) {
      let path = pattern.split(separator: "?", omittingEmptySubsequences: false).joined(separator: module)
      switch files(path) {
      case .content(let bytes): return OwnModule(name: name, path: path, missing: missing(in: bytes))
      case .missing: continue
      case .unknown: return nil
      }
    }
    return nil
  }

  /// Functions that no word of the code names. A module that takes them from another one may have them all the same.
  private static func missing(in bytes: [UInt8]) -> [String] {
    let words = Array(LuaWords(bytes))
    let borrows =
      words.contains { ["__index", "dofile", "loadfile", "load"].contains($0) }
      || zip(words, words.dropFirst()).contains { $0 == "return" && $1 == "require" }
    return borrows ? [] : ["init_worker", "nodes"].filter { !words.contains($0) }
  }
}

/// The names in Lua code and in its strings, without comments.
struct LuaWords: Sequence, IteratorProtocol {
  private var rest: ArraySlice<UInt8>

  init(_ bytes: [UInt8]) { rest = bytes[...] }

  mutating func next() -> String? {
    while let byte = rest.first {
      if rest.starts(with: "--".utf8) {
        skipComment()
      } else if byte.isWord {
        let word = rest.prefix(while: \.isWord)
        rest = rest.dropFirst(word.count)
        return String(decoding: word, as: UTF8.self)
      } else {
        rest.removeFirst()
      }
    }
    return nil
  }

  /// `-- to the end of the line`, or `--[[ to the brackets ]]`, with as many `=` between them.
  private mutating func skipComment() {
    rest = rest.dropFirst(2)
    guard rest.first == UInt8(ascii: "[") else { return skipLine() }
    let level = rest.dropFirst().prefix { $0 == UInt8(ascii: "=") }.count
    guard rest.dropFirst(1 + level).first == UInt8(ascii: "[") else { return skipLine() }
    let end = Array("]\(String(repeating: "=", count: level))]".utf8)
    while !rest.isEmpty, !rest.starts(with: end) { rest.removeFirst() }
    rest = rest.dropFirst(end.count)
  }

  private mutating func skipLine() { rest = rest.drop { $0 != UInt8(ascii: "\n") } }
}

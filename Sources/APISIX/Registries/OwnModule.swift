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
    let words = words(bytes)
    let borrows =
      words.contains { ["__index", "dofile", "loadfile", "load"].contains($0) }
      || zip(words, words.dropFirst()).contains { $0 == "return" && $1 == "require" }
    return borrows ? [] : ["init_worker", "nodes"].filter { !words.contains($0) }
  }

  /// The names in Lua code and in its strings, without comments.
  private static func words(_ code: [UInt8]) -> [String] {
    var words: [String] = []
    var rest = code[...]
    while !rest.isEmpty {
      let word = rest.prefix(while: \.isWord)
      if rest.starts(with: "--".utf8) {
        rest = behindComment(rest.dropFirst(2))
      } else if word.isEmpty {
        rest.removeFirst()
      } else {
        words.append(String(decoding: word, as: UTF8.self))
        rest = rest.dropFirst(word.count)
      }
    }
    return words
  }

  /// `-- to the end of the line`, or `--[[ to the brackets ]]`, with as many `=` between them.
  private static func behindComment(_ text: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
    let signs = text.dropFirst().prefix { $0 == UInt8(ascii: "=") }
    guard text.first == UInt8(ascii: "["), text[signs.endIndex...].first == UInt8(ascii: "[") else {
      return text.drop { $0 != UInt8(ascii: "\n") }
    }
    let end = Array("]".utf8) + signs + Array("]".utf8)
    var rest = text[signs.endIndex...]
    while !rest.isEmpty, !rest.starts(with: end) { rest.removeFirst() }
    return rest.dropFirst(end.count)
  }
}

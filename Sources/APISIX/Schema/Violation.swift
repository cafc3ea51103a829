import SourceText

/// A step from a registry's value down to a value in it.
public enum PathStep: Sendable, Hashable {
  case key(String)
  /// From 0.
  case index(Int)
}

extension [PathStep] {
  /// `service.port`, `host[0]`, behind what they lead on from.
  public func text(behind start: String = "") -> String {
    reduce(start) { text, step in
      switch step {
      case .key(let key): text + (text.isEmpty ? "" : ".") + key
      case .index(let index): text + "[\(index)]"
      }
    }
  }
}

/// A rule of a schema that a value breaks.
public struct Violation: Sendable {
  /// The key under `discovery`.
  public let registry: String
  /// From the registry's value to the one that breaks the rule; for `required` to the table that lacks the property.
  public let path: [PathStep]
  /// What jsonschema says of the value itself. May quote it.
  public let reason: Words
  public let value: LuaValue
  /// The schema with the rule.
  public let schema: Schema

  /// `discovery.nacos.host[0]`.
  public var location: String { path.text(behind: "discovery." + registry) }

  /// What jsonschema prints: the reason behind the way to it.
  var words: Words { behindWay(reason) }

  /// The same without a credential.
  var maskedWords: Words {
    guard case .string(let text) = value.kind, reason.sentence == .unmatched else { return words }
    let keys = path.compactMap { if case .key(let key) = $0 { key } else { nil } }
    return behindWay(Self.unmatched(schema.pattern?.source ?? "", Credentials.masked(text, key: keys.last)))
  }

  private func behindWay(_ reason: Words) -> Words {
    path.reversed().reduce(reason) { words, step in
      switch step {
      case .key(let key): Words(.inProperty, LuaQuote.escaped(key), cause: words)
      case .index(let index): Words(.inItem, "\(index + 1)", cause: words)
      }
    }
  }

  static func unmatched(_ source: String, _ text: String) -> Words {
    Words(.unmatched, LuaQuote.escaped(source), LuaQuote.escaped(text))
  }
}

/// LuaJIT's `%q`, without the quotation marks.
enum LuaQuote {
  static func escaped(_ text: String) -> String {
    var result: [UInt8] = []
    let bytes = Array(text.utf8)
    for (index, byte) in bytes.enumerated() {
      switch byte {
      case UInt8(ascii: "\""), UInt8(ascii: "\\"), 0x0A:
        result += [UInt8(ascii: "\\"), byte]
      case 0..<0x20, 0x7F:
        result.append(UInt8(ascii: "\\"))
        let digits = Array(String(byte).utf8)
        let digitFollows = index + 1 < bytes.count && bytes[index + 1].isDigit
        if digitFollows { result += Array(repeating: 0x30, count: 3 - digits.count) }
        result += digits
      default: result.append(byte)
      }
    }
    return String(decoding: result, as: UTF8.self)
  }
}

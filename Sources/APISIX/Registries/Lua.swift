import JSON

/// The error that a line of APISIX's Lua raises; it ends the reading of an answer. That of kubernetes keeps what was
/// read before, and everything after is lost until the next try, 40 s later, which fails again.
struct LuaError: Error {
  private let place: (file: LuaFile, line: Int)?
  private let cause: Words

  /// - Parameters:
  ///   - file: nil where its lines are not known.
  ///   - line: in APISIX 3.18.0.
  init(_ file: LuaFile?, _ line: Int, _ cause: Words) {
    place = file.map { ($0, line) }
    self.cause = cause
  }

  /// `FILE:LINE: TEXT`; the text alone where a release's lines are not known, so that it is found in its log.
  func words(in release: Release) -> Words {
    guard let place, let (file, line) = SourceLines.place(place.file, place.line, in: release) else { return cause }
    return Words(.raised, "apisix/discovery/kubernetes/\(file).lua", "\(line)", cause: cause)
  }
}

/// Files of `apisix/discovery/kubernetes`.
enum LuaFile: String {
  case core
  case factory = "informer_factory"
  case initialiser = "init"
}

/// How Lua sees a JSON value: null is a userdata and so *true*, what is absent is nil.
enum Lua {
  static func isTrue(_ value: JSONValue?) -> Bool { value != nil && value != .bool(false) }

  static func type(_ value: JSONValue?) -> String {
    switch value {
    case nil: "nil"
    case .null: "userdata"
    case .bool: "boolean"
    case .number: "number"
    case .string: "string"
    case .array, .object: "table"
    }
  }

  /// `value.field`. A text has fields too (the functions of its library), none of which has a name that is asked for.
  static func index(
    _ value: JSONValue?, _ field: String, _ place: @autoclosure () -> (Int, String), file: LuaFile? = .core
  ) throws(LuaError) -> JSONValue? {
    switch value {
    case .object(let object): return object[field]
    case .array, .string: return nil
    default:
      let (line, name) = place()
      throw LuaError(file, line, Words(.badIndex, name, type(value)))
    }
  }

  /// `ipairs(value)`.
  static func list(_ value: JSONValue, line: Int, file: LuaFile? = .core) throws(LuaError) -> [JSONValue] {
    switch value {
    case .array(let elements): return elements
    case .object: return []
    default: throw LuaError(file, line, Words(.badArgument, "1", "ipairs", "table", type(value)))
    }
  }

  /// `ipairs(value or {})`.
  static func listOrNone(_ value: JSONValue?, line: Int, file: LuaFile? = .core) throws(LuaError) -> [JSONValue] {
    guard let value, isTrue(value) else { return [] }
    return try list(value, line: line, file: file)
  }

  /// `#value`, of which only the error matters.
  static func checkLength(_ value: JSONValue, line: Int, name: String) throws(LuaError) {
    switch value {
    case .array, .object, .string: return
    default: throw LuaError(.core, line, Words(.badLength, name, type(value)))
    }
  }

  /// `tostring(value)`, and what APISIX's JSON writer makes of a key or value that is a userdata.
  static func text(_ value: JSONValue?) -> String {
    switch value {
    case nil: "nil"
    case .null: "userdata: NULL"
    case .bool(let flag): flag ? "true" : "false"
    case .number(let number): LuaNumber.text(number)
    case .string(let text): text
    case .array, .object: "table"
    }
  }

  /// `tonumber(value)` of what JSON holds; texts are decimal numbers here.
  static func number(_ value: JSONValue?) -> JSONValue? {
    switch value {
    case .number: value
    case .string(let text): Double(text).flatMap { $0.isFinite ? .number($0) : nil }
    default: nil
    }
  }

  /// A local variable as `..` takes it.
  static func joined(_ value: JSONValue?, _ name: String) throws(LuaError) -> String {
    switch value {
    case .string, .number: return text(value)
    default: throw LuaError(nil, 0, Words(.badConcatenation, "local '\(name)'", type(value)))
    }
  }

  /// A value after a round through the shared dict's JSON.
  static func stored(_ value: JSONValue?) -> JSONValue? {
    value == .null ? .string("userdata: NULL") : value
  }

  /// `namespace .. "/" .. name`; Lua joins from the right.
  /// - Parameter variables: what the two are in the source, `local` or `field`.
  static func key(
    _ namespace: JSONValue?, _ name: JSONValue?, variables: String = "local"
  ) throws(LuaError) -> String {
    for (part, label) in [(name, "name"), (namespace, "namespace")] {
      switch part {
      case .string, .number: continue
      default: throw LuaError(.core, 57, Words(.badConcatenation, "\(variables) '\(label)'", type(part)))
      }
    }
    return text(namespace) + "/" + text(name)
  }

  /// `left < right`.
  static func isLess(_ left: JSONValue?, _ right: JSONValue?, line: Int) throws(LuaError) -> Bool {
    switch (left, right) {
    case (.string(let left), .string(let right)): return left.utf8.lexicographicallyPrecedes(right.utf8)
    case (.number(let left), .number(let right)): return left < right
    default:
      let (first, second) = (type(left), type(right))
      let what = first == second ? "two \(first) values" : "\(first) with \(second)"
      throw LuaError(.core, line, Words(.badComparison, what))
    }
  }

  /// `left == right`; two tables are never the same one here.
  static func isSame(_ left: JSONValue?, _ right: JSONValue?) -> Bool {
    switch (left, right) {
    case (.array, .array), (.object, .object), (.array, .object), (.object, .array): false
    default: left == right
    }
  }
}

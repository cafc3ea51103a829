/// A JSON document in memory. Members keep their order; numbers are doubles, as in Lua and JavaScript.
public enum JSONValue: Sendable, Hashable {
  case null
  case bool(Bool)
  case number(Double)
  case string(String)
  case array([JSONValue])
  case object(JSONObject)
}

/// A JSON object: its members in the order they stood in. A repeated key stands twice; the subscript gives the last,
/// as nearly every reader does.
public struct JSONObject: Sendable, Hashable {
  public struct Member: Sendable, Hashable {
    public let key: String
    public let value: JSONValue

    public init(key: String, value: JSONValue) {
      self.key = key
      self.value = value
    }
  }

  public var members: [Member]

  public init(_ members: [Member] = []) { self.members = members }

  public subscript(key: String) -> JSONValue? { members.last { $0.key == key }?.value }

  public static func + (left: JSONObject, right: JSONObject) -> JSONObject { JSONObject(left.members + right.members) }
}

extension JSONObject: ExpressibleByDictionaryLiteral {
  /// Of what is nil there is no member.
  public init(dictionaryLiteral elements: (String, JSONValue?)...) { self.init(elements) }

  init(_ elements: [(String, JSONValue?)]) {
    members = elements.compactMap { key, value in value.map { Member(key: key, value: $0) } }
  }
}

extension JSONValue: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral, ExpressibleByBooleanLiteral,
  ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral, ExpressibleByFloatLiteral
{
  public init(stringLiteral value: String) { self = .string(value) }
  public init(integerLiteral value: Int) { self = .number(Double(value)) }
  public init(floatLiteral value: Double) { self = .number(value) }
  public init(booleanLiteral value: Bool) { self = .bool(value) }
  public init(arrayLiteral elements: JSONValue...) { self = .array(elements) }
  /// Of what is nil there is no member.
  public init(dictionaryLiteral elements: (String, JSONValue?)...) { self = .object(JSONObject(elements)) }
}

/// Null for nil.
extension JSONValue {
  public init(_ text: String?) { self = text.map { .string($0) } ?? .null }
  public init(_ number: Int?) { self = number.map { .number(Double($0)) } ?? .null }
  public init(_ flag: Bool?) { self = flag.map { .bool($0) } ?? .null }
  public init(_ list: [JSONValue]?) { self = list.map { .array($0) } ?? .null }
  public init(_ texts: [String]) { self = .array(texts.map { .string($0) }) }
}

extension JSONValue {
  /// The member of an object; nil for anything else and for a member that is not there.
  public subscript(key: String) -> JSONValue? {
    if case .object(let object) = self { object[key] } else { nil }
  }

  public var string: String? { if case .string(let value) = self { value } else { nil } }
  public var number: Double? { if case .number(let value) = self { value } else { nil } }
  /// The number when it is whole and fits.
  public var int: Int? { number.flatMap { Int(exactly: $0) } }
  public var bool: Bool? { if case .bool(let value) = self { value } else { nil } }
  public var array: [JSONValue]? { if case .array(let value) = self { value } else { nil } }
  public var object: JSONObject? { if case .object(let value) = self { value } else { nil } }
  public var isNull: Bool { self == .null }
}

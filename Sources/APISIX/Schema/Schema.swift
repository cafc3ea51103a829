/// A schema as api7/jsonschema reads it: only what the discovery schemas use.
public final class Schema: Sendable {
  public enum ValueType: String, Sendable, Hashable {
    case object, array, string, integer, boolean
  }

  public struct Property: Sendable {
    public let name: String
    public let schema: Schema
  }

  /// What is filled in for a property that is not there.
  public indirect enum Default: Sendable {
    case string(String)
    case number(Double)
    case bool(Bool)
    case object([(String, Default)])
  }

  public let type: ValueType?
  public let properties: [Property]
  /// nil: no such keyword. An empty list means, to api7/jsonschema, that the table must be empty.
  public let required: [String]?
  /// The schema of every item, of which there must be one.
  public let item: Schema?
  public let maxItems: Int?
  public let uniqueItems: Bool
  /// In characters.
  public let minLength: Int?
  public let maxLength: Int?
  public let pattern: Pattern?
  public let minimum: Double?
  public let maximum: Double?
  public let values: [String]
  public let anyOf: [Schema]
  public let oneOf: [Schema]
  /// What is filled in where the value is not there.
  public let fallback: LuaValue?
  /// Filled into the object itself when none of these properties is there.
  public let fallbackUnless: (absent: [String], name: String, value: LuaValue)?

  init(
    type: ValueType? = nil, properties: [Property] = [], required: [String]? = nil, item: Schema? = nil,
    maxItems: Int? = nil, uniqueItems: Bool = false, minLength: Int? = nil,
    maxLength: Int? = nil, pattern: Pattern? = nil, minimum: Double? = nil, maximum: Double? = nil,
    values: [String] = [], anyOf: [Schema] = [], oneOf: [Schema] = [], fallback: Default? = nil,
    fallbackUnless: (absent: [String], name: String, value: Default)? = nil
  ) {
    self.type = type
    self.properties = properties
    self.required = required
    self.item = item
    self.maxItems = maxItems
    self.uniqueItems = uniqueItems
    self.minLength = minLength
    self.maxLength = maxLength
    self.pattern = pattern
    self.minimum = minimum
    self.maximum = maximum
    self.values = values
    self.anyOf = anyOf
    self.oneOf = oneOf
    self.fallback = fallback?.value
    self.fallbackUnless = fallbackUnless.map { ($0.absent, $0.name, $0.value.value) }
  }

  public subscript(name: String) -> Schema? { properties.first { $0.name == name }?.schema }
}

extension Schema {
  static func object(
    _ properties: [(String, Schema)], required: [String]? = nil, oneOf: [Schema] = [], fallback: Default? = nil,
    fallbackUnless: (absent: [String], name: String, value: Default)? = nil
  ) -> Schema {
    Schema(
      type: .object, properties: properties.map { Property(name: $0.0, schema: $0.1) }, required: required,
      oneOf: oneOf, fallback: fallback, fallbackUnless: fallbackUnless)
  }

  static func array(of item: Schema, maxItems: Int? = nil, unique: Bool = false) -> Schema {
    Schema(type: .array, item: item, maxItems: maxItems, uniqueItems: unique)
  }

  static func string(
    _ pattern: Pattern? = nil, minLength: Int? = nil, maxLength: Int? = nil, fallback: String? = nil
  ) -> Schema {
    Schema(
      type: .string, minLength: minLength, maxLength: maxLength, pattern: pattern,
      fallback: fallback.map { .string($0) })
  }

  static func string(oneOf patterns: [Pattern], fallback: String? = nil) -> Schema {
    Schema(type: .string, oneOf: patterns.map { Schema(pattern: $0) }, fallback: fallback.map { .string($0) })
  }

  static func word(_ values: [String], type: ValueType? = .string, fallback: String? = nil) -> Schema {
    Schema(type: type, values: values, fallback: fallback.map { .string($0) })
  }

  static func integer(_ minimum: Double? = nil, _ maximum: Double? = nil, fallback: Double? = nil) -> Schema {
    Schema(type: .integer, minimum: minimum, maximum: maximum, fallback: fallback.map { .number($0) })
  }

  static func boolean(fallback: Bool? = nil) -> Schema {
    Schema(type: .boolean, fallback: fallback.map { .bool($0) })
  }

  /// A registry's `timeout`.
  /// - Parameter whenAbsent: whether it is filled in as a whole as well.
  static func timeout(_ members: [(String, Double)], whenAbsent: Bool = true) -> Schema {
    .object(
      members.map { ($0.0, .integer(1, fallback: $0.1)) },
      fallback: whenAbsent ? .object(members.map { ($0.0, .number($0.1)) }) : nil)
  }

  static func sharedSize(_ release: Release) -> Schema {
    .string(
      release.has(.longSharedSize) ? .sharedSize : .shortSharedSize,
      fallback: release.has(.largeSharedSize) ? "64m" : "1m")
  }

  static func requiring(_ names: [String]) -> Schema { Schema(required: names) }

  /// Whether any value at all would do.
  var acceptsAnything: Bool {
    type == nil && properties.isEmpty && required == nil && item == nil && pattern == nil && values.isEmpty
      && anyOf.isEmpty && oneOf.isEmpty && minimum == nil && maximum == nil && minLength == nil && maxLength == nil
  }

  /// Whether any text would do.
  var takesAnyText: Bool {
    type == .string && pattern == nil && values.isEmpty && oneOf.isEmpty && minLength == nil && maxLength == nil
  }
}

extension Release {
  /// The properties that a feature brings, in the releases that have it.
  func with(_ feature: Feature, _ properties: (String, Schema)...) -> [(String, Schema)] {
    has(feature) ? properties : []
  }
}

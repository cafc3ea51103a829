/// A schema as api7/jsonschema reads it: only what the discovery schemas use.
public struct Schema: Sendable {
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

  public var type: ValueType?
  public var properties: [Property] = []
  /// nil: no such keyword. An empty list means, to api7/jsonschema, that the table must be empty.
  public var required: [String]?
  /// At most one: the schema of every item.
  public var items: [Schema] = []
  public var minItems: Int?
  public var maxItems: Int?
  public var uniqueItems = false
  /// In characters.
  public var minLength: Int?
  public var maxLength: Int?
  public var pattern: Pattern?
  public var minimum: Double?
  public var maximum: Double?
  public var values: [String] = []
  public var anyOf: [Schema] = []
  public var oneOf: [Schema] = []
  public var fallback: Default?
  /// Filled into the object itself when none of these properties is there.
  public var fallbackUnless: (absent: [String], name: String, value: Default)?

  public init() {}

  public subscript(name: String) -> Schema? { properties.first { $0.name == name }?.schema }
}

extension Schema {
  static func object(
    _ properties: [(String, Schema)], required: [String]? = nil, fallback: Default? = nil
  ) -> Schema {
    var schema = Schema()
    schema.type = .object
    schema.properties = properties.map { Property(name: $0.0, schema: $0.1) }
    schema.required = required
    schema.fallback = fallback
    return schema
  }

  static func array(of item: Schema, minItems: Int? = 1, maxItems: Int? = nil, unique: Bool = false) -> Schema {
    var schema = Schema()
    schema.type = .array
    schema.items = [item]
    schema.minItems = minItems
    schema.maxItems = maxItems
    schema.uniqueItems = unique
    return schema
  }

  static func string(
    _ pattern: Pattern? = nil, minLength: Int? = nil, maxLength: Int? = nil, fallback: String? = nil
  ) -> Schema {
    var schema = Schema()
    schema.type = .string
    schema.pattern = pattern
    schema.minLength = minLength
    schema.maxLength = maxLength
    schema.fallback = fallback.map { .string($0) }
    return schema
  }

  static func string(oneOf patterns: [Pattern], fallback: String? = nil) -> Schema {
    var schema = string(fallback: fallback)
    schema.oneOf = patterns.map { pattern in
      var alternative = Schema()
      alternative.pattern = pattern
      return alternative
    }
    return schema
  }

  static func word(_ values: [String], type: ValueType? = .string, fallback: String? = nil) -> Schema {
    var schema = Schema()
    schema.type = type
    schema.values = values
    schema.fallback = fallback.map { .string($0) }
    return schema
  }

  static func integer(_ minimum: Double? = nil, _ maximum: Double? = nil, fallback: Double? = nil) -> Schema {
    var schema = Schema()
    schema.type = .integer
    schema.minimum = minimum
    schema.maximum = maximum
    schema.fallback = fallback.map { .number($0) }
    return schema
  }

  static func boolean(fallback: Bool? = nil) -> Schema {
    var schema = Schema()
    schema.type = .boolean
    schema.fallback = fallback.map { .bool($0) }
    return schema
  }

  static func requiring(_ names: [String]) -> Schema {
    var schema = Schema()
    schema.required = names
    return schema
  }

  /// Whether any value at all would do.
  var acceptsAnything: Bool {
    type == nil && properties.isEmpty && required == nil && items.isEmpty && pattern == nil && values.isEmpty
      && anyOf.isEmpty && oneOf.isEmpty && minimum == nil && maximum == nil && minLength == nil && maxLength == nil
  }

  /// Whether any text would do.
  var takesAnyText: Bool {
    type == .string && pattern == nil && values.isEmpty && oneOf.isEmpty && minLength == nil && maxLength == nil
  }
}

public import JSON

extension Schema {
  /// The same rules as a JSON Schema (draft 7), for editors.
  ///
  /// The two keywords that api7/jsonschema reads in its own way become what they mean there: an empty `required` is an
  /// empty map, and keys that no schema names are refused, because APISIX ignores them in silence.
  public var jsonSchema: JSONValue {
    func number(_ count: Int?) -> JSONValue? { count.map { .number(Double($0)) } }
    let fields = properties.map { JSONObject.Member(key: $0.name, value: $0.schema.jsonSchema) }
    let wantsEmpty = required?.isEmpty == true
    return .object([
      "type": type.map { .string($0.rawValue) }, "properties": fields.isEmpty ? nil : .object(JSONObject(fields)),
      "additionalProperties": fields.isEmpty ? nil : false, "maxProperties": wantsEmpty ? 0 : nil,
      "required": wantsEmpty ? nil : required.map { JSONValue($0) }, "items": item?.jsonSchema,
      "minItems": item.map { _ in 1 }, "maxItems": number(maxItems), "uniqueItems": uniqueItems ? true : nil,
      "minLength": number(minLength), "maxLength": number(maxLength),
      "pattern": pattern.map { .string(Self.ecmaScript($0.source)) }, "minimum": minimum.map { .number($0) },
      "maximum": maximum.map { .number($0) }, "enum": values.isEmpty ? .none : JSONValue(values),
      "anyOf": anyOf.isEmpty ? nil : .array(anyOf.map(\.jsonSchema)),
      "oneOf": oneOf.isEmpty ? nil : .array(oneOf.map(\.jsonSchema)),
    ])
  }

  /// A pattern as ECMAScript reads it in its strict form: no needless escapes, and no bare braces but those of a count.
  private static func ecmaScript(_ source: String) -> String {
    var result = ""
    var isEscaped = false
    var inCount = false
    let characters = Array(source)
    for (index, character) in characters.enumerated() {
      if isEscaped {
        isEscaped = false
        let keeps = character.isLetter || character.isNumber || "^$\\.*+?()[]{}|/".contains(character)
        result += (keeps ? "\\" : "") + String(character)
      } else if character == "\\" {
        isEscaped = true
      } else if character == "{" {
        inCount = index + 1 < characters.count && characters[index + 1].isNumber
        result += inCount ? "{" : "\\{"
      } else if character == "}" {
        result += inCount ? "}" : "\\}"
        inCount = false
      } else {
        result.append(character)
      }
    }
    return result
  }

  /// A schema of config.yaml that looks at its `discovery` section only.
  public static func config(_ release: Release) -> JSONValue {
    let registries = RegistryKind.allCases.compactMap { kind in
      kind.schema(in: release).map { JSONObject.Member(key: kind.key, value: $0.jsonSchema) }
    }
    let section: JSONValue = [
      "type": "object", "properties": .object(JSONObject(registries)), "additionalProperties": false,
    ]
    return [
      "$schema": "http://json-schema.org/draft-07/schema#",
      "title": .string("config.yaml of Apache APISIX \(release): the discovery section"),
      "type": "object", "properties": ["discovery": section],
    ]
  }
}

/// Checks a value as api7/jsonschema 0.9 does, in its order and its words.
struct Validator {
  private let registry: String
  private let depth: Depth
  private var path: [PathStep] = []
  /// The same as `violations` where nobody asks for them.
  private var isViolated = false
  private(set) var violations: [Violation] = []
  /// The outcome hangs on a variable that is not known.
  private(set) var isOpen = false

  enum Depth {
    /// Whether there is a violation at all; which one is not told.
    case none
    case first
    /// Go on after the first violation, and look inside the fitting alternative of an `anyOf`, whose reasons jsonschema
    /// drops.
    case all
  }

  init(registry: String, _ depth: Depth) {
    self.registry = registry
    self.depth = depth
  }

  static func accepts(_ value: LuaValue, _ schema: Schema) -> Bool {
    var validator = Validator(registry: "", .none)
    validator.check(value, against: schema)
    return !validator.isViolated
  }

  /// More than anyone would read.
  private static let limit = 1_000

  /// Enough is known.
  private struct Done: Error {}

  mutating func check(_ value: LuaValue, against schema: Schema) {
    do throws(Done) { try visit(value, schema) } catch {}
  }

  private mutating func visit(_ value: LuaValue, _ schema: Schema) throws(Done) {
    if case .open(let text) = value.kind {
      if !schema.acceptsAnything, !(schema.takesAnyText && Placeholder.staysText(text)) { isOpen = true }
      return
    }
    let shape = value.table?.shape
    if let type = schema.type, !Self.fits(value, shape, type) {
      try add(value, schema, Words(.wrongType, type.rawValue, value.typeName))
      return
    }
    if let table = value.table, shape != .array { try checkProperties(table, of: value, schema) }
    if schema.required?.isEmpty == true, shape != .empty {
      try add(value, schema, Words(.notEmpty))
    }
    if let table = value.table, shape != .object { try checkItems(table, of: value, schema) }
    switch value.kind {
    case .string(let text): try checkText(text, of: value, schema)
    case .number(let number): try checkNumber(number, of: value, schema)
    default: break
    }
    if !schema.values.isEmpty, !schema.values.contains(where: { $0 == value.string }) {
      try add(value, schema, Words(.notInEnum))
    }
    try checkAlternatives(value, shape, schema)
  }

  /// Whether the value has the type that the schema asks for.
  static func hasType(of schema: Schema, _ value: LuaValue) -> Bool {
    schema.type.map { fits(value, value.table?.shape, $0) } ?? true
  }

  private static func fits(_ value: LuaValue, _ shape: LuaTable.Shape?, _ type: Schema.ValueType) -> Bool {
    switch (type, value.kind) {
    case (.object, _): shape == .object || shape == .empty
    case (.array, _): shape == .array || shape == .empty
    case (.string, .string), (.boolean, .bool): true
    case (.integer, .number(let number)): number.isFinite && number.rounded(.towardZero) == number
    default: false
    }
  }

  private mutating func checkProperties(_ table: LuaTable, of value: LuaValue, _ schema: Schema) throws(Done) {
    func lacks(_ name: String) -> Bool { schema.required?.contains(name) == true }
    for property in schema.properties {
      if let child = table[property.name] {
        step(.key(property.name))
        try visit(child, property.schema)
        stepBack()
      } else if lacks(property.name) {
        try add(value, schema, Words(.required, LuaQuote.escaped(property.name)))
      }
    }
    for name in schema.required ?? [] where schema[name] == nil && table[name] == nil {
      try add(value, schema, Words(.required, LuaQuote.escaped(name)))
    }
  }

  private mutating func checkItems(_ table: LuaTable, of value: LuaValue, _ schema: Schema) throws(Done) {
    let count = table.entries.count
    if schema.item != nil, count < 1 { try add(value, schema, Words(.tooFewItems, "1")) }
    if let most = schema.maxItems, count > most {
      try add(value, schema, Words(.tooManyItems, "\(most)"))
    }
    if let item = schema.item {
      for (index, child) in table.list.enumerated() {
        step(.index(index))
        try visit(child, item)
        stepBack()
      }
    }
    guard schema.uniqueItems else { return }
    var seen: [String: Int] = [:]
    for (index, entry) in table.entries.enumerated() {
      // Only words are compared: the one list that must be unique holds nothing else.
      guard let text = entry.value.string else { continue }
      if let first = seen.updateValue(index, forKey: text) {
        try add(value, schema, Words(.sameItems, "\(first + 1)", "\(index + 1)"))
        return
      }
    }
  }

  private mutating func checkText(_ text: String, of value: LuaValue, _ schema: Schema) throws(Done) {
    if let least = schema.minLength, text.unicodeScalars.count < least {
      try add(value, schema, Words(.tooShort, "\(least)", "\(text.unicodeScalars.count)"))
    }
    if let most = schema.maxLength, text.unicodeScalars.count > most {
      try add(value, schema, Words(.tooLong, "\(most)", "\(text.unicodeScalars.count)"))
    }
    if let pattern = schema.pattern, !pattern.matches(text) {
      try add(value, schema, Violation.unmatched(pattern.source, text))
    }
  }

  private mutating func checkNumber(_ number: Double, of value: LuaValue, _ schema: Schema) throws(Done) {
    func shown() -> String { LuaNumber.text(number) }
    if let minimum = schema.minimum, number < minimum {
      try add(value, schema, Words(.tooSmall, shown(), LuaNumber.text(minimum)))
    }
    if let maximum = schema.maximum, number > maximum {
      try add(value, schema, Words(.tooLarge, shown(), LuaNumber.text(maximum)))
    }
  }

  private mutating func checkAlternatives(_ value: LuaValue, _ shape: LuaTable.Shape?, _ schema: Schema) throws(Done) {
    if !schema.anyOf.isEmpty, !schema.anyOf.contains(where: { passes(value, $0) }) {
      let before = violations.count
      if depth == .all, let shape {
        let wanted: Schema.ValueType = shape == .array ? .array : .object
        if let fitting = schema.anyOf.first(where: { $0.type == wanted }) { try visit(value, fitting) }
      }
      if violations.count == before { try add(value, schema, Words(.noneOfAny)) }
    }
    if schema.oneOf.isEmpty { return }
    let matching = schema.oneOf.indices.filter { passes(value, schema.oneOf[$0]) }
    if matching.isEmpty {
      try add(value, schema, Words(.noneOfOne))
    } else if matching.count > 1 {
      try add(value, schema, Words(.twoOfOne, "\(matching[0] + 1)", "\(matching[1] + 1)"))
    }
  }

  private mutating func passes(_ value: LuaValue, _ schema: Schema) -> Bool {
    var inner = Validator(registry: registry, .none)
    inner.check(value, against: schema)
    if !inner.isViolated, inner.isOpen { isOpen = true }
    return !inner.isViolated
  }

  private mutating func step(_ step: PathStep) { if depth != .none { path.append(step) } }
  private mutating func stepBack() { if depth != .none { path.removeLast() } }

  private mutating func add(_ value: LuaValue, _ schema: Schema, _ reason: @autoclosure () -> Words) throws(Done) {
    isViolated = true
    guard depth != .none else { throw Done() }
    violations.append(
      Violation(registry: registry, path: path, reason: reason(), value: value, schema: schema))
    if depth == .first || violations.count >= Self.limit { throw Done() }
  }
}

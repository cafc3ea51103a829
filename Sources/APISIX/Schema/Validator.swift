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

  private var isDone: Bool { isViolated && (depth != .all || violations.count >= Self.limit) }

  mutating func check(_ value: LuaValue, against schema: Schema) {
    if case .open(let text) = value.kind {
      if !schema.acceptsAnything, !(schema.takesAnyText && Placeholder.staysText(text)) { isOpen = true }
      return
    }
    let shape = value.table?.shape
    if let type = schema.type, !Self.fits(value, shape, type) {
      add(.type, value, schema, Words(.wrongType, type.rawValue, value.typeName))
      return
    }
    if let table = value.table, shape != .array { checkProperties(table, of: value, schema) }
    if isDone { return }
    if schema.required?.isEmpty == true, shape != .empty {
      add(.emptyTable, value, schema, Words(.notEmpty))
    }
    if isDone { return }
    if let table = value.table, shape != .object { checkItems(table, of: value, schema) }
    if isDone { return }
    switch value.kind {
    case .string(let text): checkText(text, of: value, schema)
    case .number(let number): checkNumber(number, of: value, schema)
    default: break
    }
    if isDone { return }
    if !schema.values.isEmpty, !schema.values.contains(where: { $0 == value.string }) {
      add(.values, value, schema, Words(.notInEnum))
    }
    if isDone { return }
    checkAlternatives(value, shape, schema)
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

  private mutating func checkProperties(_ table: LuaTable, of value: LuaValue, _ schema: Schema) {
    func lacks(_ name: String) -> Bool { schema.required?.contains(name) == true }
    for property in schema.properties {
      if let child = table[property.name] {
        step(.key(property.name))
        check(child, against: property.schema)
        stepBack()
      } else if lacks(property.name) {
        addMissing(property.name, value, schema)
      }
      if isDone { return }
    }
    for name in schema.required ?? [] where schema[name] == nil && table[name] == nil {
      addMissing(name, value, schema)
      if isDone { return }
    }
  }

  private mutating func checkItems(_ table: LuaTable, of value: LuaValue, _ schema: Schema) {
    let count = table.entries.count
    if let least = schema.minItems, count < least {
      add(.minItems, value, schema, Words(.tooFewItems, "\(least)"))
    }
    if isDone { return }
    if let most = schema.maxItems, count > most {
      add(.maxItems, value, schema, Words(.tooManyItems, "\(most)"))
    }
    if isDone { return }
    if let item = schema.item {
      for (index, child) in table.list.enumerated() {
        step(.index(index))
        check(child, against: item)
        stepBack()
        if isDone { return }
      }
    }
    guard schema.uniqueItems else { return }
    var seen: [String: Int] = [:]
    for (index, entry) in table.entries.enumerated() {
      // Only words are compared: the one list that must be unique holds nothing else.
      guard let text = entry.value.string else { continue }
      if let first = seen.updateValue(index, forKey: text) {
        add(.uniqueItems, value, schema, Words(.sameItems, "\(first + 1)", "\(index + 1)"))
        return
      }
    }
  }

  private mutating func checkText(_ text: String, of value: LuaValue, _ schema: Schema) {
    if let least = schema.minLength, text.unicodeScalars.count < least {
      add(.minLength, value, schema, Words(.tooShort, "\(least)", "\(text.unicodeScalars.count)"))
    }
    if isDone { return }
    if let most = schema.maxLength, text.unicodeScalars.count > most {
      add(.maxLength, value, schema, Words(.tooLong, "\(most)", "\(text.unicodeScalars.count)"))
    }
    if isDone { return }
    if let pattern = schema.pattern, !pattern.matches(text) {
      add(.pattern, value, schema, Violation.unmatched(pattern.source, text))
    }
  }

  private mutating func checkNumber(_ number: Double, of value: LuaValue, _ schema: Schema) {
    func shown() -> String { LuaNumber.text(number) }
    if let minimum = schema.minimum, number < minimum {
      add(.minimum, value, schema, Words(.tooSmall, shown(), LuaNumber.text(minimum)))
    }
    if isDone { return }
    if let maximum = schema.maximum, number > maximum {
      add(.maximum, value, schema, Words(.tooLarge, shown(), LuaNumber.text(maximum)))
    }
  }

  private mutating func checkAlternatives(_ value: LuaValue, _ shape: LuaTable.Shape?, _ schema: Schema) {
    if !schema.anyOf.isEmpty, !schema.anyOf.contains(where: { passes(value, $0) }) {
      let before = violations.count
      if depth == .all, let shape {
        let wanted: Schema.ValueType = shape == .array ? .array : .object
        if let fitting = schema.anyOf.first(where: { $0.type == wanted }) { check(value, against: fitting) }
      }
      if violations.count == before { add(.anyOf, value, schema, Words(.noneOfAny)) }
    }
    if isDone || schema.oneOf.isEmpty { return }
    let matching = schema.oneOf.indices.filter { passes(value, schema.oneOf[$0]) }
    if matching.isEmpty {
      add(.oneOf, value, schema, Words(.noneOfOne))
    } else if matching.count > 1 {
      add(.oneOf, value, schema, Words(.twoOfOne, "\(matching[0] + 1)", "\(matching[1] + 1)"))
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

  private mutating func addMissing(_ name: String, _ value: LuaValue, _ schema: Schema) {
    add(.required, value, schema, Words(.required, LuaQuote.escaped(name)), property: name)
  }

  private mutating func add(
    _ keyword: Violation.Keyword, _ value: LuaValue, _ schema: Schema, _ reason: @autoclosure () -> Words,
    property: String? = nil
  ) {
    isViolated = true
    guard depth != .none else { return }
    violations.append(
      Violation(
        registry: registry, path: path, keyword: keyword, property: property, reason: reason(), value: value,
        schema: schema))
  }
}

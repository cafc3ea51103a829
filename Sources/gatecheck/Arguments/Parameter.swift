import Inputs

enum ParameterKind: Equatable {
  /// A flag that stands alone, that wants a value, or that may have one.
  case flag, option, optionalValue
  /// What has no name in front.
  case argument(isRequired: Bool)
}

/// A flag or an argument of a command, and what it sets: the one declaration of which the reader, the help, the
/// messages about mistakes and the shells' completions are made.
struct Parameter<Target> {
  /// Without dashes; of an argument what stands for it in the help.
  let name: String
  var short: Character?
  let kind: ParameterKind
  var isRepeatable = false
  /// What stands for the value in the help.
  var placeholder = ""
  let help: String
  /// What shells complete it with; nil for nothing.
  var completion: Completion?
  /// What it may be; empty where that is no list.
  var words: () -> [String] = { [] }
  /// The value that a target has without it, or that a flag alone has; for the help.
  var preset: (Target) -> String = { _ in "" }
  /// What is wrong with a text that it does not take.
  var objection: (String) -> String = { _ in "" }
  /// Sets the value; nil for a flag that stands alone. False for a value that it does not take.
  let set: (inout Target, String?) -> Bool
}

extension Parameter {
  /// A flag that stands alone.
  init(_ name: String, short: Character? = nil, _ path: WritableKeyPath<Target, Bool>, _ help: String) {
    self.init(name, short: short, path, to: true, help)
  }

  /// A flag that stands alone, with what it sets.
  init<Value>(
    _ name: String, short: Character? = nil, _ path: WritableKeyPath<Target, Value>, to value: Value, _ help: String
  ) {
    self.init(name: name, short: short, kind: .flag, help: help) { target, _ in
      target[keyPath: path] = value
      return true
    }
  }

  /// A flag with a value.
  /// - Parameter alone: what it means without one; nil where it wants one.
  init<Value: FlagValue>(
    _ name: String, short: Character? = nil, _ path: WritableKeyPath<Target, Value?>, _ placeholder: String,
    _ help: String, completion: Completion? = nil, alone: Value? = nil
  ) {
    self.init(
      name, short, alone == nil ? .option : .optionalValue, placeholder, help, completion: completion,
      preset: { _ in alone?.text ?? "" }, alone: alone, assign: { $0[keyPath: path] = $1 })
  }

  /// A flag with a value that there is without it, too.
  init<Value: FlagValue>(
    _ name: String, short: Character? = nil, _ path: WritableKeyPath<Target, Value>, _ placeholder: String,
    _ help: String
  ) {
    self.init(
      name, short, .option, placeholder, help, preset: { $0[keyPath: path].text },
      assign: { $0[keyPath: path] = $1 })
  }

  /// A flag with a value, that may be given several times.
  init<Value: FlagValue>(
    _ name: String, short: Character? = nil, _ path: WritableKeyPath<Target, [Value]>, _ placeholder: String,
    _ help: String, completion: Completion? = nil
  ) {
    self.init(name, short, .option, placeholder, help, completion: completion, isRepeatable: true) {
      $0[keyPath: path].append($1)
    }
  }

  /// An argument.
  init<Value: FlagValue>(
    argument name: String, isRequired: Bool = false, _ path: WritableKeyPath<Target, Value?>, _ help: String,
    completion: Completion? = nil
  ) {
    self.init(name, nil, .argument(isRequired: isRequired), name, help, completion: completion) {
      $0[keyPath: path] = $1
    }
  }

  /// All arguments; whether there must be one.
  init(
    arguments name: String, isRequired: Bool = false, _ path: WritableKeyPath<Target, [String]>, _ help: String,
    completion: Completion? = nil
  ) {
    self.init(name, nil, .argument(isRequired: isRequired), name, help, completion: completion, isRepeatable: true) {
      $0[keyPath: path].append($1)
    }
  }

  var isFlag: Bool { if case .argument = kind { false } else { true } }

  private init<Value: FlagValue>(
    _ name: String, _ short: Character?, _ kind: ParameterKind, _ placeholder: String, _ help: String,
    completion: Completion? = nil, isRepeatable: Bool = false, preset: @escaping (Target) -> String = { _ in "" },
    alone: Value? = nil,
    assign: @escaping (inout Target, Value) -> Void
  ) {
    // In place of an address it would be looked up, and told, as the name of a host.
    func isToken(_ text: String) -> Bool { placeholder == "url" && SecretPatterns.isToken(URLText(text).host) }
    self.init(
      name: name, short: short, kind: kind, isRepeatable: isRepeatable, placeholder: placeholder, help: help,
      completion: completion ?? Value.completion, words: { Value.words }, preset: preset,
      objection: { isToken($0) ? "wants a URL, and this is a token" : Value.objection(to: $0) },
      set: { target, text in
        if let text, isToken(text) { return false }
        guard let value = text.map(Value.init(flag:)) ?? alone else { return false }
        assign(&target, value)
        return true
      })
  }
}

/// A group of flags that several commands have, as plain values; or all that a command takes.
protocol Flags {
  init()
  static var flags: [Parameter<Self>] { get }
  /// What its flags cannot be together.
  func validate() throws(Mistake)
}

extension Flags {
  func validate() throws(Mistake) {}

  /// The flags of what has this group at `path`.
  static func flags<Outer>(at path: WritableKeyPath<Outer, Self>) -> [Parameter<Outer>] {
    flags.map { inner in
      Parameter<Outer>(
        name: inner.name, short: inner.short, kind: inner.kind, isRepeatable: inner.isRepeatable,
        placeholder: inner.placeholder, help: inner.help, completion: inner.completion, words: inner.words,
        preset: { inner.preset($0[keyPath: path]) }, objection: inner.objection,
        set: { inner.set(&$0[keyPath: path], $1) })
    }
  }
}

/// A wrong call, in words.
struct Mistake: Error, CustomStringConvertible {
  let description: String

  init(_ description: String) { self.description = description }
}

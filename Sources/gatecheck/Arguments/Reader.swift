import Findings

extension Command {
  /// Reads a call, in every form that ArgumentParser and kubectl take; ArgumentParser needs as long as to lint a file.
  /// - Throws: what is wrong with it.
  static func read(_ arguments: ArraySlice<String>) throws(Mistake) -> Self {
    var reader = Reader<Self>(rest: arguments)
    try reader.read()
    return reader.target
  }
}

/// Goes through the arguments of one call. Parameters are found by their index: for whatever else can be done with a
/// collection Swift looks up its type's conformances first, a tenth of linting a file.
private struct Reader<Called: Command> {
  var target = Called()
  var rest: ArraySlice<String>
  /// How many there were without a flag.
  private var count = 0
  /// Made once there is a flag: to make them takes a tenth of linting a file.
  private lazy var flags = Called.flags

  init(rest: ArraySlice<String>) { self.rest = rest }

  mutating func read() throws(Mistake) {
    while let word = rest.popFirst() {
      if word == "--" {
        while let word = rest.popFirst() { try take(argument: word) }
      } else if isFlag(word) {
        try word.hasPrefix("--") ? take(flag: word) : take(letters: word)
      } else {
        try take(argument: word)
      }
    }
    if count == 0, let argument = Called.argument, argument.kind == .argument(isRequired: true) {
      throw Mistake("<\(argument.name)> is missing: \(argument.help)")
    }
  }

  /// A single dash is standard input.
  private func isFlag(_ word: String) -> Bool { word.utf8.first == UInt8(ascii: "-") && word.utf8.count > 1 }

  private mutating func take(argument word: String) throws(Mistake) {
    count += 1
    guard let argument = Called.argument, count == 1 || argument.isRepeatable else {
      throw Mistake("Unexpected argument '\(terminalSafe(word))'.")
    }
    guard argument.set(&target, word) else { throw Mistake("<\(argument.name)> \(argument.objection(word)).") }
  }

  private mutating func flag(_ name: Substring) -> Parameter<Called>? {
    for index in 0..<flags.count where flags[index].name == name { return flags[index] }
    return nil
  }

  private mutating func flag(_ letter: Character) -> Parameter<Called>? {
    for index in 0..<flags.count where flags[index].short == letter { return flags[index] }
    return nil
  }

  private mutating func take(flag word: String) throws(Mistake) {
    let equals = word.utf8.firstIndex(of: UInt8(ascii: "="))
    let value = equals.map { String(word[word.utf8.index(after: $0)...]) }
    let name = word[..<(equals ?? word.endIndex)]
    guard let parameter = flag(name.dropFirst(2)) else {
      if name == "--all-namespaces", value == nil { return try take(letters: "-A") }
      throw Mistake(Habit.unknown(name, among: flags.map(\.name)))
    }
    try take(parameter, value, as: name)
  }

  /// Several may stand together, as in -qv, the last with its value joined to it, as in -ojson.
  private mutating func take(letters word: String) throws(Mistake) {
    var letters = word.dropFirst()
    while let letter = letters.popFirst() {
      let name = "-\(letter)"
      guard let parameter = flag(letter) else {
        if letter == "A", letters.isEmpty, isAll() { return }
        throw Mistake(Habit.unknown(name[...], among: flags.map(\.name), in: word))
      }
      let isLast = parameter.kind != .flag || letters.first == "="
      let value = letters.first == "=" ? letters.dropFirst() : letters
      try take(parameter, isLast && !letters.isEmpty ? String(value) : nil, as: name[...])
      if isLast { return }
    }
  }

  /// What asks an API server asks for all namespaces, as kubectl's -A says.
  private mutating func isAll() -> Bool { flag("kubeconfig") != nil }

  private mutating func take(
    _ parameter: Parameter<Called>, _ joined: String?, as name: Substring
  ) throws(Mistake) {
    var value = joined
    let next = rest.first.flatMap { isFlag($0) ? nil : $0 }
    switch (parameter.kind, joined, next) {
    case (.flag, .some, _): throw Mistake("\(name) stands alone, without a value.")
    case (.option, nil, nil): throw Mistake("\(name) wants a value: \(name) <\(parameter.placeholder)>.")
    case (.option, "", _): throw Mistake("\(name) \(parameter.objection("")).")
    case (.option, nil, _): value = rest.popFirst()
    case (.optionalValue, nil, let next?) where parameter.words().isEmpty || parameter.words().contains(next):
      value = rest.popFirst()
    default: break
    }
    guard parameter.set(&target, value) else { throw Mistake("\(name) \(parameter.objection(value ?? "")).") }
  }
}

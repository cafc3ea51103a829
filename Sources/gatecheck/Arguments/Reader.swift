extension Command {
  /// Reads a right call, in every form that ArgumentParser takes; that one needs as long as to lint a file.
  /// - Returns: nil where ArgumentParser has to speak: help, flags and arguments that there are not.
  /// - Throws: for a value that a flag does not take.
  static func read(_ arguments: ArraySlice<String>) throws(Mistake) -> Self? {
    var reader = Reader<Self>(rest: arguments)
    return try reader.read() ? reader.target : nil
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

  mutating func read() throws(Mistake) -> Bool {
    while let word = rest.popFirst() {
      if word == "--" {
        while let word = rest.popFirst() { guard take(argument: word) else { return false } }
      } else {
        guard try isFlag(word) ? take(flag: word) : take(argument: word) else { return false }
      }
    }
    return count > 0 || Called.argument?.kind != .argument(isRequired: true)
  }

  /// A single dash is standard input.
  private func isFlag(_ word: String) -> Bool { word.utf8.first == UInt8(ascii: "-") && word.utf8.count > 1 }

  private mutating func take(argument word: String) -> Bool {
    count += 1
    guard let argument = Called.argument, count == 1 || argument.isRepeatable else { return false }
    return argument.set(&target, word)
  }

  private mutating func flag(_ name: Substring) -> Parameter<Called>? {
    for index in 0..<flags.count where flags[index].name == name { return flags[index] }
    return nil
  }

  private mutating func flag(_ letter: Character) -> Parameter<Called>? {
    for index in 0..<flags.count where flags[index].short == letter { return flags[index] }
    return nil
  }

  private mutating func take(flag word: String) throws(Mistake) -> Bool {
    let equals = word.utf8.firstIndex(of: UInt8(ascii: "="))
    let value = equals.map { String(word[word.utf8.index(after: $0)...]) }
    let name = word[..<(equals ?? word.endIndex)]
    if name.hasPrefix("--") { return try take(flag(name.dropFirst(2)), value, as: name) }
    // Several may stand together, as in -qv, but none of these with a value joined to it.
    let letters = name.dropFirst()
    guard value == nil || letters.count == 1 else { return false }
    for letter in letters where flag(letter) == nil { return false }
    for letter in letters {
      guard try take(flag(letter), value, as: "-\(letter)") else { return false }
    }
    return true
  }

  private mutating func take(
    _ parameter: Parameter<Called>?, _ joined: String?, as name: Substring
  ) throws(Mistake) -> Bool {
    guard let parameter else { return false }
    var value = joined
    let next = rest.first.flatMap { isFlag($0) ? nil : $0 }
    switch (parameter.kind, joined, next) {
    case (.flag, .some, _), (.option, nil, nil), (.option, "", _): return false
    case (.option, nil, _): value = rest.popFirst()
    case (.optionalValue, nil, let next?) where parameter.words().isEmpty || parameter.words().contains(next):
      value = rest.popFirst()
    default: break
    }
    guard parameter.set(&target, value) else { throw Mistake("\(name) \(parameter.objection(value ?? "")).") }
    return true
  }
}

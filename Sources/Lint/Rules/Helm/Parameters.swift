import YAML

/// Values as pairs of a path and a text, as `helm --set` takes them.
struct Parameters {
  private let list: Field
  private let chart: Chart
  private let settings: [Tree.Setting]

  /// - Parameters:
  ///   - list: items with `name`, `value` and `forceString`; without any it gives nil.
  ///   - chart: the one that gets them.
  ///   - areTexts: whether every value is a text.
  init?(_ list: Field?, of chart: Chart, areTexts: Bool = false) {
    guard let list else { return nil }
    self.list = list
    self.chart = chart
    settings = list.items.compactMap { item in
      guard let name = item["name"]?.string, let value = item["value"], let text = value.string, !name.isTemplated,
        !Self.isList(text)
      else { return nil }
      let isText = areTexts || item["forceString"]?.string == "true" || !Self.isTyped(text)
      return Tree.Setting(path: Self.steps(name), value: value.id, isText: isText)
    }
    if settings.isEmpty { return nil }
  }

  /// - Parameters:
  ///   - all: those of all releases in a file, which get one tree for all.
  ///   - file: the file in which they stand.
  static func values(_ all: [Parameters], in file: LintFile) -> [ChartValues] {
    guard !all.isEmpty else { return [] }
    let advice =
      file.kind == .helmValues
      ? "write it into values; a text that looks like a number needs setString here"
      : "write it into values or valuesObject; a text that looks like a number needs forceString: true here"
    let tree = file.tree.assembled(all.map(\.settings))
    let made = file.part(tree, kind: .helmValues, isPartial: true, advice: advice)
    return zip(all, tree.documents).flatMap { one, root in
      ChartValues.ours(in: Field(file: made, id: root, trail: one.list.trail), of: one.chart)
        .map { ChartValues(root: $0.root, chart: $0.chart, isPartial: true) }
    }
  }

  /// `{a,b}`, of which `forceString` makes a list of texts; `{{x}}` is yet to be filled in.
  private static func isList(_ text: String) -> Bool {
    text.hasPrefix("{") && text.hasSuffix("}") && !text.hasPrefix("{{")
  }

  /// What becomes a number, a boolean or null.
  private static func isTyped(_ text: String) -> Bool {
    if ["true", "false", "null"].contains(text) { return true }
    return Int(text) != nil && (text == "0" || !text.hasPrefix("0"))
  }

  /// `a.b[0].c\\.d` in its parts.
  private static func steps(_ name: String) -> [String] {
    var steps = [""]
    var isEscaped = false
    for character in name {
      if isEscaped {
        steps[steps.count - 1].append(character)
        isEscaped = false
      } else if character == "\\" {
        isEscaped = true
      } else if character == "." || character == "[" {
        if steps.last != "" { steps.append("") }
        if character == "[" { steps[steps.count - 1] = "[" }
      } else if character != "]" {
        steps[steps.count - 1].append(character)
      }
    }
    return steps.filter { !$0.isEmpty }
  }
}

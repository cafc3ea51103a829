import YAML

/// Values as pairs of a path and a text, as `helm --set` takes them.
struct Parameters {
  private let list: Field
  private let settings: [Tree.Setting]
  private let advice: String

  /// - Parameters:
  ///   - list: items with `name`, `value` and `forceString`; nil gives nil.
  ///   - areTexts: whether every value is a text.
  ///   - advice: how to mend what is wrong.
  init?(_ list: Field?, areTexts: Bool = false, advice: String) {
    guard let list, !list.items.isEmpty else { return nil }
    self.list = list
    self.advice = advice
    settings = list.items.compactMap { item in
      guard let name = item["name"]?.string, let value = item["value"], let text = value.string, !name.isTemplated
      else { return nil }
      let isText = areTexts || item["forceString"]?.string == "true" || !Self.isTyped(text)
      return Tree.Setting(path: Self.steps(name), value: value.id, isText: isText)
    }
  }

  func values(of chart: Chart) -> [ChartValues] {
    let tree = list.file.tree.assembled(settings)
    let file = list.file.part(tree, kind: .helmValues, isPartial: true, advice: advice)
    guard let root = file.root else { return [] }
    return ChartValues.ours(in: Field(file: file, id: root, trail: list.trail), of: chart)
      .map { ChartValues(root: $0.root, chart: $0.chart, isPartial: true) }
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

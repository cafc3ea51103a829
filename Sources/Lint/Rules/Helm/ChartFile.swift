import Inputs
import YAML

/// What a Chart.yaml says of APISIX's chart: its version, by the folder of the file.
enum ChartFile {
  static func isOne(_ path: String) -> Bool { LocalPath.name(of: path) == "Chart.yaml" }

  /// The chart itself, or APISIX's among those that it depends on; nil where it is another.
  static func chart(_ input: LintInput) -> (folder: Substring, chart: Chart)? {
    let tree = Tree.unrendered(input.bytes).tree
    guard let top = LintFile(path: input.path, kind: .helmValues, tree: tree).top else { return nil }
    // Who wraps a chart mostly gives his own its name.
    let needed = (top["dependencies"]?.items ?? []).map {
      Chart($0["name"], $0["version"], $0["repository"], below: $0["alias"] ?? $0["name"])
    }.filter(\.isAPISIX)
    guard Set(needed.map(\.major)).count < 2 else { return nil }
    let chart = needed.first ?? Chart(top["name"], top["version"], nil)
    return chart.isAPISIX ? (LocalPath.directory(of: input.path), chart) : nil
  }
}

import Inputs
import YAML

/// What a Chart.yaml says of APISIX's chart: its version, by the folder of the file.
enum ChartFile {
  static func isOne(_ path: String) -> Bool { LocalPath.name(of: path) == "Chart.yaml" }

  /// APISIX's among those that the chart depends on, or the chart itself; nil where it is another. A chart that is made
  /// around APISIX's may have its name.
  static func chart(_ input: LintInput) -> (folder: Substring, chart: Chart)? {
    let tree = Tree.unrendered(input.bytes).tree
    guard let top = LintFile(path: input.path, kind: .helmValues, tree: tree).top else { return nil }
    let needed = (top["dependencies"]?.items ?? []).map {
      Chart($0["name"], $0["version"], $0["repository"], below: $0["alias"] ?? $0["name"])
    }.filter(\.isAPISIX)
    guard Set(needed.map(\.major)).count < 2 else { return nil }
    let chart = needed.first ?? Chart(top["name"], top["version"], nil)
    return chart.isAPISIX ? (LocalPath.directory(of: input.path), chart) : nil
  }
}

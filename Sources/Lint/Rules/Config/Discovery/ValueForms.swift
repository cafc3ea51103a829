import APISIX
import Findings
import SourceText
import YAML

/// Values that pass and do not say what they seem to.
enum ValueForms {
  static let wrongForm: Rule = """
    discovery/number-form (warning): YAML reads another number than it seems
    Checks: Whether a number in `discovery` is written with a leading zero or with colons.
    Why: In YAML 1.1, which APISIX reads from 3.10 on, `010` is the octal 8, and `1:30` is ninety: 1 times sixty and 30.
    Example: default_weight: 010
    Fix: default_weight: 10
    """

  static let weightZero: Rule = """
    discovery/weight-zero (note): Every node gets the weight 0
    Checks: Whether the weight that a registry gives to nodes without one is 0.
    Why: A node with weight 0 gets no requests as long as others have more; when all have 0, none is preferred.
    Example: default_weight: 0
    Fix: default_weight: 50
    """

  static let rules = [wrongForm, weightZero]

  static func check(_ context: ConfigContext) -> [Finding] {
    let numbers = context.leaves.compactMap(numberForm)
    return context.registries.reduce(into: numbers) { findings, registry in
      // Others refuse it.
      guard [RegistryKind.kubernetes, .eureka, .tars].contains(where: { $0.key == registry.key }) else { return }
      let weights = registry.each.compactMap { $0["default_weight"] ?? $0["weight"] }
      findings += weights.filter { $0.integer == 0 }.map { weight in
        weight.finding(
          weightZero, "\(weight.key) 0 gives every node of \(registry.key) the weight 0", at: weight.keyNode,
          help: "write 1 or more, unless that is meant")
      }
    }
  }

  private static func numberForm(_ setting: Setting) -> Finding? {
    guard case .number(_) = setting.kind, !setting.substituted, setting.file.tree.reader == .libyaml,
      let written = setting.written,
      setting.file.tree[setting.file.tree.resolved(setting.node)].style == .plain
    else { return nil }
    let digits = written.drop { $0 == "-" || $0 == "+" }
    let isOctal =
      digits.count > 1 && digits.hasPrefix("0") && digits.dropFirst().allSatisfy { $0.isNumber || $0 == "_" }
    guard isOctal && setting.described.has("written") || digits.contains(":") else { return nil }
    return setting.finding(
      wrongForm, "\(setting.key) is \(setting.described)\(isOctal ? ": a leading zero means octal" : "")",
      help: "write the number without a leading zero or colon")
  }
}

extension Setting {
  /// The scalars in it, however deep.
  var leaves: [Setting] {
    var found: [Setting] = []
    addLeaves(to: &found)
    return found
  }

  private func addLeaves(to found: inout [Setting]) {
    if !isTable { found.append(self) }
    for item in items ?? [] { item.addLeaves(to: &found) }
    for key in keys { key.setting?.addLeaves(to: &found) }
  }
}

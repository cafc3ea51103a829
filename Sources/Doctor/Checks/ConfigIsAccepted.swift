import APISIX
import Common
import Findings
import Inputs
import Kubernetes
import Lint
import Probes
import SourceText
import YAML

extension Check {
  /// Judges config.yaml as `lint` does, and looks at what it names.
  /// - Parameter more: what is looked at then; it gets nil where the file cannot be read.
  static func configIsAccepted(
    _ path: String, _ installation: Installation, then more: @escaping @Sendable (JudgedConfig?) -> [Check]
  ) -> Check {
    Check(.configuration, "APISIX \(installation.access.release) takes \(path)") { context in
      let conditions = installation.conditions(in: context)
      let config: DiscoveryConfig
      let input: LintInput
      do throws(FileError) {
        let bytes = try context.read(path)
        config = try DiscoveryConfig(at: path, conditions) { _ in bytes }
        input = LintInput(path: config.path, bytes: bytes, named: true)
      } catch { return Outcome([error.finding], more: more(nil)) }
      let linter = Linter(installation.catalogue(), now: context.now(), kind: .apisixConfig) { _ in conditions }
      var found = config.hidden(linter.check([input]).findings)
      if let refused = config.doesNotStart, !found.hasErrors { found.append(refused) }
      let kept = Kept(.text(.config, input.bytes), path: path, of: installation)
      let evidence = Evidence(sources: [config.path: config.source], kept: [kept])
      var outcome = Outcome(
        found.but(.environment, .credentials, .upstreams), more: more(JudgedConfig(config: config, findings: found)),
        evidence)
      outcome.detail = installation.found?.workload.helm?.advice
      return outcome
    }
  }
}

extension Workload.HelmRelease {
  /// Who changes the ConfigMap itself loses it with the next upgrade.
  fileprivate var advice: String {
    let place = chart.flatMap(ChartPlace.registry).map { ", below \($0)" } ?? ""
    return "change it in the chart's values\(place), then helm upgrade \(name)"
  }
}

/// A config.yaml with what there is to say of it.
struct JudgedConfig: Sendable {
  let config: DiscoveryConfig
  let findings: [Finding]

  /// Whether a section has an error, so that APISIX itself would ask nothing by it.
  func hasErrors(below path: String) -> Bool {
    findings.contains { $0.severity == .error && ($0.path ?? "").hasPrefix(path) }
  }

  var registries: [RegistryKind] { config.registries.compactMap { RegistryKind(rawValue: $0.name) } }
}

extension DiscoveryConfig {
  /// The findings without the values of variables that were filled in: any of them may be a secret.
  fileprivate func hidden(_ findings: [Finding]) -> [Finding] {
    guard case .known(let variables) = conditions.environment else { return findings }
    let text = String(decoding: tree.text.bytes, as: UTF8.self)
    let filled = variables.filter { text.has("{\($0.key)") }.map(\.value)
    if filled.isEmpty { return findings }
    return Report(command: "", version: "", findings: findings, secrets: filled, order: .asGiven).findings
  }
}

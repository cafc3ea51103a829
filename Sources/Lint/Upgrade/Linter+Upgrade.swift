import APISIX
import Findings

extension Linter {
  /// What changes for each file on its way to `target`, by its path; nothing without one.
  func changes(_ inputs: [LintInput], _ threads: Int) -> [String: [Finding]] {
    guard let target else { return [:] }
    let own = Set(inputs.map { conditions($0.path).release })
    guard let lowest = own.union([target]).min(), let highest = own.union([target]).max() else { return [:] }
    let (older, newer) = (states(inputs, at: lowest, threads), states(inputs, at: highest, threads))
    var upgrades: [String: Upgrade] = [:]
    for (path, state) in newer {
      upgrades[path] = Upgrade(
        older: older[path] ?? .init(), newer: state, isUp: conditions(path).release < target)
    }
    var open = upgrades.mapValues(\.subjects).filter { !$0.value.isEmpty }
    var since: [String: [String: Release]] = [:]
    // Downwards, as long as a release does as the newest of them.
    for release in Release.turning.reversed() where release > lowest && release <= highest {
      if open.isEmpty { break }
      let states = states(inputs, at: release, threads)
      for (path, subjects) in open {
        let same = subjects.filter { states[path]?[$0]?.state == newer[path]?[$0]?.state }
        for subject in same { since[path, default: [:]][subject] = release }
        open[path] = same.isEmpty ? nil : same
      }
    }
    return upgrades.reduce(into: [:]) { found, upgrade in
      found[upgrade.key] = upgrade.value.findings(since: since[upgrade.key] ?? [:]).filter(\.isCertain)
    }
  }

  /// What a release makes of each file, as far as it lies on the file's way.
  private func states(_ inputs: [LintInput], at release: Release, _ threads: Int) -> [String: Upgrade.State] {
    var linter = self
    linter.target = nil
    linter.collects = true
    linter.conditions = { [conditions, target] path in
      var here = conditions(path)
      let ends = [here.release, target ?? here.release].sorted()
      here.release = min(max(release, ends[0]), ends[1])
      return here
    }
    let result = linter.check(inputs, threads: threads)
    var states: [String: Upgrade.State] = [:]
    for read in result.read {
      let effects = Dictionary(read.effects.map { ($0.subject, $0) }) { first, _ in first }
      states[read.file.path] = Upgrade.State(effects: effects, isRefused: read.isRefused)
    }
    var times: [String: Int] = [:]
    for finding in result.findings {
      guard let path = finding.file, let isRefused = states[path]?.isRefused else { continue }
      var effect = Effect(finding, isRefused: isRefused)
      // Of one place a rule may say several things.
      let seen = times["\(path) \(effect.subject)", default: 0]
      times["\(path) \(effect.subject)"] = seen + 1
      if seen > 0 { effect.subject += " \(seen)" }
      states[path]?.effects[effect.subject] = effect
    }
    return states
  }
}

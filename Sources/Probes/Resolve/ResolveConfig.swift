import APISIX
import Findings
import Inputs
import JSON

/// The config.yaml of a run.
struct ResolveConfig {
  let verdict: Verdict
  /// `discovery.kubernetes`
  let kubernetes: JSONValue

  /// nil without a path.
  init?(_ path: String?, _ conditions: Conditions, _ context: Context) throws(ResolveQuestion.Stop) {
    guard let path else { return nil }
    let bytes: [UInt8]
    do throws(FileError) { bytes = try context.read(path) } catch {
      throw ResolveQuestion.Stop(finding: error.finding)
    }
    verdict = judge(bytes, conditions)
    guard let value = verdict.discovery?["kubernetes"], value.table != nil else {
      throw ResolveQuestion.Stop(
        finding: Finding(
          rule: AccessRules.noKubernetes, message: "there is no discovery.kubernetes in this file", file: path,
          help: "gatecheck lint \(path)"), status: .failed)
    }
    kubernetes = JSONValue(value)
  }

  /// The same with one of its clusters only; all of them for nil.
  func kubernetes(of id: String?) throws(ResolveQuestion.Stop) -> JSONValue {
    guard let id, let clusters = kubernetes.array else { return kubernetes }
    let chosen = clusters.filter { $0["id"]?.string == id }
    guard chosen.isEmpty else { return .array(chosen) }
    let ids = clusters.compactMap { $0["id"]?.string }
    throw ResolveQuestion.Stop(
      finding: Finding(
        rule: .unknownCluster, message: "no cluster has the id \(terminalSafe(id))",
        help: "the configured ids are: \(ids.joined(separator: ", "))"))
  }

  /// The registries that APISIX starts.
  var enabled: Set<String> { Set((verdict.discovery?.table?.entries ?? []).compactMap { $0.key.string }) }
}

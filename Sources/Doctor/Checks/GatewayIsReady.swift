import Findings
import Inputs
import Probes

extension Check {
  /// Whether the running APISIX says that it is ready.
  static func gatewayIsReady(_ control: String, _ installation: Installation, _ judged: JudgedConfig?) -> Check {
    Check(.gateway, "it says that it is ready") { context throws(Unmet) in
      guard let question = ReadinessQuestion(control, judged?.config, installation.access) else {
        throw .skipped("apisix.status is not set, so it has no /status/ready")
      }
      switch question.ask(in: context) {
      case .ready:
        var outcome = Outcome()
        outcome.detail = "which it says for ever after its first lists"
        return outcome
      case .not(let finding): return Outcome([finding])
      // The control API may be reachable where this port is not.
      case .unsaid(let reason): throw .untried(reason)
      }
    }
  }

  /// Whether the running APISIX would take what stands in a file.
  static func gatewayTakes(_ file: String, _ installation: Installation) -> Check {
    Check(.gateway, "it would take \(file)") { context throws(Unmet) in
      let answer: ValidationQuestion.Answer
      do throws(FileError) {
        answer = try ValidationQuestion(installation.sources, installation.access).ask(file, in: context)
      } catch { return Outcome([error.finding]) }
      if let reason = answer.unsaid { throw .untried(reason) }
      return Outcome(answer.findings, Evidence(sources: answer.sources, secrets: answer.secrets))
    }
  }
}

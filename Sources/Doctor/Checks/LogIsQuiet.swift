import APISIX
import Findings
import Inputs
import Logs
import Probes

extension Check {
  /// Reads error.log as `logs explain` does.
  static func logIsQuiet(_ installation: Installation, _ judged: JudgedConfig?) -> Check {
    let files = installation.logs.joined(separator: ", ")
    return Check(.log, files.isEmpty ? "error.log tells of no failure" : "\(files) tells of no failure") {
      context throws(Unmet) in
      guard !installation.logs.isEmpty else { throw .skipped("not given: --log FILE") }
      let config = judged?.config
      var question = LogQuestion(installation.logs)
      question.isCancelled = context.isCancelled
      question.text = installation.logText.map { (files, $0) }
      do throws(FileError) {
        let read = try question.ask(now: context.now())
        let answer = LogAnswer(
          read, files: installation.logs, config: config.map { LogConfig($0, cluster: installation.access.cluster) })
        let kept = Kept(.log(answer), path: files, of: installation)
        return Outcome(answer.findings(Selection()), Evidence(kept: [kept]))
      } catch { return Outcome([error.finding]) }
    }
  }
}

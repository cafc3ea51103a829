import APISIX
import Findings
import Inputs
import Logs
import Probes
import Synchronization

extension Check {
  /// Reads error.log as `logs explain` does: from files, else from the pods.
  static func logIsQuiet(_ installation: Installation, _ judged: JudgedConfig?) -> Check {
    let name = installation.logName
    return Check(.log, "\(name ?? "error.log") tells of no failure") { context throws(Unmet) in
      guard let name else { throw .skipped("not given: --log FILE") }
      let (texts, detail) = try installation.logTexts(name, in: context)
      let config = judged?.config
      var question = LogQuestion(installation.logs)
      if installation.access.givenRelease != nil { question.release = installation.access.release }
      // One that never ends is no log that is well: what was read by then is told, and that.
      let isCut = Atomic(false)
      question.isCancelled = {
        if context.isOver { isCut.store(true, ordering: .relaxed) }
        return context.isOver
      }
      question.texts = texts
      do throws(FileError) {
        let read = try question.ask(now: context.now())
        let files = texts?.map(\.name) ?? installation.logs
        let answer = LogAnswer(
          read, files: files, config: config.map { LogConfig($0, cluster: installation.access.cluster) })
        let kept = Kept(.log(answer), path: name, of: installation)
        var outcome = Outcome(answer.findings(Selection()), Evidence(kept: [kept]))
        if isCut.load(ordering: .relaxed) {
          outcome.findings.append(FileError.unended(name, within: context.patience).finding)
        }
        outcome.detail = detail
        return outcome
      } catch { return Outcome([error.finding]) }
    }
  }
}

extension Installation {
  /// What its log is called; nil where there is none.
  fileprivate var logName: String? { logs.isEmpty ? podLogs?.shown : logs.joined(separator: ", ") }

  /// What is read in place of files; nil: the files are.
  /// - Throws: where no pod's log is to be had. Nobody asked for it by name: that is no failure of the whole.
  fileprivate func logTexts(
    _ name: String, in context: Context
  ) throws(Unmet) -> (texts: [(name: String, bytes: [UInt8])]?, detail: String?) {
    guard logs.isEmpty, let podLogs else { return (logText.map { [(name, $0)] }, nil) }
    let answer = podLogs.ask(in: context)
    if answer.texts.isEmpty {
      guard !answer.untold.isEmpty else { throw .skipped("it has no pods") }
      let reason = answer.untold.joined(separator: "; ")
      throw answer.isTimeout ? .unknown(reason) : .untried(reason)
    }
    let read = "\(counted(answer.texts.count, "pod")), the last \(PodLogs.lines) lines at most"
    return (answer.texts, ([read] + answer.untold).joined(separator: "; "))
  }
}

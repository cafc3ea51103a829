import APISIX
import Findings
import JSON
import Kubernetes
import Probes

/// Shows what `--watch` is told: a line, or a JSON document in one line, for each change.
struct ResolveWatch {
  private let name: String
  private let asJSON: Bool
  private let session: Session
  private let now: () -> Int
  private let started: Int
  private var changes = 0
  private var lists = 1
  private var losses = 0
  private(set) var hasBegun = false

  init(_ name: String, asJSON: Bool, session: Session, now: @escaping () -> Int) {
    self.name = name
    self.asJSON = asJSON
    self.session = session
    self.now = now
    started = now()
  }

  mutating func show(_ news: WatchNews) {
    switch news {
    case .nodes(let change): show(change)
    case .lost(let findings):
      losses += 1
      line("lost", findings.first.map { "lost: \($0.message); trying again" } ?? "lost; trying again")
    case .back:
      lists += 1
      line("back", "the server answers again")
    case .expired:
      lists += 1
      line("expired", "the server has forgotten the version (410); listing anew")
    case .stopped(let finding): line("stopped", "\(finding.message); \(finding.help ?? "")")
    case .kept(let finding): line("kept", "\(finding.message); \(finding.help ?? "")")
    case .resumed:
      lists += 1
      line("resumed", "APISIX reads all of it again")
    }
  }

  private mutating func show(_ change: WatchNews.Change) {
    if hasBegun { changes += 1 }
    hasBegun = true
    var text = change.nodes.map { counted($0.count, "node") } ?? "no nodes"
    text += (change.added.map { " +" + $0.address } + change.removed.map { " -" + $0.address }).joined()
    line(
      change.isFirst ? "start" : "change", text,
      [
        "nodes": JSONValue(change.nodes?.map(\.json)), "added": .array(change.added.map(\.json)),
        "removed": .array(change.removed.map(\.json)),
      ])
  }

  /// The summary after Ctrl-C.
  func finish(quiet: Bool) -> ExitStatus {
    let seconds = now() - started
    if !quiet {
      session.notices.write(
        "gatecheck: \(counted(changes, "change")), \(counted(lists, "list")), "
          + "\(counted(losses, "loss")) of the server in \(seconds) s\n")
    }
    return .passed
  }

  private func line(_ event: String, _ text: String, _ members: JSONObject? = nil) {
    let time = Timestamp.iso(now()) ?? ""
    guard asJSON else {
      session.output.write("\(time) \(terminalSafe(name)): \(terminalSafe(text))\n")
      return
    }
    let head: JSONObject = [
      "schemaVersion": 1, "time": .string(time), "event": .string(event), "serviceName": .string(name),
    ]
    session.output.write(JSONValue.object(head + (members ?? ["message": .string(text)])).text() + "\n")
  }
}

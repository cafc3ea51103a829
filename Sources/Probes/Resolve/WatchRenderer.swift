import APISIX
public import Findings
import JSON
import Kubernetes

/// Shows what `resolve --watch` is told: a line, or a JSON document in one line, for each change.
public struct WatchRenderer {
  private let name: String
  private let asJSON: Bool
  private let now: () -> Int
  private let write: (String) -> Void
  private let started: Int
  private var changes = 0
  private var lists = 1
  private var losses = 0
  public private(set) var hasBegun = false
  private var hasNodes = false
  private var isStopped = false
  /// What the loss of the server means, while it lasts.
  private var loss: ExitStatus?

  /// - Parameters:
  ///   - name: the service name that is watched.
  ///   - now: seconds since 1970.
  ///   - write: is given each line, with its end.
  public init(_ name: String, asJSON: Bool, now: @escaping () -> Int, write: @escaping (String) -> Void) {
    self.name = name
    self.asJSON = asJSON
    self.now = now
    self.write = write
    started = now()
  }

  public mutating func show(_ news: WatchNews) {
    switch news {
    case .nodes(let change): show(change)
    case .lost(let findings):
      losses += 1
      loss = ExitStatus(for: findings, selection: Selection())
      line("lost", findings.first.map { "lost: \($0.message); trying again" } ?? "lost; trying again")
    case .back:
      lists += 1
      loss = nil
      line("back", "the server answers again")
    case .expired:
      lists += 1
      line("expired", "the server has forgotten the version (410); listing again")
    case .stopped(let finding):
      isStopped = true
      line("stopped", "\(finding.message); \(finding.help ?? "")")
    case .kept(let finding): line("kept", "\(finding.message); \(finding.help ?? "")")
    case .resumed:
      lists += 1
      isStopped = false
      line("resumed", "APISIX reads all of it again")
    }
  }

  private mutating func show(_ change: WatchNews.Change) {
    if hasBegun { changes += 1 }
    hasBegun = true
    hasNodes = !(change.nodes ?? []).isEmpty
    var text = change.nodes.map { counted($0.count, "node") } ?? "no nodes"
    text += (change.added.map { " +" + $0.address } + change.removed.map { " -" + $0.address }).joined()
    line(
      change.isFirst ? "start" : "change", text,
      [
        "nodes": JSONValue(change.nodes?.map(\.json)), "added": .array(change.added.map(\.json)),
        "removed": .array(change.removed.map(\.json)),
      ])
  }

  /// That of the last answer.
  public var status: ExitStatus { loss ?? (hasNodes && !isStopped ? .passed : .failed) }

  /// What there was in all, for the end.
  public var summary: String {
    "\(counted(changes, "change")), \(counted(lists, "list")), \(counted(losses, "loss")) of the server in "
      + "\(now() - started) s"
  }

  private func line(_ event: String, _ text: String, _ members: JSONObject? = nil) {
    let time = Timestamp.iso(now()) ?? ""
    guard asJSON else {
      write("\(time) \(terminalSafe(name)): \(terminalSafe(text))\n")
      return
    }
    let head: JSONObject = [
      "schemaVersion": 1, "time": .string(time), "event": .string(event), "serviceName": .string(name),
    ]
    write(JSONValue.object(head + (members ?? ["message": .string(text)])).text() + "\n")
  }
}

import APISIX
public import Findings
import JSON
import Kubernetes
import SourceText

/// Shows what `resolve --watch` is told: a line, or a JSON document in one line, for each change.
public struct WatchRenderer {
  private let name: String
  private let asJSON: Bool
  private let selection: Selection
  private let now: () -> Int
  private let write: (String) -> Void
  private let started: Int
  private var changes = 0
  private var lists = 1
  private var losses = 0
  public private(set) var hasBegun = false
  private var hasNodes = false
  private var isStopped = false
  /// What the loss of a server means, while it lasts.
  private var lost: [WatchNews.Server: ExitStatus] = [:]
  /// What is wrong with the nodes, and with what etcd has of them.
  private var (found, compared) = (ExitStatus.passed, ExitStatus.passed)

  /// - Parameters:
  ///   - name: the service name that is watched.
  ///   - selection: which findings are told, and which count.
  ///   - now: seconds since 1970.
  ///   - write: is given each line, with its end.
  public init(
    _ name: String, asJSON: Bool, selection: Selection = Selection(), now: @escaping () -> Int,
    write: @escaping (String) -> Void
  ) {
    self.name = name
    self.asJSON = asJSON
    self.selection = selection
    self.now = now
    self.write = write
    started = now()
  }

  public mutating func show(_ news: WatchNews) {
    switch news {
    case .nodes(let change): show(change)
    case .found(let findings): found = told(findings, "found")
    case .compared(let findings, let notices):
      compared = told(findings, "compared")
      for notice in notices { line("compared", notice) }
    case .lost(let findings, let server):
      losses += 1
      lost[server] = ExitStatus(for: findings, selection: Selection())
      line("lost", findings.first.map { "lost: \($0.message); trying again" } ?? "lost; trying again")
    case .back(let server):
      lists += 1
      lost[server] = nil
      line("back", "\(server == .etcd ? "etcd" : "the server") answers again")
    case .expired:
      lists += 1
      line("expired", "the server has forgotten the version (410); listing again")
    case .stopped(let finding):
      isStopped = true
      line("stopped", finding)
    case .kept(let finding): line("kept", finding)
    case .resumed(let reader):
      lists += 1
      isStopped = false
      line("resumed", "\(reader) reads all of it again")
    }
  }

  private func told(_ findings: [Finding], _ event: String) -> ExitStatus {
    let findings = selection.apply(to: findings)
    for finding in findings { line(event, finding) }
    return ExitStatus(for: findings, selection: selection)
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
  public var status: ExitStatus {
    let states = [lost[.registry], lost[.etcd], hasNodes && !isStopped ? .passed : .failed, found, compared]
    return states.lazy.compactMap { $0 }.first { $0 != .passed } ?? .passed
  }

  /// What there was in all, for the end.
  public var summary: String {
    "\(counted(changes, "change")), \(counted(lists, "list")), \(counted(losses, "loss")) of the server in "
      + "\(now() - started) s"
  }

  private func line(_ event: String, _ finding: Finding) {
    let lines = finding.message + (finding.help.map { "; \($0)" } ?? "")
    let text = lines.parts(between: "\n").joined(separator: "; ")
    line(event, text, ["message": .string(text), "rule": .string(finding.rule.id)])
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

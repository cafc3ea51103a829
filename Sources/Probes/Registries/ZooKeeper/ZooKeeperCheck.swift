import APISIX
import Findings
import Registries
import SourceText

/// Whether each server of ZooKeeper lets apisix-seed read, and has services in the form that it reads.
struct ZooKeeperCheck {
  let settings: SeedSettings
  private let access: AccessOptions
  private let context: Context

  init(settings: SeedSettings, _ access: AccessOptions, _ context: Context) {
    (self.settings, self.access, self.context) = (settings, access, context)
  }

  func ask(_ answer: inout RegistryCheckAnswer) {
    if let wrong = settings.hosts.isEmpty ? ZooKeeperResolver.noHosts : ZooKeeperResolver.badPrefix(settings.prefix) {
      return answer.findings.append(wrong)
    }
    var told: Set<String> = []
    for host in settings.hosts {
      context.progress("asking zookeeper")
      let start = ContinuousClock.now
      var server = RegistryCheckAnswer.Server(registry: "zookeeper", place: host)
      var findings: [Finding] = []
      do throws(ZooKeeperConversation.Failure) {
        var conversation = try ZooKeeperConversation.begin(host, prefix: settings.prefix, access, context)
        server = .init(registry: "zookeeper", place: conversation.place, version: conversation.version)
        let (services, found) = try conversation.services()
        (server.services, findings) = (services, found)
        if !found.isEmpty { server.state = .refused }
      } catch {
        findings = [error.finding]
        server.state = error.isUnreached ? .unreached : .refused
      }
      server.milliseconds = (ContinuousClock.now - start) / .milliseconds(1)
      answer.add(server)
      // The znodes are those of the ensemble, whichever server is asked.
      answer.findings += findings.filter { told.insert("\($0.rule.id) \($0.help ?? "")").inserted }
    }
  }
}

extension ZooKeeperConversation {
  /// At most as many znodes are looked into.
  private static let most = 100

  /// How many services are below the prefix, and what keeps apisix-seed from reading them.
  mutating func services() throws(Failure) -> (count: Int?, findings: [Finding]) {
    guard let names = try ownChildren() else { return (nil, [try noPrefix()]) }
    guard !names.isEmpty else {
      return (
        0,
        [
          Finding(
            RegistryRules.empty, "ZooKeeper at \(place) has nothing below \(prefix)",
            help: Self.example("create", "\(prefix)/NAME"))
        ]
      )
    }
    // One cause is told once, with the first znode that has it.
    var causes: [(finding: Finding, others: Int)] = []
    for name in names.prefix(Self.most) {
      guard let finding = try objection(to: "\(prefix)/\(name)") else { continue }
      if let index = causes.firstIndex(where: { $0.finding.rule == finding.rule }) {
        causes[index].others += 1
      } else {
        causes.append((finding, 0))
      }
    }
    let findings = causes.map { finding, others in
      let more = others == 0 ? "" : " (\(counted(others, "more znode")) alike)"
      return Finding(finding.rule, finding.message + more, help: finding.help)
    }
    return (names.count, findings)
  }

  /// What keeps apisix-seed from reading a znode; nil where nothing does.
  private mutating func objection(to path: String) throws(Failure) -> Finding? {
    do throws(Failure) {
      guard case .there(let data) = try data(of: path) else { return nil }
      do throws(SeedNodes.Refusal) { _ = try SeedNodes.read(data) } catch { return try finding(error, data, path) }
      return nil
    } catch {
      guard error.finding.rule == ZooKeeperRules.notAllowed else { throw error }
      return error.finding
    }
  }
}

import Findings
import Probes

/// What resolve is asked for, as a plain value.
struct ResolveArguments {
  /// nil for all, or for what is referenced or held.
  var serviceName: String?
  var referenced: [String] = []
  var admin: String?
  var adminKeyFile: String?
  /// Empty for the one of config.yaml.
  var etcd: String?
  var control: String?
  var from: [String] = []
  var watch = false
  var probe: ProbeKind?
  var fromPod = false
  var namespace = "default"
  var output = "table"
  var config = ConfigFlags()
  var connection = ConnectionFlags()
  var selection = SelectionFlags()
  var terminal = TerminalChoice()

  init() {}

  /// The calls that scripts make all day: one name, or --all, with options that take a value each. They need no
  /// ArgumentParser, which takes a sixth of such a run; nil for every other call, and for a wrong one.
  init?(plain arguments: [String]) {
    guard arguments.first == "resolve" else { return nil }
    var rest = arguments.dropFirst()
    var all = false
    var given: Set<String> = []
    while let word = rest.popFirst() {
      guard word.hasPrefix("-") else {
        guard serviceName == nil else { return nil }
        serviceName = word
        continue
      }
      guard word == "--from" || given.insert(word).inserted else { return nil }
      if word == "--all" {
        all = true
        continue
      }
      guard let value = rest.popFirst(), !value.hasPrefix("-") else { return nil }
      switch word {
      case "--config": config.config = value
      case "--cluster": config.cluster = value
      case "--from": from.append(value)
      case "--server": connection.server = value
      case "--token-file": connection.tokenFile = value
      case "--certificate-authority": connection.certificateAuthority = value
      case "--kubeconfig": connection.kubeconfig = value
      case "--context": connection.context = value
      case "-o", "--output":
        let formats: [NodeFormat] = all || serviceName == nil ? [.table, .json, .yaml] : NodeFormat.allCases
        guard formats.contains(where: { $0.rawValue == value }) else { return nil }
        output = value
      default: return nil
      }
    }
    guard (serviceName != nil) != all else { return nil }
  }

  /// Whether upstreams are to be collected.
  var wantsInventory: Bool { !sources.isEmpty }

  private var sources: UpstreamSources {
    var sources = UpstreamSources()
    sources.referenced = referenced
    sources.admin = admin
    sources.adminKeyFile = adminKeyFile
    sources.etcd = etcd
    return sources
  }

  /// What is asked.
  func question() throws -> ResolveQuestion {
    var question = ResolveQuestion()
    question.serviceName = serviceName
    question.sources = sources
    question.control = control
    question.from = from
    question.probe = fromPod ? nil : probe.map { $0 == .tls ? .tls : .tcp }
    question.access = try AccessOptions(config, connection)
    return question
  }

  /// The format as those of findings name it; none for those of nodes but JSON.
  var documents: [OutputPlan] { OutputFormat(rawValue: output).map { [OutputPlan(format: $0, file: nil)] } ?? [] }

  func perform(in session: Session) -> ExitStatus { ResolveRun(arguments: self, session: session).perform() }
}

enum NodeFormat: String, CaseIterable { case table, json, yaml, apisix, hosts }

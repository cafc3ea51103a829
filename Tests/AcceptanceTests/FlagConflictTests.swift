import TestSupport
import Testing

@testable import gatecheck

/// What flags cannot be, alone or together, every command that has them refuses in the same way.
@Suite struct FlagConflictTests {
  struct Conflict: Sendable, CustomTestStringConvertible {
    let words: [String]
    let told: String
    var testDescription: String { words.joined(separator: " ") }

    init(_ words: String, _ told: String) {
      self.words = words.split(separator: " ").map(String.init)
      self.told = told
    }

    /// Whether the command has all of these flags.
    func concerns(_ command: any Command.Type) -> Bool {
      words.allSatisfy { word in !word.hasPrefix("-") || command.words.contains(String(word.prefix { $0 != "=" })) }
    }
  }

  static let conflicts = [
    Conflict(
      "--insecure-skip-tls-verify --certificate-authority ca.crt",
      "--certificate-authority and --insecure-skip-tls-verify exclude each other."),
    Conflict("--timeout=-5", "--timeout wants a number of seconds above 0, not '-5'."),
    Conflict("--timeout 0", "--timeout wants a number of seconds above 0, not '0'."),
    Conflict("--request-timeout nan", "--request-timeout wants a number of seconds above 0, not 'nan'."),
    Conflict("--request-timeout 90000", "--request-timeout wants a number of seconds above 0, not '90000'."),
    Conflict("--fail-on critical", "--fail-on wants note, warning or error, not 'critical'."),
    Conflict("--color maybe", "--color wants auto, always or never, not 'maybe'."),
    Conflict("--watch-endpoint-slices=no", "--watch-endpoint-slices stands alone, or is =both, not 'no'."),
    Conflict("--kubernetes-version new", "--kubernetes-version wants a release such as 1.24, not 'new'."),
    Conflict("--label app", "--label wants the form key=value, not 'app'."),
    Conflict("--annotation app", "--annotation wants the form key=value, not 'app'."),
    Conflict("--jobs many", "--jobs wants a whole number, not 'many'."),
    Conflict(
      "--duration 5m", "--duration wants a time of at least 10 minutes, such as 3600, 90m, 24h or 30d, not '5m'."),
    Conflict("--files-from list.txt config.yaml", "--files-from and paths exclude each other."),
    Conflict("--create-secret --duration 1h", "--create-secret and --duration or --audience exclude each other."),
    Conflict("--create-secret --audience a", "--create-secret and --duration or --audience exclude each other."),
    Conflict("--projected --form helm", "--projected and --form exclude each other."),
    Conflict("--projected -o json", "-o json is for manifests; --form and --projected give YAML."),
    Conflict("--form kustomize", "--form kustomize makes several files: add --output-dir DIR."),
    Conflict(
      "--all --control http://h",
      "Give one of these: a service name, --all, --control, or upstreams (--referenced, --admin, --etcd together). "
        + "--control also goes with a service name."),
    Conflict("--all --probe", "--probe wants one service name."),
    Conflict("--all --watch", "--watch wants one service name and servers to ask; not --from, --probe or --control."),
    Conflict("--all --from-pod", "--from-pod goes with --probe, for TCP."),
    Conflict("--admin-key-file key", "--admin-key-file goes with --admin."),
    Conflict("--host shop.example.com", "--host goes with --uri."),
    Conflict("--pre --log error.log", "--pre looks at what does not run yet: not with --control or --log."),
    Conflict("--uri / --admin a --name apisix", "--name and --namespace go with --pre."),
    Conflict("--bundle=-", "--bundle wants a file, not standard output."),
    Conflict("--from-bundle b --bundle c", "--from-bundle and --bundle exclude each other."),
    Conflict("--from-bundle b --log c", "--from-bundle and --log exclude each other."),
    Conflict("--uri /", "--uri wants to know the routes: --admin URL, --apisix-file FILE or --control URL."),
    Conflict("--confirm --cluster a", "--cluster goes with --into."),
    Conflict("--confirm --into c --output-file=-", "--into and --output-file - exclude each other."),
    Conflict("--expires-within 14x", "--expires-within wants a time such as 12h or 14d, not '14x'."),
    Conflict("--expires-within 1d --config c f", "--config and a file exclude each other."),
    Conflict(
      "--registry nacos --zookeeper a:1", "--registry and --zookeeper or --seed-config exclude each other."),
    Conflict(
      "--registry nacos --seed-config c", "--registry and --zookeeper or --seed-config exclude each other."),
    Conflict("--zookeeper :2181", "--zookeeper wants HOST:PORT, or several with commas between."),
    Conflict("--zookeeper 127.0.0.1:abc", "--zookeeper wants HOST:PORT, or several with commas between."),
    Conflict("--zookeeper http://127.0.0.1:1", "--zookeeper wants HOST:PORT, or several with commas between."),
    Conflict(
      "--zookeeper a:1,b:1/c",
      "--zookeeper takes no path behind several servers: write it into discovery.zookeeper.prefix of a --seed-config."),
    Conflict("--referenced cluster --from x", "--referenced cluster asks the API server; not with --from."),
  ]

  static let cases = conflicts.flatMap { conflict in
    Commands.all.filter(conflict.concerns).map { ($0.name, conflict) }
  }

  @Test func everyConflictIsOneOfSomeCommand() {
    for conflict in Self.conflicts { #expect(Self.cases.contains { $0.1.told == conflict.told }, "\(conflict.words)") }
    #expect(Self.cases.count { $0.1.words.contains("--insecure-skip-tls-verify") } == 8)
  }

  @Test(arguments: cases) func isRefusedEverywhere(command: String, conflict: Conflict) throws {
    var words = command.split(separator: " ").map(String.init) + conflict.words
    if command == "explain" { words.append("token/expired") }
    // What these commands cannot do without.
    if command == "token create" {
      words += conflict.words.contains("--cluster") ? ["--output-file", "t"] : ["--into", "c"]
    }
    let flags = ["--all", "--control", "--referenced", "--admin-key-file"]
    if command == "resolve", conflict.words.allSatisfy({ !flags.contains($0) }) { words += ["--all"] }
    if command == "resolve", conflict.words.contains("--admin-key-file") { words += ["--all"] }
    for more in [[], ["-o", "json"]] where more.isEmpty || !conflict.words.contains("-o") {
      guard more.isEmpty || !["rules", "explain", "schema", "rbac generate"].contains(command) else { continue }
      let ended = try gatecheck(words + more)
      #expect(ended.status == 2)
      #expect(ended.output == "")
      #expect(
        ended.errors.hasPrefix("gatecheck: \(conflict.told)\nUsage: gatecheck \(command)"), "\(ended.errors)")
    }
  }
}

extension Command {
  /// Its flags, as they are written.
  static var words: Set<String> {
    Set(
      flags.flatMap { parameter in
        ["--" + parameter.name] + (parameter.short.map { ["-\($0)"] } ?? [])
      })
  }
}

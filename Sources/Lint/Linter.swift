public import APISIX
public import Findings
import JSON
import Kubernetes
import SourceText
import YAML

/// A file's bytes, as the user named it.
public struct LintInput: Sendable {
  public let path: String
  public let bytes: [UInt8]
  /// Named on the command line, not found in a folder: it is then looked at even when its content tells no kind.
  public let named: Bool

  public init(path: String, bytes: [UInt8], named: Bool) {
    self.path = path
    self.bytes = bytes
    self.named = named
  }
}

/// What lint says of some files.
public struct LintResult: Sendable {
  /// Those that are of a kind that gatecheck knows, in the order given.
  public var files: [Report.File] = []
  public var findings: [Finding] = []
  /// The texts that findings quote, with their credentials marked.
  public var sources: [String: SourceFile] = [:]

  public init() {}
}

/// Runs every rule over files, offline and deterministically: the same result whatever the number of threads.
public struct Linter: Sendable {
  /// The conditions under which a file is judged; settings may differ from folder to folder.
  private let conditions: @Sendable (_ path: String) -> Conditions
  private let catalogue: @Sendable () -> Catalogue
  /// Seconds since 1970; only expiry of tokens hangs on it.
  private let now: Int

  /// - Parameter catalogue: every rule; only asked for when an ignore comment names one.
  public init(
    _ catalogue: @escaping @autoclosure @Sendable () -> Catalogue, now: Int,
    conditions: @escaping @Sendable (_ path: String) -> Conditions
  ) {
    self.catalogue = catalogue
    self.now = now
    self.conditions = conditions
  }

  /// - Parameters:
  ///   - threads: how many files are looked at at once.
  ///   - isActive: whether findings of a rule count at all in a file; an ignore of one that does not is not called
  ///     unused.
  public func check(
    _ inputs: [LintInput], threads: Int = 1,
    isActive: @Sendable (_ selector: String, _ path: String) -> Bool = { _, _ in true }
  ) -> LintResult {
    let known = concurrentMap(inputs, threads: threads) { read($0) }
    let files = known.compactMap { $0?.files }.flatMap { $0 }
    let project = Project(files: files, configs: known.flatMap { $0?.configs.map(\.facts) ?? [] }) {
      conditions($0).release
    }
    let found = concurrentMap(known, threads: threads) { file -> [Finding] in
      guard let file else { return [] }
      return Ignores(of: file.files, catalogue: catalogue())
        .apply(to: findings(of: file, in: project)) { isActive($0, file.path) }
    }
    var result = LintResult()
    result.findings = found.flatMap { $0 }
    result.files.reserveCapacity(known.count)
    result.sources.reserveCapacity(known.count)
    for file in known.compactMap({ $0 }) {
      result.files.append(
        Report.File(path: file.path, kind: file.kind.rawValue, verdict: file.verdict))
      result.sources[file.path] = file.source
    }
    return result
  }

  /// A file and those that stand in it.
  private final class Read: Sendable {
    let path: String
    let kind: FileKind
    let files: [LintFile]
    /// What each config.yaml among them says to others, and what there is to say of it: no other file counts there.
    let configs: [(facts: ConfigFacts, findings: [Finding])]
    let verdict: JSONValue?
    let source: SourceFile

    init(
      path: String, kind: FileKind, files: [LintFile], configs: [(facts: ConfigFacts, findings: [Finding])] = [],
      verdict: JSONValue? = nil, source: SourceFile
    ) {
      self.path = path
      self.kind = kind
      self.files = files
      self.configs = configs
      self.verdict = verdict
      self.source = source
    }
  }

  /// nil when it is of no kind that gatecheck knows and was not named.
  private func read(_ input: LintInput) -> Read? {
    let (tree, error) = Tree.partial(input.bytes)
    let guessed = error?.kind == .syntax ? FileKind.guess(input.bytes, named: input.named) : nil
    let told = FileKind.detect(tree) ?? guessed
    guard let kind = told ?? (input.named ? .apisixConfig : nil) else { return nil }
    let file = LintFile(path: input.path, kind: kind, tree: tree, error: error)
    if told == nil, FileKind.isForeign(tree) {
      let source = SourceFile(tree.text, secrets: [])
      return Read(path: input.path, kind: kind, files: [file], source: source)
    }
    let files = [file] + (kind == .kubernetes ? file.embeddedFiles() : [])
    let sections = HelmDiscovery(file)?.configSection.map { section in
      LintFile(path: input.path, kind: .apisixConfig, tree: tree.section("discovery", section.node))
    }
    let configs = (files.filter { $0.kind == .apisixConfig } + (sections.map { [$0] } ?? [])).map {
      ConfigLint($0, conditions(input.path), now: now)
    }
    let verdict = kind == .apisixConfig ? configs.first?.context.verdict.json : nil
    let secrets = files.flatMap { file in
      CredentialRanges.find(in: file.tree, broken: file.error != nil).map { range in
        let place = file.place(range)
        return place.start.offset..<max(place.start.offset, place.end.offset)
      }
    }
    return Read(
      path: input.path, kind: kind, files: files, configs: configs.map { ($0.facts, $0.findings()) },
      verdict: verdict, source: SourceFile(tree.text, secrets: secrets))
  }

  private func findings(of read: Read, in project: Project) -> [Finding] {
    var configs = read.configs[...]
    return read.files.flatMap { file -> [Finding] in
      // Only a file of another program was not judged.
      if file.kind == .apisixConfig { return configs.popFirst()?.findings ?? [InputRules.otherProgram(file)] }
      let section = file.kind == .helmValues ? configs.popFirst()?.findings ?? [] : []
      return YAMLRules.error(of: file) + section + ResourceRules.check(file, in: project)
    }
  }
}

extension Verdict {
  /// The `verdict` of the JSON document.
  var json: JSONValue {
    [
      "apisix": .string(release.description), "accepts": accepts.map { .bool($0) } ?? .null,
      "stage": stage.map { .string($0.rawValue) } ?? .null, "message": message.map { .string($0) } ?? .null,
    ]
  }
}

extension ConfigLint {
  /// What rules over other files need to know of this config.
  var facts: ConfigFacts {
    let clusters = context["kubernetes"].map {
      KubernetesCluster.all(of: $0, in: context.file, release: context.release)
    }
    let subjects = (clusters ?? []).compactMap { cluster in
      cluster["client", "token"]?.string.flatMap { TokenText($0).jwt?.subject }
    }
    let provider = context.verdict.root?["deployment"]?["role_data_plane"]?["config_provider"]?.string
    return ConfigFacts(
      path: context.file.path, registries: Set(context.registries.map(\.key)),
      kubernetes: clusters.map { clusters in
        clusters.contains(where: \.isItem) ? .multiple(ids: clusters.compactMap { $0["id"]?.string }) : .single
      },
      subjects: subjects,
      watchesEndpointSlices: context.release >= Releases.watchSlicesWork
        && (clusters ?? []).contains { $0["watch_endpoint_slices"]?.boolean == true },
      readsStandaloneYAML: provider == "yaml")
  }
}

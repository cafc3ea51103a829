import APISIX
import Findings
import Glibc
import Inputs

/// Resolves by what stands in files, read piece by piece.
struct FileResolver: Resolver {
  typealias Stop = ResolveQuestion.Stop

  private let files: [(argument: String, path: String, cluster: String?)]
  private let clusters: [ClusterSettings]?
  private let release: Release
  /// For what a pipe gives.
  private let patience: Patience

  /// - Parameters:
  ///   - arguments: paths, `-` for standard input, `ID=FILE` for one cluster.
  ///   - clusters: nil without a configuration.
  init(_ arguments: [String], _ clusters: [ClusterSettings]?, _ release: Release, _ context: Context) {
    files = arguments.map { argument in
      let parts = argument.split(separator: "=", maxSplits: 1)
      guard parts.count == 2, !parts[0].contains("/"), !parts[0].contains("."), parts[0] != "-" else {
        return (argument, argument, nil)
      }
      return (argument, String(parts[1]), String(parts[0]))
    }
    self.clusters = clusters
    self.release = release
    patience = context.patience
  }

  func resolve(_ name: String) throws(Stop) -> ResolveAnswer {
    let isRepeatable = isRepeatable
    var (answer, found) = try read(name, notingPorts: !isRepeatable)
    // Where nothing of it was an object, that is all there is to say.
    if !answer.findings.isEmpty, !found.clusters.contains(where: \.hasKnownObjects) { return answer }
    // Only who has no answer is asked a second time, for what else may have been meant.
    if isRepeatable {
      let meant = Diagnosis(found, name).meant
      let isSeen = found.place(of: name).map { found.clusters[$0.cluster].observation.isSeen } ?? true
      if meant != nil || !isSeen { found = try read(meant ?? name, notingPorts: true).found }
    }
    answer.take(Diagnosis(found, name))
    return answer
  }

  func all(keeping interest: ClusterStore.Interest) throws(Stop) -> ResolveAnswer {
    var (answer, found) = try read(nil, interest)
    answer.take(found)
    return answer
  }

  func reasons(for name: String) throws(Stop) -> [Finding] {
    isRepeatable ? Diagnosis(try read(name, notingPorts: true).found, name).findings : []
  }

  /// Whether the files can be read again: a pipe, as bash's <(...) makes it, gives its text once.
  private var isRepeatable: Bool {
    files.allSatisfy { file in
      var status = stat()
      return stat(file.path, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
    }
  }

  /// - Parameters:
  ///   - name: the only service name that will be asked for; nil for all.
  ///   - interest: what to keep without one.
  ///   - notingPorts: of every service, not only of the one that is asked for.
  /// - Returns: also an answer with what there is to say of the files themselves.
  private func read(
    _ name: String?, _ interest: ClusterStore.Interest = .counts, notingPorts: Bool = false
  ) throws(Stop) -> (answer: ResolveAnswer, found: KubernetesDiscovery) {
    let ids = files.compactMap(\.cluster)
    var named = ids.isEmpty ? [ClusterSettings(release: release)] : []
    // Several files may be of one cluster.
    for id in ids where !named.contains(where: { $0.id == id }) { named.append(.init(id: id, release: release)) }
    var found = [KubernetesDiscovery(clusters ?? named, serviceName: name, interest: interest)]
    // Without a config nobody says what APISIX watches: slices are read where there is nothing else.
    if clusters == nil, ids.isEmpty, release.has(.watchesSlices) {
      let settings = ClusterSettings(wantsSlices: true, release: release)
      found.append(KubernetesDiscovery([settings], serviceName: name, interest: interest))
    }
    if notingPorts {
      for reading in found.indices {
        for index in found[reading].clusters.indices { found[reading].clusters[index].noteAllPorts() }
      }
    }
    for file in files {
      let index = file.cluster.flatMap(found[0].index(of:))
      if let id = file.cluster, index == nil, found[0].mode == .multi {
        let known = found[0].clusters.compactMap(\.store.settings.id).joined(separator: ", ")
        throw Stop(
          finding: Finding(
            ConfigRules.unknownCluster,
            "--from \(terminalSafe(file.argument)): no cluster has the id \(terminalSafe(id))", help: "ids: \(known)"),
          status: .usage)
      }
      try feed(file.path, cluster: index, &found)
    }
    var answer = ResolveAnswer()
    if found.count > 1, found[0].clusters[0].observation.names.isEmpty {
      let seen = found[1].clusters[0].observation
      if !seen.names.isEmpty || seen.slicesWithoutLabel > 0 {
        answer.notices = ["only EndpointSlices here; resolved as with watch_endpoint_slices: true"]
        found.removeFirst()
      }
    }
    if found[0].clusters.contains(where: { !$0.store.unlisted.isEmpty && $0.store.settings.release.has(.dropsUnlisted) }
    ) {
      answer.notices += ["a later list replaces the one before it, as when APISIX lists again"]
    }
    // What was read by all clusters is told once.
    answer.findings = Array(found[0].clusters.lazy.compactMap(Diagnosis.passedOver).prefix(1))
    return (answer, found[0])
  }

  /// Feeds each reading of the same objects, which are parsed once.
  private func feed(_ path: String, cluster: Int?, _ found: inout [KubernetesDiscovery]) throws(Stop) {
    var input = ObjectInput(cluster: cluster)
    do {
      var stream = try ByteStream(path, patience: patience)
      while let piece = try stream.next() { try input.feed(piece, to: &found) }
      try input.finish(&found)
    } catch let error as FileError {
      throw Stop(finding: error.finding)
    } catch {
      let name = path == "-" ? InputFile.standardInputName : path
      let problem = error as? ObjectInput.Problem
      throw Stop(
        finding: Finding(
          rule: InputRules.unreadable, message: "cannot read this: \(problem?.message ?? "\(error)")", file: name,
          help: problem?.help))
    }
  }
}

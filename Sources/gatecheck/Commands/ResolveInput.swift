import APISIX
import Findings
import Glibc
import Inputs
import Lint
import Probes

/// The files of `--from`, read piece by piece.
struct ResolveInput {
  let arguments: ResolveArguments
  let session: Session

  typealias Stop = ResolveRun.Stop

  /// - Parameters:
  ///   - clusters: nil without a configuration.
  ///   - name: the only service name that will be asked for; nil for all.
  ///   - interest: what to keep without one.
  func read(
    _ clusters: [ClusterSettings]?, _ release: Release, name: String?, interest: ClusterStore.Interest = .counts
  ) throws(Stop) -> KubernetesDiscovery {
    let ids = arguments.from.compactMap(Self.cluster(of:)).map(\.id)
    let named =
      ids.isEmpty ? [ClusterSettings(release: release)] : ids.map { ClusterSettings(id: $0, release: release) }
    var endpoints = KubernetesDiscovery(clusters ?? named, serviceName: name, interest: interest)
    // Without a config nobody says what APISIX watches: slices are read where there is nothing else.
    var slices: KubernetesDiscovery?
    if clusters == nil, ids.isEmpty {
      slices = KubernetesDiscovery([ClusterSettings(wantsSlices: true)], serviceName: name, interest: interest)
    }
    for argument in arguments.from {
      let named = Self.cluster(of: argument)
      let path = named?.path ?? argument
      let index = named.flatMap { endpoints.index(of: $0.id) }
      if let named, index == nil, endpoints.mode == .multi {
        throw Stop(
          finding: Finding(
            rule: .unknownCluster,
            message: "--from \(terminalSafe(argument)): no cluster has the id \(terminalSafe(named.id))"),
          status: .usage)
      }
      try feed(path, cluster: index, &endpoints, &slices)
    }
    if let slices, let first = endpoints.clusters.first, first.observation.names.isEmpty,
      let other = slices.clusters.first,
      !other.observation.names.isEmpty || other.observation.slicesWithoutLabel > 0
    {
      session.notice(
        "only EndpointSlices here; resolved as with watch_endpoint_slices: true", quiet: arguments.terminal.quiet)
      return slices
    }
    return endpoints
  }

  /// Whether the files can be read again: a pipe, as bash's <(...) makes it, gives its text once.
  var isRepeatable: Bool {
    arguments.from.allSatisfy { argument in
      var status = stat()
      return stat(Self.cluster(of: argument)?.path ?? argument, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
    }
  }

  private func feed(
    _ path: String, cluster: Int?, _ endpoints: inout KubernetesDiscovery, _ slices: inout KubernetesDiscovery?
  ) throws(Stop) {
    let descriptor = path == "-" ? 0 : open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else {
      let error = FileError(
        errno == ENOENT ? .notFound : .unreadable, path: path, reason: String(cString: strerror(errno)))
      throw Stop(finding: error.finding)
    }
    defer { if path != "-" { close(descriptor) } }
    var first = ObjectInput(cluster: cluster)
    var second = ObjectInput(cluster: cluster)
    var buffer = [UInt8](repeating: 0, count: 1 << 18)
    do throws(ObjectInput.Problem) {
      while true {
        let count = Glibc.read(descriptor, &buffer, buffer.count)
        if count < 0, errno == EINTR { continue }
        guard count >= 0 else {
          throw ObjectInput.Problem(message: String(cString: strerror(errno)))
        }
        guard count > 0 else { break }
        let chunk = Array(buffer[..<count])
        try first.feed(chunk, to: &endpoints)
        if var other = slices {
          slices = nil
          try second.feed(chunk, to: &other)
          slices = other
        }
      }
      try first.finish(&endpoints)
      if var other = slices {
        slices = nil
        try second.finish(&other)
        slices = other
      }
    } catch {
      throw Stop(
        finding: FileError(.unreadable, path: path == "-" ? InputFile.standardInputName : path, reason: error.message)
          .finding)
    }
  }

  private static func cluster(of argument: String) -> (id: String, path: String)? {
    let parts = argument.split(separator: "=", maxSplits: 1)
    guard parts.count == 2, !parts[0].contains("/"), !parts[0].contains("."), parts[0] != "-" else { return nil }
    return (String(parts[0]), String(parts[1]))
  }
}

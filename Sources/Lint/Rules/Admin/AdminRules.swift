import Findings

/// The checks of what the Admin API takes and answers.
enum AdminRules {
  static func check(_ file: LintFile, in project: Project) -> [Finding] {
    guard let root = file.root else { return [] }
    return AdminBody.bodies(of: root, in: file.tree).flatMap { found -> [Finding] in
      let body = Field(file: file, id: found.id, trail: found.trail)
      return upstreams(of: body).flatMap { Upstream(field: $0, isADC: false, project: project).check() }
        + [["uri", "uris"].contains { body[$0] != nil } ? OutsideUpstream.check(body, "route") : nil].compactMap { $0 }
        + StandaloneRoutes.weightedUpstreams(body).compactMap(StandaloneRoutes.trafficSplit)
    }
  }

  /// A resource that is no upstream has one in it at most.
  private static func upstreams(of body: Field) -> [Field] {
    if let inner = body["upstream"] { return [inner] }
    return ["uri", "uris", "upstream_id", "service_id", "plugins"].contains { body[$0] != nil } ? [] : [body]
  }
}

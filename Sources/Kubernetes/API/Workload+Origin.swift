import JSON

extension Workload {
  /// A token that Kubernetes keeps fresh in a file.
  public struct Token: Sendable, Hashable {
    /// Where the container sees it.
    public let path: String
    /// For whom it is; nil for the API server.
    public let audience: String?
    /// After how many seconds it ends.
    public let seconds: Int

    /// For people.
    public var shown: String { "\(path), for \(audience ?? "the API server"), which ends after \(seconds) s" }

    static func all(in mount: JSONValue, _ volumes: [JSONValue]) -> [Token] {
      guard let folder = mount["mountPath"]?.string,
        let volume = volumes.first(where: { $0["name"] == mount["name"] })?["projected"]
      else { return [] }
      let part = mount["subPath"]?.string
      return (volume["sources"]?.array ?? []).compactMap { $0["serviceAccountToken"] }.compactMap { token in
        guard let file = token["path"]?.string, part ?? file == file else { return nil }
        return Token(
          path: part == nil ? "\(folder)/\(file)" : folder, audience: token["audience"]?.string,
          // The default of the API server.
          seconds: token["expirationSeconds"]?.int ?? 3600)
      }
    }
  }

  /// A release of Helm, by the labels that charts give.
  public struct HelmRelease: Sendable, Hashable {
    public let name: String
    /// `apisix-2.10.0`
    public let chart: String?

    /// For people.
    public var shown: String { "Helm release \(name)" + (chart.map { ", chart \($0)" } ?? "") }

    init?(_ metadata: JSONValue?) {
      let labels = metadata?["labels"]
      let name = metadata?["annotations"]?["meta.helm.sh/release-name"]?.string
      guard labels?["app.kubernetes.io/managed-by"]?.string == "Helm" || name != nil,
        let name = name ?? labels?["app.kubernetes.io/instance"]?.string
      else { return nil }
      (self.name, chart) = (name, labels?["helm.sh/chart"]?.string)
    }
  }
}

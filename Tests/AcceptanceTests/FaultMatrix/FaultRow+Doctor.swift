/// The same mistakes, looked at by doctor: the one cause comes first, whatever else hangs on it.
extension FaultRow {
  static let doctor: [FaultRow] =
    (tokens + refusals + rights + excess.filter { $0.name != "noaccount" }).map { $0.asked($0.question) }
    + connections.filter { !["path", "kubeconfig"].contains($0.name) }.map { $0.asked("doctor $C") }
    + fronts.map { $0.asked("doctor $C") }
    + configs.filter { $0.name != "cluster" }.map { $0.asked("doctor $C") }
    + services.map { $0.asked("\($0.question) --apisix-file apisix.yaml", then: $0.standalone) }
    + stored.map { $0.asked("doctor $C $A") }

  /// With an administrator's view where the cause is not to be seen without.
  private var question: String { "doctor $C" + (commands.contains { $0.text.contains("$A") } ? " $A" : "") }

  /// An apisix.yaml whose one route has the service that is asked for.
  private var standalone: String {
    let name = commands.first.map { $0.text.split(separator: " ")[1] } ?? ""
    return """
      cat >apisix.yaml <<END
      routes:
        - uri: /
          upstream: {type: roundrobin, discovery_type: kubernetes, service_name: "\(name)"}
      #END
      END
      """
  }
}

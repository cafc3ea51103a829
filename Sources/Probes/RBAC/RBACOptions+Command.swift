import Kubernetes
import SourceText

extension RBACOptions {
  /// The command line that prints these objects, for people to paste.
  var command: String {
    var words = ["gatecheck rbac generate --name \(Shell.quoted(name)) --namespace \(Shell.quoted(namespace))"]
    if clusterRole != name { words.append("--cluster-role \(Shell.quoted(clusterRole))") }
    if clusterRoleBinding != name { words.append("--cluster-role-binding \(Shell.quoted(clusterRoleBinding))") }
    if includeSecret, secretName != name + "-token" { words.append("--secret-name \(Shell.quoted(secretName))") }
    if watches != .endpoints { words.append("--watch-endpoint-slices" + (watches == .both ? "=both" : "")) }
    if !includeSecret { words.append("--no-token-secret") }
    if minimal { words.append("--minimal") }
    words += Self.ordered(labels).map { "--label \(Shell.quoted("\($0.key)=\($0.value)"))" }
    words += Self.ordered(annotations).map { "--annotation \(Shell.quoted("\($0.key)=\($0.value)"))" }
    return words.joined(separator: " ")
  }

  /// The command that makes them.
  var apply: String { command + " | kubectl apply -f -" }
}

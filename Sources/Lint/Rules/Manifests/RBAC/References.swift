import Common
import Findings
import Inputs
import Kubernetes

/// Names that should be the same in several objects.
enum References {
  static let rules = [BindingRules.roleNotFound, BindingRules.subjectNotFound]

  static func check(_ binding: Manifest, in project: Project) -> [Finding] {
    let subjects = binding.accountSubjects.map { subject($0, binding, project) }
    return ([roleReference(binding, project.cluster)] + subjects).compactMap { $0 }
  }

  private static func roleReference(_ binding: Manifest, _ cluster: Cluster) -> Finding? {
    guard let reference = binding.object["roleRef"], let field = reference["name"], let name = field.string,
      let kind = reference["kind"]?.string, !name.isTemplated
    else { return nil }
    guard !(cluster.roles[name]?.contains { $0.kind == kind } ?? false) else { return nil }
    let unbound = beside(binding, cluster.roles).filter {
      $0.kind == kind && cluster.bindings(of: $0).isEmpty && !cluster.mayBeCalled($0, name)
    }
    guard let near = closest(name, among: unbound.compactMap(\.name)) else { return nil }
    return field.finding(
      BindingRules.roleNotFound, "there is no \(kind) \(name) in these files; there is \(near), which no binding uses",
      help: "did you mean \(near)?", fix: field.replacing(withName: near))
  }

  private static func subject(_ subject: AccountSubject, _ binding: Manifest, _ project: Project) -> Finding? {
    let cluster = project.cluster
    guard let name = subject.name, let namespace = subject.namespace, !name.isTemplated, !namespace.isTemplated,
      // Every namespace has that account by itself.
      name != "default",
      // The account of a token or of pods is there, wherever its manifest is.
      !project.subjects.contains(subject.username ?? ""), !cluster.isPodAccount(name, namespace),
      !(cluster.accounts[name]?.contains { ($0.namespace ?? namespace) == namespace } ?? false)
    else { return nil }
    let free = beside(binding, cluster.accounts).filter { account in
      guard let name = account.name, let home = account.namespace else { return false }
      return !cluster.boundAccounts.contains("system:serviceaccount:\(home):\(name)") && !home.isTemplated
        && !cluster.mayBeCalled(account, subject.name ?? "")
    }
    if let home = free.first(where: { $0.name == name })?.namespace, let field = subject.field["namespace"],
      !cluster.kustomizations.mayChange(binding.object.file)
    {
      return field.finding(
        BindingRules.subjectNotFound,
        "ServiceAccount \(name) is in namespace \(home) in these files, not in \(namespace)",
        help: "write namespace: \(YAMLScalar.written(home))", fix: field.replacing(withName: home))
    }
    let here = free.filter { $0.namespace == namespace }.compactMap(\.name)
    guard let near = closest(name, among: here), let field = subject.field["name"] else { return nil }
    return field.finding(
      BindingRules.subjectNotFound,
      "there is no ServiceAccount \(name) in these files; there is \(near), which no binding uses",
      help: "did you mean \(near)?", fix: field.replacing(withName: near))
  }

  /// The objects in the files of the same folder: in other folders the same names belong to other installations. None
  /// when they are so many that names are made by a program, and no slips.
  static func beside(_ manifest: Manifest, _ objects: [String: [Manifest]]) -> [Manifest] {
    guard objects.count <= 200 else { return [] }
    let folder = LocalPath.directory(of: manifest.object.file.path)
    return objects.sorted { $0.key < $1.key }.flatMap(\.value).filter {
      LocalPath.directory(of: $0.object.file.path) == folder
    }
  }

  /// Nearer than `nearest` asks for: names of objects that belong together often differ in a syllable.
  static func closest(_ name: String, among names: [String]) -> String? {
    guard let near = nearest(name, among: names), abs(near.count - name.count) <= 2 else { return nil }
    let same =
      zip(near, name).prefix { $0 == $1 }.count + zip(near.reversed(), name.reversed()).prefix { $0 == $1 }.count
    return same + 2 >= min(near.count, name.count) ? near : nil
  }
}

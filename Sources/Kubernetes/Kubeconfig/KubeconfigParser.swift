import Inputs
import JSON
import SourceText
import YAML

extension Kubeconfig {
  /// Reads one file, YAML or JSON. Unknown fields are passed over, wrong types are not, as kubectl does; an empty file
  /// is an empty configuration.
  /// - Parameter file: its path; relative paths in it count from its folder.
  public static func parse(_ bytes: [UInt8], file: String) throws(KubeconfigError) -> Kubeconfig {
    let tree: Tree
    do throws(YAMLError) { tree = try Tree.parse(bytes) } catch { throw KubeconfigError(.notYAML(error)) }
    guard let root = tree.documents.first, tree.scalar(root) != "" else { return Kubeconfig() }
    let parser = KubeconfigParser(tree: tree, file: file)
    return try parser.config(root)
  }
}

/// Reads the fields of a kubeconfig out of its tree.
private struct KubeconfigParser {
  let tree: Tree
  let file: String

  func config(_ root: Tree.ID) throws(KubeconfigError) -> Kubeconfig {
    let fields = Fields(self, root, "kubeconfig")
    try fields.mustBeMapping()
    if let kind = try fields.string("kind"), kind != "Config" {
      throw KubeconfigError(.notAKubeconfig(kind: kind), at: fields.place)
    }
    var config = Kubeconfig()
    config.currentContext = try fields.string("current-context")
    for (name, entry) in try named("clusters", "cluster", fields) { config.clusters.append(try cluster(name, entry)) }
    for (name, entry) in try named("users", "user", fields) { config.users.append(try user(name, entry)) }
    for (name, entry) in try named("contexts", "context", fields) {
      var context = Kubeconfig.Context(name: name, place: entry.place)
      context.cluster = try entry.string("cluster")
      context.user = try entry.string("user")
      context.namespace = try entry.string("namespace")
      config.contexts.append(context)
    }
    return config
  }

  /// The entries of a list of `{name: …, KIND: {…}}`.
  private func named(_ list: String, _ kind: String, _ fields: Fields) throws(KubeconfigError) -> [(String, Fields)] {
    var result: [(String, Fields)] = []
    var seen: Set<String> = []
    for item in try fields.list(list) {
      try item.mustBeMapping()
      let name = try item.string("name") ?? ""
      guard seen.insert(name).inserted else {
        throw KubeconfigError(.duplicateName(list: list, name: name), at: item.place)
      }
      result.append((name, try item.mapping(kind) ?? Fields(self, nil, "\(item.path).\(kind)", near: item.place)))
    }
    return result
  }

  private func cluster(_ name: String, _ fields: Fields) throws(KubeconfigError) -> Kubeconfig.Cluster {
    var cluster = Kubeconfig.Cluster(
      name: name, place: fields.place, server: try fields.string("server"),
      tlsServerName: try fields.string("tls-server-name"),
      insecureSkipTLSVerify: try fields.bool("insecure-skip-tls-verify") ?? false,
      certificateAuthority: try fields.material("certificate-authority"), proxyURL: try fields.string("proxy-url"))
    for item in try fields.list("extensions") where try item.string("name") == "client.authentication.k8s.io/exec" {
      cluster.execConfig = item.value("extension").map(tree.json)
    }
    return cluster
  }

  private func user(_ name: String, _ fields: Fields) throws(KubeconfigError) -> Kubeconfig.User {
    var user = Kubeconfig.User(
      name: name, place: fields.place, clientCertificate: try fields.material("client-certificate"),
      clientKey: try fields.material("client-key"), token: try fields.string("token").map { Secret($0) },
      tokenFile: try fields.string("tokenFile").map(resolved), username: try fields.string("username"),
      password: try fields.string("password").map { Secret($0) })
    user.impersonation.user = try fields.string("as")
    user.impersonation.uid = try fields.string("as-uid")
    user.impersonation.groups = try fields.strings("as-groups")
    if let extra = try fields.mapping("as-user-extra") {
      for key in extra.keys { user.impersonation.extra[key] = try extra.strings(key) }
    }
    user.authProvider = try fields.mapping("auth-provider").map { (provider) throws(KubeconfigError) in
      try provider.string("name") ?? ""
    }
    user.exec = try fields.mapping("exec").map(exec)
    return user
  }

  private func exec(_ fields: Fields) throws(KubeconfigError) -> ExecPlugin {
    var env: [ExecPlugin.Variable] = []
    for item in try fields.list("env") {
      env.append(ExecPlugin.Variable(name: try item.string("name") ?? "", value: try item.string("value") ?? ""))
    }
    let command = try fields.string("command") ?? ""
    return ExecPlugin(
      command: program(command),
      arguments: try fields.strings("args"), environment: env, apiVersion: try fields.string("apiVersion") ?? "",
      interactiveMode: try fields.string("interactiveMode"), installHint: try fields.string("installHint"),
      providesClusterInfo: try fields.bool("provideClusterInfo") ?? false)
  }

  /// Without a slash it is looked up in PATH; with one it counts from the file's folder, as the other paths do, and
  /// keeps a slash. What comes from standard input stands in no folder that anybody chose.
  private func program(_ command: String) -> String {
    guard command.utf8.contains(UInt8(ascii: "/")) else { return command }
    let path = LocalPath.resolved(command, besideFile: file == "-" ? "/dev/stdin" : file)
    return path.utf8.contains(UInt8(ascii: "/")) ? path : "./" + path
  }

  func resolved(_ path: String) -> String { LocalPath.resolved(path, besideFile: file) }

  /// A mapping and how to read it; fields that are null or an empty string count as not there.
  struct Fields {
    let parser: KubeconfigParser
    let id: Tree.ID?
    let path: String
    let place: Kubeconfig.Place

    init(_ parser: KubeconfigParser, _ id: Tree.ID?, _ path: String, near place: Kubeconfig.Place? = nil) {
      let start = Position(line: 1, column: 1, offset: 0)
      self.parser = parser
      self.id = id
      self.path = path
      self.place =
        id.map { Kubeconfig.Place(file: parser.file, range: parser.tree.range($0)) }
        ?? place ?? Kubeconfig.Place(file: parser.file, range: SourceRange(start: start, end: start))
    }

    func value(_ key: String) -> Tree.ID? {
      guard let id, let value = parser.tree.value(key, in: id), !parser.tree.json(value).isNull else { return nil }
      return value
    }

    var keys: [String] { (id.flatMap(parser.tree.pairs) ?? []).compactMap { parser.tree.scalar($0.key) } }

    private func wrong(_ key: String, _ value: Tree.ID, _ expected: String) -> KubeconfigError {
      KubeconfigError(
        .wrongType(path: "\(path).\(key)", expected: expected),
        at: Kubeconfig.Place(file: parser.file, range: parser.tree.range(value)))
    }

    func mustBeMapping() throws(KubeconfigError) {
      guard let id, parser.tree.pairs(id) == nil else { return }
      throw KubeconfigError(.wrongType(path: path, expected: "a mapping"), at: place)
    }

    func string(_ key: String) throws(KubeconfigError) -> String? {
      guard let id = value(key) else { return nil }
      guard let text = parser.tree.json(id).string else { throw wrong(key, id, "a string (quote it)") }
      return text.isEmpty ? nil : text
    }

    func bool(_ key: String) throws(KubeconfigError) -> Bool? {
      guard let id = value(key) else { return nil }
      guard let flag = parser.tree.json(id).bool else { throw wrong(key, id, "true or false") }
      return flag
    }

    func material(_ field: String) throws(KubeconfigError) -> Kubeconfig.Material {
      let file = try string(field).map(parser.resolved)
      guard let text = try string(field + "-data") else { return .init(field: field, file: file, data: nil) }
      guard let bytes = Base64.decode(text.utf8.filter { $0 != 0x0A && $0 != 0x0D }) else {
        throw KubeconfigError(.badBase64(path: "\(path).\(field)-data"), at: place)
      }
      return .init(field: field, file: file, data: Secret(bytes: bytes))
    }

    func mapping(_ key: String) throws(KubeconfigError) -> Fields? {
      guard let id = value(key) else { return nil }
      guard parser.tree.pairs(id) != nil else { throw wrong(key, id, "a mapping") }
      return Fields(parser, id, "\(path).\(key)")
    }

    func list(_ key: String) throws(KubeconfigError) -> [Fields] {
      guard let id = value(key) else { return [] }
      guard let items = parser.tree.items(id) else { throw wrong(key, id, "a list") }
      return items.enumerated().map { Fields(parser, $0.element, "\(path).\(key)[\($0.offset)]") }
    }

    func strings(_ key: String) throws(KubeconfigError) -> [String] {
      guard let id = value(key) else { return [] }
      guard let items = parser.tree.items(id) else { throw wrong(key, id, "a list of strings") }
      var result: [String] = []
      for item in items {
        guard let text = parser.tree.json(item).string else { throw wrong(key, item, "a list of strings") }
        result.append(text)
      }
      return result
    }
  }
}

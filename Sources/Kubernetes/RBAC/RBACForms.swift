import JSON
import SourceText
import Templates

extension RBACManifests {
  /// A file to be written: its name within the folder and its text.
  public struct File: Sendable, Hashable {
    public let name: String
    public let text: String

    public init(name: String, text: String) {
      self.name = name
      self.text = text
    }

    /// A name for what is about one cluster: its id is from a configuration, and whatever it is, it names no folder.
    public static func name(of id: String?) -> String {
      let text = (id ?? "").map { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-" || $0 == "_") ? $0 : "_" }
      return text.isEmpty ? "cluster" : String(text.prefix(64))
    }

    /// The same in JSON, several objects as a List; nil for what holds none.
    public var json: File? {
      let documents = text.parts(between: "\n---\n").filter { !$0.isEmpty }.map(String.init)
        .compactMap(RBACManifests.json(ofDocument:))
      guard let first = documents.first else { return nil }
      let value: JSONValue =
        documents.count == 1 ? first : ["apiVersion": "v1", "kind": "List", "items": .array(documents)]
      return File(name: name.dropLast(5) + ".json", text: value.text(pretty: true) + "\n")
    }
  }

  /// One file an object.
  public var files: [File] { manifests.map { File(name: $0.fileName, text: $0.yaml) } }

  /// `kustomization.yaml`, which lists the files, and the files.
  public var kustomization: [File] {
    let text = Template(Templates.kustomization).filled(["files": .lines(manifests.map { "- \($0.fileName)" })])
    return [File(name: "kustomization.yaml", text: text)] + files
  }

  /// Values for the Helm chart `apache/apisix` 2.x, the objects in its `extraDeploy`. The chart runs what it finds
  /// there through its template function; that no text of ours is one to it is seen to by leaving comments out and by
  /// quoting.
  public var helmValues: String {
    var lines: [String] = []
    for manifest in manifests {
      let body = manifest.yaml.split(separator: "\n").filter { !$0.hasPrefix("#") }
      lines += body.enumerated().map { ($0.offset == 0 ? "- " : "  ") + Self.escapedForHelm(String($0.element)) }
    }
    var values = Self.values(options)
    values["objects"] = .lines(lines)
    return Template(Templates.helmValues).filled(values)
  }

  /// `{{` would start an action of Helm's templates; written as an escape inside double quotes it is still one after
  /// YAML is read, so it becomes an action that prints it.
  private static func escapedForHelm(_ line: String) -> String {
    guard line.has("{{") else { return line }
    return line.replacing("{{", with: "{{`{{`}}")
  }

  /// A patch for a Deployment: a projected token volume, which Kubernetes renews, for the account of these objects.
  /// - Parameters:
  ///   - container: the container of APISIX in that Deployment.
  ///   - mountPath: the folder in the container; `token` and `ca.crt` are in it.
  ///   - expirationSeconds: at least 600, as Kubernetes asks; less is taken as 600.
  public func projectedToken(
    container: String = "apisix", mountPath: String = "/var/run/secrets/apisix", expirationSeconds: Int = 3600
  ) -> String {
    var values = Self.values(options)
    values["container"] = .scalar(container)
    values["mountPath"] = .scalar(mountPath)
    values["tokenFile"] = .scalar(mountPath + "/token")
    values["expirationSeconds"] = .number(max(600, expirationSeconds))
    return Template(Templates.projectedToken).filled(values)
  }
}

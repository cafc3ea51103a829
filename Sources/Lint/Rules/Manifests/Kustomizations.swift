import Inputs

/// What the kustomizations of a run do to the objects of its files.
struct Kustomizations: Sendable {
  /// The names under which kustomize looks for a kustomization; it needs neither apiVersion nor kind.
  static let names: Set<Substring> = ["kustomization.yaml", "kustomization.yml", "Kustomization"]
  static let group = "kustomize.config.k8s.io"

  static func isNamed(_ path: String) -> Bool { names.contains(LocalPath.name(of: path)) }

  /// A kustomization that takes a file in, itself or through others, and what it and those on the way make of names.
  struct Layer: Sendable {
    let manifest: Manifest
    var prefix = ""
    var suffix = ""

    /// Whether it may change anything.
    var isOpen: Bool { Kustomizations.open.contains { manifest.object[$0] != nil } }

    /// Whether it gives every object a label or an annotation.
    func sets(_ key: String) -> Bool {
      let pairs = (manifest.object["labels"]?.items ?? []).map { $0["pairs"] }
      return (pairs + [manifest.object["commonLabels"], manifest.object["commonAnnotations"]]).contains {
        $0?[key] != nil
      }
    }

    func renamed(_ name: String) -> String { prefix + name + suffix }
  }

  /// The kustomizations that name a file or a folder, by its path.
  private var takenIn: [String: [Manifest]] = [:]
  private var paths: Set<String> = []
  /// Flux and its like fill namespaces in for a path of another repository.
  private var isAnywhere = false

  private static let open = [
    "patches", "patchesStrategicMerge", "patchesJson6902", "replacements", "configurations", "transformers",
    "components", "vars",
  ]

  /// - Parameter manifest: one of kind Kustomization, or Component.
  mutating func add(_ manifest: Manifest) {
    guard manifest.apiVersion.hasPrefix(Self.group) else {
      isAnywhere = true
      return
    }
    paths.insert(manifest.object.file.path)
    let lists = ["resources", "bases", "components", "patches", "patchesStrategicMerge"]
    for item in lists.flatMap({ manifest.object[$0]?.items ?? [] }) {
      guard let path = (item["path"] ?? item).string else { continue }
      takenIn[LocalPath.resolved(path, besideFile: manifest.object.file.path), default: []].append(manifest)
    }
  }

  /// Those of the run over a file, the innermost first.
  func layers(over path: String) -> [Layer] {
    guard !takenIn.isEmpty else { return [] }
    var found: [Layer] = []
    var seen: Set<String> = []
    var pending = [(path: LocalPath.cleaned(path), below: Layer?.none)]
    while let (path, below) = pending.popLast() {
      for manifest in takenIn[path] ?? [] where seen.insert(manifest.object.file.path).inserted {
        let layer = Layer(
          manifest: manifest, prefix: (manifest.object["namePrefix"]?.string ?? "") + (below?.prefix ?? ""),
          suffix: (below?.suffix ?? "") + (manifest.object["nameSuffix"]?.string ?? ""))
        found.append(layer)
        let folder = String(LocalPath.directory(of: manifest.object.file.path))
        pending.append((folder.isEmpty ? "." : LocalPath.cleaned(folder), layer))
      }
    }
    return found
  }

  /// What of the objects of some files holds after kustomize: nil where names or contents may be others, else whether
  /// their namespaces stay.
  func keepsNamespaces(_ files: [LintFile]) -> Bool? {
    let layers = files.flatMap { self.layers(over: $0.path) }
    guard !layers.contains(where: { $0.isOpen || !($0.prefix + $0.suffix).isEmpty }),
      !layers.isEmpty || !files.contains(where: mayChange)
    else { return nil }
    return !layers.contains { $0.manifest.object["namespace"] != nil }
  }

  /// Whether kustomize, and not kubectl alone, makes the objects of a file: one of the run takes it in, or one stands
  /// beside it that is not in the run, as where files are named one by one.
  func mayChange(_ file: LintFile) -> Bool {
    isAnywhere || !layers(over: file.path).isEmpty || beside(file).contains(where: FileSystem.exists)
  }

  /// Whether an object of a file may get what it lacks from elsewhere, or is a patch itself.
  func mayComplete(_ file: LintFile) -> Bool {
    layers(over: file.path).contains(where: \.isOpen)
      || beside(file).contains { !paths.contains($0) && FileSystem.exists($0) }
  }

  private func beside(_ file: LintFile) -> [String] {
    let folder = LocalPath.directory(of: file.path)
    return Self.names.map { folder.isEmpty ? String($0) : LocalPath.join(String(folder), String($0)) }
  }
}

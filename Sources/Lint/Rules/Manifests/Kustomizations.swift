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
    var isOpen: Bool { Kustomizations.changing.contains { manifest.object[$0] != nil } }

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

  private static let changing = Patches.lists + Patches.open
  /// What stands in files that are patches, or nothing where they hold none.
  private var patches: [String: [Manifest]] = [:]

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
    for item in ["patches", "patchesStrategicMerge"].flatMap({ manifest.object[$0]?.items ?? [] }) {
      guard let path = (item["path"] ?? item).string else { continue }
      patches[LocalPath.resolved(path, besideFile: manifest.object.file.path)] = []
    }
  }

  /// Looks for the patches that the kustomizations name.
  mutating func read(_ files: [LintFile]) {
    guard !patches.isEmpty else { return }
    for file in files {
      let path = LocalPath.cleaned(file.path)
      if file.error == nil, patches[path] != nil { patches[path]? += Manifest.all(in: file) }
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

  /// How far objects of a file may get what they lack from elsewhere.
  func completion(of file: LintFile) -> Completion {
    let layers = layers(over: file.path)
    let isAny =
      patches[LocalPath.cleaned(file.path)] != nil
      || beside(file).contains { !paths.contains($0) && FileSystem.exists($0) }
    return Completion(
      layers: layers, isAny: isAny,
      patches: layers.map { layer in
        Patches(layer.manifest) { patches[LocalPath.resolved($0, besideFile: layer.manifest.object.file.path)] }
      })
  }

  struct Completion {
    fileprivate let layers: [Layer]
    /// The file is a patch itself, or a kustomization stands beside it that is not in the run.
    fileprivate let isAny: Bool
    fileprivate let patches: [Patches]

    /// Whether something may change an object.
    func mayTouch(_ object: Manifest) -> Bool {
      isAny
        || patches.contains { patches in
          patches.mayTouch(
            object, isRenamed: layers.contains { !($0.prefix + $0.suffix).isEmpty },
            gets: sets)
        }
    }

    /// Whether a kustomization gives each object this label or annotation.
    func sets(_ key: String) -> Bool { layers.contains { $0.sets(key) } }

    /// Whether something may change an object of these kinds.
    func mayTouch(kinds: Set<String>) -> Bool { isAny || patches.contains { $0.mayTouch(kinds: kinds) } }
  }

  private func beside(_ file: LintFile) -> [String] {
    let folder = LocalPath.directory(of: file.path)
    return Self.names.map { folder.isEmpty ? String($0) : LocalPath.join(String(folder), String($0)) }
  }
}

import APISIX
import Inputs
import SourceText
public import YAML

/// What a file is.
public enum FileKind: String, Sendable, Hashable, CaseIterable {
  case apisixConfig = "apisix-config"
  case apisixStandalone = "apisix-standalone"
  /// What is sent to the Admin API, or what it answers.
  case apisixAdmin = "apisix-admin"
  case adc
  case kubernetes
  case helmValues = "helm-values"
}

/// What a file was made out to be.
public struct ToldKind: Sendable, Hashable {
  public let kind: FileKind
  /// Several signs say so together. Where they do not, what is found is told, and nothing is mended.
  public let isCertain: Bool
}

extension FileKind {
  public static let registryNames = Set(RegistryKind.allCases.map(\.rawValue))

  /// The kind of the first document that shows one; nil when nothing tells that gatecheck has anything to say here. No
  /// key makes a file APISIX's by its name alone: what stands below it counts as well, and the file's name and folder.
  /// - Parameter path: as the user named the file, or the key under which it stands in a ConfigMap.
  public static func detect(_ tree: Tree, path: String = "") -> ToldKind? {
    lazy var isMarked = tree.comments().last?.text == "END"
    for document in tree.documents {
      if let told = tell(tree, document, path, isMarked: isMarked) { return told }
    }
    let name = FileName(path)
    if name.isRead, tree.templates == nil,
      tree.documents.first.map({ document in
        tree.isNull(document)
          || isMarked && (tree.scalar(document) != nil || ResourceSigns.areMisspelt(in: document, of: tree))
      }) ?? true
    {
      return ToldKind(kind: .apisixStandalone, isCertain: false)
    }
    guard name.isConfig else { return nil }
    let isConfig =
      tree.documents.first.map { isConfigWithoutSections(tree, $0, path) }
      ?? tree.text.bytes.split(separator: UInt8(ascii: "\n")).allSatisfy {
        $0.first { !$0.isSpace }.map { $0 == UInt8(ascii: "#") } ?? true
      }
    return isConfig ? ToldKind(kind: .apisixConfig, isCertain: false) : nil
  }

  /// The kind of the document in which an error stands, by what it has up to there.
  static func ofUnfinished(_ tree: Tree, path: String) -> ToldKind? {
    tree.unfinished.flatMap { tell(tree, $0, path, isMarked: false) }
  }

  /// - Parameter isMarked: whether the file ends in `#END`, as those for standalone mode do.
  private static func tell(
    _ tree: Tree, _ document: Tree.ID, _ path: String, isMarked: @autoclosure () -> Bool
  ) -> ToldKind? {
    guard let pairs = tree.pairs(document) else { return nil }
    let isObject = tree.value("apiVersion", in: document) != nil && tree.value("kind", in: document) != nil
    if isObject || Kustomizations.isNamed(path) { return ToldKind(kind: .kubernetes, isCertain: true) }
    let name = FileName(path)
    if HelmSigns.areShown(by: document, in: tree, isNamedValues: name.isValues)
      || ChartValues.areShown(by: document, in: tree)
    {
      return ToldKind(kind: .helmValues, isCertain: true)
    }
    if isSeed(tree, document) || isDashboard(tree, document) { return nil }
    let signs = ConfigSigns(pairs, in: tree)
    if signs.areCertain { return ToldKind(kind: .apisixConfig, isCertain: true) }
    if tree.value("discovery", in: document).map({ HelmSigns.namesRegistry($0, in: tree) }) ?? false { return nil }
    return ResourceSigns(document, in: tree).told(path, isMarked: isMarked())
      ?? (signs.areLikely(name) ? ToldKind(kind: .apisixConfig, isCertain: false) : nil)
  }

  /// A config.yaml that has no sections, which APISIX reads all the same. A text may be anything: a link that was
  /// checked out as a file.
  private static func isConfigWithoutSections(_ tree: Tree, _ document: Tree.ID, _ path: String) -> Bool {
    if let items = tree.items(document) {
      return items.contains { item in
        tree.pairs(item).map { ConfigSigns($0, in: tree).areLikely(FileName(path)) } ?? false
      }
    }
    // Colons that an input method made wide leave no mapping.
    return tree.scalar(document).map { text in
      ConfigSigns.isWide(text) || !text.utf8.contains { $0 == UInt8(ascii: "/") || $0 == UInt8(ascii: " ") }
    } ?? false
  }

  /// The conf.yaml of APISIX's dashboard, which has a list of the same plugins.
  private static func isDashboard(_ tree: Tree, _ document: Tree.ID) -> Bool {
    [("conf", ["listen", "etcd", "allow_list"]), ("authentication", ["secret", "users"])].contains { key, settings in
      tree.value(key, in: document).map { tree.has(settings, in: $0) } ?? false
    }
  }

  /// The configuration of apisix-seed, a program of its own with a `discovery` section of its own.
  static func isSeed(_ tree: Tree, _ document: Tree.ID) -> Bool {
    guard let discovery = tree.value("discovery", in: document), tree.value("etcd", in: document) != nil,
      (tree.pairs(document) ?? []).allSatisfy({ pair in
        tree.scalar(pair.key).map(["etcd", "discovery", "log", "server"].contains) ?? true
      })
    else { return false }
    if let zookeeper = tree.value("zookeeper", in: discovery), tree.value("hosts", in: zookeeper) != nil { return true }
    let prefix = tree.value("nacos", in: discovery).flatMap { tree.value("prefix", in: $0) }
    return prefix.flatMap { tree.scalar($0) } == "/nacos"
  }
}

extension FileKind {
  /// Whether a text that is no YAML was never meant to be any: a page, or a script.
  static func isOfOtherLanguage(_ tree: Tree, _ path: String) -> Bool {
    FileName(path).isOfOtherLanguage || tree.text.bytes.starts(with: "#!".utf8)
  }

  /// Whether neither the name of a file nor its beginning has a word by which any kind is told.
  static func isForeign(_ head: [UInt8], _ path: String) -> Bool {
    let name = FileName(path)
    if name.isConfig || name.isStandalone || name.isADC { return false }
    let words = head.split { !($0.isWord || $0 == UInt8(ascii: "-")) }.lazy.filter { $0.count < 40 }
    let telling = HelmSigns.own.union(ResourceSigns.sections + ["apiVersion", "upstream"] + ConfigSigns.sections)
    return telling.isDisjoint(with: words.map { String(decoding: $0, as: UTF8.self) })
  }
}

/// What the name of a file and those of its folders say of it.
struct FileName {
  private let path: String
  private let name: String

  init(_ path: String) {
    self.path = path
    name = String(LocalPath.name(of: path))
  }

  /// config.yaml, config-default.yaml, config.prod.yaml; with `apisix` before it any name that has `config` in it.
  var isConfig: Bool {
    guard isYAML else { return false }
    return ["config.", "config-", "config_"].contains(where: name.hasPrefix)
      || name.has("config") && path.lowercased().has("apisix")
  }

  /// As the file is called that APISIX itself reads in standalone mode.
  var isRead: Bool { name == "apisix.yaml" }
  /// apisix.yaml, apisix-prod.yaml
  var isStandalone: Bool { isYAML && ["apisix.", "apisix-", "apisix_"].contains(where: name.hasPrefix) }
  var isValues: Bool { isYAML && name.hasPrefix("values") }
  var isADC: Bool { isYAML && ["adc.", "adc-"].contains(where: name.hasPrefix) }

  /// Whether it says that another program makes the file of this one: config.yaml.tmpl, config.template.yaml.
  var isTemplate: Bool {
    // Most have nothing between their name and `.yaml`.
    let isPlain = name.utf8.count { $0 == UInt8(ascii: ".") } == 1 && isYAML
    return !isPlain
      && name.utf8.split(separator: UInt8(ascii: ".")).dropFirst().contains { Self.template.contains(Substring($0)) }
      || name.has("template") && name.split { ".-_".contains($0) }.contains("template")
      || LocalPath.directory(of: path).utf8.suffix(9).elementsEqual("templates".utf8)
  }

  private static let template: Set<Substring> = [
    "tpl", "tmpl", "in", "envsubst", "j2", "jinja", "jinja2", "erb", "gotmpl", "ctmpl", "tftpl",
  ]

  /// Whether it is that of a text in another language, as a page or a script with some YAML in it.
  var isOfOtherLanguage: Bool {
    name.utf8.lastIndex(of: UInt8(ascii: ".")).map { dot in
      Self.languages.contains(name[name.utf8.index(after: dot)...].lowercased()[...])
    } ?? false
  }

  private static let languages = Set(
    ("adoc bash bat c cpp cs css csv diff go h hcl htm html ini java js kt log lua markdown md patch php pl properties "
      + "ps1 py rb rs rst sh sql swift tf toml ts txt xml zsh").split(separator: " "))

  private var isYAML: Bool { [".yaml", ".yml", ".json"].contains(where: name.hasSuffix) }
}

import SourceText
import YAML

extension Verdict {
  /// What APISIX would do with a config.yaml, to the letter.
  ///
  /// Sources: the YAML is typed as lyaml 6.2.8 does, before 3.10 as tinyyaml does; schemas, defaults and messages are
  /// those of the release; the worker stage is judged as far as the environment and the files are known.
  init(_ tree: Tree, error: YAMLError?, _ conditions: Conditions) {
    var judgement = Judgement(conditions)
    judgement.read(tree, error)
    self = judgement.verdict
  }
}

/// The steps of `apisix init` and of nginx's start in their order. The first refusal counts; later steps still run as
/// far as they can, for what they know of the file.
private struct Judgement {
  private var conditions: Conditions
  private var refusal: Refusal?
  private var yamlError: YAMLError?
  private var root: LuaValue?
  private var discovery: LuaValue?
  private var resolved: LuaValue?
  private var violations: [Violation] = []
  private var open = OpenVariables()
  private var log: [Remark] = []
  private var isOpen = false
  private var ownModules: [OwnModule] = []
  /// Whether a node hangs on what a template will give.
  private var isTemplated: (Tree.ID) -> Bool = { _ in false }

  init(_ conditions: Conditions) {
    self.conditions = conditions
  }

  var verdict: Verdict {
    let beyondLimits = yamlError?.kind == .limit
    let isGuess = refusal?.node.map(isTemplated) ?? false
    let unknown = beyondLimits || isGuess || (refusal == nil && isOpen)
    return Verdict(
      release: conditions.release, accepts: unknown ? nil : refusal == nil, refusal: unknown ? nil : refusal,
      log: log, open: open.list, yamlError: yamlError, root: root, discovery: discovery, resolved: resolved,
      violations: violations, ownModules: ownModules)
  }

  mutating func read(_ tree: Tree, _ error: YAMLError?) {
    // Lines that are blank or begin with a comment are all that such a file may have; with bare CR it is one line.
    if isEmpty(tree.text.bytes) { return }
    yamlError = error
    if tree.templates != nil { isTemplated = { tree.isOpen($0) } }
    let (typed, typingRefusal) = Loader.load(tree)
    refusal =
      typingRefusal
      ?? error.map {
        $0.kind == .cycle
          ? Refusal(.cli, Words(.stackOverflow), at: nil)
          : Refusal(
            .yaml, Words(.yaml, $0.mark, $0.problem),
            masked: Words(.yaml, $0.mark, Credentials.masked($0, in: tree.text)), at: nil)
      }
    guard let typed else {
      refuse(Words(.configEmpty), at: nil)
      return
    }
    var substitution = Substitution(conditions.environment, fillsKeys: conditions.release.has(.fillsKeys))
    root = tree.mayHold("${{") ? substitution.resolve(typed) : typed
    open = substitution.open
    guard let table = root?.table else {
      if typed.isTrue {
        refuse(
          Words(.badArgument, "1", "pairs", "table", typed.typeName), at: typed.node,
          location: "apisix/cli/file.lua:106")
      } else {
        refuse(Words(.configEmpty), at: typed.node)
      }
      return
    }
    refusal = refusal ?? substitution.refusal
    let merge = Merge(table)
    refusal = refusal ?? merge.refusal
    discovery = merge.discovery
    if let section = discovery { check(section) }
  }

  private mutating func check(_ section: LuaValue) {
    if let node = section.node, isTemplated(node) { isOpen = true }
    guard section.isTrue else {
      resolved = refusal == nil ? section : nil
      return
    }
    guard let table = section.table else {
      if case .open = section.kind {
        isOpen = true
      } else {
        refuse(
          Words(.badArgument, "1", "pairs", "table", section.typeName), at: section.node,
          location: "apisix/cli/schema.lua:462")
      }
      return
    }
    findOwnModules(table)
    var filled = table
    let openNodes = open.list.isEmpty ? [] : Set(open.list.compactMap(\.node))
    for (index, entry) in table.entries.enumerated() {
      guard let name = entry.key.concatenated else {
        refuse(
          Words(.badConcatenation, "local 'kind'", entry.key.typeName), at: entry.keyNode,
          location: "apisix/cli/schema.lua:463")
        continue
      }
      if let node = entry.keyNode, openNodes.contains(node) { isOpen = true }
      guard !conditions.declared.contains(name),
        let kind = DiscoveryModule.schemaOwner(name, release: conditions.release),
        let schema = conditions.schemas[kind]
      else { continue }
      if let value = checked(entry.value, name, schema) { filled.replace(at: index, with: value) }
    }
    guard refusal == nil, !isOpen else { return }
    resolved = LuaValue(.table(filled), node: section.node)
    for kind in RegistryKind.allCases where refusal == nil {
      refusal = table[kind.key].flatMap { kind.model.refusal(of: $0, in: conditions.release) }
    }
    guard refusal == nil else { return }
    var worker = WorkerStage(conditions: conditions, ownModules: ownModules)
    worker.run(filled.entries)
    refusal = worker.outcome.refusal
    log = worker.outcome.log
    open.add(worker.outcome.open)
  }

  /// What the host has counts as declared.
  private mutating func findOwnModules(_ table: LuaTable) {
    let extraPath = root?["apisix"]?["extra_lua_path"]?.string
    for name in table.entries.compactMap(\.key.string) {
      guard DiscoveryModule(name, release: conditions.release, declared: []) == .missing,
        let module = OwnModule.find(name, extraPath: extraPath, files: conditions.files)
      else { continue }
      ownModules.append(module)
      conditions.declared.insert(name)
    }
  }

  /// The value with defaults; nil when the schema does not accept it.
  private mutating func checked(_ value: LuaValue, _ name: String, _ schema: Schema) -> LuaValue? {
    var first = Validator(registry: name, .first)
    first.check(value, against: schema)
    if first.isOpen { isOpen = true }
    guard let violation = first.violations.first else { return first.isOpen ? nil : schema.filled(value) }
    var every = Validator(registry: name, .all)
    every.check(value, against: schema)
    violations += every.violations
    refuse(
      Words(.registryInvalid, name, cause: violation.words),
      masked: Words(.registryInvalid, name, cause: violation.maskedWords), at: violation.value.node)
    return nil
  }

  private mutating func refuse(_ words: Words, masked: Words? = nil, at node: Tree.ID?, location: String? = nil) {
    if refusal == nil { refusal = Refusal(.cli, words, masked: masked, at: node, location: location) }
  }

  private func isEmpty(_ bytes: [UInt8]) -> Bool {
    var rest = bytes.drop(while: \.isSpace)
    while rest.first == UInt8(ascii: "#") { rest = rest.drop { $0 != 0x0A }.drop(while: \.isSpace) }
    return rest.isEmpty
  }
}

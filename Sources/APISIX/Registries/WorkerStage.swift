import YAML

/// What happens when nginx starts: every registry's module is loaded, then each is initialised in every process.
struct WorkerStage {
  let conditions: Conditions
  let ownModules: [OwnModule]
  private(set) var refusal: Refusal?
  private(set) var log: [Remark] = []
  private(set) var open = OpenVariables()

  init(_ conditions: Conditions, ownModules: [OwnModule] = []) {
    self.conditions = conditions
    self.ownModules = ownModules
  }

  /// - Parameter sections: the keys under `discovery` with their values, defaults filled in.
  mutating func run(_ sections: [LuaTable.Entry]) {
    var modules: [(DiscoveryModule, LuaTable.Entry)] = []
    for section in sections {
      guard let name = section.key.concatenated else { continue }
      let module = DiscoveryModule(name, release: conditions.release, declared: conditions.declared)
      switch module {
      case .missing: refuse(Words(.moduleMissing, name), section, .startup, Self.loading)
      case .itself: refuse(Words(.moduleLoop, name), section, .startup, Self.loading)
      default: modules.append((module, section))
      }
    }
    if refusal != nil { return }
    for (module, section) in modules where refusal == nil {
      switch module {
      case .registry(let kind): start(kind, section.value)
      case .misnamed(let kind):
        // It reads its own section, which may be there as well.
        guard !sections.contains(where: { $0.key == .string(kind.rawValue) }) else { continue }
        refuse(misnamed: kind, section)
      case .declared
      where ownModules.contains { $0.name == section.key.string && $0.missing.contains("init_worker") }:
        refuseWithoutStart(section)
      case .part: refuseWithoutStart(section)
      case .declared, .missing, .itself: break
      }
    }
  }

  private static let loading = "apisix/discovery/init.lua:28"

  private mutating func start(_ kind: RegistryKind, _ value: LuaValue) {
    switch kind {
    case .kubernetes:
      var start = KubernetesStart(conditions)
      refusal = start.run(value)
      log += start.log
      open.add(start.open)
    case .consul, .consulKV:
      log += ConsulStart.log(kind, value, files: conditions.files)
      refusal = ConsulStart.refusal(kind, value, conditions.release)
    case .dns: log += DNSStart.log(value, files: conditions.files)
    case .nacos, .eureka, .tars: break
    }
  }

  private mutating func refuseWithoutStart(_ section: LuaTable.Entry) {
    refuse(Words(.badCall, "field 'init_worker'", "nil"), section, .all, "apisix/discovery/init.lua:35")
  }

  private mutating func refuse(misnamed kind: RegistryKind, _ section: LuaTable.Entry) {
    func unread(_ what: String, _ process: Process = .all) {
      refuse(Words(.badIndex, what, "nil"), section, process, nil)
    }
    switch kind {
    case .kubernetes:
      let path = "apisix/discovery/" + String((section.key.concatenated ?? "").map { $0 == "." ? "/" : $0 })
      let file = path.hasSuffix("/init") ? path + ".lua" : path + "/init.lua"
      refuse(Words(.badLength, "local 'discovery_conf'", "nil"), section, .all, file + ":176")
    case .nacos: refuse(Words(.dictUnconfigured, "nacos"), section, .all, nil)
    // Without a section it does nothing.
    case .consul: break
    case .consulKV: unread("local 'consul_conf'")
    case .eureka, .dns: unread("field '\(kind.rawValue)'")
    case .tars: unread("local 'conf'", .privilegedAgent)
    }
  }

  private mutating func refuse(_ words: Words, _ section: LuaTable.Entry, _ process: Process, _ location: String?) {
    guard refusal == nil else { return }
    refusal = Refusal(.worker, words, at: section.keyNode, process: process, location: location)
  }
}

import YAML

/// What happens when nginx starts: every registry's module is loaded, then each is initialised in every process.
struct WorkerStage {
  let conditions: Conditions
  let ownModules: [OwnModule]
  private(set) var outcome = RegistryStart()

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
    for (module, section) in modules where outcome.refusal == nil {
      switch module {
      case .registry(let kind):
        let start = kind.model.start(section.value, conditions)
        outcome.refusal = start.refusal
        outcome.log += start.log
        outcome.open.add(start.open)
      case .misnamed(let kind):
        // It reads its own section, which may be there as well.
        guard !sections.contains(where: { $0.key == .string(kind.key) }), let failure = kind.model.failure else {
          continue
        }
        let path = (section.key.concatenated ?? "").map { $0 == "." ? "/" : $0 }
        let file = "apisix/discovery/" + String(path) + (path.suffix(5) == Array("/init") ? ".lua" : "/init.lua")
        refuse(failure.words, section, failure.process, failure.line.map { "\(file):\($0)" })
      case .declared
      where ownModules.contains { $0.name == section.key.string && $0.missing.contains("init_worker") }:
        refuseWithoutStart(section)
      case .part: refuseWithoutStart(section)
      case .declared, .missing, .itself: break
      }
    }
  }

  private static let loading = "apisix/discovery/init.lua:28"

  private mutating func refuseWithoutStart(_ section: LuaTable.Entry) {
    refuse(Words(.badCall, "field 'init_worker'", "nil"), section, .all, "apisix/discovery/init.lua:35")
  }

  private mutating func refuse(_ words: Words, _ section: LuaTable.Entry, _ process: Process, _ location: String?) {
    guard outcome.refusal == nil else { return }
    outcome.refusal = Refusal(.worker, words, at: section.keyNode, process: process, location: location)
  }
}

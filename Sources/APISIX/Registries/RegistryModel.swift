import JSON

/// What APISIX does with a registry of its own: each is a folder here, with a type that says it.
protocol RegistryModel {
  /// What it came with; nil where the oldest release has it.
  static var since: Feature? { get }
  /// Its Lua modules beside `init`; none of them is a registry.
  static var modules: Set<String> { get }
  /// The keys of `discovery_args` that it reads.
  static var arguments: [String] { get }
  /// The key of its list of servers' URLs; nil where it has none.
  static var servers: String? { get }
  /// Where its section has credentials, each a way of keys.
  static var credentials: [[String]] { get }

  static func schema(_ release: Release) -> Schema
  /// Why `apisix init` refuses a section that the schema accepts.
  static func refusal(of section: LuaValue, in release: Release) -> Refusal?
  /// What happens when nginx starts its processes.
  /// - Parameter section: with its defaults.
  static func start(_ section: LuaValue, _ conditions: Conditions) -> RegistryStart
  /// What APISIX asks for the nodes of a service name, and what nodes it makes of the answers, in one: it is read as
  /// APISIX's own code runs, from one answer to the next question. `RegistryKind.step` goes on from there.
  /// - Throws: `asks` where an answer is missing, else why there are no nodes.
  static func nodes(_ lookup: RegistryLookup, _ answers: RegistryAnswers) throws(RegistryStop) -> Resolution
  /// How its answers hold their services.
  static var list: RegistryList { get }
  /// Whether one answer has all services.
  static var answersWhole: Bool { get }
  /// Whether an answer that it cannot read takes all services with it.
  static var losesAll: Bool { get }
  /// The names of all services, where each is asked for by its own; asked as `nodes` is. nil: there is no list of them.
  static func names(_ lookup: RegistryLookup, _ answers: RegistryAnswers) throws(RegistryStop) -> [String]?
  /// See `RegistryKind.waiting`.
  static func waiting(_ url: String, since index: String, _ lookup: RegistryLookup) -> (url: String, seconds: Double)?
  /// Whether each worker holds its services for itself.
  static func isPerWorker(_ release: Release) -> Bool
  /// What the control API's dump of it holds; nil where the document is none.
  static func dumped(_ document: JSONValue, _ kind: RegistryKind) -> [RegistryService: [UpstreamNode]]?
  /// Whether the nodes of an earlier answer stay where one gives none for this reason.
  static func keeps(_ none: NoNodes, in release: Release) -> Bool
  /// How the start fails when the module is loaded by another name than its own and so finds no section; nil where it
  /// then does nothing.
  static var failure: LoadFailure? { get }
}

/// The line is that of the module's `init.lua`.
typealias LoadFailure = (words: Words, process: Process, line: Int?)

struct RegistryStart {
  var refusal: Refusal?
  var log: [Remark] = []
  var open = OpenVariables()
}

extension RegistryModel {
  static var since: Feature? { nil }
  static var modules: Set<String> { ["schema"] }
  static var arguments: [String] { [] }
  static var servers: String? { nil }
  static var credentials: [[String]] { [] }

  static func refusal(of section: LuaValue, in release: Release) -> Refusal? { nil }
  static func start(_ section: LuaValue, _ conditions: Conditions) -> RegistryStart { RegistryStart() }
  static var failure: LoadFailure? { nil }

  static var list: RegistryList { RegistryList(way: nil) { _, _ in nil } }
  static var answersWhole: Bool { false }
  static var losesAll: Bool { true }
  static func isPerWorker(_ release: Release) -> Bool { true }
  static func waiting(_ url: String, since index: String, _ lookup: RegistryLookup) -> (url: String, seconds: Double)? {
    nil
  }
  static func names(_ lookup: RegistryLookup, _ answers: RegistryAnswers) throws(RegistryStop) -> [String]? { nil }

  /// A fetch that fails changes nothing.
  static func keeps(_ none: NoNodes, in release: Release) -> Bool { none.isFailure }
}

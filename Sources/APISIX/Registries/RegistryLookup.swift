public import JSON
import SourceText

/// A service name of a registry, and what its nodes hang on beside the registry's answers.
public struct RegistryLookup: Sendable {
  public private(set) var serviceName: String
  /// `discovery.KIND` with its defaults.
  public private(set) var section: LuaValue
  public private(set) var release: Release
  /// `discovery_args` of the upstream.
  public var arguments: [String: String] = [:]
  /// `scheme` of the upstream.
  public var scheme = "http"
  /// `apisix.enable_ipv6`
  public var hasIPv6 = true
  /// The resolv.conf of APISIX's host, as far as it is known; dns alone reads it.
  public var resolvConf: ResolvConf?
  /// Whether all is asked that APISIX asks, not only what decides on this name.
  public var asksAll = false
  /// Which of the servers of nacos or eureka is asked, from 0, by a release that draws one for each fetch.
  public var drawn = 0

  /// - Parameter section: nil for the defaults alone.
  public init(_ serviceName: String, of kind: RegistryKind, _ section: LuaValue? = nil, in release: Release = .newest) {
    self.serviceName = serviceName
    self.release = release
    let written = section ?? LuaValue(.table(LuaTable()))
    self.section = kind.schema(in: release)?.filled(written) ?? written
  }
}

extension RegistryLookup {
  /// The same for another name.
  public func named(_ name: String) -> RegistryLookup {
    var lookup = self
    lookup.serviceName = name
    return lookup
  }

  /// The same where the answer is at hand: of one server, to whom nobody proves who asks.
  public func answered(of kind: RegistryKind) -> RegistryLookup {
    guard let key = kind.servers else { return self }
    let end = serviceName.firstBytes(of: "/v1/kv/")?.lowerBound
    let server = end.map { String(serviceName[..<$0]) } ?? "http://HOST:8500"
    var lookup = self
    lookup.section = section.with(key, [LuaValue(.string(server))])
    return lookup
  }

  /// The same in another release.
  public func of(_ release: Release) -> RegistryLookup {
    var lookup = self
    lookup.release = release
    return lookup
  }

  /// Those of nacos or eureka that are asked, one after the other.
  var hosts: ArraySlice<String> {
    let all = texts("host")
    return release.has(.triesOtherHosts) ? all[...] : all.dropFirst(drawn).prefix(1)
  }

  /// How many servers there are to draw one from; 1 for a release that asks all.
  public var draws: Int { release.has(.triesOtherHosts) ? 1 : max(1, texts("host").count) }

  /// Consul's addresses, where none of them keeps the registry from starting.
  public var consulServers: [String] { ConsulModel.servers(self) }
  /// What goes with each request to Consul.
  public var consulToken: [RegistryRequest.Credential] { ConsulModel.token(self) }
}

/// Why a registry's answers give no nodes.
public enum NoNodes: Sendable, Hashable {
  /// It did not answer.
  case unanswered
  case status(Int)
  case notJSON
  /// An answer has another form than APISIX's Lua can read: its error.
  case form(Words)
  /// The name is not in the answer.
  case unknown
  /// Instances are there, none that APISIX takes.
  case noneUsable
  /// It is not known what APISIX of this release asks, or makes of the answer.
  case notKnown
}

extension NoNodes {
  /// Whether the registry gave no answer that could be read.
  public var isFailure: Bool {
    switch self {
    case .unanswered, .status, .notJSON, .form: true
    case .unknown, .noneUsable, .notKnown: false
    }
  }
}

/// Why there is no result of a lookup.
enum RegistryStop: Error {
  /// These are asked first.
  case asks([RegistryQuestion])
  case none(NoNodes)
}

/// What a registry said so far.
public struct RegistryAnswers: Sendable {
  private var replies: [RegistryQuestion: RegistryReply] = [:]

  public init() {}

  public var all: [RegistryQuestion: RegistryReply] { replies }

  public subscript(question: RegistryQuestion) -> RegistryReply? {
    get { replies[question] }
    set { replies[question] = newValue }
  }

  /// What was answered to questions that APISIX asks without looking at the answers between.
  func replies(to questions: [RegistryQuestion]) throws(RegistryStop) -> [RegistryReply] {
    let open = questions.filter { replies[$0] == nil }
    guard open.isEmpty else { throw .asks(open) }
    return questions.compactMap { replies[$0] }
  }

  func reply(to question: RegistryQuestion) throws(RegistryStop) -> RegistryReply {
    guard let reply = replies[question] else { throw .asks([question]) }
    return reply
  }
}

extension RegistryReply {
  /// The document in an answer of status 200; nil where there is none.
  public var document: JSONValue? { try? json() }

  /// The same, or why not.
  /// - Parameter useless: keys whose values nobody looks at.
  func json(without useless: JSONSkipList = []) throws(RegistryStop) -> JSONValue {
    if case .read(let value) = self { return value }
    guard case .http(let status, let body) = self else { throw .none(.unanswered) }
    guard status == 200 else { throw .none(.status(status)) }
    do { return try JSONValue.parse(body, skipping: useless) } catch { throw .none(.notJSON) }
  }
}

extension RegistryLookup {
  /// Of a list of texts in the section.
  func texts(_ key: String) -> [String] { section[key]?.items?.compactMap(\.string) ?? [] }

  func number(_ key: String) -> Double? { section[key]?.number }

  /// Reads as APISIX's Lua does, whose error ends it.
  func reading<T>(_ read: () throws(LuaError) -> T) throws(RegistryStop) -> T {
    do throws(LuaError) { return try read() } catch { throw .none(.form(error.words(in: release))) }
  }
}

/// How far a lookup has come.
public enum RegistryStep: Sendable {
  /// These are asked next; in any order, or all at once.
  case asks([RegistryQuestion])
  case gives(Resolution)
}

/// How far it has come to ask for the names of all services.
public enum RegistryNames: Sendable {
  case asks([RegistryQuestion])
  /// nil where there is no list of them.
  case gives([String]?)
  case fails(NoNodes)
}

extension RegistryKind {
  /// The names of all services; nil where there is no list of them.
  public func names(_ lookup: RegistryLookup, after answers: RegistryAnswers) -> RegistryNames {
    do throws(RegistryStop) { return .gives(try model.names(lookup, answers)) } catch {
      switch error {
      case .asks(let questions): return .asks(questions)
      case .none(let reason): return .fails(reason)
      }
    }
  }
  /// Whether the nodes of an earlier answer stay where one gives none for this reason.
  public func keeps(_ none: NoNodes, in release: Release) -> Bool { model.keeps(none, in: release) }

  /// What APISIX asks next for a name's nodes, or what it makes of the answers.
  public func step(_ lookup: RegistryLookup, after answers: RegistryAnswers = .init()) -> RegistryStep {
    var found = Resolution()
    do throws(RegistryStop) { found = try model.nodes(lookup, answers) } catch {
      switch error {
      case .asks(let questions): return .asks(questions)
      case .none(let reason): found.none = reason
      }
    }
    found.check = found.check ?? found.nodes.flatMap { NodeCheck.message($0) }
    return .gives(found)
  }

  /// What APISIX asks next; none when the answers are all that it needs.
  public func questions(_ lookup: RegistryLookup, after answers: RegistryAnswers = .init()) -> [RegistryQuestion] {
    if case .asks(let questions) = step(lookup, after: answers) { questions } else { [] }
  }

  /// The nodes that APISIX makes of the answers, or why there are none; what is not answered counts as no answer.
  /// - Parameter earlier: what the answers before these gave, of which a release may keep the nodes.
  public func nodes(
    _ lookup: RegistryLookup, _ answers: RegistryAnswers, after earlier: Resolution? = nil
  ) -> Resolution {
    var answers = answers
    while true {
      switch step(lookup, after: answers) {
      case .asks(let questions): for question in questions { answers[question] = .nothing }
      case .gives(let found): return kept(found, after: earlier, in: lookup.release)
      }
    }
  }

  /// What a release has after an answer: where that gives nothing it may keep what an earlier one gave.
  public func kept(_ found: Resolution, after earlier: Resolution?, in release: Release) -> Resolution {
    guard let earlier, earlier.none == nil, let none = found.none, model.keeps(none, in: release) else { return found }
    return earlier
  }

  /// The URL whose answer waits for a change since one that came with this index; nil where APISIX asks again instead.
  public func waiting(_ url: String, since index: String, _ lookup: RegistryLookup) -> (url: String, seconds: Double)? {
    model.waiting(url, since: index, lookup)
  }
}

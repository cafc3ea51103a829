import APISIX
import Inputs

/// What lint says of one of APISIX's registries: each is a folder here, with a type that lists it.
protocol RegistryRules {
  /// What people call it, in lower case.
  static var aliases: [String] { get }
  /// Over its section in config.yaml.
  static var settings: [Check<ConfigContext>] { get }
  /// Over the service names of its upstreams.
  static var serviceName: Check<ServiceNameUse>? { get }
  /// What to write for a required key, by its name.
  static var samples: [String: String] { get }
  /// What keys were meant to be, as the way to it from the section (or the cluster) on, and these keys: in lower case
  /// without `_` and `-`, by the way to the map in which they stand. Keys that are read at one other place need no row.
  static var meant: [String: [String: String]] { get }
  /// What to do with a key for which there is no place, by the same.
  static var advice: [String: [String: String]] { get }
}

/// A service name, wherever it stands.
struct ServiceNameUse {
  let name: Field
  let text: String
  let project: Project

  /// The text, for messages.
  var shown: String { SecretPatterns.quotable(text) }
}

extension RegistryRules {
  static var aliases: [String] { [] }
  static var settings: [Check<ConfigContext>] { [] }
  static var serviceName: Check<ServiceNameUse>? { nil }
  static var samples: [String: String] { [:] }
  static var advice: [String: [String: String]] { [:] }
}

extension RegistryKind {
  var rules: any RegistryRules.Type {
    switch self {
    case .kubernetes: KubernetesRules.self
    case .nacos: NacosRules.self
    case .consul: ConsulRules.self
    case .consulKV: ConsulKVRules.self
    case .eureka: EurekaRules.self
    case .dns: DNSRules.self
    case .tars: TarsRules.self
    }
  }

  /// What to write for a required key.
  func sample(of key: String) -> String { rules.samples[key] ?? key }

  /// All of them, for a page.
  static func list(_ separator: String = ", ") -> String { allCases.map(\.key).joined(separator: separator) }

  /// The registry that is called so, or was meant: in any case, by what people call it, with a dash or a blank.
  init?(meant name: String) {
    let name = name.lowercased()
    let folded = name.filter { $0 != "-" && $0 != "_" && $0 != " " }
    guard let kind = Self(rawValue: name) ?? Self(alias: name) ?? Self(alias: folded) else { return nil }
    self = kind
  }

  /// The registry that people call so.
  init?(alias: String) {
    guard let kind = Self.allCases.first(where: { $0.rules.aliases.contains(alias) }) else { return nil }
    self = kind
  }

  /// The way, from the section (or the cluster) on, that a key in the map at `prefix` was meant to be.
  func meant(_ key: String, in prefix: [String]) -> [String]? {
    Self.cure(of: key, in: prefix, rules.meant)?.split(separator: ".").map(String.init)
  }

  /// What to do with a key for which there is no place in config.yaml.
  func advice(_ key: String, in prefix: [String]) -> String? {
    Self.cure(of: key, in: prefix, rules.advice)
  }

  private static func cure(of key: String, in prefix: [String], _ cures: [String: [String: String]]) -> String? {
    let folded = key.lowercased().filter { $0 != "_" && $0 != "-" }
    return cures[prefix.joined(separator: ".")]?.first { $0.value.split(separator: " ").contains(folded[...]) }?.key
  }
}

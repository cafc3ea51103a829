import ArgumentParser

/// A command as ArgumentParser knows it, which speaks for help and completion. What it would else be told with property
/// wrappers is made of the command's own parameters, and shown to it as if they stood there.
struct Described<Called: Command>: ParsableCommand, CustomReflectable {
  static var configuration: CommandConfiguration {
    CommandConfiguration(
      commandName: Called.name.split(separator: " ").last.map(String.init), abstract: Called.abstract,
      discussion: Called.discussion)
  }

  init() {}

  /// The command is read by `Command.read`; ArgumentParser only checks that its keys can be asked for.
  init(from decoder: any Decoder) throws { _ = try decoder.container(keyedBy: ParameterKey.self) }

  var customMirror: Mirror {
    Mirror(self, children: Called.parameters.map { (label: $0.name, value: $0.declaration) })
  }
}

private struct ParameterKey: CodingKey {
  let stringValue: String
  var intValue: Int? { nil }

  init(stringValue: String) { self.stringValue = stringValue }
  init?(intValue: Int) { nil }
}

extension Parameter where Target: Flags {
  /// What would stand at a property.
  fileprivate var declaration: Any {
    let names: NameSpecification = short.map { [.customLong(name), .customShort($0)] } ?? .customLong(name)
    let preset = preset(Target())
    var help = ArgumentHelp(stringLiteral: help)
    help.valueName = placeholder
    let words = words()
    if !words.isEmpty {
      help.abstract +=
        " (values: \(words.joined(separator: ", "))"
        + (kind == .optionalValue || preset.isEmpty ? ")" : "; default: \(preset))")
    }
    let completion = completion?.kind
    switch kind {
    case .flag:
      return Flag(wrappedValue: false, name: names, help: help)
    case .option where isRepeatable:
      return Option<[String]>(wrappedValue: [], name: names, help: help, completion: completion)
    case .option where preset.isEmpty || !words.isEmpty:
      return Option<String?>(name: names, help: help, completion: completion)
    case .option:
      return Option(wrappedValue: preset, name: names, help: help, completion: completion)
    // Else what comes behind it would be completed as its value.
    case .optionalValue where CompletionShell.requesting != nil:
      return Flag(wrappedValue: false, name: names, help: help)
    case .optionalValue:
      return Option<String?>(name: names, defaultAsFlag: preset, help: help, completion: completion)
    case .argument(isRequired: true) where isRepeatable:
      return Argument<[String]>(help: help, completion: completion)
    case .argument where isRepeatable:
      return Argument<[String]>(wrappedValue: [], help: help, completion: completion)
    case .argument(isRequired: true):
      return Argument<String>(help: help, completion: completion)
    case .argument:
      return Argument<String?>(help: help, completion: completion)
    }
  }
}

/// The root of them.
struct Gatecheck: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "gatecheck",
    abstract: "Says why Apache APISIX's service discovery answers 503: in one line, at one place, with one fix.",
    version: "gatecheck \(Version.current)",
    subcommands: [
      Described<LintCommand>.self, RBACGroup.self, TokenGroup.self, Described<ResolveCommand>.self,
      RegistryGroup.self, Described<DoctorCommand>.self, Described<ExplainCommand>.self, Described<RulesCommand>.self,
      Described<SchemaCommand>.self, Described<CompletionCommand>.self, ConfigGroup.self, LogsGroup.self,
    ])

  fileprivate static func described<Called: Command>(_: Called.Type) -> any ParsableCommand.Type {
    Described<Called>.self
  }

  fileprivate static func group(_ name: String, _ abstract: String) -> CommandConfiguration {
    CommandConfiguration(
      commandName: name, abstract: abstract,
      subcommands: Commands.all.filter { $0.name.hasPrefix(name + " ") }.map { described($0) })
  }
}

private struct RBACGroup: ParsableCommand {
  static let configuration = Gatecheck.group("rbac", "What APISIX needs in the cluster: account, role, binding, token.")
}

private struct TokenGroup: ParsableCommand {
  static let configuration = Gatecheck.group("token", "Whether the token works, and why not.")
}

private struct RegistryGroup: ParsableCommand {
  static let configuration = Gatecheck.group("registry", "Whether the registries of config.yaml let APISIX read.")
}

private struct LogsGroup: ParsableCommand {
  static let configuration = Gatecheck.group("logs", "From an error line to its cause.")
}

private struct ConfigGroup: ParsableCommand {
  static let configuration = Gatecheck.group("config", "gatecheck's own settings, .gatecheck.yaml.")
}

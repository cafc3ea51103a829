import ArgumentParser

struct Gatecheck: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "gatecheck",
    abstract: "Says why Apache APISIX's service discovery answers 503: in one line, at one place, with one fix.",
    version: "gatecheck \(Version.current)",
    subcommands: [
      LintCommand.self, RBACCommand.self, TokenCommand.self, ResolveCommand.self, ExplainCommand.self,
      RulesCommand.self, SchemaCommand.self, ConfigCommand.self,
    ])
}

enum Version {
  /// Follows SemVer; CHANGELOG.md says what each holds.
  static let current = "0.1.0"
}

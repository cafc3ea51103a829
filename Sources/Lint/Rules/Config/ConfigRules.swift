import APISIX
import Findings

/// The checks of config.yaml.
enum ConfigRules {
  private static let registries = RegistryKind.allCases.flatMap { $0.rules.settings }

  private static let checks: [Check<ConfigContext>] = [
    Check(YAMLRules.rules, YAMLRules.check), Check(NotTopLevel.rule, NotTopLevel.check),
    Check(MisspeltSection.rule, MisspeltSection.check),
    Check(RegistryNames.rules, RegistryNames.check), Check(IncompleteModule.rule, IncompleteModule.check),
    Check(registries.rules(), registries.findings), Check(ValueForms.rules, ValueForms.check),
    Check(Addresses.rules, Addresses.check), Check(InlineCredential.rule, InlineCredential.check),
    Check(UnknownKey.rules, UnknownKey.check), Check(MissingVariable.rule, MissingVariable.check),
    Check(UnknownVariable.rule, UnknownVariable.check), Check(StartLog.rule, StartLog.check),
    Check(SharedDicts.rules, SharedDicts.check), Check(ZoneSize.rule, ZoneSize.check),
    Check(TrustedCertificate.rule, TrustedCertificate.check), Check(EtcdSection.rule, EtcdSection.check),
    Check(WrongFile.rule, WrongFile.check),
  ]

  /// Those that speak only of what the ones before have not named.
  private static let later: [Check<(ConfigContext, after: [Finding])>] = [
    Check(InvalidValue.rule) { InvalidValue.check($0, after: $1) },
    Check(NotFilledIn.rule) { NotFilledIn.check($0, after: $1) },
    Check(StartFailure.rule) { StartFailure.check($0, after: $1) },
  ]

  static let rules = checks.rules() + later.rules()

  static func check(_ context: ConfigContext) -> [Finding] {
    var findings = checks.findings(in: context)
    for check in later { findings += check.find((context, after: findings)) }
    return InputMethod.first(in: UnknownKey.merged(findings))
  }
}

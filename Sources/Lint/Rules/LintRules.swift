import Common
public import Findings

/// Every rule of lint.
public enum LintRules {
  public static let all: [Rule] =
    yaml + discovery + kubernetes + registries + token + placeholder + ResourceRules.rules + InputRules.all
    + IgnoreRules.all
    + [SettingsRule.settings, SettingsRule.arguments]

  private static let yaml: [Rule] = [.yamlSyntax, .yamlLimit, .duplicateKey, .severalDocuments]

  private static let discovery: [Rule] = [
    .unknownKey, .keyTooNew, .unknownRegistry, .registryTooNew, .registryEmpty, .notTopLevel, .discoveryShape,
    .helmStyle, .incompleteModule,
    .invalidValue, .startFailure, .startLog, .numberForm, .weightZero, .inlineCredential, .placeholderHost, .fetchLoad,
  ]

  private static let kubernetes: [Rule] = [
    .portNotString, .portBecomesNumber, .portInvalid, .hostUpperCase, .hostIsURL, .hostIPv6, .hostInvalid,
    .schemaUnknown,
    .selectorSeveral, .selectorUnknown, .selectorNotList, .selectorValue, .labelSelectorNotString, .weightInvalid,
    .sharedSizeInvalid, .flagNotBoolean, .notAMap, .idInvalid, .idDuplicate, .clusterIncomplete, .credentialChoice,
    .listTooOld, .tokenFileInvalid, .tokenFileNotExpanded, .tokenAndFile, .loopbackServer, .slicesInert, .slicesWrong,
    .expressionBroken, .expressionGlob, .expressionFirstAlternative, .expressionImpossible, .finalLineBreak,
    .labelSelectorGrammar, .portVariableURL, .sslVerifyNeedsCA, .plainHTTP, .tokenFileReadOnce, .mapOfClusters,
  ]

  private static let registries: [Rule] = [
    .consulServer, .consulInterval, .nacosAddress, .nacosPrefix, .nacosHalfKey, .eurekaAddress, .eurekaPrefix,
    .dnsServer, .dnsSource, .dnsOrder,
  ]

  private static let token: [Rule] = [
    .tokenNotString, .inlineToken, .tokenBase64Wrapped, .tokenWhitespace, .tokenEmpty, .tokenQuoted, .tokenPrefixed,
    .tokenEncoding, .tokenDocument, .tokenPlaceholder, .tokenTruncated, .tokenCharacter, .tokenExpired,
    .tokenNotYetValid, .tokenExpiresSoon, .tokenNotServiceAccount,
  ]

  private static let placeholder: [Rule] = [
    .variableEndsInDigit, .variablePrefix, .missingVariable, .openVariable,
    .variableNotExported, .notFilledIn,
  ]
}

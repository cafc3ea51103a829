public import Findings

/// Every rule of lint.
public enum LintRules {
  public static let all: [Rule] =
    yaml + discovery + kubernetes + token + placeholder + ResourceRules.rules + InputRules.all + IgnoreRules.all
    + [SettingsRule.settings]

  private static let yaml: [Rule] = [.yamlSyntax, .yamlLimit, .duplicateKey, .severalDocuments]

  private static let discovery: [Rule] = [
    .unknownKey, .keyTooNew, .unknownRegistry, .registryTooNew, .registryEmpty, .notTopLevel, .discoveryShape,
    .helmStyle,
    .invalidValue, .startFailure,
  ]

  private static let kubernetes: [Rule] = [
    .portNotString, .portBecomesNumber, .portInvalid, .hostUpperCase, .hostIsURL, .hostIPv6, .hostInvalid,
    .schemaUnknown,
    .selectorSeveral, .selectorUnknown, .selectorNotList, .selectorValue, .labelSelectorNotString, .weightInvalid,
    .sharedSizeInvalid, .flagNotBoolean, .notAMap, .idInvalid, .idDuplicate, .clusterIncomplete, .credentialChoice,
    .listTooOld, .tokenFileInvalid, .tokenFileNotExpanded, .tokenAndFile, .loopbackServer, .slicesInert, .slicesWrong,
  ]

  private static let token: [Rule] = [
    .tokenNotString, .inlineToken, .tokenBase64Wrapped, .tokenWhitespace, .tokenEmpty, .tokenQuoted, .tokenPrefixed,
    .tokenEncoding, .tokenDocument, .tokenPlaceholder, .tokenTruncated, .tokenCharacter, .tokenExpired,
    .tokenNotYetValid, .tokenExpiresSoon, .tokenNotServiceAccount,
  ]

  private static let placeholder: [Rule] = [.variableEndsInDigit, .variablePrefix, .missingVariable, .openVariable]
}

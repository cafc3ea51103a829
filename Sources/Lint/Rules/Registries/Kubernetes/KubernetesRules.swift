enum KubernetesRules: RegistryRules {
  static let aliases = ["k8s", "kube", "kubernates"]
  static let settings = [
    Check(NotAMap.rule, NotAMap.check), Check(MapOfClusters.rule, MapOfClusters.check),
    Check(clusters.rules()) { $0.clusters.flatMap(clusters.findings) }, Check(ClusterList.rules, ClusterList.check),
    Check(PrefixCollision.rule, PrefixCollision.check),
  ]
  static let serviceName: Check<ServiceNameUse>? = Check(
    KubernetesServiceName.rules, KubernetesServiceName.check)

  private static let clusters: [Check<KubernetesCluster>] = [
    Check(PortNotString.rule, PortNotString.check), Check(PortBecomesNumber.rule, PortBecomesNumber.check),
    Check(PortInvalid.rule, PortInvalid.check), Check(PortVariableIsURL.rule, PortVariableIsURL.check),
    Check(HostInvalid.rules, HostInvalid.check), Check(SchemaUnknown.rule, SchemaUnknown.check),
    Check(EndsInDigit.rule, EndsInDigit.check), Check(NotExported.rule, NotExported.check),
    Check(NamespaceSelector.rules, NamespaceSelector.check),
    Check(NamespaceExpression.rules, NamespaceExpression.check),
    Check(LabelSelectorGrammar.rule, LabelSelectorGrammar.check), Check(SimpleSettings.rules, SimpleSettings.check),
    Check(SharedSize.rule, SharedSize.check), Check(FinalLineBreak.rule, FinalLineBreak.check),
    Check(WatchSlices.rules, WatchSlices.check), Check(Client.rules, Client.check),
    Check(TokenSetting.rules, TokenSetting.check), Check(Transport.rules, Transport.check),
    Check(TokenFileReadOnce.rule, TokenFileReadOnce.check),
  ]
}

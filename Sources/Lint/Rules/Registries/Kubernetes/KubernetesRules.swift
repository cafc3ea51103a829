import APISIX
import Findings

/// All rules of `discovery.kubernetes`.
enum KubernetesRules {
  static func check(_ kubernetes: Setting, _ clusters: [KubernetesCluster], _ context: ConfigContext) -> [Finding] {
    if clusters.isEmpty, !kubernetes.isOpen {
      return [
        context.file.finding(
          .notAMap, "kubernetes is \(kubernetes.described); APISIX accepts a map, or a list of maps",
          at: kubernetes.node,
          path: kubernetes.path, help: "for a gateway inside the cluster write kubernetes: {}")
      ]
    }
    let each = clusters.flatMap { cluster -> [Finding] in
      var findings = PortNotString.check(cluster)
      findings += PortBecomesNumber.check(cluster)
      findings += PortInvalid.check(cluster)
      findings += HostInvalid.check(cluster)
      findings += VariableName.check(cluster)
      findings += SchemaUnknown.check(cluster)
      findings += NamespaceSelector.check(cluster)
      findings += SimpleSettings.check(cluster)
      findings += Client.check(cluster)
      findings += TokenSetting.check(cluster, now: context.now)
      findings += Slices.check(cluster)
      findings += NamespaceExpression.check(cluster)
      findings += FinalLineBreak.check(cluster)
      findings += LabelSelectorGrammar.check(cluster)
      findings += ServiceVariables.check(cluster, context)
      findings += Transport.check(cluster, context)
      return findings
    }
    return MapOfClusters.check(kubernetes, in: context.file) + each + ClusterList.check(clusters)
      + VariablePrefix.check(clusters)
  }
}

import Common
public import Findings

/// The rules over service names and registries in upstreams, wherever these stand.
public enum ServiceNameRules {
  public static let rules: [Rule] = [
    .serviceNameLength, .registryUnknown, .registryNotEnabled, .discoveryArguments, .kubernetesDNSName,
    .kubernetesPortMissing, .kubernetesMalformed, .clusterIDMissing, .clusterIDExtra, .clusterIDUnknown,
    .kubernetesPortNumber, .kubernetesPortUnknown, .consulKVName, .consulName, .eurekaName, .dnsServiceName, .nacosName,
  ]
}

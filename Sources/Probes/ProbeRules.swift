public import Findings

/// The rules of commands that connect, and of resolve.
public enum ProbeRules {
  public static let all: [Rule] =
    ResolveRules.all + ConfigRules.all + KubeconfigRules.all + ConnectRules.all + TLSRules.all + ServerRules.all
    + TokenVerifyRules.all + RBACRules.all + TokenCreateRules.all + RegistryRules.all
    + NacosRules.all + EurekaRules.all + DNSRules.all + ConsulRules.all + ConsulKVRules.all
    + EtcdRules.all + ZooKeeperRules.all + GatewayRules.all
}

enum NacosRules: RegistryRules {
  static let samples = ["host": "host: [\"http://127.0.0.1:8848\"]"]
  /// The last one over eureka as well.
  static let settings = [
    Check(Nacos.rules, Nacos.check), Check(KeepsLastInstances.rule, KeepsLastInstances.check),
    Check(PasswordInLog.rule, PasswordInLog.check), Check(NoFailOver.rule, NoFailOver.check),
  ]
  static let serviceName: Check<ServiceNameUse>? = Check(NacosServiceName.rule, NacosServiceName.check)

  static let meant = [
    "": [
      "host": "hosts server servers address serveraddr", "fetch_interval": "interval", "access_key": "accesskey ak",
      "secret_key": "secretkey sk", "timeout": "timeouts", "weight": "defaultweight",
    ]
  ]

  static let advice = [
    "": [
      "write it into each address: http://USER:PASSWORD@host:8848": "username user password",
      "give it with each upstream: discovery_args: {namespace_id: ID}": "namespace namespaceid",
      "give it with each upstream: discovery_args: {group_name: NAME}": "group groupname",
      "it belongs into the upstream, as service_name": "servicename",
    ]
  ]
}

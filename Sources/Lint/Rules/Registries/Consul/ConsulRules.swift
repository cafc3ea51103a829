enum ConsulRules: RegistryRules {
  static let aliases = ["consul_catalog"]
  static let samples = ["servers": "servers: [\"http://127.0.0.1:8500\"]", "path": "path: /tmp/consul.dump"]
  /// Over that of consul_kv as well.
  static let settings = [
    Check(ConsulServers.rules, ConsulServers.check),
    Check(DefaultServiceInOneWorker.rule, DefaultServiceInOneWorker.check),
  ]
  static let serviceName: Check<ServiceNameUse>? = Check(ConsulServiceName.rule, ConsulServiceName.check)

  static let meant = [
    "": [
      "default_service": "defaultserver", "skip_services": "skipkeys skipservice", "servers": "host hosts server",
      "fetch_interval": "interval", "token": "acltoken alctoken", "weight": "defaultweight", "sort_type": "sort",
    ]
  ]

  static let advice = [
    "timeout": ["remove it; the consul registry has connect, read and wait": "send"],
    "": [
      "remove it; only consul_kv has a prefix": "prefix",
      "remove it; APISIX asks the agent's own datacenter": "dc datacenter",
    ],
  ]
}

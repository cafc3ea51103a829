enum ConsulRules: RegistryRules {
  static let aliases = ["consul_catalog"]
  static let samples = ["servers": "servers: [\"http://127.0.0.1:8500\"]", "path": "path: /tmp/consul.dump"]
  /// Over that of consul_kv as well.
  static let settings = [Check(ConsulServers.rules, ConsulServers.check)]
  static let serviceName: Check<ServiceNameUse>? = Check(ConsulServiceName.rule, ConsulServiceName.check)

  static let meant = [
    "": [
      "defaultserver": "default_service", "skipkeys": "skip_services", "host": "servers", "hosts": "servers",
      "server": "servers", "interval": "fetch_interval", "acltoken": "token", "alctoken": "token",
      "defaultweight": "weight", "sort": "sort_type", "skipservice": "skip_services",
    ]
  ]

  static let advice = [
    "timeout": ["send": "take it out; the consul registry has connect, read and wait"],
    "": [
      "prefix": "take it out; only consul_kv has a prefix",
      "dc": "take it out; APISIX asks the agent's own datacenter",
      "datacenter": "take it out; APISIX asks the agent's own datacenter",
    ],
  ]
}

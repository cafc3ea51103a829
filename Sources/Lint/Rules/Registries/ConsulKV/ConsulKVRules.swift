enum ConsulKVRules: RegistryRules {
  static let aliases = ["consulkv", "consul-kv"]
  static let samples = ["servers": "servers: [\"http://127.0.0.1:8500\"]", "path": "path: /tmp/consul_kv.dump"]
  static let serviceName: Check<ServiceNameUse>? = Check(ConsulKVServiceName.rule, ConsulKVServiceName.check)

  static let meant = [
    "": [
      "defaultserver": "default_service", "skipservices": "skip_keys", "host": "servers", "hosts": "servers",
      "server": "servers", "interval": "fetch_interval", "acltoken": "token", "defaultweight": "weight",
    ]
  ]

  static let advice = [
    "timeout": ["send": "take it out; the consul_kv registry has connect, read and wait"],
    "": [
      "sorttype": "take it out; only the consul registry sorts",
      "sharedsize": "take it out; the consul_kv registry has no shared memory",
    ],
  ]
}

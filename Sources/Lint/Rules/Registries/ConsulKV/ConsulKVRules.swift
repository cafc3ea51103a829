enum ConsulKVRules: RegistryRules {
  static let aliases = ["consulkv", "consul-kv"]
  static let samples = ["servers": "servers: [\"http://127.0.0.1:8500\"]", "path": "path: /tmp/consul_kv.dump"]
  static let serviceName: Check<ServiceNameUse>? = Check(ConsulKVServiceName.rule, ConsulKVServiceName.check)

  static let meant = [
    "": [
      "default_service": "defaultserver", "skip_keys": "skipservices", "servers": "host hosts server",
      "fetch_interval": "interval", "token": "acltoken", "weight": "defaultweight",
    ]
  ]

  static let advice = [
    "timeout": ["take it out; the consul_kv registry has connect, read and wait": "send"],
    "": [
      "take it out; only the consul registry sorts": "sorttype",
      "take it out; the consul_kv registry has no shared memory": "sharedsize",
    ],
  ]
}

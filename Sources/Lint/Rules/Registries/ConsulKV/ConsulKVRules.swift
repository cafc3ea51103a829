enum ConsulKVRules: RegistryRules {
  static let aliases = ["consulkv", "consul-kv"]
  static let samples = ["servers": "servers: [\"http://127.0.0.1:8500\"]", "path": "path: /tmp/consul_kv.dump"]
  static let settings = [Check(KVPrefix.rule, KVPrefix.check)]
  static let serviceName: Check<ServiceNameUse>? = Check(ConsulKVServiceName.rule, ConsulKVServiceName.check)

  static let meant = [
    "": [
      "default_service": "defaultserver", "skip_keys": "skipservices", "servers": "host hosts server",
      "fetch_interval": "interval", "token": "acltoken", "weight": "defaultweight",
    ]
  ]

  static let advice = [
    "timeout": ["remove it; the consul_kv registry has connect, read and wait": "send"],
    "": [
      "remove it; only the consul registry sorts": "sorttype",
      "remove it; the consul_kv registry has no shared memory": "sharedsize",
    ],
  ]
}

enum DNSRules: RegistryRules {
  static let samples = ["servers": "servers: [\"127.0.0.1:53\"]"]
  static let settings = [Check(DNS.rules, DNS.check)]
  static let serviceName: Check<ServiceNameUse>? = Check(DNSServiceName.rule, DNSServiceName.check)

  static let meant = [
    "": [
      "servers": "server host hosts nameserver nameservers resolver resolvers", "resolv_conf": "resolvconf",
      "order": "orders",
    ]
  ]
}

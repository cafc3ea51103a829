enum DNSRules: RegistryRules {
  static let samples = ["servers": "servers: [\"127.0.0.1:53\"]"]
  static let settings = [Check(DNS.rules, DNS.check)]
  static let serviceName: Check<ServiceNameUse>? = Check(DNSServiceName.rule, DNSServiceName.check)

  static let meant = [
    "": [
      "server": "servers", "host": "servers", "hosts": "servers", "nameserver": "servers",
      "nameservers": "servers", "resolver": "servers", "resolvers": "servers", "resolvconf": "resolv_conf",
      "orders": "order",
    ]
  ]
}

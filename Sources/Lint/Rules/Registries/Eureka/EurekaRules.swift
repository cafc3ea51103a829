enum EurekaRules: RegistryRules {
  static let samples = ["host": "host: [\"http://127.0.0.1:8761\"]"]
  static let settings = [Check(Eureka.rules, Eureka.check)]
  static let serviceName: Check<ServiceNameUse>? = Check(EurekaServiceName.rule, EurekaServiceName.check)

  static let meant = [
    "": [
      "hosts": "host", "servers": "host", "server": "host", "url": "host", "serviceurl": "host",
      "defaultzone": "host", "interval": "fetch_interval", "path": "prefix", "defaultweight": "weight",
    ]
  ]
}

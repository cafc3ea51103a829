enum EurekaRules: RegistryRules {
  static let samples = ["host": "host: [\"http://127.0.0.1:8761\"]"]
  static let settings = [Check(Eureka.rules, Eureka.check)]
  static let serviceName: Check<ServiceNameUse>? = Check(EurekaServiceName.rule, EurekaServiceName.check)

  static let meant = [
    "": [
      "host": "hosts servers server url serviceurl defaultzone", "fetch_interval": "interval", "prefix": "path",
      "weight": "defaultweight",
    ]
  ]
}

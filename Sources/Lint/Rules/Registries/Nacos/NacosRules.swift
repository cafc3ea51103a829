enum NacosRules: RegistryRules {
  static let samples = ["host": "host: [\"http://127.0.0.1:8848\"]"]
  static let settings = [Check(Nacos.rules, Nacos.check)]
  static let serviceName: Check<ServiceNameUse>? = Check(NacosServiceName.rule, NacosServiceName.check)

  static let meant = [
    "": [
      "hosts": "host", "server": "host", "servers": "host", "address": "host", "serveraddr": "host",
      "interval": "fetch_interval", "accesskey": "access_key", "secretkey": "secret_key", "ak": "access_key",
      "sk": "secret_key", "timeouts": "timeout", "defaultweight": "weight",
    ]
  ]

  static let advice = [
    "": [
      "username": "write it into each address: http://USER:PASSWORD@host:8848",
      "user": "write it into each address: http://USER:PASSWORD@host:8848",
      "password": "write it into each address: http://USER:PASSWORD@host:8848",
      "namespace": "give it with each upstream: discovery_args: {namespace_id: ID}",
      "namespaceid": "give it with each upstream: discovery_args: {namespace_id: ID}",
      "group": "give it with each upstream: discovery_args: {group_name: NAME}",
      "groupname": "give it with each upstream: discovery_args: {group_name: NAME}",
      "servicename": "it belongs into the upstream, as service_name",
    ]
  ]
}

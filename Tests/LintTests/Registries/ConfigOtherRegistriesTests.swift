import APISIX
import Testing

@testable import Lint

/// eureka, dns and tars.
@Suite struct ConfigOtherRegistriesTests {
  @Test(arguments: samples) func says(_ sample: ConfigSample) {
    #expect(sample.found.map(ConfigSample.line) == sample.findings)
  }

  @Test(arguments: samples) func mends(_ sample: ConfigSample) { sample.expectFixes() }

  static let samples: [ConfigSample] = [
    ConfigSample(
      "eureka addresses",
      #"""
      discovery:
        eureka:
          host:
            - "http://u:${{PW}}@127.0.0.1:8761"
            - eureka:8761
            - "HTTPS://eureka:8761"
            - "http://user:p@ss@eureka:8761"
            - ""
            - "http://${EUREKA_HOST}:8761"
          prefix: /eureka/
      """#,
      [
        "5:9 eureka/address",
        "6:9 eureka/address",
        "?7:9 discovery/inline-credential",
        "7:9 eureka/address",
        "8:9 eureka/address",
        "9:9 placeholder/not-filled-in",
      ]),
    ConfigSample(
      "eureka without a prefix",
      #"""
      discovery:
        eureka:
          host: ["http://127.0.0.1:8761"]
      """#,
      ["?2:3 eureka/prefix"]),
    ConfigSample(
      "eureka with a path for a prefix",
      #"""
      discovery:
        eureka:
          host: ["http://127.0.0.1:8761/eureka/"]
      """#,
      []),
    ConfigSample(
      "eureka with a prefix without a slash",
      #"""
      discovery:
        eureka:
          host: ["http://127.0.0.1:8761"]
          prefix: eureka/
      """#,
      ["!4:13 eureka/prefix"]),
    ConfigSample(
      "eureka, timeouts one level too high, weight 0",
      #"""
      discovery:
        eureka:
          host: ["http://127.0.0.1:8761"]
          prefix: /eureka/
          connect: 2000
          weight: 0
          fetch_interval: 2
      """#,
      [
        "5:5 discovery/unknown-key",
        "?6:5 discovery/weight-zero",
        "7:21 discovery/fetch-interval-load",
      ]),
    ConfigSample(
      "eureka with a timeout that is not indented",
      #"""
      discovery:
        eureka:
          host: ["${{EUREKA:=}}"]
          prefix: /eureka/
          timeout:
          connect: 2000
          read: 5000
      """#,
      ["6:5 discovery/unknown-key"]),
    ConfigSample(
      "dns servers",
      #"""
      discovery:
        dns:
          servers: ["127.0.0.1:53", "10.0.0.10", "::1", "[::1]:53", "dns.example.org:53", "udp://127.0.0.1:53"]
      """#,
      ["!3:63 dns/server-not-ip", "!3:85 dns/server-not-ip"]),
    ConfigSample(
      "dns with both",
      #"""
      discovery:
        dns:
          servers: ["127.0.0.1"]
          resolv_conf: /etc/resolv.conf
      """#,
      ["!4:5 dns/servers-and-file"]),
    ConfigSample(
      "dns with neither",
      #"""
      discovery:
        dns:
          order: [A]
      """#,
      ["!2:3 dns/servers-and-file"]),
    ConfigSample(
      "dns order",
      #"""
      discovery:
        dns:
          servers: ["127.0.0.1"]
          order: [srv, LAST, A, MX]
      """#,
      ["!4:13 dns/order", "!4:18 dns/order", "!4:27 dns/order"]),
    ConfigSample(
      "dns order of last alone",
      "discovery: {dns: {servers: [127.0.0.1], order: [last]}}\n", ["!1:48 dns/order-no-address"]),
    ConfigSample(
      "dns order without an address type",
      "discovery: {dns: {servers: [127.0.0.1], order: [last, SRV, CNAME]}}\n", ["1:48 dns/order-no-address"]),
    ConfigSample(
      "dns order of AAAA, switched off",
      "apisix: {enable_ipv6: false}\ndiscovery: {dns: {servers: [127.0.0.1], order: [last, AAAA]}}\n",
      ["!2:48 dns/order-no-address"]),
    ConfigSample(
      "dns order of AAAA", "discovery: {dns: {servers: [127.0.0.1], order: [AAAA, CNAME]}}\n", []),
    ConfigSample(
      "tars",
      #"""
      discovery:
        tars:
          db_conf:
            host: 127.0.0.1
            port: 3306
            database: db_tars
            user: root
            password: tars2015
          full_fetch_interval: 60
          weight: 10
      """#,
      [
        "?8:17 discovery/inline-credential",
        "!9:26 discovery/invalid-value",
        "10:5 discovery/unknown-key",
      ]),
  ]
}

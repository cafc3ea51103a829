import APISIX
import Testing

@testable import Lint

/// nacos.
@Suite struct ConfigNacosTests {
  @Test(arguments: samples) func says(_ sample: ConfigSample) {
    #expect(sample.found.map(ConfigSample.line) == sample.findings)
  }

  @Test(arguments: samples) func mends(_ sample: ConfigSample) { sample.expectFixes() }

  /// No slash, two slashes, another version, only half.
  @Test(arguments: [
    ("nacos/v1/", "!4:13 nacos/prefix"), ("/nacos//v1/", "4:13 nacos/prefix"), ("/nacos/v2/", "4:13 nacos/prefix"),
    ("/nacos", "4:13 nacos/prefix"),
  ]) func prefixes(_ prefix: String, _ finding: String) {
    let sample = ConfigSample(
      "nacos prefixes",
      """
      discovery:
        nacos:
          host: ["http://127.0.0.1:8848"]
          prefix: \(prefix)
      """, [finding])
    #expect(sample.found.map(ConfigSample.line) == sample.findings)
    sample.expectFixes()
  }

  @Test(arguments: [
    (
      Release(3, 12),
      [
        "?3:5 discovery/no-fail-over", "?3:12 nacos/password-in-log", "?3:12 placeholder/unknown",
        "?3:51 placeholder/unknown", "?5:5 discovery/no-fail-over",
      ]
    ),
    (
      Release(3, 14, 1),
      [
        "2:3 nacos/keeps-last-instances", "?3:5 discovery/no-fail-over", "?3:12 nacos/password-in-log",
        "?3:12 placeholder/unknown", "?3:51 placeholder/unknown", "?5:5 discovery/no-fail-over",
      ]
    ),
    (
      Release(3, 16),
      [
        "2:3 nacos/keeps-last-instances", "?3:12 nacos/password-in-log", "?3:12 placeholder/unknown",
        "?3:51 placeholder/unknown",
      ]
    ),
    (Release(3, 17), ["?3:12 placeholder/unknown", "?3:51 placeholder/unknown"]),
  ]) func severalServers(_ release: Release, _ findings: [String]) {
    let sample = ConfigSample(
      "several servers",
      #"""
      discovery:
        nacos:
          host: ["http://nacos:${{PW}}@127.0.0.1:8848", "http://nacos:${{PW}}@127.0.0.2:8848"]
        eureka:
          host: ["http://127.0.0.1:8761", "http://127.0.0.2:8761"]
          prefix: /eureka/
      """#, findings, release: release)
    #expect(sample.found.map(ConfigSample.line) == sample.findings)
    sample.expectFixes()
  }

  static let samples: [ConfigSample] = [
    ConfigSample(
      "nacos addresses",
      #"""
      discovery:
        nacos:
          host:
            - "http://127.0.0.1:8848"
            - "http://127.0.0.1:8848/"
            - "http://127.0.0.1:8848/nacos"
            - "http://127.0.0.1:8848/other/v1"
            - 127.0.0.1:8848
            - "HTTP://127.0.0.1:8848"
            - "ftp://127.0.0.1:8848"
            - "http://${NACOS_USER}:${NACOS_PASSWORD}@127.0.0.1:8848"
            - "http://nacos:@127.0.0.1:8848"
            - "http://[::1]:8848"
            - "http://a:8848,http://b:8848"
            - "http://{host}:8848"
            - "http://a b:8848"
            - "http://nacos:s3cret@127.0.0.1:8848/"
      """#,
      [
        "!5:9 nacos/address",
        "!6:9 nacos/address",
        "!7:9 nacos/address",
        "!8:9 nacos/address",
        "!9:9 nacos/address",
        "!10:9 nacos/address",
        "!11:9 nacos/address",
        "!12:9 nacos/address",
        "!13:9 nacos/address",
        "!14:9 nacos/address",
        "!15:9 nacos/address",
        "!16:9 nacos/address",
        "?17:9 discovery/inline-credential",
        "!17:9 nacos/address",
      ]),
    ConfigSample(
      "nacos, one address without a list",
      #"""
      discovery:
        nacos:
          host: "http://127.0.0.1:8848"
      """#,
      ["!3:11 discovery/invalid-value"]),
    ConfigSample(
      "nacos without anything",
      #"""
      discovery:
        nacos:
          weight: 1
      """#,
      ["!3:5 discovery/invalid-value"]),
    ConfigSample(
      "nacos credentials as keys",
      #"""
      discovery:
        nacos:
          host: ["http://127.0.0.1:8848"]
          username: nacos
          password: nacos
          namespace: public
          group: g
      """#,
      [
        "4:5 discovery/unknown-key",
        "6:5 discovery/unknown-key",
        "7:5 discovery/unknown-key",
      ]),
    ConfigSample(
      "nacos with half a key",
      #"""
      discovery:
        nacos:
          host: ["http://127.0.0.1:8848"]
          access_key: "${{AK}}"
      """#,
      ["4:5 nacos/half-a-key", "?4:17 placeholder/unknown"]),
    ConfigSample(
      "nacos as in a blog",
      #"""
      discovery:
        nacos:
          host:
            - "http://192.168.xx.xx:8848"
          prefix: "/nacos/v1"
          fetch_interval: 1
          weight: 1
          timeout:
            connect: 2000
            send: 2000
            read: 5000
      """#,
      ["4:9 discovery/placeholder-host", "6:21 discovery/fetch-interval-load"]),
    ConfigSample(
      "nacos with all in the file",
      #"""
      discovery:
        nacos:
          host: ["http://nacos:s3c@ret@127.0.0.1:8848"]
          access_key: ak
          secret_key: sk
      """#,
      ["?3:12 discovery/inline-credential", "?5:17 discovery/inline-credential"]),
    ConfigSample(
      "nacos with all from the environment",
      #"""
      discovery:
        nacos:
          host: ["http://nacos:${{PW}}@127.0.0.1:8848"]
          access_key: ${{AK}}
          secret_key: ${{SK}}
      """#,
      ["?3:12 placeholder/unknown", "?4:17 placeholder/unknown", "?5:17 placeholder/unknown"]),
    ConfigSample(
      "one server, old",
      #"""
      discovery:
        nacos:
          host: ["http://127.0.0.1:8848"]
        eureka:
          host: ["http://127.0.0.1:8761"]
          prefix: /eureka/
      """#,
      [], release: Release(3, 8, 1)),
  ]
}

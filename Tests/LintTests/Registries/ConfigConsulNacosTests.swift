import APISIX
import Testing

@testable import Lint

/// consul, consul_kv and nacos.
@Suite struct ConfigConsulNacosTests {
  @Test(arguments: samples) func says(_ sample: ConfigSample) {
    #expect(sample.found.map(ConfigSample.line) == sample.findings)
  }

  @Test(arguments: samples) func mends(_ sample: ConfigSample) { sample.expectFixes() }

  static let samples: [ConfigSample] = [
    ConfigSample(
      "consul addresses",
      #"""
      discovery:
        consul:
          servers:
            - "http://127.0.0.1:8500"
            - "http://127.0.0.1:8500/"
            - 127.0.0.1:8500
            - "HTTP://127.0.0.1:8500"
            - "https://127.0.0.1:8501"
            - "http://127.0.0.1:8500/v1"
            - "http://u:p@127.0.0.1:8500"
            - "http://a:8500,http://b:8500"
            - "${CONSUL}"
            - "tcp://127.0.0.1:8500"
            - "http://a b:8500"
      """#,
      [
        "!5:9 consul/server-address",
        "!6:9 consul/server-address",
        "!7:9 consul/server-address",
        "!8:9 consul/server-address",
        "!9:9 consul/server-address",
        "!10:9 consul/server-address",
        "!11:9 consul/server-address",
        "!12:9 consul/server-address",
        "!13:9 consul/server-address",
      ]),
    ConfigSample(
      "consul_kv addresses",
      #"""
      discovery:
        consul_kv:
          servers: ["http://127.0.0.1:8500/", consul:8500]
      """#,
      ["!3:15 consul/server-address", "!3:41 consul/server-address"]),
    ConfigSample(
      "consul addresses with variables",
      #"""
      discovery:
        consul:
          servers: ["http://${{CONSUL_HOST}}:8500"]
      """#,
      []),
    ConfigSample(
      "consul, interval beside keepalive",
      #"""
      discovery:
        consul:
          servers: ["http://127.0.0.1:8500"]
          fetch_interval: 10
      """#,
      ["?4:5 consul/fetch-interval-unused"]),
    ConfigSample(
      "consul, interval without keepalive",
      #"""
      discovery:
        consul:
          servers: ["http://127.0.0.1:8500"]
          fetch_interval: 10
          keepalive: false
      """#,
      []),
    ConfigSample(
      "consul_kv as documented",
      #"""
      discovery:
        consul_kv:
          servers:
            - "http://127.0.0.1:8500"
          prefix: "upstreams"
          skip_keys: ["upstreams/unused_api/"]
          timeout:
            connect: 2000
            read: 2000
            wait: 60
          weight: 1
          fetch_interval: 3
          keepalive: true
          default_server:
            host: 127.0.0.1
            port: 19999
            metadata:
              fail_timeout: 1
              weight: 1
              max_fails: 1
      """#,
      ["14:5 discovery/unknown-key"]),
    ConfigSample(
      "keys that consul lacks",
      #"""
      discovery:
        consul:
          servers: ["http://127.0.0.1:8500"]
          prefix: upstreams
          dc: dc1
          connect: 100
          timeout:
            send: 1
          default_service:
            host: a
            port: 80
            weight: 1
      """#,
      [
        "4:5 discovery/unknown-key",
        "5:5 discovery/unknown-key",
        "6:5 discovery/unknown-key",
        "8:7 discovery/unknown-key",
        "12:7 discovery/unknown-key",
      ]),
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
      "nacos prefixes: no slash",
      #"""
      discovery:
        nacos:
          host: ["http://127.0.0.1:8848"]
          prefix: nacos/v1/
      """#,
      ["!4:13 nacos/prefix"]),
    ConfigSample(
      "nacos prefixes: two slashes",
      #"""
      discovery:
        nacos:
          host: ["http://127.0.0.1:8848"]
          prefix: /nacos//v1/
      """#,
      ["4:13 nacos/prefix"]),
    ConfigSample(
      "nacos prefixes: another version",
      #"""
      discovery:
        nacos:
          host: ["http://127.0.0.1:8848"]
          prefix: /nacos/v2/
      """#,
      ["4:13 nacos/prefix"]),
    ConfigSample(
      "nacos prefixes: only half",
      #"""
      discovery:
        nacos:
          host: ["http://127.0.0.1:8848"]
          prefix: /nacos
      """#,
      ["4:13 nacos/prefix"]),
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
      "default_service in one worker: consul_kv always",
      #"""
      discovery:
        consul_kv:
          servers: ["http://127.0.0.1:8500"]
          default_service: {host: 10.0.0.9, port: 80}
        consul:
          servers: ["http://127.0.0.1:8500"]
          default_service: {host: 10.0.0.9, port: 80}
      """#,
      ["4:5 consul/default-service-in-one-worker"], release: Release(3, 16)),
    ConfigSample(
      "default_service in one worker: consul before 3.16",
      #"""
      discovery:
        consul_kv:
          servers: ["http://127.0.0.1:8500"]
          default_service: {host: 10.0.0.9, port: 80}
        consul:
          servers: ["http://127.0.0.1:8500"]
          default_service: {host: 10.0.0.9, port: 80}
      """#,
      ["4:5 consul/default-service-in-one-worker", "7:5 consul/default-service-in-one-worker"], release: Release(3, 15)),
    ConfigSample(
      "default_service of a registry that is not there",
      #"""
      discovery:
        consul_kv:
          servers: ["http://127.0.0.1:8500"]
          default_service:
            host: 10.0.0.9
            port: 80
        consul:
          servers: ["http://127.0.0.1:8500"]
          default_service:
            host: 10.0.0.9
            port: 80
      """#,
      ["4:5 consul/default-service-in-one-worker", "!7:3 discovery/registry-too-new"], release: Release(2, 15)),
    ConfigSample(
      "default_service with one worker",
      #"""
      nginx_config:
        worker_processes: 1
      discovery:
        consul_kv:
          servers: ["http://127.0.0.1:8500"]
          default_service: {host: 10.0.0.9, port: 80}
        consul:
          servers: ["http://127.0.0.1:8500"]
          default_service: {host: 10.0.0.9, port: 80}
      """#,
      [], release: Release(3, 15)),
    ConfigSample(
      "default_service that is none",
      #"""
      discovery:
        consul_kv:
          servers: ["http://127.0.0.1:8500"]
          default_service: {}
      """#,
      []),
    ConfigSample(
      "several servers, old",
      #"""
      discovery:
        nacos:
          host: ["http://nacos:${{PW}}@127.0.0.1:8848", "http://nacos:${{PW}}@127.0.0.2:8848"]
        eureka:
          host: ["http://127.0.0.1:8761", "http://127.0.0.2:8761"]
          prefix: /eureka/
      """#,
      [
        "?3:5 discovery/no-fail-over", "?3:12 nacos/password-in-log", "?3:12 placeholder/unknown",
        "?3:51 placeholder/unknown",
        "?5:5 discovery/no-fail-over",
      ], release: Release(3, 12)),
    ConfigSample(
      "several servers, 3.14",
      #"""
      discovery:
        nacos:
          host: ["http://nacos:${{PW}}@127.0.0.1:8848", "http://nacos:${{PW}}@127.0.0.2:8848"]
        eureka:
          host: ["http://127.0.0.1:8761", "http://127.0.0.2:8761"]
          prefix: /eureka/
      """#,
      [
        "2:3 nacos/keeps-last-instances", "?3:5 discovery/no-fail-over", "?3:12 nacos/password-in-log",
        "?3:12 placeholder/unknown", "?3:51 placeholder/unknown", "?5:5 discovery/no-fail-over",
      ], release: Release(3, 14, 1)),
    ConfigSample(
      "several servers, 3.16",
      #"""
      discovery:
        nacos:
          host: ["http://nacos:${{PW}}@127.0.0.1:8848", "http://nacos:${{PW}}@127.0.0.2:8848"]
        eureka:
          host: ["http://127.0.0.1:8761", "http://127.0.0.2:8761"]
          prefix: /eureka/
      """#,
      [
        "2:3 nacos/keeps-last-instances", "?3:12 nacos/password-in-log", "?3:12 placeholder/unknown",
        "?3:51 placeholder/unknown",
      ],
      release: Release(3, 16)),
    ConfigSample(
      "several servers, 3.17",
      #"""
      discovery:
        nacos:
          host: ["http://nacos:${{PW}}@127.0.0.1:8848", "http://nacos:${{PW}}@127.0.0.2:8848"]
        eureka:
          host: ["http://127.0.0.1:8761", "http://127.0.0.2:8761"]
          prefix: /eureka/
      """#,
      ["?3:12 placeholder/unknown", "?3:51 placeholder/unknown"], release: Release(3, 17)),
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

import APISIX
import Testing

@testable import Lint

/// consul and consul_kv.
@Suite struct ConfigConsulTests {
  @Test(arguments: samples) func says(_ sample: ConfigSample) {
    #expect(sample.found.map(ConfigSample.line) == sample.findings)
  }

  @Test(arguments: samples) func mends(_ sample: ConfigSample) { sample.expectFixes() }

  /// consul_kv keeps it in one worker always, consul before 3.16.
  @Test(arguments: [
    (Release(3, 16), ["4:5 consul/default-service-in-one-worker"]),
    (Release(3, 15), ["4:5 consul/default-service-in-one-worker", "7:5 consul/default-service-in-one-worker"]),
  ]) func defaultServiceInOneWorker(_ release: Release, _ findings: [String]) {
    let sample = ConfigSample(
      "default_service in one worker",
      #"""
      discovery:
        consul_kv:
          servers: ["http://127.0.0.1:8500"]
          default_service: {host: 10.0.0.9, port: 80}
        consul:
          servers: ["http://127.0.0.1:8500"]
          default_service: {host: 10.0.0.9, port: 80}
      """#, findings, release: release)
    #expect(sample.found.map(ConfigSample.line) == sample.findings)
    sample.expectFixes()
  }

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
  ]
}

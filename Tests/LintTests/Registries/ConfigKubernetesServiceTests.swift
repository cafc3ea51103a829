import APISIX
import Testing

@testable import Lint

/// What passes the schema of the kubernetes registry and fails later.
@Suite struct ConfigKubernetesServiceTests {
  @Test(arguments: samples) func says(_ sample: ConfigSample) {
    #expect(sample.found.map(ConfigSample.line) == sample.findings)
  }

  @Test(arguments: samples) func mends(_ sample: ConfigSample) { sample.expectFixes() }

  static let samples: [ConfigSample] = [
    ConfigSample(
      "port variable with a whole address",
      #"""
      discovery:
        kubernetes:
          service:
            host: ${KUBERNETES_SERVICE_HOST}
            port: ${KUBERNETES_PORT}
      """#,
      ["!5:13 kubernetes/port-variable-is-url"]),
    ConfigSample(
      "port variable with a whole address, environment known",
      #"""
      discovery:
        kubernetes:
          service:
            host: kube
            port: ${API_PORT}
      """#,
      ["!5:7 discovery/start-failure"], environment: ["API_PORT": "tcp://10.96.0.1:443"]),
    ConfigSample(
      "variables not exported",
      #"""
      discovery:
        kubernetes:
          client:
            token: ${KUBE_TOKEN}
      """#,
      [
        "2:3 placeholder/not-exported",
        "2:3 placeholder/not-exported",
        "4:14 placeholder/not-exported",
      ], release: Release(2, 13, 3)),
    ConfigSample(
      "variables exported by hand",
      #"""
      nginx_config:
        envs:
          - KUBERNETES_SERVICE_HOST
          - KUBERNETES_SERVICE_PORT=443
      discovery:
        kubernetes:
          client:
            token_file: /etc/apisix/token
      """#,
      [], release: Release(2, 13, 3)),
    ConfigSample(
      "verification without a CA",
      #"""
      discovery:
        kubernetes:
          service:
            ssl_verify: true
      """#,
      ["?4:19 kubernetes/ssl-verify-needs-ca"]),
    ConfigSample(
      "verification with a CA",
      #"""
      apisix:
        ssl:
          ssl_trusted_certificate: system,/var/run/secrets/kubernetes.io/serviceaccount/ca.crt
      discovery:
        kubernetes:
          service:
            ssl_verify: true
      """#,
      []),
    ConfigSample(
      "verification that comes later",
      #"""
      discovery:
        kubernetes:
          service:
            ssl_verify: true
      """#,
      ["4:7 discovery/key-too-new"], release: Release(3, 16, 0)),
    ConfigSample(
      "plain http to a TLS port",
      #"""
      discovery:
        kubernetes:
          service:
            schema: http
            host: kube
            port: "6443"
      """#,
      ["4:15 kubernetes/plain-http"]),
    ConfigSample(
      "plain http to a port of its own",
      #"""
      discovery:
        kubernetes:
          service:
            schema: http
            host: kube
            port: "8080"
      """#,
      ["?4:15 kubernetes/plain-http"]),
    ConfigSample(
      "token file read once",
      #"""
      discovery:
        kubernetes:
          default_weight: 1
      """#,
      ["2:3 kubernetes/token-file-read-once"], release: Release(3, 12, 0)),
    ConfigSample(
      "token file of another place",
      #"""
      discovery:
        kubernetes:
          client:
            token_file: /etc/apisix/token
      """#,
      [], release: Release(3, 12, 0)),
    ConfigSample(
      "clusters as keys",
      #"""
      discovery:
        kubernetes:
          prod:
            service: {host: a, port: "6443"}
            client: {token_file: /a}
          test:
            service: {host: b, port: "6443"}
      """#,
      ["!3:5 kubernetes/map-of-clusters"]),
    ConfigSample(
      "keys at other levels",
      #"""
      discovery:
        kubernetes:
          match: [default]
          service:
            host: kube
            port: "6443"
            client:
              token_file: /t
          token_file: /t
          Watch_Endpoint_Slices: true
      """#,
      [
        "3:5 discovery/unknown-key",
        "7:7 discovery/unknown-key",
        "9:5 discovery/unknown-key",
        "10:5 discovery/unknown-key",
      ]),
    ConfigSample(
      "odd numbers",
      #"""
      discovery:
        kubernetes:
          default_weight: 010
      """#,
      ["3:21 discovery/number-form"]),
    ConfigSample(
      "weight of nothing",
      #"""
      discovery:
        kubernetes:
          default_weight: 0
      """#,
      ["?3:5 discovery/weight-zero"]),
    ConfigSample(
      "placeholder host",
      #"""
      discovery:
        kubernetes:
          service:
            host: 192.168.xx.xx
            port: "6443"
      """#,
      ["4:13 discovery/placeholder-host"]),
    ConfigSample(
      "unset variable of token_file",
      #"""
      discovery:
        kubernetes:
          client:
            token_file: ${TOKEN_FILE}
      """#,
      ["!4:19 discovery/start-log"], environment: ["KUBERNETES_SERVICE_HOST": "a", "KUBERNETES_SERVICE_PORT": "443"]),
    ConfigSample(
      "placeholders everywhere",
      #"""
      discovery:
        kubernetes:
          service:
            schema: "${{SCHEMA}}"
            host: "${{HOST}}"
          client:
            token_file: "${{FILE}}"
          namespace_selector:
            equal: "${{NS}}"
          label_selector: "app=${{APP}}"
          default_weight: "${{W}}"
          shared_size: "${{SIZE}}m"
          watch_endpoint_slices: "${{S}}"
      """#,
      [
        "?4:15 placeholder/unknown",
        "?5:13 placeholder/unknown",
        "?7:19 placeholder/unknown",
        "?9:14 placeholder/unknown",
        "?10:21 placeholder/unknown",
        "?11:21 placeholder/unknown",
        "?12:18 placeholder/unknown",
        "?13:28 placeholder/unknown",
      ]),
    ConfigSample(
      "clusters of placeholders",
      #"""
      discovery:
        kubernetes:
          - id: "${{ID}}"
            service: {schema: https, host: "${{H}}", port: "6443"}
            client: {token: "${{T}}"}
            namespace_selector:
              match: ["${{NS}}", "a-${{NS}}"]
      """#,
      [
        "?3:11 placeholder/unknown",
        "?4:38 placeholder/unknown",
        "?5:23 placeholder/unknown",
        "?7:17 placeholder/unknown",
        "?7:28 placeholder/unknown",
      ]),
    ConfigSample(
      "unknown keys below tinyyaml",
      #"""
      discovery:
        kubernetes:
          foo: 1
          service:
            hst: 10.0.0.1
            scheme: https
          client:
            token: ${TOKEN}
          default_weight: 50
          default_weight: 60
      """#,
      [
        "3:5 discovery/unknown-key", "5:7 discovery/unknown-key", "6:7 discovery/unknown-key",
        "10:5 yaml/duplicate-key",
      ], release: Release(3, 9)),
    ConfigSample(
      "all in order",
      #"""
      discovery:
        kubernetes:
          service:
            schema: https
            host: ${KUBERNETES_SERVICE_HOST}
            port: ${KUBERNETES_SERVICE_PORT}
          client:
            token_file: /var/run/secrets/kubernetes.io/serviceaccount/token
          namespace_selector:
            match: [default, "^my-[a-z]+$"]
          label_selector: app=web
          default_weight: 50
          shared_size: 64m
          watch_endpoint_slices: true
      """#,
      []),
  ]
}

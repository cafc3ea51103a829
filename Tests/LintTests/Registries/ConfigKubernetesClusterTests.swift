import APISIX
import Testing

@testable import Lint

/// Lists of clusters, credentials and variables of the kubernetes registry.
@Suite struct ConfigKubernetesClusterTests {
  @Test(arguments: samples) func says(_ sample: ConfigSample) {
    #expect(sample.found.map(ConfigSample.line) == sample.findings)
  }

  @Test(arguments: samples) func mends(_ sample: ConfigSample) { sample.expectFixes() }

  static let samples: [ConfigSample] = [
    ConfigSample(
      "list before 3.0",
      #"""
      discovery:
        kubernetes:
          - id: a
            service: {host: a, port: "6443"}
            client: {token_file: /a}
      """#,
      ["!3:5 kubernetes/list-too-old"], release: Release(2, 15, 3)),
    ConfigSample(
      "token_file as a URL",
      #"""
      discovery:
        kubernetes:
          client:
            token_file: file:///etc/token
      """#,
      ["!4:19 kubernetes/token-file-invalid"]),
    ConfigSample(
      "token_file with a home",
      #"""
      discovery:
        kubernetes:
          client:
            token_file: $HOME/token
      """#,
      ["!4:19 kubernetes/token-file-not-expanded"]),
    ConfigSample(
      "loopback",
      #"""
      discovery:
        kubernetes:
          service:
            host: 127.0.0.1
            port: "6443"
      """#,
      ["?4:13 kubernetes/loopback-server"]),
    ConfigSample(
      "slices that do nothing yet",
      #"""
      discovery:
        kubernetes:
          watch_endpoint_slices: true
      """#,
      ["2:3 kubernetes/token-file-read-once", "3:5 kubernetes/watch-slices-inert"], release: Release(3, 12, 0)),
    ConfigSample(
      "slices that go wrong",
      #"""
      discovery:
        kubernetes:
          watch_endpoint_slices: true
      """#,
      ["!3:5 kubernetes/watch-slices-wrong"], release: Release(3, 14, 0)),
    ConfigSample(
      "variables that begin alike",
      #"""
      discovery:
        kubernetes:
          client:
            token: ${KUBE_TOKEN}
          service:
            host: ${KUBE_TOKEN_HOST}
            port: "6443"
      """#,
      ["4:14 placeholder/prefix-collision"], release: Release(3, 17, 0)),
    ConfigSample(
      "token as a number",
      #"""
      discovery:
        kubernetes:
          client:
            token: 123456
      """#,
      ["!4:14 token/not-a-string"]),
    ConfigSample(
      "variable inside a token",
      #"""
      discovery:
        kubernetes:
          client:
            token: abc${TOKEN}
      """#,
      ["!4:14 token/placeholder"]),
    ConfigSample(
      "blank and variable in a token",
      #"""
      discovery:
        kubernetes:
          client:
            token: "Bearer ${TOKEN} x"
      """#,
      ["!4:14 token/placeholder"]),
  ]
}

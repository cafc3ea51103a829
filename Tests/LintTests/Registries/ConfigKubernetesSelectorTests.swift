import APISIX
import Testing

@testable import Lint

/// Selectors of the kubernetes registry that pass the schema and do not select what is meant.
@Suite struct ConfigKubernetesSelectorTests {
  @Test(arguments: samples) func says(_ sample: ConfigSample) {
    #expect(sample.found.map(ConfigSample.line) == sample.findings)
  }

  @Test(arguments: samples) func mends(_ sample: ConfigSample) { sample.expectFixes() }

  static let samples: [ConfigSample] = [
    ConfigSample(
      "broken expressions",
      #"""
      discovery:
        kubernetes:
          namespace_selector:
            not_match:
              - "*-test"
              - "kube-["
      """#,
      ["!5:11 kubernetes/expression-broken", "!6:11 kubernetes/expression-broken"]),
    ConfigSample(
      "shell patterns",
      #"""
      discovery:
        kubernetes:
          namespace_selector:
            match: [dev-*, "kube*"]
      """#,
      ["4:15 kubernetes/expression-is-glob", "4:22 kubernetes/expression-is-glob"]),
    ConfigSample(
      "alternatives and lazy ends",
      #"""
      discovery:
        kubernetes:
          namespace_selector:
            match:
              - dev|dev-1
              - (dev|dev-1)$
              - prod.*?
              - (a|ab)c
              - team-[a-z]+
              - "(?:qa|qa-eu)"
      """#,
      [
        "5:11 kubernetes/expression-first-alternative",
        "7:11 kubernetes/expression-first-alternative",
        "10:11 kubernetes/expression-first-alternative",
      ]),
    ConfigSample(
      "names that cannot be",
      #"""
      discovery:
        kubernetes:
          namespace_selector:
            match: [Prod, "my_ns", "/dev/", "[A-Z]*x", "(?i)PROD"]
      """#,
      [
        "4:15 kubernetes/expression-never-matches",
        "4:21 kubernetes/expression-never-matches",
        "4:30 kubernetes/expression-never-matches",
      ]),
    ConfigSample(
      "equal that cannot be",
      #"""
      discovery:
        kubernetes:
          namespace_selector:
            equal: my_ns
      """#,
      ["!4:14 kubernetes/expression-never-matches"]),
    ConfigSample(
      "line breaks at the end",
      #"""
      discovery:
        kubernetes:
          service:
            host: |
              kube.example.org
            port: "6443"
          namespace_selector:
            not_match:
              - >
                kube-system
      """#,
      ["!4:13 kubernetes/final-line-break", "9:11 kubernetes/final-line-break"]),
    ConfigSample(
      "line break at the end of an id",
      #"""
      discovery:
        kubernetes:
          - id: |
              a
            service: {host: a, port: "6443"}
            client: {token_file: /a}
      """#,
      ["!3:11 kubernetes/final-line-break"]),
    ConfigSample(
      "label_selector of the sample",
      #"""
      discovery:
        kubernetes:
          label_selector: |-
            first="a",second="b"
      """#,
      ["!3:21 kubernetes/label-selector-grammar"]),
    ConfigSample(
      "label_selector in no grammar",
      #"""
      discovery:
        kubernetes:
          label_selector: app==
      """#,
      []),
    ConfigSample(
      "label_selector that is odd and right",
      #"""
      discovery:
        kubernetes:
          label_selector: "app in (a, b), !canary"
      """#,
      []),
  ]
}

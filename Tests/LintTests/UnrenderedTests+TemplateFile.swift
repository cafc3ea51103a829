import APISIX
import Findings
import SourceText
import Testing

@testable import Lint

/// Variables in braces, and files that are templates by their names.
extension UnrenderedTests {
  /// envsubst fills in objects that are no YAML before.
  @Test func variablesInFlowStyle() {
    #expect(
      rules(
        """
        apiVersion: v1
        kind: Service
        metadata: {name: orders, namespace: ${NAMESPACE}, labels: {version: ${VERSION:-v1}}}
        spec:
          selector: {app: orders}
          ports: [{name: http, port: ${PORT}}]
        """, path: "service.yaml") == [])
  }

  /// A name that says template: every variable in it is another program's.
  @Test(arguments: [
    "config.yaml.template", "config.template.yaml", "config.yaml.tpl", "config.tmpl.yaml", "config.yaml.in",
    "config-template.yaml", "config.yaml.j2", "deploy/templates/config.yaml",
  ]) func variablesOfAFileThatIsATemplate(_ path: String) {
    let config = """
      apisix:
        node_listen: ${PORT}
      discovery:
        eureka:
          host: ["http://${EUREKA_USER}:${EUREKA_PASS}@${EUREKA_HOST}:8761"]
          weight: ${WEIGHT}
          prefix: $EUREKA_PREFIX
        consul:
          servers: ["${CONSUL}", "http://$CONSUL_2:8500"]
        kubernetes:
          service: {schema: ${SCHEMA}, host: "${HOST_1}", port: "6443"}
          client: {token: ${TOKEN}}
          ${MORE}
          default_weight: -1
      """
    #expect(rules(config, path: path) == ["14 kubernetes/weight-invalid"])
  }

  /// In a template APISIX's own variables are judged as ever.
  @Test func itsOwnVariablesInATemplate() {
    let config = """
      apisix: {node_listen: 9080}
      discovery:
        kubernetes:
          service: {schema: ${SCHEMA}, host: 10.0.0.1, port: 6443}
          client: {token: "${{TOKEN}}"}
      """
    #expect(rules(config, path: "config.yaml.tmpl") == ["4 kubernetes/port-not-string", "5 placeholder/unknown"])
  }

  /// Before 3.10 an unquoted number between brackets is a text, in a template as well.
  @Test func aTemplateAsTinyyamlReadsIt() {
    let config = """
      apisix:
        node_listen: {{ port }}
      discovery:
        kubernetes:
          service: {schema: https, host: 10.0.0.1, port: 6443}
          client: {token: {{ token }}}
      """
    func lint(_ text: String, _ release: Release) -> [String] {
      LintResult.of(("config.yaml", text), release: release).findings.lines
    }
    #expect(lint(config, Release(3, 8)) == [])
    #expect(lint(config, Release(3, 10)) == ["5 kubernetes/port-not-string"])
    let block = config.replacing("{schema: https, host: 10.0.0.1, port: 6443}", with: "\n      port: 6443")
    #expect(lint(block, Release(3, 8)) == ["6 kubernetes/port-not-string"])
    // What is no YAML to tinyyaml may be another text by then.
    #expect(lint(config.replacing("{{ port }}", with: "{{ port }}\n  - a"), Release(3, 8)) == [])
    let more = config + "\n    {% if weight %}\n    default_weight: {{ weight }}\n    {% endif %}\n"
    #expect(lint(more, Release(3, 8)) == [])
  }
}

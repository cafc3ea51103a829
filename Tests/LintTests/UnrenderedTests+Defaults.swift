import APISIX
import Findings
import SourceText
import Testing

@testable import Lint

/// `${NAME:-default}`, which APISIX does not know: that value is not judged, and all else is.
extension UnrenderedTests {
  /// One that others fill in says nothing of what stands elsewhere: in a comment, in a text of another section, or
  /// beside it.
  @Test(arguments: [
    "# usage: ${CONF:-config.yaml}\n", "apisix: {}   # was ${HOST:-x}\n", "nginx_config: {main: '${ID:-none}'}\n",
    "nginx_config:\n  main: |\n    # rendered by ${TOOL:-envsubst}\n",
  ]) func whatStandsBesideThem(_ before: String) {
    let config = """
      discovery:
        kubernetes:
          service: {host: "${HOST}.local", port: "443"}
          client: {token_file: "${DIR}/token"}
        consul: {servers: ["http://${CONSUL_HOST}:8500"]}
      """
    let rules = LintResult.of(("config.yaml", before + config)).findings.map(\.rule.id)
    #expect(rules == ["kubernetes/host-invalid", "kubernetes/token-file-not-expanded", "placeholder/not-filled-in"])
    let upstream = "upstreams:\n  - {id: 1, type: roundrobin, discovery_type: dns, service_name: \"${NS}.web\"}\n#END\n"
    #expect(self.rules("# ${X:-y}\n" + upstream, path: "apisix.yaml") == ["3 standalone/variable"])
  }

  /// What is not judged is named, and what to write if nobody fills it in.
  @Test func whatIsNotJudged() {
    let text = """
      discovery:
        kubernetes:
          service: {host: 10.0.0.1}
          client:
            token_file: ${FILE:-/t}
          default_weight: ${WEIGHT}
        consul:
          servers: ["http://${CONSUL:-consul}:8500"]
      """
    let found = LintResult.of(("config.yaml", text)).findings
    #expect(found.map(\.rule.id) == ["kubernetes/weight-invalid", "placeholder/unknown"])
    #expect(
      found.last?.message
        == "${FILE:-…} and 1 other value here are not judged: APISIX does not fill them in, another program must")
    #expect(found.last?.help?.hasSuffix("if there is none, write the path itself") == true)
  }

  /// Who tells the environment has the file with which APISIX starts: then `:-` is judged as what it is.
  @Test func withTheEnvironmentNothingIsFilledIn() {
    let text = "discovery:\n  kubernetes:\n    service:\n      host: 10.0.0.1\n      port: ${PORT:-443}\n"
    let known = Linter(Catalogue(LintRules.all), now: 0) { _ in Conditions(environment: .known(["PORT": "443"])) }
    let input = LintInput(path: "config.yaml", bytes: Array(text.utf8), named: true)
    #expect(known.check([input]).findings.lines == ["5 kubernetes/port-invalid"])
    let eureka = "discovery:\n  eureka:\n    prefix: /eureka/\n    host: [\"http://${HOST:-eureka}:8761\"]\n"
    let found = known.check([LintInput(path: "config.yaml", bytes: Array(eureka.utf8), named: true)]).findings
    #expect(found.last?.fix?.edits.map(\.text) == ["\"http://${{HOST:=eureka}}:8761\""])
  }

  /// `${{NAME:-VALUE}}` is no default, whatever the registry's schema says of the text.
  @Test(arguments: [
    "consul: {servers: [\"http://${{C:-consul}}:8500\"]}", "nacos: {host: [\"http://${{C:-nacos}}:8848\"]}",
    "eureka: {prefix: /eureka/, host: [\"http://${{C:-eureka}}:8761\"]}", "dns: {servers: [\"${{C:-1.1.1.1}}\"]}",
    "kubernetes: {service: {host: \"${{C:-a.b}}\", port: \"443\"}}",
  ]) func theShellsDefaultInTwoBraces(_ registry: String) {
    #expect(rules("discovery:\n  \(registry)\n") == ["2 placeholder/unknown"])
  }

  /// A fix of what a default holds would take the variable away.
  @Test func noFixRemovesAVariable() {
    let text = """
      discovery:
        kubernetes:
          service: {schema: "${{S:=HTTPS}}", host: "${{H:=ABC.example}}", port: "443"}
          shared_size: "${{Z:=1g}}"
          watch_endpoint_slices: "${{F:=True}}"
        consul:
          servers: "${{C:=http://consul:8500}}"
      """
    let found = LintResult.of(("config.yaml", text)).findings
    #expect(
      found.map(\.rule.id) == [
        "kubernetes/host-upper-case", "kubernetes/schema-unknown", "kubernetes/flag-not-boolean",
        "kubernetes/shared-size-invalid", "discovery/invalid-value",
      ])
    #expect(found.flatMap { $0.fix?.edits ?? [] }.map(\.text) == ["[\"${{C:=http://consul:8500}}\"]"])
  }
}

import Foundation
import TestSupport
import Testing

/// What `rbac generate` prints, applied by the real kubectl to a real API server.
@Suite(.enabled(if: Cluster.isThere, "GATECHECK_KUBE_ASSETS names no Kubernetes binaries"))
struct RBACGenerateClusterTests {
  private static let slices = """
    discovery:
      kubernetes:
        service: {host: 10.0.0.1, port: "6443"}
        client: {token_file: /run/token}
        watch_endpoint_slices: true
    """

  /// Every option, each with a name of its own so that the cases do not meet.
  static let options: [[String]] = [
    ["--name", "g-plain"],
    ["--name", "g.dotted-name", "-n", "kube-system"],
    ["--name", "g-names", "--cluster-role", "g:role", "--cluster-role-binding", "g:binding", "--secret-name", "g-sec"],
    ["--name", "g-slices", "--watch-endpoint-slices"],
    ["--name", "g-both", "--watch-endpoint-slices=both"],
    ["--name", "g-minimal", "--minimal"],
    ["--name", "g-1.23", "--kubernetes-version", "1.23"],
    ["--name", "g-1.24", "--kubernetes-version", "v1.24.3"],
    ["--name", "g-secret", "--kubernetes-version", "1.20", "--token-secret"],
    ["--name", "g-none", "--no-token-secret"],
    ["--name", "g-label", "--label", "app.kubernetes.io/name=apisix", "--label", "yes=true", "--label", "n=1"],
    ["--name", "g-annotation", "--annotation", "note=a: b # {c} \"d\" 'e' \\ \n f", "--annotation", "empty="],
    ["--name", "g-json", "-o", "json"],
    ["--name", "g-config", "--config", "CONFIG"],
    ["--name", "g-old", "--config", "CONFIG", "--apisix-version", "3.12"],
  ]

  @Test(arguments: options)
  func everyOptionIsAccepted(_ arguments: [String]) throws {
    let cluster = try Cluster.shared.get()
    let folder = try Folder(["config.yaml": Self.slices])
    let words = arguments.map { $0 == "CONFIG" ? folder["config.yaml"] : $0 }
    let generated = try gatecheck(["rbac", "generate"] + words)
    #expect(generated.status == 0, "\(generated.errors)")
    let applied = try cluster.trying("apply", "-f", "-", input: generated.output)
    #expect(applied.status == 0, "\(applied.errors)")
    let lines = applied.output.split(separator: "\n")
    #expect(lines.count == (arguments.contains("1.23") || arguments.contains("--no-token-secret") ? 3 : 4))
    #expect(lines.allSatisfy { $0.hasSuffix(" created") }, "\(applied.output)")

    let again = try cluster.trying("apply", "-f", "-", input: generated.output)
    #expect(again.output.split(separator: "\n").allSatisfy { $0.hasSuffix(" unchanged") }, "\(again.output)")
  }

  @Test func filesOfAFolderAreAccepted() throws {
    let cluster = try Cluster.shared.get()
    let folder = try Folder()
    let generated = try gatecheck(
      ["rbac", "generate", "--name", "g-dir", "--output-dir", folder["out"]])
    #expect(generated.status == 0)
    let applied = try cluster.trying("apply", "-f", folder["out"])
    #expect(applied.output.split(separator: "\n").count == 4, "\(applied.errors)")
  }

  @Test(arguments: [
    (["--name", "g-token"], "/api/v1/endpoints"),
    (["--name", "g-token-minimal", "--minimal"], "/api/v1/endpoints"),
    (["--name", "g-token-slices", "--watch-endpoint-slices"], "/apis/discovery.k8s.io/v1/endpointslices"),
  ])
  func theSecretsTokenMayList(_ arguments: [String], path: String) throws {
    let cluster = try Cluster.shared.get()
    let namespace = try cluster.namespace("of-" + arguments[1])
    let generated = try gatecheck(["rbac", "generate", "-n", namespace] + arguments)
    #expect(try cluster.trying("apply", "-f", "-", input: generated.output).status == 0)
    let token = try cluster.token(arguments[1] + "-token", in: namespace)
    let folder = try Folder(["header": "Authorization: Bearer \(token)"])
    let asked = try execute(
      "/usr/bin/curl",
      [
        "-sS", "--cacert", cluster.folder + "/ca.crt", "-H", "@" + folder["header"], "-o", "/dev/null", "-w",
        "%{http_code}", cluster.server + path + "?limit=1",
      ])
    #expect(asked.output == "200", "\(asked.errors)")
  }
}

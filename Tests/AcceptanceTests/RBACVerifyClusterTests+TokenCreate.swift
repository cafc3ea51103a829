import Foundation
import TestSupport
import Testing

/// What `token create` brings.
extension RBACVerifyClusterTests {
  @Test func tokenOfASecretThatIsMadeForIt() throws {
    let space = try cluster.namespace("t-secret")
    try kubectl("-n", space, "create", "serviceaccount", "apisix")
    let folder = try Folder()
    let arguments = [
      "token", "create", "-n", space, "--output-file", folder["token"], "--kubeconfig", cluster.kubeconfig,
      "--secret-name", "apisix-token",
    ]
    #expect(try TestSupport.gatecheck(arguments + ["-o", "json"]).rules == ["token/secret-missing"])
    let shown = try TestSupport.gatecheck(arguments + ["--create-secret"])
    #expect(shown.status == 1)
    #expect(shown.output.contains("would create this Secret:\n  apiVersion: v1\n  kind: Secret"))
    #expect(try cluster.trying("-n", space, "get", "secret", "apisix-token").status == 1)
    #expect(folder.names() == [])

    let made = try TestSupport.gatecheck(arguments + ["--create-secret", "--confirm"])
    #expect(made.status == 0, "\(made.output)")
    let token = try folder.read("token")
    #expect(token == (try cluster.token("apisix-token", in: space)))
    #expect(try folder.mode("token") == 0o600)
    #expect(!(made.output + made.errors).contains(token.suffix(12)))
    // Now it is there, so nothing needs to be changed.
    #expect(try TestSupport.gatecheck(arguments).status == 0)
  }

  /// Before 1.24 Kubernetes makes a Secret of a name of its own for each account, and the account names it.
  @Test func tokenOfTheSecretThatTheAccountNames() throws {
    let space = try cluster.namespace("t-named")
    let generated = try TestSupport.gatecheck([
      "rbac", "generate", "--name", "t-named", "-n", space, "--kubernetes-version", "1.20",
    ])
    #expect(try cluster.trying("apply", "-f", "-", input: generated.output).status == 0)
    let folder = try Folder(["keep.yaml": "apisix: {}\n"])
    // As it is printed beside the objects.
    let printed = try #require(generated.errors.firstMatch(of: #/gatecheck (token create .*) --output-file FILE/#)).1
    let create = printed.split(separator: " ").map(String.init) + ["--kubeconfig", cluster.kubeconfig, "--output-file"]
    var made: Ended?
    #expect(
      try Cluster.eventually {
        made = try TestSupport.gatecheck(create + [folder["token"]])
        return made?.status == 0
      }, "\(made?.output ?? "")")
    #expect(made?.output.hasSuffix("the token is in \(folder["token"])\n") == true, "\(made?.output ?? "")")
    let verified = try TestSupport.gatecheck([
      "token", "verify", folder["token"], "--server", cluster.server, "--certificate-authority", cluster.authority,
    ])
    #expect(verified.status == 0 && verified.output.contains("system:serviceaccount:\(space):t-named"))
    let piped = try TestSupport.gatecheck(create + ["-"])
    #expect(piped.output == (try folder.read("token")))
    #expect(piped.errors.contains("the token is that of the Secret \(space)/t-named-token-"), "\(piped.errors)")
    #expect(try TestSupport.gatecheck(create + [folder["keep.yaml"], "--duration", "1h", "--confirm"]).status == 2)
    #expect(try folder.read("keep.yaml") == "apisix: {}\n")
    let bound = try TestSupport.gatecheck(create + [folder["bound"], "--duration", "1h", "--confirm"])
    let lines = bound.output.split(separator: "\n").map { $0.prefix(10) }
    #expect(lines == ["now to ask", "it ends at", "the token "], "\(bound.output)")
  }

  @Test func tokenThatExpiresIntoAConfig() throws {
    let generated = try TestSupport.gatecheck(["rbac", "generate", "--name", "t-bound"])
    #expect(try cluster.trying("apply", "-f", "-", input: generated.output).status == 0)
    let port = cluster.server.split(separator: ":").last ?? ""
    let config = """
      # kept
      discovery:
        kubernetes:
          service: {host: 127.0.0.1, port: "\(port)"}
          client:
            token: "old"   # kept too
      """
    let folder = try Folder(["config.yaml": config])
    let arguments = [
      "token", "create", "--name", "t-bound", "--duration", "30m", "--into", folder["config.yaml"], "--kubeconfig",
      cluster.kubeconfig,
    ]
    #expect(try TestSupport.gatecheck(arguments + ["-o", "json"]).rules == ["token/not-confirmed"])
    #expect(try folder.read("config.yaml") == config)
    let made = try TestSupport.gatecheck(arguments + ["--confirm"])
    #expect(made.status == 0, "\(made.output)")
    let text = try folder.read("config.yaml")
    #expect(text.hasPrefix("# kept\n") && text.hasSuffix("   # kept too"))
    let works = try TestSupport.gatecheck([
      "token", "verify", "--config", folder["config.yaml"], "--certificate-authority", cluster.folder + "/ca.crt",
    ])
    #expect(works.status == 0, "\(works.output)")
  }
}

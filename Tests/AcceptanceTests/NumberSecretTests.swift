import TestSupport
import Testing

/// A credential that is a number is named, and shown in no format.
@Suite struct NumberSecretTests {
  private static let file = """
    apiVersion: v1
    kind: Secret
    metadata: {name: pins}
    stringData:
      pin: 98765432100
      nested: {inner: 98765432109}
    ---
    apiVersion: v1
    kind: ConfigMap
    metadata: {name: settings}
    data:
      DB_PASSWORD: 98765432101
      redis.password: 98765432102
      apiToken: 98765432103
      adminAPIToken: 98765432110
      JWTSecret: 98765432111
      PORT: 5432
      ALLOW_EMPTY_PASSWORD: yes
    ---
    apiVersion: apps/v1
    kind: Deployment
    metadata: {name: web}
    spec:
      template:
        spec:
          containers:
            - name: web
              args: ["--password", 98765432104, "--token=98765432105", --workers, 8]
              env:
                - {name: DB_PASSWORD, value: 98765432106}
                - name: ADMIN_KEY
                  value: 98765432107
                - value: 98765432108
                  name: SIGNING_KEY
                - {name: PARTITION_KEY, value: 7}

    """

  @Test(arguments: ["text", "short", "json", "sarif", "github", "codeclimate", "junit", "diff"])
  func noFormatShowsIt(format: String) throws {
    let folder = try Folder(["web.yaml": Self.file])
    let shown = format == "diff" ? ["--diff"] : ["-o", format]
    let ended = try gatecheck(["lint", "-v"] + shown + ["web.yaml"], in: folder.path)
    #expect(ended.status == 1, "\(ended.errors)")
    #expect(!(ended.output + ended.errors).contains("987654321"), "\(ended.output)")
    if format == "json" { #expect(ended.rules.filter { $0 == "manifest/not-a-string" }.count == 15) }
  }

  /// What is no secret stays readable, and the file gets what was hidden.
  @Test func onlySecretsAreHidden() throws {
    let folder = try Folder(["web.yaml": Self.file])
    let diff = try gatecheck(["lint", "--diff", "web.yaml"], in: folder.path).output
    for line in [
      "+  DB_PASSWORD: \"***\"", "+  PORT: \"5432\"", "+  ALLOW_EMPTY_PASSWORD: \"yes\"",
      "+            - {name: PARTITION_KEY, value: \"7\"}",
      "+          args: [\"--password\", \"***\", \"--token=***\", --workers, \"8\"]",
    ] {
      #expect(diff.split(separator: "\n").contains { $0 == line }, "\(line) in \(diff)")
    }
    _ = try gatecheck(["lint", "--fix", "web.yaml"], in: folder.path)
    #expect(try folder.read("web.yaml").contains("  DB_PASSWORD: \"98765432101\"\n"))
  }
}

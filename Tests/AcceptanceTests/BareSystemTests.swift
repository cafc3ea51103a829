import Foundation
import TestSupport
import Testing

/// What a container or a chroot may lack: /proc, HOME and all other variables, a file system that can be written to.
@Suite struct BareSystemTests {
  /// What every command answers there, as anywhere else.
  private static let calls = [
    "--version", "--help", "lint broken.yaml", "lint", "lint --jobs 4 -o sarif .", "lint --diff broken.yaml",
    "rbac generate", "rbac verify", "rbac verify --server https://127.0.0.1:1", "rbac diff --config config.yaml",
    "token verify", "token verify --config config.yaml", "token inspect broken.yaml",
    "token create --output-file newtoken --server https://127.0.0.1:1",
    "resolve default/plat-dev:port --from endpoints.yaml", "resolve default/plat-dev:port --config config.yaml",
    "resolve --all --from endpoints.yaml", "resolve default/plat-dev:port", "registry verify --config config.yaml",
    "registry verify --zookeeper 127.0.0.1:1", "explain kubernetes/port-not-string", "rules", "schema",
    "completion zsh", "logs explain error.log", "nonsense",
    "---completion token verify -- --context 3 0 gatecheck token verify --context ''",
  ]

  private func folder() throws -> Folder {
    let folder = try Folder(copyOf: Checkout.examples)
    try folder.write("error.log", Checkout.text("Tests/Fixtures/logs/k8s-401-token-expired.log"))
    return folder
  }

  private func expectUsual(_ call: String, _ changed: (_ script: String, _ folder: String) throws -> Ended) throws {
    let folder = try folder()
    let usual = try bash("gatecheck \(call)", in: folder.path)
    let ended = try changed("'\(Checkout.binary)' \(call)", folder.path)
    #expect(ended.status == usual.status, "\(ended)")
    #expect(ended.output == usual.output && ended.errors == usual.errors, "\(ended)\n\(usual)")
    withExtendedLifetime(folder) {}
  }

  @Test(arguments: calls) func withoutVariables(call: String) throws {
    try expectUsual(call) { script, folder in try bash("exec env -i \(script)", in: folder) }
  }

  @Test(arguments: calls) func withFoldersThatAreNotThere(call: String) throws {
    let nowhere = Dictionary(
      uniqueKeysWithValues: ["HOME", "TMPDIR", "XDG_CACHE_HOME", "XDG_CONFIG_HOME"].map { ($0, "/nowhere") })
    try expectUsual(call) { script, folder in try bash("exec \(script)", in: folder, environment: nowhere) }
  }

  // MARK: what only a namespace of mounts can show

  private static func unshared(_ script: String, in folder: String) throws -> Ended {
    try execute("unshare", ["-rm", "/bin/bash", "-c", script], in: folder, inherits: false)
  }

  private static let isAllowed =
    (try? unshared("mount -t tmpfs none /proc", in: "/"))?.status == 0
  private static let why: Comment = "unshare -rm may not mount here"

  @Test(.enabled(if: isAllowed, why), arguments: calls) func withoutProc(call: String) throws {
    try expectUsual(call) { script, folder in
      try Self.unshared("mount -t tmpfs none /proc && exec \(script)", in: folder)
    }
  }

  /// The usual way to close them reads /proc.
  @Test(.enabled(if: isAllowed, why), arguments: ["", "mount -t tmpfs none /proc && "])
  func aCredentialPluginGetsNoDescriptorOfOurs(mount: String) throws {
    let folder = try Folder([
      "secret": "a-made-up-one\n",
      "plugin": """
      #!/bin/bash
      read -r line <&9 && echo "$line" >seen
      echo '{"kind": "ExecCredential", "apiVersion": "client.authentication.k8s.io/v1", "status": {"token": "t"}}'
      """,
      "kubeconfig": """
      apiVersion: v1
      kind: Config
      current-context: c
      clusters: [{name: c, cluster: {server: "https://127.0.0.1:1"}}]
      contexts: [{name: c, context: {cluster: c, user: u}}]
      users:
        - name: u
          user:
            exec: {apiVersion: client.authentication.k8s.io/v1, interactiveMode: Never, command: ./program}
      """,
    ])
    try folder.install("plugin", as: "program")
    let ended = try Self.unshared(
      "\(mount)'\(Checkout.binary)' token verify --kubeconfig kubeconfig 9<secret", in: folder.path)
    expect(ended, "connect/refused", status: 3)
    #expect(!folder.names().contains("seen"))
  }

  @Test(
    .enabled(if: isAllowed, why),
    arguments: [
      ("lint --fix broken.yaml", "cannot write the fix, the file is as it was: the file system is read-only"),
      ("lint -o json=out broken.yaml", "cannot write out: Read-only file system"),
      ("rbac generate --output-dir out", "cannot write out: Read-only file system"),
      ("rbac verify --server https://127.0.0.1:1 --manifest out", "cannot write out: Read-only file system"),
      ("rules --markdown-to out", "cannot write out: Read-only file system"),
      ("config init", "cannot write .gatecheck.yaml: Read-only file system"),
      ("token inspect --unwrap out broken.yaml", "the file system is read-only"),
      ("token create --output-file out --server https://127.0.0.1:1", "cannot write out: the file system is read-only"),
      ("token create --into config.yaml --server https://127.0.0.1:1", "the file system is read-only"),
    ])
  func onAReadOnlyFileSystem(call: String, told: String) throws {
    let folder = try folder()
    let before = folder.names()
    let ended = try Self.unshared(
      "mount --bind . . && mount -o remount,ro,bind . && cd \"$PWD\" && exec '\(Checkout.binary)' \(call)",
      in: folder.path)
    #expect(ended.status == 3 && (ended.output + ended.errors).contains(told), "\(ended)")
    #expect(folder.names() == before)
  }
}

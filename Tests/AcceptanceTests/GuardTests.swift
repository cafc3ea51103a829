import Foundation
import Synchronization
import TestSupport
import Testing

/// What is read, run and written is what was named, and a wrong call is told before anything is done.
@Suite struct GuardTests {
  private static let config =
    "discovery: {kubernetes: {service: {host: 10.0.0.1, port: \"6443\"}, client: {token_file: /etc/token}}}\n"

  // MARK: --root

  @Test(arguments: [
    "lint .", "lint -o json config.yaml", "lint --env-from-process .", "token verify --config config.yaml",
    "token inspect --config config.yaml", "rbac generate", "rbac generate --config config.yaml",
    "rbac verify --config config.yaml", "resolve a/b:c --config config.yaml", "resolve --all --from config.yaml",
    "resolve a/b:c --watch --config config.yaml",
  ])
  func aRootThatIsNotThere(call: String) throws {
    let folder = try Folder(["config.yaml": Self.config])
    for (root, reason) in [("nowhere", "which --root names"), ("config.yaml", "as --root wants"), ("", "--root")] {
      let ended = try gatecheck(call.split(separator: " ").map(String.init) + ["--root", root], in: folder.path)
      #expect(ended.status == 3 && (ended.output + ended.errors).contains(reason), "\(ended.output)\(ended.errors)")
    }
  }

  /// The token of the container's file system, by the links that Kubernetes makes, and none of this machine.
  @Test func linksStayBelowTheRoot() throws {
    let folder = try Folder(["config.yaml": Self.config, "outside": "outside-token", "root/run/token": "inside-token"])
    try FileManager.default.createDirectory(atPath: folder["root/etc"], withIntermediateDirectories: true)
    let server = try StubServer { _ in .init(status: 401, body: "{}") }
    for (target, token) in [("/run/token", "inside-token"), (folder["outside"], nil), ("../../outside", nil)] {
      try? FileManager.default.removeItem(atPath: folder["root/etc/token"])
      try folder.link("root/etc/token", to: target)
      let before = server.asked.count
      _ = try gatecheck(
        "token", "verify", "--config", "config.yaml", "--root", "root", "--server", server.url, "--allow-plain-http",
        in: folder.path)
      let sent = Set(server.asked.dropFirst(before).compactMap(\.authorization))
      #expect(sent.subtracting(token.map { ["Bearer \($0)"] } ?? []).isEmpty, "\(target): \(sent)")
      #expect(token == nil || !sent.isEmpty)
    }
  }

  // MARK: --env

  @Test(arguments: ["c2VjcmV0LXRva2Vu", "sha256~c2VjcmV0LXRva2Vu", "=c2VjcmV0LXRva2Vu"])
  func aVariableHasANameAndAValue(text: String) throws {
    let folder = try Folder(["config.yaml": Self.config])
    for call in [["lint"], ["token", "inspect"], ["resolve", "a/b:c", "--from", "x"]] {
      let ended = try gatecheck(call + ["--env", text], in: folder.path)
      #expect(ended.status == 2 && ended.errors.contains("--env wants NAME=VALUE"), "\(ended.errors)")
      #expect(!ended.errors.contains("c2Vjcm"), "it may be a secret")
    }
  }

  // MARK: programs

  /// Which of the programs of one name a kubeconfig means: kubectl itself is asked.
  @Test(arguments: ["plugin", "./plugin", "bin/plugin", "../plugin", "ABSOLUTE/plugin", "./nothing"])
  func theProgramThatKubectlRuns(command: String) throws {
    let folder = try Folder()
    let plugin = "#!/bin/sh\necho \"$(cd \"$(dirname \"$0\")\" && pwd)\" >> \"$MARK\"\nexit 1\n"
    for place in ["here", "home", "home/bin", "path", "."] {
      try folder.write("source", plugin)
      _ = try execute("mkdir", ["-p", folder[place]])
      try folder.install("source", as: "\(place)/plugin")
    }
    let program = command.replacing("ABSOLUTE", with: folder["path"])
    let exec =
      "{exec: {apiVersion: client.authentication.k8s.io/v1beta1, interactiveMode: Never, command: \"\(program)\"}}"
    try folder.write("home/config", kubeconfig(server: "https://127.0.0.1:1", user: exec))
    func ran(_ line: String, in place: String) throws -> String {
      try? FileManager.default.removeItem(atPath: folder["mark"])
      let environment = ["MARK": folder["mark"], "PATH": "\(folder["path"]):\(try Self.path)"]
      let ended = try bash(line, in: folder[place], environment: environment)
      #expect(ended.status != 0)
      let lines = ((try? folder.read("mark")) ?? "nothing\n").split(separator: "\n")
      #expect(Set(lines).count == 1)
      return String(lines[0])
    }
    // From beside it, where its path has no slash, and from elsewhere.
    for (kubeconfig, place) in [("config", "home"), ("../home/config", "here"), (folder["home/config"], "here")] {
      let ours = try ran("gatecheck token verify --kubeconfig \(kubeconfig)", in: place)
      let kubectl = try ran("kubectl --kubeconfig \(kubeconfig) get --raw /version", in: place)
      #expect(ours == kubectl, "\(command), --kubeconfig \(kubeconfig) in \(place)")
    }
    let piped = try ran("gatecheck token verify --kubeconfig - < ../home/config", in: "home")
    #expect(command.hasPrefix(".") || command == "bin/plugin" ? piped == "nothing" : piped == folder["path"])
  }

  private static var path: String {
    get throws {
      let folders = [(Checkout.binary as NSString).deletingLastPathComponent, "/usr/local/bin", "/usr/bin", "/bin"]
      return ((Cluster.assets.map { [$0] } ?? []) + folders).joined(separator: ":")
    }
  }

  // MARK: addresses

  /// A server may say anything where an address belongs.
  @Test func onlyAddressesAreHandedOn() throws {
    let hosts = [
      "10.0.0.1", "fd00::1", "10.0.0.2 bank.example.com", "evil.example.com", "10.0.0.3\n10.0.0.4 x", "$(reboot)",
      "\u{202E}10.0.0.5", "-oProxyCommand=x", "",
    ]
    let endpoints: [String: Any] = [
      "kind": "EndpointsList", "apiVersion": "v1", "metadata": ["resourceVersion": "1"],
      "items": [
        [
          "metadata": ["name": "web", "namespace": "default"],
          "subsets": [["addresses": hosts.map { ["ip": $0] }, "ports": [["name": "http", "port": 80]]]],
        ]
      ],
    ]
    let folder = try Folder()
    try folder.write("e.json", try JSONSerialization.data(withJSONObject: endpoints))
    let call = ["resolve", "default/web:http", "--from", "e.json"]
    let lines = try gatecheck(call + ["-o", "hosts"], in: folder.path)
    #expect(Set(lines.output.split(separator: "\n")) == ["10.0.0.1 web.default", "fd00::1 web.default"])
    #expect(lines.errors.contains("7 nodes left out: the host is no IP address"), "\(lines.errors)")
    let job = try gatecheck(call + ["--probe", "--from-pod"], in: folder.path)
    let nodes = job.output.split(separator: "\n").filter { $0.hasPrefix("        - \"") }
    #expect(nodes.sorted() == ["        - \"10.0.0.1 80\"", "        - \"fd00::1 80\""])
  }

  // MARK: statuses

  /// Before a token is issued that nothing could take.
  @Test func wrongPathsAreFoundFirst() throws {
    let server = try StubServer { _ in .init(status: 500) }
    let folder = try Folder(["config.yaml": Self.config, "token": "a.b.c", "dir/x": ""])
    try folder.link("link", to: "dir/x")
    #expect(try execute("mkfifo", ["pipe"], in: folder.path).status == 0)
    for words in [
      ["--output-file", "none/token"], ["--output-file", "dir"], ["--output-file", "link"], ["--output-file", "pipe"],
      ["--output-file", "config.yaml/token"], ["--into", "none.yaml"], ["--into", "dir"],
      ["--into", "config.yaml", "--output-file", "none/token"], ["--into", "pipe"],
    ] {
      let ended = try gatecheck(
        ["token", "create", "--confirm", "--duration", "1h", "--server", server.url, "--token-file", "token"]
          + ["--allow-plain-http"] + words, in: folder.path)
      #expect([2, 3].contains(ended.status), "\(words): \(ended.output)\(ended.errors)")
      #expect((ended.output + ended.errors).contains(words[words.count - 1]), "\(ended.output)\(ended.errors)")
    }
    #expect(server.asked.isEmpty)
  }

  /// Before a server is asked whose answer would be lost.
  @Test(arguments: [
    ["rbac", "verify", "--manifest", "none/x"], ["rbac", "verify", "--manifest", "dir"],
    ["rbac", "verify", "-o", "json=none/x"], ["rbac", "diff", "-o", "json=none/x"],
    ["token", "verify", "-o", "json=config.yaml/x"], ["token", "create", "--output-file", "new", "-o", "json=none/x"],
    ["resolve", "a/b:c", "-o", "json=none/x"], ["doctor", "-o", "html=none/x"], ["doctor", "--bundle", "none/x"],
  ])
  func aResultHasItsPlaceFirst(words: [String]) throws {
    let server = try StubServer { _ in .init(status: 500) }
    defer { server.stop() }
    let folder = try Folder(["config.yaml": Self.config, "token": "a.b.c", "dir/x": ""])
    let access = ["--server", server.url, "--token-file", "token", "--allow-plain-http"]
    let ended = try gatecheck(words + access, in: folder.path)
    let path = words[words.count - 1].split(separator: "=").last ?? ""
    #expect(ended.status == 3 && ended.output.isEmpty, "\(ended)")
    #expect(ended.errors.hasPrefix("gatecheck: cannot write \(path): "), "\(ended)")
    #expect(ended.errors.filter { $0 == "\n" }.count == 1, "\(ended)")
    #expect(server.asked.isEmpty)
  }

  /// What the test runner starts has SIGTERM blocked.
  @Test(arguments: [("INT", 130), ("TERM", 143)]) func aSignalEndsEveryCommand(signal: String, status: Int32) throws {
    let access = "--server $URL --token-file token --allow-plain-http"
    let calls = [
      "token verify \(access)", "token create --output-file new \(access)", "token inspect pipe",
      "rbac verify \(access)",
      "rbac diff \(access)", "rbac generate --config pipe", "resolve a/b:c \(access)",
      "resolve a/b:c --watch \(access)",
      "resolve --all \(access)", "resolve --admin $URL \(access)", "resolve --etcd=$URL \(access)",
      "resolve --control $URL \(access)", "resolve a/b:c --from pipe", "lint pipe", "lint --files-from pipe",
      "lint --env-file pipe .", "lint - <pipe", "lint --fix pipe", "lint --diff pipe",
    ]
    let folder = try Folder(["token": "a.b.c", "config.yaml": Self.config])
    let runs = calls.enumerated().map { index, call in
      "start gatecheck \(call)\(call.hasSuffix("<pipe") ? "" : " </dev/null") >out\(index) 2>&1 & children+=($!)"
    }
    let ended = try bash(
      """
      mkfifo pipe; sleep 60 >pipe & holder=$!
      python3 -c 'import socket, time
      listener = socket.socket(); listener.bind(("127.0.0.1", 0)); listener.listen(200)
      open("port", "w").write(str(listener.getsockname()[1])); time.sleep(120)' & server=$!
      for _ in $(seq 100); do [ -s port ] && break; sleep 0.05; done
      export URL=http://127.0.0.1:$(cat port)
      start() { exec python3 -c 'import os, signal, sys
      signal.pthread_sigmask(signal.SIG_UNBLOCK, [2, 15]); signal.signal(2, signal.SIG_DFL)
      os.execvp("gatecheck", sys.argv[1:])' "$@"; }
      \(runs.joined(separator: "\n"))
      for child in "${children[@]}"; do
        for _ in $(seq 200); do grep -q gatecheck /proc/$child/comm && break; sleep 0.05; done
      done
      sleep 2; kill -\(signal) "${children[@]}"
      for child in "${children[@]}"; do wait $child; echo $?; done
      kill -9 $server $holder
      """, in: folder.path)
    for (index, line) in ended.output.split(separator: "\n").enumerated() {
      #expect(Int32(line) == status, "\(calls[index]): \((try? folder.read("out\(index)")) ?? "")")
    }
    #expect(ended.output.split(separator: "\n").count == calls.count)
  }

  /// `--exit-zero` is about findings; a server that is lost is none.
  @Test(arguments: [[], ["--exit-zero"]]) func aWatchThatLostItsServerIsUnfinished(more: [String]) throws {
    let list = #"{"kind": "EndpointsList", "apiVersion": "v1", "metadata": {"resourceVersion": "1"}, "items": []}"#
    let isFirst = Mutex(true)
    let server = try StubServer { asked in
      var answer = StubServer.Answer(body: list)
      answer.hangsUp = asked.target.contains("watch=") || !isFirst.withLock { $0 }
      if !answer.hangsUp { isFirst.withLock { $0 = false } }
      return answer
    }
    let folder = try Folder(["token": "a.b.c"])
    let ended = try gatecheck(
      ["resolve", "a/b:c", "--watch", "--timeout", "3", "--server", server.url, "--token-file", "token"]
        + ["--allow-plain-http"] + more, in: folder.path)
    #expect(ended.status == 3 && ended.output.contains("lost: "), "\(ended.status) \(ended.output)\(ended.errors)")
  }
}

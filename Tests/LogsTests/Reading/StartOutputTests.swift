import Findings
import Foundation
import TestSupport
import Testing

@testable import Logs

/// What `apisix init` and `apisix start` print on a terminal, as each program passes it on: no line of it has
/// nginx' front.
@Suite struct StartOutputTests {
  private static let luajit = "/usr/local/openresty//luajit/bin/luajit"
  private static let outputs: [[String]] = {
    let whole = FixtureLogTests.rows.map(\.name).filter { $0.hasPrefix("start-") }.map { name in
      (try? Checkout.text("Tests/Fixtures/logs/\(name).log"))?.split(separator: "\n").map(String.init) ?? []
    }
    let begun = whole.map { ["\(luajit) ./apisix/cli/apisix.lua init"] + $0 }
    return whole + begun + [
      [
        "\(luajit) ./apisix/cli/apisix.lua init", "\(luajit) ./apisix/cli/apisix.lua init_etcd",
        "Warning! Request etcd endpoint 'http://etcd:2379/version' error, connection refused, retry time=1",
        "all etcd nodes are unavailable",
      ],
      [
        "nginx: [emerg] bind() to 0.0.0.0:9080 failed (98: Address already in use)",
        "nginx: [emerg] still could not bind()",
      ],
      [
        "nginx: [error] init_by_lua error: apisix/discovery/init.lua:28: module 'apisix.discovery.zookeeper' not found:",
        "\tno field package.preload['apisix.discovery.zookeeper']",
        "\tno file '/usr/local/apisix//deps/share/lua/5.1/apisix/discovery/zookeeper.lua'",
      ],
      ["failed to merge, path[discovery->kubernetes] expect: table, but got: string"],
      ["invalid config.yaml file"], ["invalid apisix.yaml file"],
    ]
  }()

  /// `%d` is the number of the line.
  @Test(arguments: [
    "apisix-0 | ", "apisix-1        | ", "2026-01-02T03:04:05.678Z stderr F ", "[pod/apisix-0/apisix] ",
    "[pod/apisix-0/apisix] 2026-01-02T03:04:05.678901234Z ", "apisix-7d9f8b6c5d-x2x4z apisix ",
    "Jan 02 03:04:05 host apisix[123]: ", "Jan  2 03:04:05 host apisix: ", "<11>Jan  2 03:04:05 host apisix: ",
    "<30>Jan  2 03:04:05 apisix[12]: ", "2026-01-02T03:04:05.678901+00:00 host apisix: ",
    "2026-01-02T03:04:05.678901+00:00 app[web.1]: ", "<11>1 2026-01-02T03:04:05.678Z host apisix 123 - - ",
    "<11>1 2026-01-02T03:04:05.678Z host apisix - ID1 [ex@1 a=\"b\"] ", "2026-01-02T03:04:05.6789012Z 01O ",
    "2026-01-02T03:04:05.678Z apisix/apisix/0f1e2d3c4b5a ", "2026-01-02 03:04:05.678 ", "2026/01/02 03:04:05 ",
    "[2026-01-02T03:04:05Z] ", "   2026-01-02T03:04:05.67+0000 [APP/PROC/WEB/0] ERR ", "apisix.log:%d:", "%d:", "%6d\t",
    "logs/apisix.log:", "gw/apisix/4f ", "apisix ", "gw1: ", "apisix_gateway.1.x8g2k3l4m5n6@node1    | ",
  ])
  func itsGroupsAreThoseOfTheOutput(_ prefix: String) throws {
    for output in Self.outputs {
      let raw = try Read(output.joined(separator: "\n"))
      let lines = output.enumerated().map { String(format: prefix, $0.offset + 8) + $0.element }
      for (times, text) in [(1, lines.joined(separator: "\n")), (2, (lines + lines).map { $0 + "\r\n" }.joined())] {
        let read = try Read(text)
        #expect(read.groups.map(\.id) == raw.groups.map(\.id), "\(text)")
        #expect(read.counts.explained == raw.counts.explained * times && read.counts.read == raw.counts.read * times)
        #expect(read.groups.map { plain($0.sample) } == raw.groups.map { plain($0.sample) })
      }
    }
  }

  private func plain(_ text: String) -> String { String(text.unicodeScalars.filter { $0 != "\r" }) }

  /// What only speaks of such a sentence, and what another program says alike.
  @Test(arguments: [
    "2026-01-02T03:04:05Z build: certificate path is set", "docs: invalid discovery is explained there",
    "etcd-1 | all etcd nodes are up", "a: failed to merge branches", "web: nginx: configuration file is ok",
    "ci: /usr/bin/luajit-2.1 --version",
  ])
  func otherLines(_ line: String) throws { #expect(try Read(line + "\n").groups.isEmpty) }

  /// A container that starts again: what nginx says at its end is followed by what its start prints.
  @Test func afterLinesOfNginx() throws {
    let front = "2026/11/28 11:00:01 [notice] 1#1: "
    for output in Self.outputs {
      let before = ["\(front)signal 15 (SIGTERM) received, exiting", "\(front)exit"]
      let read = try Read((before + output).joined(separator: "\n"))
      #expect(try read.groups.map(\.id) == Read(output.joined(separator: "\n")).groups.map(\.id), "\(output)")
    }
  }
}

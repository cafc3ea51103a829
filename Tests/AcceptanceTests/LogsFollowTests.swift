import Foundation
import JSON
import TestSupport
import Testing

/// `gatecheck logs explain -f`, as a user calls it. What a step has to show is waited for, so that no time is measured.
@Suite struct LogsFollowTests {
  private static func entry(_ name: String, _ more: String = "") -> String {
    "2026/11/28 11:02:10 [error] 1#1: *1 [lua] init.lua:549: nodes(): fetch nodes failed by \(name), error: consul service "
      + "not found: default/\(name), client: 10.0.0.1, server: _, request: \"GET /a HTTP/1.1\", host: \"h\"\(more)"
  }

  /// Runs it in the background; `see TEXT` waits until that is shown, half a minute at most. What the test runner
  /// starts has SIGTERM blocked.
  private func follow(_ arguments: String, _ steps: String, in folder: Folder) throws -> Ended {
    let (one, two, three) = (Self.entry("one"), Self.entry("two"), Self.entry("three"))
    return try bash(
      """
      see() { for i in {1..600}; do grep -qs "$1" out && return; sleep 0.05; done; echo "never: $1"; }
      one='\(one)' two='\(two)' three='\(three)'
      python3 -c 'import os, signal, sys
      signal.pthread_sigmask(signal.SIG_UNBLOCK, [15])
      os.execvp("gatecheck", sys.argv[1:])' gatecheck logs explain -f \(arguments) >out 2>err &
      \(steps)
      kill $!; wait $!; echo "status $?"; cat err >&2; cat out
      """, in: folder.path)
  }

  @Test func aFileThatComesLaterIsRotatedAndCutOff() throws {
    let told = try follow(
      "-o short error.log",
      """
      for i in {1..600}; do grep -qs waiting err && break; sleep 0.05; done
      echo "$one" >error.log; see 'of one'
      mv error.log error.log.1; echo "$two" >error.log; see 'of two'
      : >error.log; echo "$three" >error.log; see 'of three'
      """, in: try Folder())
    let report = ["one", "two", "three"].map {
      "error.log:1:1: error: Consul gave APISIX no instance of \($0) [log/consul-service-not-found]\n"
    }
    #expect(told.output == "status 143\n" + report.joined())
    #expect(told.errors == "gatecheck: error.log is not there yet: waiting for it\n")
  }

  /// Of several logs; each line a group as the schema has them, whatever stands in the log's line.
  @Test func linesOfJSON() throws {
    let secret = Self.entry("four", ", referrer: \"http://h/?token=abcdefgh1234\"")
    let folder = try Folder(["a.log": Self.entry("one") + "\n", "b.log": ""])
    let told = try follow(
      "-o json a.log b.log",
      "see 'of one'; echo \"$two\" >>b.log; see 'of two'; echo '\(secret)' >>a.log; see 'of four'", in: folder)
    let lines = told.output.split(separator: "\n").dropFirst()
    let groups = try lines.map { try JSONValue.parse(String($0)) }
    #expect(groups.map { $0["file"]?.string } == ["a.log", "b.log", "a.log"])
    #expect(groups.map { $0["line"] } == [1, 1, 2])
    #expect(groups.last?["sample"]?.string?.hasSuffix("?token=***1\"") == true)
    let schema = try JSONValue.parse(Checkout.text("docs/schemas/logs.schema.json"))["$defs"]?["group"]
    let required = schema?["required"]?.array?.compactMap(\.string) ?? []
    #expect(required.count > 5)
    for group in groups {
      #expect(required.allSatisfy { group[$0] != nil })
    }
  }

  @Test func theEndTellsWhatThereWas() throws {
    let folder = try Folder(["error.log": Self.entry("one") + "\n"])
    let told = try follow("error.log", "see 'of one'", in: folder)
    #expect(told.output.hasPrefix("status 143\n"))
    #expect(told.output.hasSuffix("\n1 error; 1 line read: 1 explained, 0 others\n"))
  }

  /// A span counts back from now, not from the last entry.
  @Test func sinceCountsFromNow() throws {
    let folder = try Folder(["error.log": Self.entry("four").replacing("2026/", with: "2016/") + "\n"])
    let told = try follow(
      "-o short --since 5m error.log", "echo \"${two/2026/2099}\" >>error.log; see 'of two'", in: folder)
    #expect(told.output.hasPrefix("status 143\nerror.log:2:1: error: Consul gave APISIX no instance of two"))
  }

  @Test func whatCannotBeFollowedIsRefused() throws {
    let folder = try Folder(["error.log": Self.entry("one") + "\n"])
    _ = try bash("gzip -k error.log", in: folder.path)
    let packed = try gatecheck("logs", "explain", "-f", "error.log.gz", in: folder.path)
    #expect(packed.status == 3 && packed.errors.contains("it is gzip, to which nothing is written: leave out -f"))
    #expect(try gatecheck("logs", "explain", "-f", "none/error.log", in: folder.path).status == 3)
    #expect(try gatecheck("logs", "explain", "-f", "-o", "sarif", "error.log", in: folder.path).status == 2)
    // A pipe has an end; who reads may go away.
    let piped = try bash("cat error.log | gatecheck logs explain -f -o short", in: folder.path)
    #expect(piped.status == 1 && piped.output.hasPrefix("<stdin>:1:1: error: "))
  }
}

import Foundation
import TestSupport
import Testing

@testable import gatecheck

/// What `make install` puts where packagers and shells look for it.
@Suite struct InstallTests {
  private func make(_ arguments: String...) throws -> Ended {
    try execute(
      "make", ["-s", "-C", Checkout.path("")] + arguments + ["BINARY=\(Checkout.binary)"],
      environment: ["SOURCE_DATE_EPOCH": "1700000000", "MAKEFLAGS": ""])
  }

  @Test func itIsPutInPlaceAndTakenOut() throws {
    let folder = try Folder(["usr/bin/other": ""])
    let ended = try make("install", "PREFIX=/usr", "DESTDIR=\(folder.path)")
    try #require(ended.status == 0 && ended.output == "" && ended.errors == "", "\(ended)")
    let shells = [
      "share/bash-completion/completions/gatecheck", "share/zsh/site-functions/_gatecheck",
      "share/fish/vendor_completions.d/gatecheck.fish",
    ]
    let pages = ManualTests.pages.map { "share/man/man1/\($0).1" }
    #expect(Set(folder.names()) == Set((["bin/gatecheck", "bin/other"] + shells + pages).map { "usr/" + $0 }))
    #expect(try folder.mode("usr/bin/gatecheck") == 0o755)
    for name in shells + pages { #expect(try folder.mode("usr/" + name) == 0o644) }
    #expect(try execute(folder["usr/bin/gatecheck"], ["--version"]).output == gatecheck("--version").output)
    for (shell, name) in zip(Shell.allCases, shells) {
      #expect(try folder.read("usr/" + name) == gatecheck("completion", shell.rawValue).output)
    }
    let first = try Dictionary(uniqueKeysWithValues: pages.map { ($0, try folder.read("usr/" + $0)) })
    #expect(try make("install", "PREFIX=/usr", "DESTDIR=\(folder.path)").status == 0)
    for (page, text) in first { #expect(try folder.read("usr/" + page) == text, "\(page) differs from run to run") }

    #expect(try make("uninstall", "PREFIX=/usr", "DESTDIR=\(folder.path)").status == 0)
    let left = FileManager.default.subpaths(atPath: folder.path) ?? []
    #expect(left.sorted() == ["usr", "usr/bin", "usr/bin/other"])
    #expect(try make("uninstall", "PREFIX=/usr", "DESTDIR=\(folder.path)").status == 0, "nothing is there any more")
  }

  @Test func aPrefixStartsAtTheRoot() throws {
    let ended = try make("install", "PREFIX=usr")
    #expect(ended.status != 0 && ended.errors.hasPrefix("tree.sh: PREFIX wants an absolute path, not usr"))
  }
}

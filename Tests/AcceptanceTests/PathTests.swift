import Foundation
import TestSupport
import Testing

/// What the pages for developers name is there: a map that is wrong is worse than none.
@Suite struct PathTests {
  private static let folder = "docs/development/"

  private func exists(_ path: String) -> Bool { FileManager.default.fileExists(atPath: Checkout.path(path)) }

  /// Types that Sources and Tests declare.
  private static let types: Set<String> = {
    let files = ["Sources", "Tests"].flatMap { folder in
      Checkout.files(below: Checkout.path(folder), suffix: ".swift").map { folder + "/" + $0 }
    }
    return Set(
      files.flatMap { file in
        ((try? Checkout.text(file)) ?? "").matches(of: #/(?:struct|enum|class|protocol) (\w+)/#).map { String($0.1) }
      })
  }()

  /// Paths begin at the checkout or in Sources, where `.swift` may be left out. `KIND`, `NAME` and `AREA` are for the
  /// reader to fill in.
  @Test(arguments: ["architecture.md", "adding.md"]) func whatAPageNamesIsThere(page: String) throws {
    for span in try Checkout.text(Self.folder + page).matches(of: #/`([^`\n]+)`/#) {
      for word in span.1.split(separator: " ") where word.firstMatch(of: #/KIND|NAME|AREA/#) == nil {
        if word.firstMatch(of: #/\/|\.(md|swift|sh|py)$/#) != nil {
          let places = [String(word), "Sources/\(word)", "Sources/\(word).swift"]
          #expect(places.contains(where: exists), "\(page) names \(word)")
        } else if word.wholeMatch(of: #/[A-Z]+[a-z]\w*/#) != nil {
          #expect(Self.types.contains(String(word)) || exists(String(word)), "\(page) names \(word)")
        }
      }
    }
  }

  @Test(arguments: Checkout.files(below: Checkout.path("docs/development"))) func linksLeadToFiles(page: String) throws
  {
    for link in try Checkout.text(Self.folder + page).matches(of: #/\]\(([^)#:]+)\)/#) {
      #expect(exists(Self.folder + link.1), "\(page) links to \(link.1)")
    }
  }

  @Test func theMapHasTheFloorsOfThePackage() throws {
    let floors = try Checkout.text("Package.swift").matches(of: #/\n    floor\(\s*"(\w+)"/#).map { String($0.1) }
    let rows = try Checkout.text(Self.folder + "architecture.md").matches(of: #/\n\| ([\w, ]+) \|/#).flatMap {
      $0.1.split(separator: ", ").map(String.init)
    }
    #expect(floors.count > 10)
    #expect(rows.filter(floors.contains) == floors)
  }
}

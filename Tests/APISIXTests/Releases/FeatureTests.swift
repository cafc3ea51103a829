import APISIX
import Foundation
import Testing

@Suite struct FeatureTests {
  @Test(arguments: [
    // apisix/discovery/kubernetes/schema.lua of each release
    (Feature.severalClusters, "2.15.3", "2.99.0"), (.longIDs, "3.13.0", "3.14.0"), (.sslVerify, "3.16.0", "3.17.0"),
    (.slicesKey, "3.8.1", "3.9.0"), (.largeSharedSize, "3.17.0", "3.18.0"),
    // seen on running gateways: 3.14.1 keeps what a list no longer holds and serves slices without hosts, 3.15.0 does
    // not
    (.dropsUnlisted, "3.14.1", "3.15.0"), (.readsSlices, "3.14.1", "3.15.0"), (.watchesSlices, "3.13.0", "3.14.0"),
    // a renewed token is taken since 3.13.0, white space around one since 3.0's preview
    (.skipsNameless, "3.16.0", "3.17.0"), (.hidesNacosPassword, "3.16.0", "3.17.0"),
    (.triesOtherHosts, "3.14.1", "3.15.0"), (.consulCatalogue, "3.1.0", "3.2.0"), (.consulHealth, "3.3.0", "3.4.0"),
    (.consulSort, "3.8.1", "3.9.0"), (.consulDefaultPort, "3.12.0", "3.13.0"), (.consulKeys, "3.16.0", "3.17.0"),
    (.consulSkipsNameless, "3.17.0", "3.18.0"), (.eurekaHostNames, "3.15.0", "3.16.0"),
    (.nacosHostsOptional, "3.16.0", "3.17.0"), (.dnsOrder, "2.15.3", "2.99.0"),
    (.dnsFinalRecords, "3.14.1", "3.15.0"),
    (.rereadsTokenFile, "3.12.0", "3.13.0"), (.trimsTokens, "2.15.3", "2.99.0"),
    // OpenResty 1.27.1 with PCRE2
    (.pcre2, "3.11.0", "3.12.0"),
    // cli/file.lua
    (.refusesPartOfEtcd, "3.10.0", "3.11.0"),
  ])
  func aFeatureComesWithARelease(feature: Feature, before: String, first: String) throws {
    #expect(try !#require(Release(parsing: before)).has(feature))
    #expect(try #require(Release(parsing: first)).has(feature))
    #expect(Release.newest.has(feature))
  }

  @Test func theLastInstancesOfNacosStayInSomeReleasesOnly() {
    let releases = Release.known.filter { $0.has(.keepsLastInstances) }.map(\.line)
    #expect(releases.first == "3.13" && releases.last == "3.16")
  }

  @Test func whiteSpaceInsideATokenIsTakenOutForSomeReleasesOnly() {
    #expect(Release.known.filter { $0.has(.squeezesTokens) }.map(\.line).first == "2.99")
    #expect(Release.known.last { $0.has(.squeezesTokens) }?.line == "3.12")
  }

  @Test(arguments: [
    (RegistryKind.tars, "2.14.0", "2.14.1"), (.consul, "3.0.0", "3.1.0"), (.kubernetes, "2.12.0", "2.13.0"),
  ])
  func aRegistryComesWithARelease(kind: RegistryKind, before: String, first: String) throws {
    let (old, new) = (try #require(Release(parsing: before)), try #require(Release(parsing: first)))
    #expect(kind.since == new)
    #expect(kind.since == .oldest || kind.schema(in: old) == nil)
    #expect(kind.schema(in: new) != nil)
  }

  @Test(arguments: Feature.allCases)
  func aFeatureBelongsToAKnownRelease(feature: Feature) {
    #expect(Release.known.contains(feature.since))
    #expect(feature.until.map { $0 > feature.since && Release.known.contains($0) } ?? true)
  }

  @Test func tokenReadingsHoldEveryRelease() {
    #expect(
      TokenReading.all.map { "\($0.first) \($0.last) \($0.trim) \($0.rereadsFile)" } == [
        "2.13.0 2.15.3 none false", "2.99.0 3.12.0 everywhere false", "3.13.0 \(Release.newest) ends true",
      ])
  }
}

/// What has one place in the sources stands nowhere else.
@Suite struct OnePlaceTests {
  private static let sources = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().appending(path: "Sources")

  private func lines(outside folder: String, with pattern: some RegexComponent) throws -> [String] {
    let root = Self.sources.standardizedFileURL.path + "/"
    let files = try #require(FileManager.default.enumerator(atPath: root)).compactMap { $0 as? String }
    return try files.filter { $0.hasSuffix(".swift") && !$0.hasPrefix(folder) }.sorted().flatMap { file in
      try String(contentsOfFile: root + file, encoding: .utf8).split(separator: "\n").filter {
        !$0.contains("///") && $0.contains(pattern)
      }.map { "\(file): \($0)" }
    }
  }

  @Test func releasesStandInTheirTable() throws {
    #expect(try lines(outside: "APISIX/Releases/", with: /Release\([0-9]/) == [])
  }

  @Test func theNameOfARegistryStandsInItsKind() throws {
    #expect(try lines(outside: "APISIX/Registries/RegistryKind.swift", with: /"(discovery\.)?kubernetes["\[]/) == [])
  }
}

import Testing

@testable import HTTP

/// What is known of a server says of the next URL what libcurl says of it.
@Suite struct OriginTests {
  @Test(
    arguments: [
      "http://a.example:8500/v1/x?passing", "http://a.example:8500/", "http://a.example/v1", "http://A.example:8500/v1",
      "https://a.example:8500/v1", "http://[fd00::1]:80/v1", "http://u:p@a.example:8500/v1", "http://a.example:8500",
      "http://a.example:8500?x=/y", "http://a.example:8500#/y", "http://a.example:99999/v1", "a.example:8500/v1",
    ])
  func isThatOfTheURLAlone(_ url: String) {
    _ = HTTPClient.library
    let origins = Origins()
    for first in ["http://a.example:8500/v1/health/service/web?passing", url] {
      _ = origins.of(first)
      let (known, alone) = (origins.of(url), Origin(url))
      #expect(known == alone)
    }
    #expect(origins.of("http://a.example:8500/other")?.url == "http://a.example:8500/other")
  }
}

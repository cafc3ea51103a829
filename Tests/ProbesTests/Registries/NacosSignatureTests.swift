import Inputs
import SourceText
import Testing

@testable import Registries

@Suite struct NacosSignatureTests {
  /// RFC 2202, 3, and FIPS 180's own examples.
  @Test func asTheStandardsSay() {
    func hex(_ bytes: [UInt8]) -> String { bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined() }
    #expect(hex(NacosSignature.sha1(Array("abc".utf8))) == "a9993e364706816aba3e25717850c26c9cd0d89d")
    #expect(hex(NacosSignature.sha1([])) == "da39a3ee5e6b4b0d3255bfef95601890afd80709")
    let long = "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq"
    #expect(hex(NacosSignature.sha1(Array(long.utf8))) == "84983e441c3bd26ebaae4aa1f95129e5e54670f1")
    let rows: [(key: [UInt8], text: String, digest: String)] = [
      ([UInt8](repeating: 0x0B, count: 20), "Hi There", "b617318655057264e28bc0b6fb378c8ef146be00"),
      (Array("Jefe".utf8), "what do ya want for nothing?", "effcdf6ae5eb2fa2d27416d5f184df9c259a7c79"),
      (
        [UInt8](repeating: 0xAA, count: 80), "Test Using Larger Than Block-Size Key - Hash Key First",
        "aa4ae5e15272d00e95705637ce8a3b55ed402112"
      ),
    ]
    for row in rows { #expect(hex(NacosSignature.hmac(row.key, Array(row.text.utf8))) == row.digest) }
  }

  @Test func theQuery() {
    let query = NacosSignature.query(
      accessKey: "a k", secretKey: Secret("Jefe"), text: "DEFAULT_GROUP@@web", milliseconds: 1_700_000_000_000)
    #expect(query.hasPrefix("ak=a%20k&data=1700000000000%40%40DEFAULT_GROUP%40%40web&signature="))
  }
}

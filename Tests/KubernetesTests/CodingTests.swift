import Kubernetes
import SourceText
import Testing

@Suite struct CodingTests {
  /// RFC 4648, section 10.
  @Test(arguments: [
    ("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="), ("fooba", "Zm9vYmE="),
    ("foobar", "Zm9vYmFy"),
  ])
  func base64(plain: String, encoded: String) {
    #expect(Base64.encode(Array(plain.utf8)) == encoded)
    #expect(Base64.decode(encoded.utf8) == Array(plain.utf8))
    let bare = String(encoded.prefix { $0 != "=" })
    #expect(Base64.encode(Array(plain.utf8), .url) == bare)
    #expect(Base64.decode(bare.utf8, .url) == Array(plain.utf8))
    #expect(Base64.decodeLeniently((" " + bare + "\n").utf8) == Array(plain.utf8))
  }

  @Test(arguments: ["Zg", "Zg=", "Zh==", "Zm9", "Z", "Zm9v\n", "Zm-_", "=Zg=", "Zg==Zg==", "Zg===", "é"])
  func strictBase64Refuses(text: String) {
    #expect(Base64.decode(text.utf8) == nil)
  }

  @Test func bothAlphabets() {
    #expect(Base64.decode("-_8".utf8, .url) == [0xFB, 0xFF])
    #expect(Base64.decode("+/8=".utf8) == [0xFB, 0xFF])
    #expect(Base64.decode("+/8".utf8, .url) == nil)
    #expect(Base64.decodeLeniently("+_8".utf8) == [0xFB, 0xFF])
    #expect(Base64.decodeLeniently("Zm9vY".utf8) == Array("foo".utf8))
  }

  /// FIPS 180-4's examples and the lengths round a block's end.
  @Test(arguments: [
    ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
    ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
    (
      "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
      "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
    ),
    (String(repeating: "a", count: 55), "9f4390f8d30c2dd92ec9f095b65e2b9ae9b0a925a5258e241c9f1e910f734318"),
    (String(repeating: "a", count: 64), "ffe054fe7ae0cb6dc65c3af9b61d5209f439851db43d0ba5997337df154668eb"),
    (String(repeating: "a", count: 1000), "41edece42d63e8d9bf515a9ba6932e1c20cbc9f5a5d134645adb5db1b9737ea3"),
  ])
  func sha256(text: String, hash: String) {
    #expect(SHA256.hex(Array(text.utf8)) == hash)
  }

  @Test(arguments: [
    (0, "1970-01-01T00:00:00Z"), (951_782_400, "2000-02-29T00:00:00Z"), (1_795_395_524, "2026-11-23T00:58:44Z"),
    (-1, "1969-12-31T23:59:59Z"), (253_402_300_799, "9999-12-31T23:59:59Z"), (-62_167_219_200, "0000-01-01T00:00:00Z"),
    (4_107_542_399, "2100-02-28T23:59:59Z"),
  ])
  func times(seconds: Int, text: String) {
    #expect(Timestamp.iso(seconds) == text)
    #expect(Timestamp.parse(text) == seconds)
  }

  @Test func everyDayOfFourCenturiesComesBack() {
    for day in stride(from: -10_957, to: 135_140, by: 1) {
      let text = Timestamp.iso(day * 86_400)
      #expect(text.flatMap(Timestamp.parse) == day * 86_400)
    }
  }

  @Test func otherFormsOfTime() {
    #expect(Timestamp.parse("2026-11-23T02:58:44.123456+02:00") == 1_795_395_524)
    #expect(Timestamp.parse("2026-11-22t23:58:44-01:00") == 1_795_395_524)
    #expect(Timestamp.parseHTTPDate("Mon, 23 Nov 2026 00:58:44 GMT") == 1_795_395_524)
    #expect(Timestamp.iso(.max) == nil && Timestamp.iso(.min) == nil)
  }

  @Test(arguments: [
    "", "2026-11-23", "2026-02-29T00:00:00Z", "2026-13-01T00:00:00Z", "2026-11-23T24:00:00Z", "2026-11-23T00:00:00",
    "2026-11-23T00:00:00.Z", "2026-11-23T00:00:00+0200", "2026-11-23 00:00:00Z", "abcd-11-23T00:00:00Z",
    "2026-11-23T00:00:00ZZ",
  ])
  func theseAreNoTimes(text: String) {
    #expect(Timestamp.parse(text) == nil)
    #expect(Timestamp.parseHTTPDate(text) == nil)
  }
}

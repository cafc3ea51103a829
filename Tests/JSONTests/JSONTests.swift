import Testing

@testable import JSON

@Suite("Reading JSON")
struct ReadingTests {
  @Test(
    "reads what RFC 8259 allows",
    arguments: [
      ("null", .null), (" true ", true), ("false\n", false), ("0", 0), ("-0", -0.0), ("12", 12),
      ("1e3", 1000), ("1E+2", 100), ("2.5e-1", 0.25), ("-3.25", -3.25), ("123456789012345678", 123_456_789_012_345_678),
      ("\"\"", ""), (#""a\"\\\/\b\f\n\r\tz""#, "a\"\\/\u{8}\u{c}\n\r\tz"), (#""\u00e4\u20AC""#, "ä€"),
      (#""\ud83d\ude00""#, "😀"), (#""\ud83d""#, "\u{FFFD}"), (#""\ude00x""#, "\u{FFFD}x"),
      (#""\ud83d\u0041""#, "\u{FFFD}A"), (#""\ud83d\n""#, "\u{FFFD}\n"), ("\"\u{7f}\"", "\u{7f}"), ("[]", []),
      ("[ ]", []), ("[1,[2],{}]", [1, [2], [:]]), ("{}", [:]), ("{ \"a\" : { \"b\" : [ ] } }", ["a": ["b": []]]),
      ("\u{FEFF}{\"a\":1}", ["a": 1]), ("{\"a\":1,\"a\":2}", ["a": 1, "a": 2]), ("\"\u{2028}\"", "\u{2028}"),
    ] as [(String, JSONValue)])
  func accepts(text: String, value: JSONValue) throws {
    #expect(try JSONValue.parse(text) == value)
  }

  @Test(
    "refuses what it does not, and says where",
    arguments: [
      ("", JSONError(.unexpectedEnd, at: 0)), ("  ", JSONError(.unexpectedEnd, at: 2)),
      ("nul", JSONError(.unexpectedEnd, at: 3)), ("nulL", JSONError(.unexpectedByte(0x4C), at: 3)),
      ("True", JSONError(.unexpectedByte(0x54), at: 0)), ("01", JSONError(.badNumber, at: 0)),
      ("-", JSONError(.unexpectedEnd, at: 1)), ("-a", JSONError(.badNumber, at: 1)),
      ("1.", JSONError(.unexpectedEnd, at: 2)), ("1.x", JSONError(.badNumber, at: 2)),
      (".5", JSONError(.unexpectedByte(0x2E), at: 0)), ("+1", JSONError(.unexpectedByte(0x2B), at: 0)),
      ("1e", JSONError(.unexpectedEnd, at: 2)), ("0x1", JSONError(.unexpectedByte(0x78), at: 1)),
      ("NaN", JSONError(.unexpectedByte(0x4E), at: 0)), ("\"", JSONError(.unexpectedEnd, at: 1)),
      ("\"a\nb\"", JSONError(.bareControlCharacter(0x0A), at: 2)), (#""\x""#, JSONError(.badEscape, at: 1)),
      (#""\u12g4""#, JSONError(.badEscape, at: 1)), ("'a'", JSONError(.unexpectedByte(0x27), at: 0)),
      ("[1,]", JSONError(.unexpectedByte(0x5D), at: 3)), ("[1 2]", JSONError(.unexpectedByte(0x32), at: 3)),
      ("[", JSONError(.unexpectedEnd, at: 1)), ("{\"a\":1,}", JSONError(.unexpectedByte(0x7D), at: 7)),
      ("{a:1}", JSONError(.unexpectedByte(0x61), at: 1)), ("{\"a\" 1}", JSONError(.unexpectedByte(0x31), at: 5)),
      ("{\"a\":}", JSONError(.unexpectedByte(0x7D), at: 5)), ("1 2", JSONError(.unexpectedByte(0x32), at: 2)),
      ("[1]]", JSONError(.unexpectedByte(0x5D), at: 3)), ("// x\n1", JSONError(.unexpectedByte(0x2F), at: 0)),
      ("1\u{A0}", JSONError(.unexpectedByte(0xC2), at: 1)),
    ])
  func refuses(text: String, error: JSONError) {
    #expect(throws: error) { try JSONValue.parse(text) }
  }

  @Test("repairs invalid UTF-8")
  func repairs() throws {
    #expect(try JSONValue.parse([0x22, 0x61, 0xFF, 0x62, 0x22]) == "a\u{FFFD}b")
    #expect(try JSONValue.parse([0x22, 0xC3, 0x22]) == "\u{FFFD}")
  }

  @Test("reads 100 levels and no more")
  func depth() throws {
    let deep = { String(repeating: "[", count: $0) + String(repeating: "]", count: $0) }
    _ = try JSONValue.parse(deep(100))
    #expect(throws: JSONError(.tooDeep, at: 100)) { try JSONValue.parse(deep(101)) }
    #expect(throws: JSONError(.tooDeep, at: 100)) { try JSONValue.parse(String(repeating: "[", count: 1_000_000)) }
    let skipped = "{\"managedFields\":" + deep(100) + "}"
    #expect(throws: JSONError(.tooDeep, at: 116)) { try JSONValue.parse(skipped, skipping: ["managedFields"]) }
  }

  @Test("passes over the values of unwanted keys at every depth")
  func skips() throws {
    let text = #"{"m":{"x":["]}\"",{}]},"a":[{"m":"\\","b":1},{"m":-1.5e3},{"m":null}],"mm":2}"#
    #expect(try JSONValue.parse(text, skipping: ["m"]) == ["a": [["b": 1], [:], [:]], "mm": 2])
    for broken in [#"{"m":[}}"#, #"{"m":["}"#, #"{"m":tru}"#, "{\"m\":[\"\n\"]}", #"{"m":}"#] {
      #expect(throws: JSONError.self) { try JSONValue.parse(broken, skipping: ["m"]) }
    }
  }
}

@Suite("Writing JSON")
struct WritingTests {
  /// Also where the other branch of a choice is a literal.
  @Test(arguments: [false]) func nilIsNoMember(isThere: Bool) {
    let object: JSONObject = ["a": isThere ? true : nil, "b": isThere ? "x" : nil, "c": nil, "d": .null]
    #expect(JSONValue.object(object).text() == #"{"d":null}"#)
    #expect(JSONValue.object(object) == ["a": isThere ? 1 : nil, "d": .null])
  }

  @Test("is compact, or one member a line")
  func layouts() {
    let value: JSONValue = ["b": [1, 2.5, []], "a": ["x": .null, "y": true], "e": [:]]
    #expect(value.text() == #"{"b":[1,2.5,[]],"a":{"x":null,"y":true},"e":{}}"#)
    #expect(
      value.text(pretty: true) == """
        {
          "b": [
            1,
            2.5,
            []
          ],
          "a": {
            "x": null,
            "y": true
          },
          "e": {}
        }
        """)
  }

  @Test("writes whole numbers without a fraction, and numbers that read back the same")
  func numbers() throws {
    #expect(
      JSONValue.array([6443, -1, 0.1, 1e20, 1e-7, 9_007_199_254_740_993]).text()
        == "[6443,-1,0.1,1e+20,1e-07,9007199254740992]")
    #expect(JSONValue.number(.infinity).text() == "null")
    for number in [1e15, 123_456_789_012_345_680, Double.leastNonzeroMagnitude, 1.7976931348623157e308, -2.5] {
      #expect(try JSONValue.parse(JSONValue.number(number).text()) == .number(number))
    }
  }

  @Test("escapes what a terminal could act on")
  func escapes() throws {
    let text = "\u{1b}[31m \"\\\n\r\t\u{0}\u{7f}\u{9b}\u{2028}ä😀"
    let written = JSONValue.string(text).text()
    #expect(written == #""\u001b[31m \"\\\n\r\t\u0000\u007f\u009b\u2028ä😀""#)
    #expect(try JSONValue.parse(written) == .string(text))
  }
}

@Suite("A stream of JSON documents")
struct StreamTests {
  /// All pieces of `text`, fed in chunks of `size` bytes.
  func pieces(
    of text: String, chunk size: Int, at way: [String] = ["items"], skipping: [String] = []
  ) throws -> [JSONStream.Piece] {
    var stream = JSONStream(listAt: way, skipping: skipping)
    var pieces: [JSONStream.Piece] = []
    let bytes = Array(text.utf8)
    for start in stride(from: 0, to: bytes.count, by: size) {
      try stream.feed(Array(bytes[start..<min(start + size, bytes.count)])) { pieces.append($0) }
    }
    try stream.finish { pieces.append($0) }
    return pieces
  }

  let mixed = """
    \u{FEFF}{"kind":"EndpointsList","metadata":{"resourceVersion":"1"},"items":[{"a":1},{"a":"\\ud83d\\ude00","m":{}}]}
    {"type":"ADDED","object":{"items":[1]}}{"items":[],"kind":"List"} 12 34[5]"x"
    {"items":null}
    {}
    """

  @Test("comes in the same pieces whatever the chunks", arguments: [1, 2, 3, 7, 64, 10_000])
  func chunks(size: Int) throws {
    let list: JSONObject = JSONObject([
      .init(key: "kind", value: "EndpointsList"), .init(key: "metadata", value: ["resourceVersion": "1"]),
    ])
    #expect(
      try pieces(of: mixed, chunk: size, skipping: ["m"]) == [
        .item(["a": 1], envelope: list), .item(["a": "😀"], envelope: list), .document(.object(list), items: 2),
        .document(["type": "ADDED", "object": ["items": [1]]], items: nil), .document(["kind": "List"], items: 0),
        .document(12, items: nil), .document(34, items: nil), .document([5], items: nil), .document("x", items: nil),
        .document(["items": .null], items: nil), .document([:], items: nil),
      ])
  }

  @Test("may be empty", arguments: ["", " \n ", "\u{FEFF}"])
  func empty(text: String) throws {
    #expect(try pieces(of: text, chunk: 1).isEmpty)
  }

  @Test(
    "names the byte of a fault from the start of the stream",
    arguments: [
      ("{} {\"a\":1,}", JSONError(.unexpectedByte(0x7D), at: 10)),
      ("{\"items\":[{},]}", JSONError(.unexpectedByte(0x5D), at: 13)),
      ("{\"items\":[{}", JSONError(.unexpectedEnd, at: 12)), ("{} {", JSONError(.unexpectedEnd, at: 4)),
      ("{} ]", JSONError(.unexpectedByte(0x5D), at: 3)), ("{,}", JSONError(.unexpectedByte(0x2C), at: 1)),
    ])
  func faults(text: String, error: JSONError) {
    for size in [1, 5, 1000] {
      #expect(throws: error) { try pieces(of: text, chunk: size) }
    }
  }

  @Test("takes a list apart that another way leads to", arguments: [1, 3, 1000])
  func way(chunk: Int) throws {
    let text = #"{"v":1,"a":{"x":"y","b":[{"n":1},{"b":[2]}],"z":0}} {"a":{"b":{"n":1}}} {"a":[1],"b":[3]}"#
    #expect(
      try pieces(of: text, chunk: chunk, at: ["a", "b"]) == [
        .item(["n": 1], envelope: ["v": 1]), .item(["b": [2]], envelope: ["v": 1]),
        .document(["v": 1, "a": ["x": "y", "z": 0]], items: 2), .document(["a": ["b": ["n": 1]]], items: nil),
        .document(["a": [1], "b": [3]], items: nil),
      ])
    #expect(
      try pieces(of: "[1,{\"a\":[2]}][] {\"a\":[1]}", chunk: chunk, at: []) == [
        .item(1, envelope: [:]), .item(["a": [2]], envelope: [:]), .document([], items: 2), .document([], items: 0),
        .document(["a": [1]], items: nil),
      ])
    #expect(throws: JSONError.self) { try pieces(of: "[1", chunk: chunk, at: []) }
    #expect(throws: JSONError.self) { try pieces(of: "[1,]", chunk: chunk, at: []) }
    #expect(throws: JSONError.self) { try pieces(of: #"{"a":{"b":[1]}"#, chunk: chunk, at: ["a", "b"]) }
  }

  @Test("holds no more than one object, and refuses a huge one")
  func limit() throws {
    var stream = JSONStream(objectLimit: 10_000)
    var count = 0
    try stream.feed(Array("{\"items\":[0".utf8)) { _ in }
    for _ in 0..<100_000 { try stream.feed(Array(",{\"a\":[1,2,3]}".utf8)) { _ in count += 1 } }
    #expect(count > 99_000)
    var long = JSONStream(objectLimit: 10_000)
    try long.feed(Array("{}\"".utf8)) { _ in }
    #expect(throws: JSONError(.tooLong, at: 2)) {
      for _ in 0..<2_000 { try long.feed(Array("aaaaaaaaaa".utf8)) { _ in } }
    }
  }
}

import APISIX
import JSON
import Testing

/// What apisix-seed makes of a znode, as Go's json.Unmarshal reads it.
@Suite struct SeedNodesTests {
  private static func read(_ text: String) -> String {
    do throws(SeedNodes.Refusal) {
      return JSONValue.array(try SeedNodes.read(Array(text.utf8)).map(\.json)).text()
    } catch { return "\(error)" }
  }

  @Test(arguments: [
    (#"[{"host":"a","port":1,"weight":2}]"#, #"[{"host":"a","port":1,"weight":2}]"#),
    (#"[{"HOST":"a","Port":1,"weight":2,"priority":1}]"#, #"[{"host":"a","port":1,"weight":2}]"#),
    (#"[{"host":"a","host":"b","port":null}]"#, #"[{"host":"b","weight":0}]"#),
    (#"[{"host":"","port":0,"weight":1}]"#, #"[{"weight":1}]"#),
    (
      #"[{"host":"a","port":1,"weight":1,"metadata":{"x":[1]}}]"#,
      #"[{"host":"a","port":1,"weight":1,"metadata":{"x":[1]}}]"#
    ),
    (
      #"[{"host":"a","metadata":{"password":"b","apiToken":1,"x":{"secret":["c"],"y":"d"}}}]"#,
      #"[{"host":"a","weight":0,"metadata":{"password":"***","apiToken":"***","x":{"secret":"***","y":"d"}}}]"#
    ),
    ("[]", "[]"), ("", "nothing"), ("null", #"notArray("null")"#), ("{}", #"notArray("an object")"#),
    ("[1]", #"noNode(1, "the number 1")"#), ("[null]", #"noNode(1, "null")"#),
    (#"[{"host":"a","port":"80"}]"#, #"wrongType(1, member: "port", wanted: "a whole number", is: "a text")"#),
    (#"[{"host":"a"},{"host":1}]"#, #"wrongType(2, member: "host", wanted: "a text", is: "the number 1")"#),
    (
      #"[{"host":"a","weight":1.5}]"#,
      #"wrongType(1, member: "weight", wanted: "a whole number", is: "the number 1.5")"#
    ),
  ]) func nodes(_ text: String, _ expected: String) { #expect(Self.read(text) == expected) }

  @Test(arguments: [
    (#"{"host":"a","port":"80"}"#, #"[{"host":"a","port":80,"weight":100}]"#),
    (#"[{"host":"a","port":80,"weight":"5"}]"#, #"[{"host":"a","port":80,"weight":5}]"#),
    (#"[{"host":"a'b","port":80}]"#, nil), (#"["a:80"]"#, nil), ("[]", nil), ("hello", nil),
    (#"[{"host":"a","port":"http"}]"#, nil), (#"{"host":"a","metadata":{"password":"b"}}"#, nil),
    (#"{"host":"http://u:b@a","port":80}"#, nil),
  ]) func mended(_ text: String, _ expected: String?) { #expect(SeedNodes.mended(Array(text.utf8)) == expected) }

  @Test func upstreams() throws {
    func read(_ key: String, _ text: String) throws -> SeedUpstream? {
      SeedUpstream(key: key, try JSONValue.parse(text))
    }
    let route = try read("/apisix/routes/1", #"{"upstream":{"service_name":"a","discovery_type":"zookeeper"}}"#)
    #expect(route?.owner == "routes/1" && route?.serviceName == "a" && route?.isRewritten == false)
    let written = try read(
      "/apisix/upstreams/2", #"{"_service_name":"a","_discovery_type":"zookeeper","nodes":{"[::1]:80":1,"b":2}}"#)
    #expect(written?.isRewritten == true && written?.nodes?.map(\.address) == ["[::1]:80", "b:-"])
    #expect(try read("/apisix/upstreams/3", #"{"service_name":"a","discovery_type":"nacos"}"#) == nil)
    #expect(try read("/apisix/consumers/3", #"{"service_name":"a","discovery_type":"zookeeper"}"#) == nil)
    #expect(try read("routes", "{}") == nil)
  }
}

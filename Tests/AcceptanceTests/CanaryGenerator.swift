import Foundation

/// Files with a credential in every place that a user may put it, in every style that YAML has for a value: made, not
/// listed, each file with a credential of its own, so that no file tells of another's.
struct CanaryGenerator {
  struct File: Sendable {
    let name: String
    let text: Data
    let secret: String
  }

  private(set) var files: [File] = []
  private var state: UInt64
  private let letters = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789")

  enum Kind: CaseIterable { case opaque, jwt, digits, special, dollar, lower }

  /// The names that a credential's key ends in, with what people put before them.
  static let keys = [
    "token", "redis_password", "sasl_password", "customer_token", "app_secret", "secret_access_key", "client_key",
    "keyring", "id_token", "Authorization", "passphrase", "pwd", "secret_key", "access_key", "apiKey", "clientSecret",
    "user_pw", "passwords", "bearer_token",
  ]

  init(seed: UInt64) { state = seed &* 0x9E37_79B9_7F4A_7C15 | 1 }

  private mutating func next(_ count: Int) -> Int {
    state ^= state << 13
    state ^= state >> 7
    state ^= state << 17
    return Int(state % UInt64(count))
  }

  private mutating func text(_ count: Int, of letters: [Character]) -> String {
    String((0..<count).map { _ in letters[next(letters.count)] })
  }

  mutating func secret(_ kind: Kind) -> String {
    let random = "q7" + text(24, of: letters)
    switch kind {
    case .opaque: return random
    case .digits: return "7" + text(13, of: Array("0123456789"))
    case .special: return "p\(random.prefix(9))/?#@\(random)"
    case .dollar: return "$" + random
    case .lower: return "k" + text(30, of: Array("abcdefghijklmnopqrstuvwxyz234567"))
    case .jwt:
      let head = Canary.base64(#"{"alg":"RS256","kid":"\#(random)"}"#)
      let claims = Canary.base64(#"{"sub":"system:serviceaccount:default:\#(text(12, of: letters))"}"#)
      return [head, claims, text(64, of: letters)].map { $0.filter { $0 != "=" } }.joined(separator: ".")
    }
  }

  /// A value in each style of YAML.
  private static func styles(_ secret: String, _ kind: Kind) -> [String: String] {
    let third = secret.index(secret.startIndex, offsetBy: 3)
    let escaped =
      secret[..<third] + "\\x" + String(secret[third].asciiValue ?? 0, radix: 16)
      + secret[secret.index(after: third)...]
    var styles = [
      "single": "'\(secret)'", "double": "\"\(secret)\"", "text": "!!str '\(secret)'", "tag": "!x '\(secret)'",
      "anchor": "&a '\(secret)'", "escaped": "\"\(escaped)\"", "list": "['\(secret)']",
      "maps": "[{value: '\(secret)'}]", "map": "{value: '\(secret)'}", "default": "\"${T:-\(secret)}\"",
      "apisix": "\"${{T:=\(secret)}}\"", "shell": "\"${{T:-${U-\(secret)}}}\"", "asked": "\"${T:?\(secret)}\"",
    ]
    styles["nested"] = "[['\(secret)']]"
    styles["lines"] = "\"Aa\n        \(secret)\""
    styles["glued"] = "\"${{T}}\(secret)\""
    guard kind != .special else { return styles }
    styles["plain"] = secret
    // Where YAML has a name of its own.
    if kind == .opaque || kind == .lower { styles.merge(["alias": "*\(secret)", "label": "&\(secret)"]) { $1 } }
    return styles
  }

  private static let service = "service: {host: 10.0.0.1, port: 6443}"
  private static let route =
    "upstream: {type: roundrobin, discovery_type: kubernetes, service_name: web:http}"

  /// A value in each kind of file, beside something that a rule speaks of, so that its line is quoted.
  private static func shapes(_ key: String, _ value: String, _ style: String) -> [(name: String, text: String)] {
    let flow = "discovery: {kubernetes: {\(service), client: {token: x}, \(key): \(value), foo: 1}}\n"
    let above = "discovery:\n  kubernetes:\n    \(service)\n    client: {token: x}\n"
    var shapes: [(name: String, text: String)] = [
      ("flow.yaml", flow), ("block.yaml", "\(above)    \(key): \(value)\n    match: 1\n"),
      ("client.yaml", "discovery:\n  kubernetes:\n    \(service)\n    client: {\(key): \(value), foo: 1}\n"),
      (
        "map.yaml",
        "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: apisix}\ndata:\n  config.yaml: |\n    \(flow)"
      ),
      ("broken.yaml", "discovery:\n  kubernetes: {\(service), client: {\(key): \(value), foo: 1}\n  x: [\n"),
      ("cut.yaml", "\(above)      \(key): \(value)\"}: [\n"),
      ("routes.yaml", "routes:\n  - {uri: /a, plugins: {loggly: {\(key): \(value)}}, \(route)}\n#END\n"),
      ("nacos.yaml", "discovery:\n  nacos: {host: ['http://10.0.0.1:8848'], prefx: x, \(key): \(value)}\n"),
      (
        "values.yaml",
        "image: {tag: x}\napisix:\n  discovery:\n    enabled: true\n    registry:\n"
          + "      kubernetes: {\(service), client: {token: x}, \(key): \(value)}\n"
      ),
    ]
    switch style {
    case "double", "escaped":
      let value = value.replacing("\\x", with: "\\u00")
      shapes.append(
        (
          "one.json",
          #"{"discovery":{"kubernetes":{"service":{"port":6443},"client":{"token":"x"},"\#(key)":\#(value),"foo":1}}}"#
        ))
    case "anchor":
      shapes.append(
        ("alias.yaml", "discovery: {kubernetes: {x: \(value), \(service), client: {\(key): *a, foo: 1}}}\n"))
    case "plain":
      let half = value.index(value.startIndex, offsetBy: value.count / 2)
      shapes += [
        ("literal.yaml", "\(above)    \(key): |-\n      \(value)\n    foo: 1\n"),
        ("folded.yaml", "\(above)    \(key): >\n      \(value[..<half])\n      \(value[half...])\n    foo: 1\n"),
        ("below.yaml", "\(above)    \(key):\n      \(value)\n    foo: 1\n"),
        ("complex.yaml", "\(above)    ? \(key)\n    : \(value)\n    foo: 1\n"),
      ]
    default: break
    }
    return shapes
  }

  /// Without a key of its own: in addresses, in comments, and, as what looks like a token, glued to anything.
  private static func places(_ secret: String, _ kind: Kind) -> [(name: String, text: String)] {
    let nacos: (String) -> String = { "discovery:\n  nacos: {host: ['\($0)'], prefx: x}\n" }
    let cluster: (String) -> String = {
      "discovery:\n  kubernetes: {service: {host: a, port: 6443}, client: {token: x}\($0)\n"
    }
    var places: [(name: String, text: String)] = [
      ("user.yaml", nacos("http://u:\(secret)@10.0.0.1:8848")), ("bare.yaml", nacos("nacos:\(secret)@10.0.0.1:8848")),
      ("short.yaml", nacos("nacos:\(secret)@nacos")),
      ("server.yaml", "discovery:\n  kubernetes: {service: {host: 'u:\(secret)@kube', port: 6443}}\n"),
      ("consul.yaml", "discovery:\n  consul: {servers: ['http://u:\(secret)@10.0.0.1:8500/x'], foo: 1}\n"),
      ("host.yaml", cluster(", x: 'u:\(secret)@10.0.0.1:6443'}")),
      ("variable.yaml", nacos("http://u:${{P:-\(secret)}}@10.0.0.1:8848")),
      ("shell.yaml", "discovery:\n  eureka: {host: ['http://u:${P-\(secret)}@10.0.0.1:8761'], foo: 1}\n"),
      ("key.yaml", cluster(", 'http://u:\(secret)@h': 1}")),
    ]
    if kind != .special {
      for name in ["token", "access_token", "api_key", "customer_token"] {
        places.append(("\(name).yaml", nacos("http://10.0.0.1:8848/?a=1&\(name)=\(secret)&b=2")))
      }
      for part in ["#access_token=", "?a=1;token=", "?token[]="] {
        places.append(("part.yaml", nacos("http://10.0.0.1:8848/\(part)\(secret)")))
      }
      let calls = [
        "Cookie: session=\(secret)", "host=h user=u password=\(secret)", "export TOKEN=\(secret)",
        "{\\\"token\\\":\\\"\(secret)\\\"}",
      ]
      // With a dollar it is the name of a variable there.
      let headers = kind == .dollar ? [] : ["Authorization: Basic \(secret)"]
      for call in calls + headers { places.append(("call.yaml", cluster(", x: \"\(call)\"}"))) }
      places += [
        ("roles.yaml", cluster("}\ncredentials: {admin: \(secret), viewer: \(secret)}")),
        ("pair.yaml", cluster(", x: [{key: password, value: '\(secret)'}]}")),
        ("wide.yaml", cluster(", x: {token：\(secret)}}")), ("ipv6.yaml", nacos("nacos:\(secret)@[::1]:8848")),
      ]
      for comment in ["admin password: \(secret)", "token=\(secret)", "see http://u:\(secret)@h/"] {
        places.append(("comment.yaml", cluster("} # \(comment)")))
      }
    }
    if kind == .opaque || kind == .jwt { places.append(("word.yaml", cluster("} # was \(secret)"))) }
    guard kind == .jwt else { return places }
    return places + [
      ("default.yaml", cluster(", x: '${H:-\(secret)}'}")), ("alias.yaml", cluster(", x: *\(secret) }")),
      ("tag.yaml", cluster(", x: !\(secret) y}")), ("anchor.yaml", cluster(", x: &\(secret) y}")),
      ("name.yaml", cluster(", \(secret): 1}")), ("registry.yaml", "discovery:\n  \(secret): {a: 1}\n  dns: {a: 1}\n"),
      ("file.yaml", cluster(", token_file: \(secret)}")),
    ]
  }

  /// The files of one key; nil: those without one.
  mutating func make(_ key: String?) {
    var number = 0
    func add(_ name: String, _ text: String, _ secret: String) {
      number += 1
      let wide = number % 8 == 3
      let data = text.data(using: wide ? .utf16 : .utf8) ?? Data()
      let crlf = number % 8 == 5 ? Data(text.replacing("\n", with: "\r\n").utf8) : data
      files.append(File(name: "\(number)-\(name)", text: crlf, secret: secret))
    }
    guard let key else {
      for kind in Kind.allCases {
        for index in Self.places("x", kind).indices {
          let secret = secret(kind)
          let (name, text) = Self.places(secret, kind)[index]
          add(name, text, secret)
        }
      }
      return
    }
    let kinds = Kind.allCases
    for style in Self.styles("none", .opaque).keys.sorted() {
      for index in Self.shapes(key, "x", style).indices {
        let kind = kinds[next(kinds.count)]
        let secret = secret(kind)
        guard let value = Self.styles(secret, kind)[style] else { continue }
        if ["map", "maps"].contains(style), !["token", "password"].contains(where: key.hasSuffix) { continue }
        let (name, text) = Self.shapes(key, value, style)[index]
        add(name, text, secret)
      }
    }
  }
}

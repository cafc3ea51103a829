import Foundation
import TestSupport
import Testing

/// The page of `doctor -o html`, in a real browser.
@Suite(.enabled(if: Browser.isThere, "chromium-headless-shell of Debian is not to be had"))
struct DoctorPageTests {
  /// What is to be seen of it: what comes first, whether it is wider than the window, whether its words can be read.
  private static let look = """
    const probe = document.body.appendChild(document.createElement('p'));
    probe.style.cssText = 'background: Canvas; color: CanvasText';
    const parts = color => color.match(/[0-9.]+/g).slice(0, 3).map(Number);
    const light = color => parts(color).map(part => part / 255)
      .map(part => part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4)
      .reduce((sum, part, index) => sum + part * [0.2126, 0.7152, 0.0722][index], 0);
    const canvas = getComputedStyle(probe).backgroundColor;
    probe.remove();
    const behind = node => {
      for (; node; node = node.parentElement) {
        const color = getComputedStyle(node).backgroundColor;
        if (color !== 'rgba(0, 0, 0, 0)') return color;
      }
      return canvas;
    };
    const all = [...document.body.querySelectorAll('*')].filter(node => node.tagName !== 'SCRIPT');
    const contrast = node => {
      const [a, b] = [light(getComputedStyle(node).color), light(behind(node))].sort().reverse();
      return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    };
    const root = document.documentElement;
    return {
      first: document.body.firstElementChild.tagName + ' ' + document.body.firstElementChild.innerText,
      window: innerWidth, width: Math.max(root.scrollWidth, document.body.scrollWidth),
      wide: all.filter(node => node.getBoundingClientRect().right > innerWidth + 1).map(node => node.outerHTML),
      dim: all.filter(node => contrast(node) < 4.5).map(node => node.outerHTML),
      small: all.filter(node => parseFloat(getComputedStyle(node).fontSize) < 12).map(node => node.outerHTML),
      isDark: light(canvas) < 0.1, scripts: document.scripts.length, bold: document.querySelectorAll('li > b').length,
      rows: [...document.querySelectorAll('tr')].map(row => row.innerText.replace(/\\s+/g, ' ')),
      ways: [...document.querySelectorAll('.way')].map(way => [...way.children].map(step => step.innerText).join(', ')),
      open: [...document.querySelectorAll('details')].map(part => part.open),
      loaded: performance.getEntriesByType('resource').length,
    };
    """

  private func expectReadable(_ page: String, _ verdict: String) throws -> [String: Any] {
    #expect(!page.contains("<script") && !page.contains("<img") && !page.contains("<link") && !page.contains("url("))
    var seen: [String: Any] = [:]
    for (width, isDark) in [(360, false), (360, true), (1400, false)] {
      seen = try Browser.value(of: Self.look, in: page, width: width, isDark: isDark)
      #expect(seen["first"] as? String == "H1 \(verdict)", "\(seen)")
      #expect(seen["window"] as? Int == width && seen["width"] as? Int == width, "\(seen)")
      for lack in ["wide", "dim", "small"] { #expect(seen[lack] as? [String] == [], "\(lack) at \(width)") }
      #expect(seen["isDark"] as? Bool == isDark && seen["loaded"] as? Int == 0)
      // That of the test.
      #expect(seen["scripts"] as? Int == 1)
    }
    return seen
  }

  @Test func onePageForATicket() throws {
    let long = String(repeating: "long-", count: 80)
    let stub = try StubServer { _ in .init(status: 403, body: "<script>alert(1)</script><b>&\"\(long)") }
    defer { stub.stop() }
    let folder = try Folder([
      "config.yaml": "discovery: {consul: {servers: [\"\(stub.url)\"]}}\n",
      "apisix.yaml": """
      routes: [{uri: "/\(long)", upstream_id: 1}]
      upstreams: [{id: 1, type: roundrobin, discovery_type: consul, service_name: "<img src=x>"}]
      #END

      """,
    ])
    _ = try gatecheck(
      "doctor", "--config", "config.yaml", "--apisix-file", "apisix.yaml", "--uri", "/\(long)", "-o", "html=page.html",
      in: folder.path)
    let seen = try expectReadable(try folder.read("page.html"), "not healthy")
    let ways = seen["ways"] as? [String] ?? []
    #expect(ways.first?.hasPrefix("✓ configuration, ✓ environment, ✓ connection, ✗ permissions, - ") == true, "\(ways)")
    #expect(ways.last?.hasPrefix("✓ route: routes/arr_1, ✓ upstream: upstreams/1, ") == true, "\(ways)")
    #expect(seen["rows"] as? [String] == [])
  }

  /// Every cluster a row, and open what is wrong.
  @Test func oneForAWall() throws {
    let workloads = #"{"kind": "DeploymentList", "apiVersion": "apps/v1", "items": []}"#
    let stub = try StubServer { _ in .init(body: workloads) }
    defer { stub.stop() }
    let lost = "https://127.0.0.1:\(try StubNameServer.closedPort(withTCP: true))"
    let folder = try Folder([
      "kube": """
      apiVersion: v1
      kind: Config
      contexts:
        - {name: east, context: {cluster: k, user: u}}
        - {name: "west<\(String(repeating: "w", count: 60))", context: {cluster: lost, user: u}}
      clusters: [{name: k, cluster: {server: "\(stub.url)"}}, {name: lost, cluster: {server: "\(lost)"}}]
      users: [{name: u, user: {}}]

      """
    ])
    let west = "west<" + String(repeating: "w", count: 60)
    _ = try gatecheck(
      "doctor", "--kubeconfig", "kube", "--context", "east", "--context", west, "-o", "html=page.html", in: folder.path)
    let seen = try expectReadable(try folder.read("page.html"), "not healthy")
    let rows = seen["rows"] as? [String] ?? []
    #expect(rows.count == 2 && rows.contains { $0.hasPrefix("\(west) not healthy ✗ 127.0.0.1:") }, "\(rows)")
    #expect(rows.contains { $0.hasPrefix("east not healthy !✓✗") }, "\(rows)")
    #expect((seen["open"] as? [Bool])?.last == true, "\(seen)")
  }
}

import Testing

@testable import Kubernetes

@Suite struct KubectlOutputTests {
  @Test(arguments: [
    ("Name:         web\nNamespace:    default\nLabels:       <none>\n\nType:  Opaque\n", KubectlOutput.description),
    ("NAME   ENDPOINTS       AGE\nweb    10.1.0.4:8080   5d\n", .table),
    ("NAMESPACE   NAME   TYPE   DATA   AGE\n", .table),
    ("secret/apisix-token\n", .names), ("endpointslice.discovery.k8s.io/web-abc\nendpoints/web\n", .names),
    ("[\"abc\"]\n", .values), ("[10.0.0.1 10.0.0.2]", .values), ("[map[addresses:[map[ip:10.0.0.1]]]]", .values),
    ("map[ca.crt:QUJD token:ZXlK]", .values), ("eyJhbGciOi.eyJpc3.c2ln eyJhbGciOi.eyJpc3.c2lo", .tokens),
    ("ZXlKaGJHY2k\nZXlKaGJHY2k\n", .tokens),
    ("No resources found in default namespace.\n", .message("No resources found in default namespace.")),
  ])
  func isRecognised(text: String, output: KubectlOutput) { #expect(KubectlOutput(text.utf8) == output) }

  @Test(arguments: [
    "", "NAME", "apiVersion: v1\nkind: Secret\n", "{\"kind\": \"List\"}", "abc/def+ghi=", "Name: x\n",
    "eyJhbGciOiJSUzI1NiJ9.e30.c2ln", "eyJhbGciOiJSUzI1NiJ9\n.e30.c2ln", "[{\"kind\": \"Secret\"}]", "[abc",
    "name: x\nnamespace: y\n",
  ])
  func othersAreNone(text: String) { #expect(KubectlOutput(text.utf8) == nil) }
}

@Suite struct UnfilledTests {
  @Test(arguments: [
    "...", "……", "eyJ...", "eyJhbGciOi...", "eyJhbGciOi…", "eyJhbGciOi....eyJpc3Mi...", "ZXlKaGJHY2lPaU...", "xxx",
    "XXXXXXXX", "***", "TOKEN", "token", "changeme", "change-me", "your-token", "your_token_here",
    "<token>", "<your token>", "填写token", "请填写", "replace-with-token", "paste token here",
  ])
  func aPlaceholderIsNoToken(text: String) { #expect(TokenText(text).flaws == [.placeholder], "\(text)") }

  @Test(arguments: [
    "q9VwZt3Xk7Lm2Rb8Yc4N", "abcdef.0123456789abcdef", "my-app-prod", "s3cret", "kubeconfig-u-x:abc",
    "eyJhbGciOi.eyJpc3Mi",
  ])
  func othersAreTokens(text: String) { #expect(!TokenText(text).flaws.contains(.placeholder), "\(text)") }
}

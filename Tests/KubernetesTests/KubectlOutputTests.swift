import Testing

@testable import Kubernetes

@Suite struct KubectlOutputTests {
  @Test(arguments: [
    ("Name:         web\nNamespace:    default\nLabels:       <none>\n\nType:  Opaque\n", KubectlOutput.description),
    ("NAME   ENDPOINTS       AGE\nweb    10.1.0.4:8080   5d\n", .table),
    ("NAMESPACE   NAME   TYPE   DATA   AGE\n", .table),
    ("secret/apisix-token\n", .names), ("endpointslice.discovery.k8s.io/web-abc\nendpoints/web\n", .names),
    ("No resources found in default namespace.\n", .message("No resources found in default namespace.")),
  ])
  func isRecognised(text: String, output: KubectlOutput) { #expect(KubectlOutput(text.utf8) == output) }

  @Test(arguments: [
    "", "NAME", "apiVersion: v1\nkind: Secret\n", "{\"kind\": \"List\"}", "abc/def+ghi=", "Name: x\n",
    "eyJhbGciOiJSUzI1NiJ9.e30.c2ln", "name: x\nnamespace: y\n",
  ])
  func othersAreNone(text: String) { #expect(KubectlOutput(text.utf8) == nil) }
}

@Suite struct UnfilledTests {
  @Test(arguments: [
    "...", "……", "xxx", "XXXXXXXX", "***", "TOKEN", "token", "changeme", "change-me", "your-token", "your_token_here",
    "<token>", "<your token>", "填写token", "请填写", "replace-with-token", "paste token here",
  ])
  func aPlaceholderIsNoToken(text: String) { #expect(TokenText(text).flaws == [.placeholder], "\(text)") }

  @Test(arguments: ["q9VwZt3Xk7Lm2Rb8Yc4N", "abcdef.0123456789abcdef", "my-app-prod", "s3cret", "kubeconfig-u-x:abc"])
  func othersAreTokens(text: String) { #expect(!TokenText(text).flaws.contains(.placeholder), "\(text)") }
}

extension FaultRow {
  private static let everywhere: [Command] = [.token, .tokenAdmin, .rbac, .rbacAdmin, .resolve, .lint]

  /// The text of a token.
  static let tokens = [
    FaultRow("wrapped", "token/base64-wrapped", on: everywhere, bad: "base64 -w0", good: "cat", "changed \"$IT\""),
    FaultRow(
      "twice", "token/base64-wrapped", on: everywhere, bad: "base64 -w0 | base64 -w0", good: "cat",
      "changed \"$IT\""),
    FaultRow(
      "bearer", "token/prefixed", on: everywhere, bad: "sed 's/^/Bearer /'", good: "cat",
      "changed \"$IT\""),
    FaultRow(
      "cut", "token/truncated", on: everywhere, bad: "head -c 800", good: "cat", "changed \"$IT\""),
    FaultRow(
      "doubled", "token/truncated", on: everywhere, bad: "sed 's/.*/&&/'", good: "cat", "changed \"$IT\""),
    FaultRow(
      "accent", "token/strange-character", on: everywhere, bad: "sed 's/./é/300'", good: "cat",
      "changed \"$IT\""),
    FaultRow(
      "garbage", "token/not-a-jwt", on: [.token, .tokenAdmin, .rbac, .resolve], bad: "echo 3f9a0c7e51d24b68",
      good: "cat",
      "changed \"$IT\""),
    FaultRow(
      "shell", "token/placeholder", on: everywhere, bad: "echo '$TOKEN'", good: "cat", "changed \"$IT\""),
    FaultRow(
      "angle", "token/placeholder", on: everywhere, bad: "echo '<your-token>'", good: "cat",
      "changed \"$IT\""),
    FaultRow(
      "folded", "token/whitespace", on: [.token, .tokenAdmin, .rbac, .resolve], bad: "fold -w 64", good: "cat",
      "in_file \"$IT\""),
    FaultRow(
      "utf16", "token/encoding", on: [.token, .rbac, .resolve], bad: "iconv -t utf-16", good: "cat",
      "in_file \"$IT\""),
    FaultRow(
      "bom", "token/encoding", on: [.token, .rbac, .resolve], bad: "sed '1s/^/\\xef\\xbb\\xbf/'", good: "cat",
      "in_file \"$IT\""),
    FaultRow(
      "quotes", "token/quoted", on: [.token, .rbac, .resolve], bad: "sed 's/.*/\"&\"/'", good: "cat",
      "in_file \"$IT\""),
    FaultRow(
      "document", "token/whole-document", on: [.token, .rbac, .resolve],
      bad: "sed 's/.*/{\"status\": {\"token\": \"&\"}}/'", good: "cat", "in_file \"$IT\""),
    FaultRow("empty", "token/empty", on: [.token, .rbac, .resolve], bad: "true", good: "cat", "in_file $IT"),
    FaultRow(
      "nofile", "input/not-found", on: [.token, .rbac, .resolve], bad: "rm", good: "ls",
      "in_file cat; $IT token >&2"),
    FaultRow(
      "variable", "config/unset-variable", on: [.token, .rbac, .resolve], bad: "OTHER", good: "TOKEN",
      "sed -i 's/token: .*/token: ${{TOKEN}}/' config.yaml; export $IT=$(cat token)"),
  ]

  /// What the server knows of a token.
  static let refusals = [
    FaultRow(
      "expired", "token/expired", on: [.token, .tokenAdmin, .rbac, .resolve, .lint], bad: "-120", good: "9000000",
      "signed $CLUSTER/sa.key '' \"{\\\"exp\\\": $(($(date +%s) + IT))}\""),
    FaultRow(
      "early", "token/not-yet-valid", on: [.token, .tokenAdmin, .rbac, .resolve], bad: "600", good: "-600",
      "signed $CLUSTER/sa.key '' \"{\\\"nbf\\\": $(($(date +%s) + IT))}\""),
    FaultRow(
      "audience", "token/wrong-audience", on: [.token, .tokenAdmin], bad: "\"vault\"",
      good: "\"https://kubernetes.default.svc\"", "AUDIENCE=$IT account"),
    FaultRow(
      "issuer", "token/other-issuer", on: [.tokenAdmin], bad: "https://old.example",
      good: "https://kubernetes.default.svc", "signed $CLUSTER/sa.key '' \"{\\\"iss\\\": \\\"$IT\\\"}\""),
    FaultRow(
      "key", "token/other-cluster", on: [.tokenAdmin], bad: "other.key another", good: "$CLUSTER/sa.key $KEY_ID",
      "openssl genrsa -out other.key 2048 2>/dev/null; signed $IT {}"),
    FaultRow(
      "tampered", "token/signature-invalid", on: [.tokenAdmin, .rbacAdmin], bad: "sed 's/.\\{8\\}$/AAAAAAAA/'",
      good: "cat", "changed \"$IT\""),
    FaultRow(
      "person", "token/not-a-service-account", on: [.tokenAdmin], bad: "jane", good: "system:serviceaccount:$NS:$NS",
      "signed $CLUSTER/sa.key '' \"{\\\"sub\\\": \\\"$IT\\\"}\""),
    FaultRow(
      "deleted", "token/service-account-deleted", on: [.tokenAdmin], bad: "delete", good: "get",
      "account; kubectl -n $NS $IT serviceaccount $NS >&2"),
    FaultRow(
      "again", "token/service-account-recreated", on: [.tokenAdmin], bad: "replace --force", good: "apply",
      "account; kubectl -n $NS get serviceaccount $NS -o yaml >sa.yaml; kubectl -n $NS $IT -f sa.yaml >&2"),
    FaultRow(
      "secret", "token/secret-deleted", on: [.tokenAdmin], bad: "delete", good: "get",
      #"""
      account
      kubectl apply -f - >&2 <<END
      ---
      {apiVersion: v1, kind: Secret, type: kubernetes.io/service-account-token, metadata: {name: made, namespace: $NS,
       annotations: {kubernetes.io/service-account.name: $NS}}}
      END
      until config "$(kubectl -n $NS get secret made -o jsonpath={.data.token} | base64 -d)" && [ -s token ]; do
        sleep 0.1
      done
      kubectl -n $NS $IT secret made >&2
      """#),
    FaultRow(
      "pod", "token/pod-deleted", on: [.tokenAdmin], bad: "delete --force --grace-period=0", good: "get",
      #"""
      account
      kubectl apply -f - >&2 <<END
      ---
      {apiVersion: v1, kind: Pod, metadata: {name: gateway, namespace: $NS},
       spec: {serviceAccountName: $NS, automountServiceAccountToken: false, containers: [{name: c, image: none}]}}
      END
      FOR=', "boundObjectRef": {"kind": "Pod", "apiVersion": "v1", "name": "gateway"}' token
      kubectl -n $NS $IT pod gateway >&2
      """#),
  ]
}

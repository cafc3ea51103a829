import APISIX
import Findings
import SourceText

enum DictFull {
  static let rule: Rule = """
    log/dict-full (error, since 2.13.0): The memory that keeps the nodes is full
    Checks: `set endpoint into discovery DICT failed, no memory` and its like, `get empty endpoint content`, and what \
    consul says of its own: `consul shared dict is full` and `failed to set nodes for service`.
    Why: About a thousand Endpoints fit into 1 MB, which was the default before 3.18. What does not fit is not known.
    Example: set endpoint into discovery DICT failed, no memory
    Fix: shared_size: 64m, or fewer objects by namespace_selector and label_selector. 2.13 to 2.15 have \
    nginx_config.http.lua_shared_dict for it.
    zh: 保存节点的共享内存已满
    Checks: `set endpoint into discovery DICT failed, no memory` 以及类似的日志、`get empty endpoint content`，还有 \
    consul 自己的日志：\
    `consul shared dict is full` 和 `failed to set nodes for service`。
    Why: 1 MB 大约能存一千个 Endpoints，3.18 以前默认就是这么大。放不下的服务，APISIX 就不知道。
    Fix: 设置 `shared_size: 64m`，或者用 namespace_selector 和 label_selector 减少对象数量。2.13 到 2.15 要设置的是 \
    nginx_config.http.lua_shared_dict。
    """

  static let check = LogCheck(
    rule, .versionUnstored, .endpointUnstored, .endpointUnupdated, .readyUnstored, .contentLost, .consulDictFull,
    .consulUnstored, .tarsUnstored
  ) {
    if let words = $0.said(.tarsUnstored) {
      return Explanation(
        rule, "the memory for the nodes of tars is full: \(words.reason)",
        help: "write nginx_config.http.lua_shared_dict.tars: 10m, and restart APISIX", .cause(.tars),
        values: [(.registry, RegistryKind.tars.key), (.reason, words.reason)])
    }
    if let words = $0.said(anyOf: [.consulDictFull, .consulUnstored]) {
      let isFull = words.sentence == .consulDictFull || words.reason.has("no memory")
      guard isFull else { return nil }
      let reason = words.sentence == .consulDictFull ? "services are taken out of it" : words.reason
      return Explanation(
        rule, "the memory for Consul's nodes is full: \(reason)",
        help: "write shared_size: 64m below discovery.consul, and restart APISIX", .cause(.consul),
        values: [(.registry, RegistryKind.consul.key), (.reason, reason)], settings: ["shared_size"])
    }
    if let name = $0.said(.contentLost)?[.name].map({ shown($0) }) {
      return Explanation(
        rule, "the memory for Kubernetes' nodes has a version of \(name) and not its nodes: they did not fit in",
        help: "write shared_size: 64m, or select fewer objects, and restart APISIX", .request(.kubernetes),
        values: [(.registry, RegistryKind.kubernetes.key), (.service, name)], settings: ["shared_size"])
    }
    let sentences: [Sentence] = [.versionUnstored, .endpointUnstored, .endpointUnupdated, .readyUnstored]
    guard let words = $0.said(anyOf: sentences) else { return nil }
    return Explanation(
      rule, "the memory for Kubernetes' nodes is full: \(words.reason)",
      help: "write shared_size: 64m, or select fewer objects, and restart APISIX", .cause(.kubernetes),
      values: [(.reason, words.reason)], settings: ["shared_size"])
  }
}

public import Findings

/// The rules of every registry but Kubernetes: the same words for the same trouble everywhere.
public enum RegistryRules {
  public static let all =
    [
      unauthorized, forbidden, notFound, redirect, trouble, notJSON, oddAnswer, unknownService, nothingUsable, silent,
      notKnown, defaultService, severalHold, empty, noneEnabled, noList, ownModule, compressed, prefixSlash,
    ] + RegistryRelease.all

  static let unauthorized: Rule = """
    registry/unauthorized (error): The registry does not accept APISIX's credentials
    Checks: An answer of 401, or that a login is refused.
    Why: User, password or token of config.yaml are wrong, missing, or of another server. APISIX gets no node and \
    answers 503.
    Example: eureka: {host: ["http://user:old-password@eureka:8761"]}
    Fix: Correct user and password in the URL, or the token, of the registry's section.
    zh: 注册中心不接受 APISIX 的凭证
    Checks: 是否返回 401，或者登录被拒绝。
    Why: config.yaml 里的用户、密码或 token 不正确、没有写，或者属于另一台服务器。APISIX 得不到节点，返回 503。
    Fix: 在该注册中心的配置里，改正 URL 中的用户和密码，或者改正 token。
    """

  static let forbidden: Rule = """
    registry/forbidden (error): The registry knows who asks, and does not let them see this
    Checks: An answer of 403.
    Why: With Nacos the user has no right to read the namespace; with Consul the token is unknown or revoked: a token \
    that is known and weak gets an empty list instead. A Netflix Eureka server that starts answers so for a while.
    Example: consul: {token: "…"} whose token was deleted: 403 ACL not found
    Fix: Give the user or the token the right to read, or write another token into config.yaml.
    zh: 注册中心认识请求者，但不允许读取
    Checks: 是否返回 403。
    Why: 对 Nacos，是用户没有读取该命名空间的权限；对 Consul，是 token 不存在或已吊销，如果只是权限不足，得到的会是空列\
    表。刚启动的 Netflix Eureka 服务器也会在一段时间内这样回答。
    Example: consul: {token: "…"} 里的 token 已被删除：403 ACL not found
    Fix: 授予该用户或 token 读取权限，或者在 config.yaml 里换一个 token。
    """

  static let notFound: Rule = """
    registry/not-found (error): The registry's API is not under this path
    Checks: An answer of 404 or 410.
    Why: The prefix is wrong (`/eureka/` of Spring Cloud, `/eureka/v2/` of Netflix' own server, `/nacos/v1/`), the \
    port is that of something else, or a Nacos of 3.x has the old API switched off.
    Example: eureka: {host: ["http://eureka:8761"], prefix: /eureka/v2/}
    Fix: prefix: /eureka/
    """

  static let redirect: Rule = """
    registry/redirect (error): The registry's address answers with a redirect
    Checks: An answer of 301, 302, 303, 307 or 308.
    Why: APISIX follows no redirect of a registry: it takes the answer for a failure, and has no nodes.
    Example: 301 to https, by a proxy before the registry
    Fix: Write the address to which it points, or take the redirect out.
    zh: 注册中心的地址返回了重定向
    Checks: 是否返回 301、302、303、307 或 308。
    Why: APISIX 访问注册中心时不跟随重定向，会把它当作失败，得不到节点。
    Example: 注册中心前面的代理返回 301，跳转到 https
    Fix: 直接写重定向后的地址，或者去掉重定向。
    """

  static let trouble: Rule = """
    registry/trouble (error): The registry answers with an error of its own
    Checks: An answer of any other status than 200.
    Why: A server that starts or has no leader cannot answer, nor can a proxy before it. What APISIX had it keeps in \
    most releases; a gateway that starts now has nothing and answers 503.
    Example: 500 No cluster leader
    Fix: Look at the registry's own state and log.
    """

  static let notJSON: Rule = """
    registry/not-json (error): The registry answers with something else than JSON
    Checks: That the answer is JSON.
    Why: A page, XML or a login form comes from another server, another port, or a proxy between. APISIX cannot read it.
    Example: nacos: {host: ["http://console:8080"]}
    Fix: Write the address of the registry itself.
    """

  static let oddAnswer: Rule = """
    registry/odd-answer (error): APISIX cannot read the form of the registry's answer
    Checks: Whether it is HTTP, and what the release's own code makes of each part of the answer.
    Why: A null, a text or a single object where APISIX expects a list ends in a Lua error, and takes all services of \
    that answer with it. What is no HTTP, or not in the registry's form, comes from another server or port.
    Example: an application of Eureka with one instance, written as an object instead of a list
    Fix: Correct what registers so, use a release that reads it, or write the address of the registry itself.
    zh: APISIX 读不懂注册中心的响应
    Checks: 响应是不是 HTTP，以及该版本 APISIX 自己的代码如何处理响应的每一部分。
    Why: APISIX 期望列表的地方如果是 null、一段文本或单个对象，就会触发 Lua 错误，这个响应里的所有服务都读不到。响应不是 HTTP，或者不是注册\
    中心的格式，说明它来自别的服务或端口。
    Example: Eureka 的某个应用只有一个实例，写成了对象而不是列表
    Fix: 改正注册方的写法，换用能读懂它的版本，或者填写注册中心自己的地址。
    """

  static let unknownService: Rule = """
    registry/unknown-service (error): The registry has nothing under this name
    Checks: Whether the registry's answer has the service name.
    Why: Names are taken letter by letter, in upper and lower case; Eureka writes its applications in upper case. With \
    Nacos the namespace (its ID, not its name) and the group belong to it. APISIX answers 503.
    Example: service_name: user-service, where Eureka has USER-SERVICE
    Fix: service_name: USER-SERVICE
    zh: 注册中心里没有这个名称
    Checks: 注册中心的响应里是否有这个服务名。
    Why: 名称逐字比较，区分大小写；Eureka 的应用名是大写的。在 Nacos 中，还要看命名空间（是 ID，不是名称）和分组。\
    APISIX 返回 503。
    Example: service_name: user-service，而 Eureka 中是 USER-SERVICE
    """

  static let nothingUsable: Rule = """
    registry/nothing-usable (error): The service has instances, none that APISIX takes
    Checks: Whether an instance is up, healthy or passing, enabled, and has an address and a port.
    Why: APISIX leaves out what is DOWN, unhealthy or failing its checks, and what has no port. Without any it \
    answers 503.
    Example: an instance of Eureka with status OUT_OF_SERVICE
    Fix: Look at the health checks of the instances in the registry.
    zh: 服务有实例，但 APISIX 一个也不会用
    Checks: 是否有实例在线、健康或通过检查，已启用，并且有地址和端口。
    Why: APISIX 会忽略状态为 DOWN、不健康、没有通过检查的实例，以及没有端口的实例。一个都不剩时，返回 503。
    Example: Eureka 中的实例，状态是 OUT_OF_SERVICE
    Fix: 在注册中心里查看这些实例的健康检查。
    """

  static let silent: Rule = """
    registry/silent (error): No server of the registry gave an answer
    Checks: Whether a question got an answer in time.
    Why: APISIX then finds nothing and answers 503, or keeps what it had.
    Example: dns: {servers: ["10.0.0.2:53"]}, where nothing listens
    Fix: Write the address of a server that answers.
    zh: 注册中心的服务器都没有响应
    Checks: 查询是否按时得到了响应。
    Why: APISIX 得不到节点，返回 503，或者保留之前的节点。
    Example: dns: {servers: ["10.0.0.2:53"]}，而那里没有程序在监听
    Fix: 填写有响应的服务器地址。
    """

  static let notKnown: Rule = """
    registry/not-known (warning): It is not known what this release makes of it
    Checks: Whether the release's way to ask is known here.
    Why: gatecheck does not guess.
    Example: consul with APISIX 3.1
    Fix: Name the release that you run with --apisix-version, or look at the running gateway with --control.
    """

  static let defaultService: Rule = """
    registry/default-service (warning): The nodes are those of default_service
    Checks: Whether the registry has nothing under the name, and `default_service` stands in.
    Why: APISIX sends the traffic of any service that it does not find there. In consul_kv, and in consul before 3.16, \
    only one of the workers knows it: the others answer 503.
    Example: consul: {default_service: {host: 10.0.0.9, port: 80}}
    Fix: Register the service, or correct the service name.
    zh: 得到的是 default_service 的节点
    Checks: 是否因为注册中心里没有这个名称，而用了 `default_service`。
    Why: 凡是在注册中心里找不到的服务，APISIX 都会把流量发到那里。使用 consul_kv，以及 3.16 以前的 consul 时，只有一个 \
    worker 知道它，其他 worker 返回 503。
    Fix: 注册该服务，或者改正服务名。
    """

  static let empty: Rule = """
    registry/empty (error): The registry answers, and shows nothing at all
    Checks: Whether the registry has any service that whoever asks may see.
    Why: To a token that may read nothing Consul shows an empty list instead of an error; an Eureka or a prefix \
    without anything is often another one than that where the services register.
    Example: consul: {token: "…"} of a policy without service_prefix
    Fix: Give the token the right to read, or write the address and the prefix where the services register.
    """

  static let noneEnabled: Rule = """
    registry/none-enabled (error): The configuration enables no registry to ask
    Checks: Whether `discovery` has a section of Kubernetes, Nacos, Consul, consul_kv, Eureka or DNS.
    Why: Without one APISIX finds no service by name.
    Example: discovery: {}
    Fix: discovery: {nacos: {host: ["http://nacos:8848"]}}
    """

  static let ownModule: Rule = """
    registry/own-module (warning): A registry module of one's own cannot be asked from here
    Checks: Whether the registry is one that comes with APISIX.
    Why: Only the module's Lua code knows whom it asks, and for what. What it found shows in the control API's dump, \
    where the module has a function dump_data.
    Example: discovery: {mine: {}}, with apisix/discovery/mine/init.lua
    Fix: gatecheck resolve NAME --registry mine --config config.yaml --control http://127.0.0.1:9090
    """

  static let noList: Rule = """
    registry/no-list (error): The registry cannot say which services it has
    Checks: With --all, or --control without a name: whether the registry has a list.
    Why: A name server answers for a name; it has no list of those that have nodes.
    Example: gatecheck resolve --all --registry dns --config config.yaml
    Fix: gatecheck resolve --referenced apisix.yaml --config config.yaml
    """

  static let severalHold: Rule = """
    registry/several-hold-it (note): More than one registry of config.yaml has the service
    Checks: Whether the name has nodes in more than one of the enabled registries.
    Why: `discovery_type` of the upstream says which one APISIX asks.
    Example: discovery: {nacos: …, eureka: …}
    Fix: Name it: gatecheck resolve orders --registry nacos --config config.yaml
    """

  static let compressed: Rule = """
    registry/compressed (error): The registry compresses its answers, though nobody asked for that
    Checks: Whether an answer has a Content-Encoding; neither APISIX nor gatecheck asks for one.
    Why: APISIX reads the compressed bytes as JSON, which fails. Netflix' own Eureka server compresses the list of its \
    applications for everybody.
    Example: Content-Encoding: gzip in the answer to GET /eureka/v2/apps
    Fix: Take the filter out of the server, or put a proxy before it that unpacks.
    """

  static let prefixSlash: Rule = """
    registry/prefix-slash (error): The prefix has no slash before it
    Checks: Whether `prefix` of nacos or eureka begins with a slash, where the address has no path.
    Why: APISIX puts it straight behind the address: `nacos/v1/` gives `http://127.0.0.1:8848nacos/v1/`. No server \
    answers that.
    Example: prefix: nacos/v1/
    Fix: prefix: /nacos/v1/
    """
}

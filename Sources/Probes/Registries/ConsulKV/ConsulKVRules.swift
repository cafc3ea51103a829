public import Findings

/// What only the keys of consul_kv have.
public enum ConsulKVRules {
  public static let all = [noPrefix, serviceName, key, value, checkStatus]

  static let noPrefix: Rule = """
    registry/consul-kv-no-prefix (error): Consul has no key below the prefix
    Checks: An answer of 404 that is Consul's own: it has X-Consul-Index.
    Why: APISIX reads all keys below `prefix`, `upstreams` where none is written. Where there is none it asks again \
    after 1, 4, 16 seconds and so on without an end: after a long time only `apisix reload` helps.
    Example: consul_kv: {prefix: upstream}, and the keys are upstreams/web/10.0.0.7:80
    Fix: consul_kv: {prefix: upstreams}
    or make a key: consul kv put upstreams/web/10.0.0.7:80 '{"weight": 1}'
    zh: Consul 中没有这个前缀下的键
    Checks: 返回的 404 是否来自 Consul 本身，即带有 X-Consul-Index。
    Why: APISIX 读取 `prefix` 下的所有键，没有写时读取 `upstreams`。一个键也没有时，它在 1、4、16 秒后重试，间隔越来越\
    长，没有上限：时间久了，只有 `apisix reload` 能恢复。
    Example: consul_kv: {prefix: upstream}，而键是 upstreams/web/10.0.0.7:80
    Fix: consul_kv: {prefix: upstreams}
    或者创建一个键：`consul kv put upstreams/web/10.0.0.7:80 '{"weight": 1}'`
    """

  static let serviceName: Rule = """
    registry/consul-kv-service-name (error): The service name of consul_kv is not the URL of the service's folder
    Checks: That it is SERVER/v1/kv/PREFIX/NAME/, with the server as `servers` has it, and a slash at the end.
    Why: APISIX keeps the services under this text, and compares it letter by letter.
    Example: service_name: http://127.0.0.1:8500/v1/kv/upstreams/web
    Fix: service_name: http://127.0.0.1:8500/v1/kv/upstreams/web/
    zh: consul_kv 的 service_name 不是该服务目录的 URL
    Checks: 它必须是 SERVER/v1/kv/PREFIX/NAME/，SERVER 与 `servers` 里写的一致，末尾有斜杠。
    Why: APISIX 以这段文本为键保存服务，逐字比较。
    """

  static let key: Rule = """
    registry/consul-kv-key (error): APISIX cannot read the name of a key
    Checks: That a key is PREFIX/NAME/HOST:PORT, with letters, digits and dots alone in HOST.
    Why: Whatever else it is, with a hyphen, an underscore, an IPv6 address or without a port, it is left out, with \
    `server name parse error` in error.log.
    Example: upstreams/web/my-host:80
    Fix: consul kv put upstreams/web/10.0.0.7:80 '{"weight": 1}'
    zh: APISIX 无法解析键的名称
    Checks: 键必须是 PREFIX/NAME/HOST:PORT，其中 HOST 只能有字母、数字和点。
    Why: 其他写法，例如带有连字符、下划线或 IPv6 地址，或者没有端口，都会被忽略，error.log 里记录 \
    `server name parse error`。
    """

  static let value: Rule = """
    registry/consul-kv-value (error): APISIX cannot read the value of a key
    Checks: That the value is a JSON object.
    Why: A key with an empty value, or one that is no JSON, is left out. A number, true, false or null is JSON and no \
    object: it ends APISIX's loop with a Lua error, and no service of this Consul is read any more.
    Example: consul kv put upstreams/web/10.0.0.7:80 5
    Fix: consul kv put upstreams/web/10.0.0.7:80 '{"weight": 5}'
    zh: APISIX 无法解析键的值
    Checks: 值必须是 JSON 对象。
    Why: 值为空或者不是 JSON，这个键就会被忽略。数字、true、false 和 null 是 JSON，但不是对象：APISIX 的循环会因 Lua 错\
    误而退出，不再读取这个 Consul 里的任何服务。
    """

  static let checkStatus: Rule = """
    registry/consul-kv-check-status (error): The value of the key says that the node is not healthy
    Checks: Whether a value has `"check_status": false`, or "false".
    Why: APISIX leaves the node out, with `server node unhealthy` in error.log. Consul's own checks do not count here.
    Example: consul kv put upstreams/web/10.0.0.7:80 '{"check_status": false}'
    Fix: consul kv put upstreams/web/10.0.0.7:80 '{"weight": 1}'
    zh: 键的值表明节点不健康
    Checks: 值里是否有 `"check_status": false`，或者写成了 "false"。
    Why: APISIX 会忽略这个节点，error.log 里记录 `server node unhealthy`。Consul 自己的健康检查在这里不起作用。
    """
}

import Findings

/// What `lint --upgrade-to` says.
enum UpgradeRules {
  static let readOtherwise: Rule = """
    upgrade/read-otherwise (warning): The other release reads another value here
    Checks: With --upgrade-to: that both releases read the same values in config.yaml and apisix.yaml.
    Why: Before 3.10 APISIX reads with tinyyaml. To it all that is not quoted between brackets is a text, and so are \
    `yes`, `no` and `1e2`; `010` is 10, a second key of one name has another name, and it knows no anchors. From \
    3.10 on it is YAML 1.1.
    Example:
    With --apisix-version 3.8 --upgrade-to 3.18:
      keepalive: no
    Fix: Write what both read alike: texts in quotes; numbers, true and false on lines of their own; each key once.
    """

  static let refused: Rule = """
    upgrade/refused (error): The other release does not take what this one takes
    Checks: With --upgrade-to: that what the first release starts with, the other starts with as well; the same for \
    each object of apisix.yaml.
    Why: APISIX stops at its first start after the change, or drops the object.
    Example:
    With --apisix-version 3.8 --upgrade-to 3.18:
      service: {host: kube.example.com, port: 6443}
    Fix: service: {host: kube.example.com, port: "6443"}
    """

  static let nowRead: Rule = """
    upgrade/now-read (warning): The other release reads what this one ignores
    Checks: With --upgrade-to: settings that only the other release knows.
    Why: A setting that did nothing begins to work with the change.
    Example:
    With --apisix-version 3.16 --upgrade-to 3.18:
      ssl_verify: true
    Fix: Make sure that it says what you want, or remove it.
    """

  static let ignored: Rule = """
    upgrade/ignored (warning): The other release ignores what this one reads
    Checks: With --upgrade-to: settings that only the first release knows.
    Why: A setting that works does nothing after the change, without a word in the log.
    Example:
    With --apisix-version 2.15 --upgrade-to 3.18:
      nginx_config:
        http:
          lua_shared_dict:
            kubernetes: 50m
    Fix: Write it where the other release reads it; the message says where.
    """

  static let defaultChanged: Rule = """
    upgrade/default-changed (note): A setting that is not given has another default
    Checks: With --upgrade-to: the defaults of the registries that are enabled.
    Why: The setting changes without a change of the file.
    Example:
    With --apisix-version 3.16 --upgrade-to 3.18, where shared_size is not given:
      discovery:
        kubernetes: {}
    Fix: Write the value that you want.
    """

  static let behaviour: Rule = """
    upgrade/behaviour (warning): The other release does something else with the same settings
    Checks: With --upgrade-to: what the releases do otherwise with the registries that are enabled, and what lint says \
    of the file for one of them only. What gets better is a note.
    Why: Which nodes are served, kept or dropped may change although the file does not.
    Example:
    With --apisix-version 3.8 --upgrade-to 3.18:
      discovery:
        kubernetes: {}
    Fix: What the message says; mostly there is nothing to do but to know it.
    """

  static let all = [readOtherwise, refused, nowRead, ignored, defaultChanged, behaviour]
}

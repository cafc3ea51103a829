import APISIX
import Findings
import YAML

enum EtcdSection {
  static let rule: Rule = """
    config/etcd-section (note, since 3.11.0): The file has etcd's settings where APISIX 2 had them
    Checks: That `etcd` at the top level, from 3.11 on, has `prefix` and `host`. It is an error where the \
    release is said (`--apisix-version`), and in a file that has `deployment`, and so is for APISIX 3.
    Why: APISIX 3 reads `deployment.etcd`. From 3.11 on it refuses the whole file when one of the two is missing at \
    the old place: `property "etcd" validation failed: property "prefix" is required`. gatecheck's verdict is about \
    `discovery` only.
    Example:
    etcd:
      host: ["http://127.0.0.1:2379"]
    Fix: deployment:
      etcd:
        host: ["http://127.0.0.1:2379"]
    """

  static func check(_ context: ConfigContext) -> Finding? {
    let file = context.file
    guard context.release.has(.refusesPartOfEtcd), let etcd = context.verdict.root?["etcd"], etcd.table != nil,
      let missing = ["prefix", "host"].first(where: { etcd[$0] == nil }), let root = file.root,
      let pair = file.tree.pair("etcd", in: root)
    else { return nil }
    let isSaid = context.conditions.isReleaseSaid
    return file.finding(
      rule, severity: isSaid || context.verdict.root?["deployment"] != nil ? .error : nil,
      "APISIX \(context.release) refuses the whole file: property \"etcd\" validation failed: "
        + "property \"\(missing)\" is required", at: pair.key, about: pair.value, path: "etcd",
      help: "move it below deployment" + (isSaid ? "" : "; for APISIX 2 say which it is: --apisix-version 2.15"))
  }
}

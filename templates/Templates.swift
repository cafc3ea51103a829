/// The files of templates/, embedded in the binary: no file is looked for at run time.
///
/// `{{key}}` stands for a value; lines from `{{#key}}` to `{{/key}}` are there only when the key has one.
public enum Templates {
  public static let serviceAccount = text(PackageResources.service_account_yaml)
  public static let clusterRole = text(PackageResources.cluster_role_yaml)
  public static let clusterRoleBinding = text(PackageResources.cluster_role_binding_yaml)
  public static let secret = text(PackageResources.secret_yaml)
  public static let probeJob = text(PackageResources.job_yaml)
  /// What `gatecheck config init` writes: every key of .gatecheck.yaml, explained, none set.
  public static let settings = text(PackageResources.settings_yaml)

  /// The end of the script that completes in bash.
  public static let bashWords = text(PackageResources.words_bash)
  /// The start of that for fish.
  public static let fishPaths = text(PackageResources.paths_fish)

  private static func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }
}

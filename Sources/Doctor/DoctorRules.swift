public import Findings

/// The rules of what only shows when an installation is looked at as a whole.
public enum DoctorRules {
  public static let all = ClusterRules.all + RouteRules.all + BundleRules.all
}

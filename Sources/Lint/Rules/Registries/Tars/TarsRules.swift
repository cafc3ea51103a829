enum TarsRules: RegistryRules {
  static let samples = ["db_conf": "db_conf, with host, database, user and password"]

  static let meant = ["": ["db_conf": "db database", "default_weight": "weight"]]
}
